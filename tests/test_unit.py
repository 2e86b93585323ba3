"""Units of work: keys, numbers and jobs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from domain.errors import Conflict
from domain.jobs.models import Job
from tests.conftest import Clock, RungBells


async def test_a_key_is_claimed_once_and_answers_with_the_first_result(units: DatabaseUnits) -> None:
    async with units() as unit:
        assert await unit.once("anna", "k1", {"a": 1}, "first") is None
    async with units() as unit:
        assert await unit.once("anna", "k1", {"a": 1}, "second") == "first"
        assert await unit.once("bert", "k1", {"a": 1}, "his own") is None


async def test_a_key_with_another_command_is_a_conflict(units: DatabaseUnits) -> None:
    async with units() as unit:
        await unit.once("anna", "k1", {"a": 1}, "first")
    with pytest.raises(Conflict):
        async with units() as unit:
            await unit.once("anna", "k1", {"a": 2}, "second")


async def test_numbers_have_no_gap_and_no_twin_when_many_ask_at_once(units: DatabaseUnits) -> None:
    async def take() -> str:
        async with units() as unit:
            return await unit.next_number("I")

    numbers = await asyncio.gather(*(take() for _ in range(40)))
    assert sorted(numbers) == [f"I-2026-{n:06d}" for n in range(1, 41)]


async def test_a_number_is_of_the_year_it_is_in_the_city(units: DatabaseUnits, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight there
    async with units() as unit:
        assert await unit.next_number("I") == "I-2027-000001"
        assert (await unit.once_numbered("anna", "k1", "report", "first", "I"))[1] == "I-2027-000002"


async def test_a_key_claimed_with_a_number_takes_one_only_when_it_is_new(units: DatabaseUnits) -> None:
    async with units() as unit:
        assert await unit.once_numbered("anna", "k1", "report", "first", "I") == (None, "I-2026-000001")
    async with units() as unit:
        assert await unit.once_numbered("anna", "k1", "report", "second", "I") == ("first", "")
        assert await unit.once_numbered("anna", "k2", "report", "third", "I") == (None, "I-2026-000002")
    with pytest.raises(Conflict):
        async with units() as unit:
            await unit.once_numbered("anna", "k1", "something else", "fourth", "I")


async def test_a_rolled_back_unit_leaves_no_number_no_job_and_rings_nothing(
    units: DatabaseUnits, bells: RungBells
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with units() as unit:
            await unit.next_number("I")
            await unit.enqueue("test", {})
            _ = 1 / 0
    async with units() as unit:
        assert await unit.next_number("I") == "I-2026-000001"
        assert (await unit.db.execute(select(func.count()).select_from(Job))).scalar_one() == 0
    assert bells.rung == []


async def test_a_job_is_written_with_the_commit_and_rung_after_it(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    async with units() as unit:
        await unit.enqueue("test", {"n": 1}, key="one")
        await unit.enqueue("test", {"n": 2}, key="one")
        assert bells.rung == []
    async with units.read() as unit:
        job = (await unit.db.execute(select(Job))).one()
    assert job.payload == {"n": 1}
    assert job.created_at == clock.now
    assert bells.rung == [(job.id, clock.now)]
