"""A job's life: claimed when it is due and its turn, done, tried again, parked, given up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.chats.actions import Address, remember_chat
from domain.jobs import actions, rules
from domain.jobs.handling import (
    ClaimedJob,
    JobHandler,
    PermanentFailureError,
    RetryLaterError,
    WaitForError,
)
from domain.jobs.models import Job, JobState
from tests.conftest import Clock, RungBells
from wiring.worker import Worker

AMINA = Address("amina", "http://127.0.0.1:9/", "a:amina", "msteams", None, "28:wijzer", "29:amina")


class Handler:
    """Does what it is told, one thing per call, and keeps what it was called with."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.jobs: list[ClaimedJob] = []

    async def __call__(self, job: ClaimedJob) -> None:
        self.jobs.append(job)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome

    @property
    def seen(self) -> list[Any]:
        return [job.payload.get("n") for job in self.jobs]


def worker_of(units: DatabaseUnits, bells: RungBells, handlers: Mapping[str, JobHandler]) -> Worker:
    return Worker(units, bells, handlers, jitter=lambda: 0.5)


async def enqueue(
    units: DatabaseUnits, n: int = 1, lane: str | None = None, at: datetime | None = None
) -> str:
    async with units() as unit:
        await unit.enqueue("test", {"n": n}, lane=lane, at=at)
    return unit.rung[0][0]


async def row_of(units: DatabaseUnits, job_id: str) -> Any:
    async with units.read() as unit:
        return (await unit.db.execute(select(Job).where(Job.id == job_id))).one()


async def test_a_job_is_done_once_however_often_it_is_rung(units: DatabaseUnits, bells: RungBells) -> None:
    handler = Handler()
    worker = worker_of(units, bells, {"test": handler})
    job_id = await enqueue(units)
    await worker.run(job_id)
    await worker.run(job_id)
    assert handler.seen == [1]
    row = await row_of(units, job_id)
    assert (row.state, row.attempts, row.lease_until) == (JobState.DONE, 1, None)
    assert row.finished_at is not None


async def test_a_ring_for_a_job_that_is_not_there_is_no_error(units: DatabaseUnits, bells: RungBells) -> None:
    await worker_of(units, bells, {}).run("0192f3a4-5b6c-7d8e-9f00-112233445566")


async def test_a_job_is_not_run_before_its_time(units: DatabaseUnits, bells: RungBells, clock: Clock) -> None:
    handler = Handler()
    worker = worker_of(units, bells, {"test": handler})
    due = clock.now + timedelta(hours=1)
    job_id = await enqueue(units, at=due)
    assert bells.rung == [(job_id, due)]
    await worker.run(job_id)
    assert handler.seen == []
    clock.forward(hours=1)
    await worker.run(job_id)
    assert handler.seen == [1]


async def test_a_failure_is_tried_again_with_backoff_and_rung_for_then(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    handler = Handler(RuntimeError("no route"), None)
    worker = worker_of(units, bells, {"test": handler})
    job_id = await enqueue(units)
    await worker.run(job_id)
    due = clock.now + rules.backoff(1, 0.5)
    row = await row_of(units, job_id)
    assert (row.state, row.next_attempt_at, row.error) == (JobState.PENDING, due, "RuntimeError: no route")
    assert bells.rung[-1] == (job_id, due)
    await worker.run(job_id)
    assert len(handler.jobs) == 1
    clock.now = due
    await worker.run(job_id)
    row = await row_of(units, job_id)
    assert (row.state, row.attempts, row.error) == (JobState.DONE, 2, None)


async def test_when_the_other_side_asks_for_patience_it_gets_it(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    worker = worker_of(units, bells, {"test": Handler(RetryLaterError("throttled", after=90))})
    job_id = await enqueue(units)
    await worker.run(job_id)
    assert (await row_of(units, job_id)).next_attempt_at >= clock.now + timedelta(seconds=90)


async def test_a_permanent_failure_goes_to_poison_at_once(units: DatabaseUnits, bells: RungBells) -> None:
    worker = worker_of(units, bells, {"test": Handler(PermanentFailureError("no view x, token=abc"))})
    job_id = await enqueue(units)
    await worker.run(job_id)
    row = await row_of(units, job_id)
    assert (row.state, row.error) == (JobState.POISON, "PermanentFailureError: no view x, token=…")


async def test_too_many_attempts_end_in_poison(units: DatabaseUnits, bells: RungBells, clock: Clock) -> None:
    handler = Handler(*(RuntimeError("still no route") for _ in range(100)))
    worker = worker_of(units, bells, {"test": handler})
    job_id = await enqueue(units)
    for _ in range(100):
        await worker.run(job_id)
        clock.forward(hours=2)
    assert len(handler.jobs) == rules.MAX_ATTEMPTS
    assert (await row_of(units, job_id)).state == JobState.POISON


async def test_a_kind_nobody_knows_yet_is_tried_again(units: DatabaseUnits, bells: RungBells) -> None:
    job_id = await enqueue(units)
    await worker_of(units, bells, {}).run(job_id)
    row = await row_of(units, job_id)
    assert (row.state, row.error) == (JobState.PENDING, "RetryLaterError: no handler for test")


async def test_a_handler_that_hangs_is_stopped_within_its_lease(
    units: DatabaseUnits, bells: RungBells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiring.worker.TIME_LIMIT", timedelta(seconds=0.05))

    async def hang(job: ClaimedJob) -> None:
        await asyncio.Event().wait()

    job_id = await enqueue(units)
    await worker_of(units, bells, {"test": hang}).run(job_id)
    row = await row_of(units, job_id)
    assert row.state == JobState.PENDING
    assert row.error.startswith("TimeoutError")


async def test_a_job_whose_worker_died_is_run_again_after_its_lease(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    job_id = await enqueue(units)
    async with units() as unit:
        assert await actions.claim(unit, job_id) is not None
    handler = Handler()
    worker = worker_of(units, bells, {"test": handler})
    await worker.run(job_id)
    assert handler.seen == []
    clock.now += rules.LEASE
    await worker.run(job_id)
    assert handler.seen == [1]


async def test_a_worker_that_lost_its_lease_changes_nothing_any_more(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    job_id = await enqueue(units)
    async with units() as unit:
        slow = await actions.claim(unit, job_id)
    clock.now += rules.LEASE
    async with units() as unit:
        quick = await actions.claim(unit, job_id)
    assert slow is not None
    assert quick is not None
    async with units() as unit:
        await actions.finish(unit, slow)
        await actions.give_up(unit, slow, "too late")
        await actions.try_again(unit, slow, RuntimeError(), 0.5)
    assert (await row_of(units, job_id)).state == JobState.RUNNING
    async with units() as unit:
        await actions.finish(unit, quick)
    assert (await row_of(units, job_id)).state == JobState.DONE


async def test_a_job_that_kills_its_worker_every_time_ends_in_poison(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    job_id = await enqueue(units)
    claimed = 0
    for _ in range(rules.MAX_ATTEMPTS + 5):
        async with units() as unit:
            claimed += await actions.claim(unit, job_id) is not None
        clock.now += rules.LEASE
    assert claimed == rules.MAX_ATTEMPTS
    assert (await row_of(units, job_id)).state == JobState.POISON


# Lanes


async def test_jobs_of_a_lane_run_in_order_and_each_rings_for_the_next(
    units: DatabaseUnits, bells: RungBells
) -> None:
    handler = Handler()
    worker = worker_of(units, bells, {"test": handler})
    first, second, third = [await enqueue(units, n, lane="chat:amina") for n in (1, 2, 3)]
    bells.rung.clear()
    await worker.run(third)
    await worker.run(second)
    assert handler.seen == []
    await worker.run(first)
    assert bells.rung[-1][0] == second
    await worker.run(second)
    assert bells.rung[-1][0] == third
    await worker.run(third)
    assert handler.seen == [1, 2, 3]


async def test_another_lane_does_not_wait(units: DatabaseUnits, bells: RungBells) -> None:
    handler = Handler()
    worker = worker_of(units, bells, {"test": handler})
    first = await enqueue(units, 1, lane="chat:amina")
    other = await enqueue(units, 2, lane="chat:bram")
    async with units() as unit:
        assert await actions.claim(unit, first) is not None
    await worker.run(other)
    assert handler.seen == [2]


async def test_a_job_between_two_tries_keeps_its_place_in_the_lane(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    handler = Handler(RuntimeError("busy"))
    worker = worker_of(units, bells, {"test": handler})
    first, second = [await enqueue(units, n, lane="chat:amina") for n in (1, 2)]
    await worker.run(first)
    await worker.run(second)
    assert handler.seen == [1]
    clock.forward(seconds=5)
    await worker.run(first)
    await worker.run(second)
    assert handler.seen == [1, 1, 2]


async def test_a_job_planned_for_later_does_not_hold_up_its_lane(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    handler = Handler()
    worker = worker_of(units, bells, {"test": handler})
    await enqueue(units, 1, lane="chat:amina", at=clock.now + timedelta(days=1))
    second = await enqueue(units, 2, lane="chat:amina")
    await worker.run(second)
    assert handler.seen == [2]


async def test_a_lane_goes_on_without_the_job_in_poison(units: DatabaseUnits, bells: RungBells) -> None:
    handler = Handler(PermanentFailureError("never"))
    worker = worker_of(units, bells, {"test": handler})
    first, second = [await enqueue(units, n, lane="chat:amina") for n in (1, 2)]
    await worker.run(first)
    assert bells.rung[-1][0] == second
    await worker.run(second)
    assert handler.seen == [1, 2]


async def test_a_lane_left_by_a_dead_worker_belongs_to_that_job_first(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    handler = Handler()
    worker = worker_of(units, bells, {"test": handler})
    first, second = [await enqueue(units, n, lane="chat:amina") for n in (1, 2)]
    async with units() as unit:
        assert await actions.claim(unit, first) is not None
    clock.now += rules.LEASE
    await worker.run(second)
    assert handler.seen == []
    await worker.run(first)
    await worker.run(second)
    assert handler.seen == [1, 2]


# Waiting for something


async def test_a_job_waits_for_a_chat_and_goes_on_when_it_opens(
    units: DatabaseUnits, bells: RungBells
) -> None:
    handler = Handler(WaitForError("chat:amina"))
    worker = worker_of(units, bells, {"test": handler})
    first, second = [await enqueue(units, n, lane="chat:amina") for n in (1, 2)]
    await worker.run(first)
    await worker.run(second)
    row = await row_of(units, first)
    assert (row.state, row.waits_for) == (JobState.WAITING, "chat:amina")
    assert handler.seen == [1]
    bells.rung.clear()
    async with units() as unit:
        await remember_chat(unit, AMINA)
    assert [job_id for job_id, _ in bells.rung] == [first]
    await worker.run(first)
    await worker.run(second)
    assert handler.seen == [1, 1, 2]


async def test_a_chat_that_opened_between_looking_and_parking_is_not_missed(
    units: DatabaseUnits, bells: RungBells
) -> None:
    async def opens_meanwhile(job: ClaimedJob) -> None:
        async with units() as unit:
            await remember_chat(unit, AMINA)
        raise WaitForError("chat:amina")

    job_id = await enqueue(units)
    bells.rung.clear()
    await worker_of(units, bells, {"test": opens_meanwhile}).run(job_id)
    row = await row_of(units, job_id)
    assert (row.state, row.waits_for) == (JobState.PENDING, None)
    assert [rung for rung, _ in bells.rung] == [job_id]


async def test_waiting_for_what_nothing_tells_of_is_a_failure(units: DatabaseUnits, bells: RungBells) -> None:
    job_id = await enqueue(units)
    await worker_of(units, bells, {"test": Handler(WaitForError("moon:full"))}).run(job_id)
    row = await row_of(units, job_id)
    assert (row.state, row.error) == (JobState.PENDING, "LookupError: nothing tells when moon happens")


# The sweep


async def test_the_sweep_rings_for_lost_rings_and_lost_workers_only(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    worker = worker_of(units, bells, {"test": Handler()})
    left = await enqueue(units, 1)
    async with units() as unit:
        assert await actions.claim(unit, left) is not None
    clock.now += rules.LEASE
    lost = await enqueue(units, 2)
    await enqueue(units, 3, at=clock.now + timedelta(hours=1))
    head = await enqueue(units, 4, lane="chat:amina")
    await enqueue(units, 5, lane="chat:amina")
    busy = await enqueue(units, 6)
    async with units() as unit:
        assert await actions.claim(unit, busy) is not None
    done = await enqueue(units, 7)
    await worker.run(done)
    bells.rung.clear()
    assert await worker.sweep() == 3
    assert [job_id for job_id, _ in bells.rung] == [left, lost, head]


async def test_a_sweep_rings_a_page_the_longest_due_first(
    units: DatabaseUnits, bells: RungBells, clock: Clock
) -> None:
    ids = []
    for n in range(5):
        ids.append(await enqueue(units, n))
        clock.forward(seconds=1)
    bells.rung.clear()
    assert await worker_of(units, bells, {}).sweep(limit=3) == 3
    assert [job_id for job_id, _ in bells.rung] == ids[:3]
