"""The clocks of a ticket, told from its history: the same history always gives the same clocks.

A clock runs while the desk is to move. It stands still while a ticket waits for its requester or for a supplier, and
goes on when a ticket is opened again. It holds when it ran, not how far it is: another target, after a change of
priority, kind or promise, is measured against the same time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from domain.helpdesk.rules import State
from domain.service_levels.calendar import NO_TIME, WorkingTime
from domain.service_levels.policy import Measure, Targets

UNTOUCHED = frozenset({State.WAITING_APPROVAL, State.NEW, State.ASSIGNED})
"""As long as a ticket has been in no other state, nobody has reacted to it."""


class Level(IntEnum):
    """How far a clock is, in what people are told about it."""

    CALM = 0
    AT_RISK = 1
    BREACHED = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a ticket's history: the state after it."""

    at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Run:
    """The clock ran from `start` until `end`, when the ticket came to the state `stopped_by`; None while it runs."""

    start: datetime
    end: datetime | None = None
    stopped_by: State | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """`done_at` is when what it measures was done; a ticket that is opened again is not."""

    measure: Measure
    target: timedelta | None
    runs: tuple[Run, ...]
    done_at: datetime | None = None

    @property
    def running(self) -> bool:
        return bool(self.runs) and self.runs[-1].end is None

    def used(self, calendar: WorkingTime, now: datetime) -> timedelta:
        """The working time in which it ran, until `now` at most."""
        ran = (calendar.between(run.start, min(run.end or now, now)) for run in self.runs)
        return sum(ran, NO_TIME)

    def passes(self, calendar: WorkingTime, working: timedelta) -> datetime | None:
        """When it has run for `working`: in the past, or in the future if it goes on running. None when it stands
        still before that; being done at that very moment is in time."""
        for run in self.runs:
            if run.end is None:
                return calendar.add(run.start, working)
            ran = calendar.between(run.start, run.end)
            if ran > working:
                return calendar.add(run.start, working)
            working -= ran
        return None

    def due_at(self, calendar: WorkingTime) -> datetime | None:
        """When the target is passed, or was."""
        return None if self.target is None else self.passes(calendar, self.target)

    def at_risk_at(self, calendar: WorkingTime, warn_at: int) -> datetime | None:
        return None if self.target is None else self.passes(calendar, self.target * warn_at / 100)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clock stands. `due_at` is None when it stands still, or ended, before the target."""

    clock: Clock
    due_at: datetime | None
    used: timedelta

    @property
    def left(self) -> timedelta:
        """Of the target; nothing when it was passed, or when nothing was promised."""
        return max((self.clock.target or NO_TIME) - self.used, NO_TIME)


def standing(clock: Clock, calendar: WorkingTime, now: datetime) -> Standing:
    return Standing(clock, clock.due_at(calendar), clock.used(calendar, now))


def level_at(now: datetime, at_risk_at: datetime | None, due_at: datetime | None) -> Level:
    if due_at is not None and due_at <= now:
        return Level.BREACHED
    return Level.AT_RISK if at_risk_at is not None and at_risk_at <= now else Level.CALM


def clock_of(measure: Measure, history: Iterable[Change], target: timedelta | None) -> Clock:
    """`history` is in order; a line that seems to be before the one above it happened together with that."""
    runs: list[Run] = []
    since: datetime | None = None
    done_at: datetime | None = None
    last: datetime | None = None
    for change in history:
        last = at = max(change.at, last) if last else change.at
        done = change.state not in UNTOUCHED if measure is Measure.RESPONSE else not change.state.open
        runs_on = not done and not change.state.waiting
        if runs_on and since is None:
            since = at
        elif not runs_on and since is not None:
            runs.append(Run(since, at, change.state))
            since = None
        done_at = (done_at or at) if done else None
        if done and measure is Measure.RESPONSE:
            break  # the first reaction counts, whatever comes after it
    if since is not None:
        runs.append(Run(since))
    return Clock(measure, target, tuple(runs), done_at)


def clocks_of(history: Iterable[Change], targets: Targets) -> tuple[Clock, Clock]:
    """Response and resolution."""
    lines = tuple(history)
    return (
        clock_of(Measure.RESPONSE, lines, targets.response),
        clock_of(Measure.RESOLUTION, lines, targets.resolution),
    )
