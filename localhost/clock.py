"""The timer triggers: sleeps until each is due, in UTC, as Azure does."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import azure.functions as func
from croniter import croniter

from localhost.triggers import TimerTrigger

log = logging.getLogger(__name__)

LOOK = 60.0
"""Seconds after which it looks at the wall clock again: the time slept stands still while the machine does."""

LATE = 60.0
"""Seconds after which a timer says that it is past due: the machine slept."""


def next_time(schedule: str, after: datetime) -> datetime:
    """The first moment after `after` that an NCRONTAB expression names."""
    moment: datetime = croniter(schedule, after, second_at_beginning=True).get_next(datetime)
    return moment


async def keep_time(trigger: TimerTrigger) -> None:
    """Run a timer's function whenever it is due, never twice at once, until cancelled."""
    if trigger.on_startup:
        await _run(trigger, past_due=False)
    due = next_time(trigger.schedule, datetime.now(UTC))
    while True:
        wait = (due - datetime.now(UTC)).total_seconds()
        if wait > 0:
            await asyncio.sleep(min(wait, LOOK))
            continue
        await _run(trigger, past_due=wait < -LATE)
        due = next_time(trigger.schedule, datetime.now(UTC))


async def _run(trigger: TimerTrigger, *, past_due: bool) -> None:
    try:
        await trigger.run(**{trigger.argument: Timer(past_due)})
    except Exception:
        log.exception("function_failed", extra={"function": trigger.name})


class Timer(func.TimerRequest):
    """What a timer's function is given."""

    def __init__(self, past_due: bool) -> None:
        self._past_due = past_due

    @property
    def past_due(self) -> bool:
        return self._past_due
