"""Many workers at once, on a real PostgreSQL: one job is run by one of them, one lane by one at a time."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.engine import DatabaseUnits
from domain.chats.actions import remember_chat
from domain.jobs import actions
from domain.jobs.handling import ClaimedJob, WaitForError
from domain.jobs.models import Job, JobState
from tests.conftest import RungBells
from tests.jobs.test_worker import AMINA
from wiring.worker import Worker

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def units(engine: AsyncEngine, bells: RungBells) -> DatabaseUnits:
    return DatabaseUnits(engine, bells)


class Crowd:
    """A handler that sees how many run at once, in all and per lane."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.busy: set[str] = set()
        self.together: list[str] = []

    async def __call__(self, job: ClaimedJob) -> None:
        name = job.lane or job.id
        if name in self.busy:
            self.together.append(name)
        self.busy.add(name)
        await asyncio.sleep(0.002)
        self.busy.discard(name)
        self.ran.append(job.id)


async def test_two_workers_never_run_one_job(units: DatabaseUnits, bells: RungBells) -> None:
    crowd = Crowd()
    workers = [Worker(units, bells, {"test": crowd}) for _ in range(4)]
    async with units() as unit:
        for n in range(25):
            await unit.enqueue("test", {"n": n})
    ids = [job_id for job_id, _ in bells.rung]
    await asyncio.gather(*(worker.run(job_id) for job_id in ids for worker in workers))
    assert sorted(crowd.ran) == sorted(ids)
    assert crowd.together == []


async def test_a_lane_runs_one_job_at_a_time_in_order_whoever_comes(
    units: DatabaseUnits, bells: RungBells
) -> None:
    crowd = Crowd()
    workers = [Worker(units, bells, {"test": crowd}) for _ in range(3)]
    async with units() as unit:
        for n in range(10):
            await unit.enqueue("test", {"n": n}, lane="chat:amina")
    ids = [job_id for job_id, _ in bells.rung]
    while len(crowd.ran) < len(ids):
        rung = {job_id for job_id, _ in bells.rung}
        bells.rung.clear()
        await asyncio.gather(*(worker.run(job_id) for job_id in rung for worker in workers))
    assert crowd.ran == ids
    assert crowd.together == []


async def test_a_job_that_was_written_late_does_not_join_one_that_runs(
    units: DatabaseUnits, bells: RungBells
) -> None:
    """Two transactions write in one lane, and the one with the lower id commits last."""
    async with units() as early:
        await early.enqueue("test", {}, lane="chat:amina")
        lower = early.rung[0][0]
        async with units() as late:
            await late.enqueue("test", {}, lane="chat:amina")
        higher = late.rung[0][0]
        assert lower < higher
        # Neither claim sees the other's work: only the unique index keeps one of them out.
        claiming = asyncio.Event()

        async def claim_higher() -> ClaimedJob | None:
            async with units() as unit:
                job = await actions.claim(unit, higher)
                claiming.set()
                await asyncio.sleep(0.2)
                return job

        first = asyncio.create_task(claim_higher())
        await claiming.wait()
    async with units() as unit:
        second = await actions.claim(unit, lower)
    assert await first is not None
    assert second is None


@pytest.mark.parametrize("head_start", [0.0, 0.002, 0.005, 0.01])
async def test_opening_a_chat_while_a_job_is_parked_leaves_no_job_waiting(
    units: DatabaseUnits, bells: RungBells, head_start: float
) -> None:
    async def wait(job: ClaimedJob) -> None:
        raise WaitForError("chat:amina")

    async def open_chat() -> None:
        await asyncio.sleep(head_start)
        async with units() as unit:
            await remember_chat(unit, AMINA)
            await asyncio.sleep(0.005)

    worker = Worker(units, bells, {"test": wait})
    async with units() as unit:
        for n in range(8):
            await unit.enqueue("test", {"n": n})
    ids = [job_id for job_id, _ in bells.rung]
    await asyncio.gather(open_chat(), *(worker.run(job_id) for job_id in ids))
    async with units.read() as unit:
        waiting = select(func.count()).where(Job.state == JobState.WAITING)
        assert (await unit.db.execute(waiting)).scalar_one() == 0
