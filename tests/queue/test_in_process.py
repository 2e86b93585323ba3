"""The doorbell in memory."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.clock import utc_now
from adapters.queue.in_process import InProcessDoorbell


async def test_rings_come_in_order(doorbell: InProcessDoorbell) -> None:
    for job_id in ("a", "b", "c"):
        await doorbell.ring(job_id, utc_now())
    assert [await doorbell.next() for _ in range(3)] == ["a", "b", "c"]


async def test_a_job_for_later_comes_when_it_is_due_and_not_before(doorbell: InProcessDoorbell) -> None:
    due = utc_now() + timedelta(seconds=0.1)
    await doorbell.ring("later", due)
    await doorbell.ring("now", utc_now())
    assert await doorbell.next() == "now"
    assert await doorbell.next() == "later"
    assert utc_now() >= due


async def test_ringing_twice_for_one_job_wakes_once(doorbell: InProcessDoorbell) -> None:
    await doorbell.ring("a", utc_now())
    await doorbell.ring("a", utc_now())
    await doorbell.ring("b", utc_now())
    assert [await doorbell.next(), await doorbell.next()] == ["a", "b"]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(doorbell.next(), 0.01)


async def test_the_earlier_of_two_rings_counts(doorbell: InProcessDoorbell) -> None:
    await doorbell.ring("a", utc_now() + timedelta(hours=1))
    await doorbell.ring("a", utc_now() + timedelta(seconds=0.02))
    await doorbell.ring("a", utc_now() + timedelta(hours=2))
    assert await asyncio.wait_for(doorbell.next(), 10) == "a"


async def test_a_job_can_be_rung_again_after_it_was_taken(doorbell: InProcessDoorbell) -> None:
    await doorbell.ring("a", utc_now())
    assert await doorbell.next() == "a"
    await doorbell.ring("a", utc_now())
    assert await doorbell.next() == "a"


async def test_closing_forgets_what_is_still_to_come(doorbell: InProcessDoorbell) -> None:
    await doorbell.ring("a", utc_now() + timedelta(seconds=0.01))
    await doorbell.close()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(doorbell.next(), 0.05)


@pytest.fixture
def doorbell() -> InProcessDoorbell:
    return InProcessDoorbell()
