"""NCRONTAB: six fields, seconds first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from localhost.clock import keep_time, next_time
from localhost.triggers import TimerTrigger

NOW = datetime(2026, 11, 23, 8, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ("0 * * * * *", datetime(2026, 11, 23, 8, 31, tzinfo=UTC)),
        ("*/5 * * * * *", datetime(2026, 11, 23, 8, 30, 10, tzinfo=UTC)),
        ("0 30 2 * * *", datetime(2026, 11, 24, 2, 30, tzinfo=UTC)),
        ("0 0 9 * * 1-5", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("30 0 0 1 1 *", datetime(2027, 1, 1, 0, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_next_time_of_a_schedule(schedule: str, due: datetime) -> None:
    assert next_time(schedule, NOW) == due


async def test_a_timer_runs_on_startup_and_then_each_second_also_after_a_failure() -> None:
    ran: list[bool] = []
    enough = asyncio.Event()

    async def run(tick: Any) -> None:
        ran.append(tick.past_due)
        if len(ran) == 3:
            enough.set()
        if len(ran) == 2:
            raise ValueError("once")

    trigger = TimerTrigger("tick", "tick", run, "* * * * * *", on_startup=True)
    task = asyncio.create_task(keep_time(trigger))
    await asyncio.wait_for(enough.wait(), 10)
    task.cancel()
    assert ran[:3] == [False, False, False]
