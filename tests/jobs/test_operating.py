"""What an operator sees and does, and what is pruned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor, Role
from domain.errors import Conflict, Invalid, NotFound
from domain.jobs import actions
from domain.jobs.models import Job, JobState
from domain.unit import DoneAction
from tests.conftest import Clock, RungBells

GUST = Actor("gust", "Gust", frozenset({Role.EMPLOYEE, Role.ADMIN}))
DIRK = Actor("dirk", "Dirk", frozenset({Role.EMPLOYEE}))


async def poison(units: DatabaseUnits, n: int = 1) -> list[str]:
    ids = []
    async with units() as unit:
        for _ in range(n):
            await unit.enqueue("test", {"text": "what somebody wrote"})
            ids.append(unit.rung[-1][0])
            job = await actions.claim(unit, ids[-1])
            assert job is not None
            await actions.give_up(unit, job, "PermanentFailureError: never")
    return ids


async def test_poison_is_listed_newest_first_in_pages(units: DatabaseUnits) -> None:
    ids = await poison(units, 5)
    seen: list[str] = []
    cursor = None
    async with units.read() as unit:
        while True:
            page = await actions.list_jobs(unit, GUST, JobState.POISON, limit=2, cursor=cursor)
            seen += [job.id for job in page.jobs]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == ids[::-1]
    assert page.jobs[0].error == "PermanentFailureError: never"


async def test_a_page_that_is_just_full_says_that_it_is_the_last(units: DatabaseUnits) -> None:
    await poison(units, 2)
    async with units.read() as unit:
        page = await actions.list_jobs(unit, GUST, JobState.POISON, limit=2)
    assert (len(page.jobs), page.next_cursor) == (2, None)


async def test_jobs_are_there_for_operators_only(units: DatabaseUnits) -> None:
    (job_id,) = await poison(units)
    async with units() as unit:
        with pytest.raises(NotFound):
            await actions.list_jobs(unit, DIRK, JobState.POISON)
        with pytest.raises(NotFound):
            await actions.retry_job(unit, DIRK, job_id)
        with pytest.raises(NotFound):
            await actions.cancel_job(unit, DIRK, job_id)


async def test_a_retried_job_has_all_its_attempts_again(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    (job_id,) = await poison(units)
    clock.forward(days=1)
    bells.rung.clear()
    for _ in range(2):  # twice is as good as once
        async with units() as unit:
            await actions.retry_job(unit, GUST, job_id)
    assert {rung for rung, _ in bells.rung} == {job_id}
    async with units() as unit:
        job = await actions.claim(unit, job_id)
    assert job is not None
    assert job.attempts == 1


async def test_a_cancelled_job_stays_away(units: DatabaseUnits) -> None:
    (job_id,) = await poison(units)
    async with units() as unit:
        await actions.cancel_job(unit, GUST, job_id)
    async with units() as unit:
        assert await actions.claim(unit, job_id) is None
        with pytest.raises(Conflict):
            await actions.retry_job(unit, GUST, job_id)


async def test_only_poison_is_retried(units: DatabaseUnits, bells: RungBells) -> None:
    async with units() as unit:
        await unit.enqueue("test", {})
    job_id = bells.rung[0][0]
    async with units() as unit:
        job = await actions.claim(unit, job_id)
        assert job is not None
    async with units() as unit:
        with pytest.raises(Conflict):
            await actions.retry_job(unit, GUST, job_id)


@pytest.mark.parametrize("job_id", ["", "x", "'; DROP TABLE jobs", "0192f3a4"])
async def test_what_is_no_id_is_said_to_be_none(units: DatabaseUnits, job_id: str) -> None:
    async with units() as unit:
        with pytest.raises(Invalid) as refused:
            await actions.retry_job(unit, GUST, job_id)
        assert refused.value.field == "id"


async def test_a_job_that_is_not_there_is_not_found(units: DatabaseUnits) -> None:
    async with units() as unit:
        with pytest.raises(NotFound):
            await actions.retry_job(unit, GUST, "0192f3a4-5b6c-7d8e-9f00-112233445566")


async def test_prune_takes_what_is_finished_and_old_and_nothing_else(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    (kept_poison,) = await poison(units)
    (cancelled,) = await poison(units)
    async with units() as unit:
        await actions.cancel_job(unit, GUST, cancelled)
        await unit.once("amina", "old", {}, "x")
        await unit.enqueue("test", {})
        old = unit.rung[-1][0]
        job = await actions.claim(unit, old)
        assert job is not None
        await actions.finish(unit, job)
    clock.forward(days=31)
    async with units() as unit:
        await unit.enqueue("test", {})
        pending = unit.rung[-1][0]
        await unit.once("amina", "new", {}, "y")
    async with units() as unit:
        month = timedelta(days=30)
        assert await actions.prune(unit, jobs_after=month, keys_after=month) == 2
    async with units.read() as unit:
        left = (await unit.db.execute(select(Job.id).order_by(Job.id))).scalars().all()
        keys = (await unit.db.execute(select(DoneAction.key))).scalars().all()
    assert left == sorted([kept_poison, pending])
    assert keys == ["amina|new"]


async def test_prune_takes_a_bounded_bite(units: DatabaseUnits, clock: Clock) -> None:
    async with units() as unit:
        for n in range(5):
            await unit.once("amina", str(n), {}, "x")
    clock.forward(days=31)
    async with units() as unit:
        month = timedelta(days=30)
        assert await actions.prune(unit, jobs_after=month, keys_after=month, limit=3) == 3
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(DoneAction))).scalar_one() == 2
