"""Why a ticket is due when it is: the computation, one line for each thing that happened to its clock. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.helpdesk.rules import State
from domain.service_levels.calendar import NO_TIME, Stretch, WorkingTime
from domain.service_levels.rules import Clock, Standing


@dataclass(frozen=True, slots=True)
class Ran:
    """The clock ran during the opening hours of `days` days in a row; afterwards it stood at `total`."""

    start: datetime
    end: datetime
    days: int
    length: timedelta
    total: timedelta


@dataclass(frozen=True, slots=True)
class Closed:
    """The city was closed; `name` is None for an ordinary weekend."""

    first: date
    last: date
    name: str | None


@dataclass(frozen=True, slots=True)
class StoodStill:
    """The desk was not to move; None until now, and longer."""

    start: datetime
    end: datetime | None
    state: State


Line = Ran | Closed | StoodStill


@dataclass(frozen=True, slots=True)
class Explanation(Standing):
    """Where a clock stands, and how it came there."""

    lines: tuple[Line, ...]


def explain(clock: Clock, calendar: WorkingTime, now: datetime) -> Explanation:
    """Until the clock is due; without a target, or when it stands still before that, until it last ran."""
    due_at = clock.due_at(calendar)
    lines: list[Line] = []
    total = NO_TIME
    for index, run in enumerate(clock.runs):
        end = run.end or due_at or now
        if due_at is not None and due_at <= end:
            lines += _ran(calendar, run.start, due_at, total)
            break
        lines += _ran(calendar, run.start, end, total)
        total += calendar.between(run.start, end)
        if run.stopped_by is not None and run.end is not None:
            after = clock.runs[index + 1].start if index + 1 < len(clock.runs) else None
            if after is not None or clock.done_at is None:
                lines.append(StoodStill(run.end, after, run.stopped_by))
    return Explanation(clock, due_at, clock.used(calendar, now), tuple(lines))


def _ran(calendar: WorkingTime, start: datetime, end: datetime, total: timedelta) -> Iterator[Line]:
    """Days in a row are one line, unless the city was closed in between."""
    row: list[Stretch] = []
    for stretch in calendar.stretches(start, end):
        if row and stretch.day - row[-1].day > timedelta(days=1):
            total += sum((part.length for part in row), NO_TIME)
            yield _in_a_row(row, total)
            yield from _closed(calendar, row[-1].day, stretch.day)
            row = []
        row.append(stretch)
    if row:
        yield _in_a_row(row, total + sum((part.length for part in row), NO_TIME))


def _in_a_row(row: list[Stretch], total: timedelta) -> Ran:
    days = len({stretch.day for stretch in row})
    return Ran(row[0].start, row[-1].end, days, sum((part.length for part in row), NO_TIME), total)


def _closed(calendar: WorkingTime, before: date, after: date) -> Iterator[Line]:
    """The days between two open ones; those that are closed for one reason are one line.

    What falls on a day without opening hours changes nothing, so a weekend stays a weekend.
    """
    spells: list[Closed] = []
    day = before + timedelta(days=1)
    while day < after:
        name = calendar.closed(day) if calendar.has_hours(day) else None
        if spells and spells[-1].name == name:
            spells[-1] = Closed(spells[-1].first, day, name)
        else:
            spells.append(Closed(day, day, name))
        day += timedelta(days=1)
    yield from spells
