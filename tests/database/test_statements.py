"""Statements run past SQLAlchemy: the same rows, things in their order, and connections that end."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import bindparam, column, func, insert, select, table
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.engine import DatabaseUnits
from adapters.database.postgresql import TOGETHER, together
from adapters.database.prepared import prepared_select
from domain.api_keys.actions import create_key
from domain.api_keys.models import ApiKeyRow, Scope
from domain.unit import Counter, Unit
from tests.conftest import Clock

BY_NAME = select(ApiKeyRow).where(ApiKeyRow.name == bindparam("name")).limit(bindparam("most"))
COUNTERS = select(Counter.series).order_by(Counter.series)
COUNT = insert(Counter)
_activity = table("pg_stat_activity", column("pid"), column("datname"))


async def test_a_row_is_the_same_whichever_way_it_is_read(
    units: DatabaseUnits, engine: AsyncEngine, clock: Clock
) -> None:
    given = {"name": "intake", "most": 1}
    async with units() as unit:
        await create_key(unit, "intake", [Scope.READ, Scope.CREATE])
        written = await unit.fetch(BY_NAME, given)
    async with engine.connect() as opened:
        [theirs] = await Unit(opened, clock.now).fetch(BY_NAME, given)
    async with units.read() as unit:
        read = await unit.fetch(BY_NAME, given)
        assert not await unit.fetch(BY_NAME, {**given, "name": "other"})
    for [ours] in (written, read):
        assert tuple(ours) == tuple(theirs)
        assert ours.created_at == clock.now
        assert ours.created_at.tzinfo is not None
        assert (ours.name, ours.scopes, ours.revoked_at) == (
            "intake",
            ["tickets.create", "tickets.read"],
            None,
        )


async def test_many_read_at_once(units: DatabaseUnits) -> None:
    async def read() -> int:
        async with units.read() as unit:
            return len(await unit.fetch(COUNTERS))

    assert await asyncio.gather(*(read() for _ in range(30))) == [0] * 30


async def test_a_statement_whose_text_depends_on_its_parameters_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(ValueError, match="not known"):
        prepared_select(select(Counter).where(Counter.series.in_(["a", "b"])), engine.dialect)


async def test_what_was_added_is_there_for_whatever_follows(units: DatabaseUnits) -> None:
    names = [f"s{number}" for number in range(TOGETHER + 2)]
    async with units() as unit:
        for name in names:
            await unit.add(COUNT, {"series": name, "last": 1})
        assert [row.series for row in await unit.fetch(COUNTERS)] == names
        await unit.add(COUNT, {"series": "t", "last": 1})
        counted = await unit.db.execute(select(func.count()).select_from(Counter))
        assert counted.scalar_one() == len(names) + 1
        await unit.add(COUNT, {"series": "u", "last": 1})
    async with units.read() as unit:
        assert [row.series for row in await unit.fetch(COUNTERS)] == [*names, "t", "u"]


async def test_what_was_added_goes_with_its_unit(units: DatabaseUnits) -> None:
    with pytest.raises(RuntimeError):
        async with units() as unit:
            await unit.add(COUNT, {"series": "a", "last": 1})
            await unit.fetch(COUNTERS)
            await unit.add(COUNT, {"series": "b", "last": 1})
            raise RuntimeError
    async with units() as unit:
        assert not await unit.fetch(COUNTERS)


async def test_a_unit_that_is_cancelled_leaves_nothing(units: DatabaseUnits) -> None:
    async def write() -> None:
        async with units() as unit:
            await unit.insert_counting(COUNT, {"series": "a", "last": 1})
            await asyncio.Event().wait()

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.05)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    async with units() as unit:
        assert not await unit.fetch(COUNTERS)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_ended_is_left_for_another(units: DatabaseUnits, engine: AsyncEngine) -> None:
    async with units() as unit:
        await unit.add(COUNT, {"series": "a", "last": 1})
    async with units.read() as unit:
        await unit.fetch(COUNTERS)
    async with engine.connect() as opened:
        others = func.pg_terminate_backend(_activity.c.pid)
        await opened.execute(
            select(others).where(
                _activity.c.datname == func.current_database(), _activity.c.pid != func.pg_backend_pid()
            )
        )
        await asyncio.sleep(0.05)  # until their ends have been told
    async with units.read() as unit:
        assert len(await unit.fetch(COUNTERS)) == 1
    async with units() as unit:
        assert len(await unit.fetch(COUNTERS)) == 1


def test_parameters_are_numbered_on_when_inserts_go_together() -> None:
    one, two = "INSERT INTO a (x, y) VALUES ($1, $2::INTEGER)", "INSERT INTO b (z) VALUES ($1)"
    assert together((one,)) == one
    assert together((one, two, two)) == (
        "WITH part_0 AS (INSERT INTO a (x, y) VALUES ($1, $2::INTEGER)), "
        "part_1 AS (INSERT INTO b (z) VALUES ($3)) INSERT INTO b (z) VALUES ($4)"
    )
