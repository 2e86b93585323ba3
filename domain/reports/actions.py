"""Making a report: aggregates over one index each, of the rows of the period, whatever there is besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, case, func, literal, select

from domain.actor import Actor, Role
from domain.errors import NotFound
from domain.helpdesk.models import deflections, tickets
from domain.helpdesk.policy import HelpdeskPolicy, Priority
from domain.reports.models import ticket_figures
from domain.reports.report import Report, Step, TicketLine, Times
from domain.reports.rules import Period
from domain.satisfaction.models import ticket_ratings
from domain.unit import Unit

AGES = (timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=91))
"""Bounds of the ages of open tickets."""
EXPORTED = 50_000
"""Tickets of one export: a sheet that people can still open."""
PAGE = 2_000

_figures = ticket_figures.c


def check_reader(actor: Actor, policy: HelpdeskPolicy) -> None:
    """Reports are for the desk, who leads it, and information managers. Raises `NotFound` for all others."""
    if not (actor.is_agent or actor.has(Role.INFORMATION_MANAGER) or actor.id == policy.lead_id):
        raise NotFound("There is no such report.")


async def make_report(
    unit: Unit, actor: Actor, period: Period, policy: HelpdeskPolicy, zone: ZoneInfo
) -> Report:
    """The figures of a period. Raises `NotFound` when they are not for this actor."""
    check_reader(actor, policy)
    start, end = period.bounds(zone)
    groups = await _groups(unit, start, end)
    reopened, by_priority = await _by_priority(unit, start, end)
    return Report(
        period=period,
        made_at=unit.now,
        created=sum(count for *_, count in groups),
        by_kind=_ranked((kind, count) for kind, _, _, count in groups),
        by_category=_ranked((category, count) for _, category, _, count in groups),
        by_team=_ranked((team, count) for _, _, team, count in groups),
        response=await _times(
            unit, _figures.responded_at, _figures.response_seconds, _figures.response_met, start, end
        ),
        solution=await _times(
            unit, _figures.solved_at, _figures.solution_seconds, _figures.solution_met, start, end
        ),
        by_priority=by_priority,
        reopened=reopened,
        backlog=await _backlog(unit),
        ratings=await _counts(unit, ticket_ratings.c.score, ticket_ratings.c.given_at, start, end),
        deflected=await _counts(unit, deflections.c.by, deflections.c.at, start, end),
        steps=await _steps(unit, period, zone),
    )


async def export_tickets(
    unit: Unit, actor: Actor, period: Period, policy: HelpdeskPolicy, zone: ZoneInfo
) -> AsyncIterator[TicketLine]:
    """The tickets that came in during a period, the first one first, `EXPORTED` at most; read page by page.

    Raises `NotFound` when they are not for this actor.
    """
    check_reader(actor, policy)
    start, end = period.bounds(zone)
    after: tuple[datetime, str] | None = None
    for _ in range(EXPORTED // PAGE):
        rows = await _page(unit, start, end, after)
        for row in rows:
            yield _line(row)
        if len(rows) < PAGE:
            return
        after = (rows[-1].created_at, rows[-1].ticket_id)


async def _groups(unit: Unit, start: datetime, end: datetime) -> Sequence[Any]:
    """Kind, category, team and how many: a row for each combination there is, which is some hundreds at most."""
    by = (_figures.kind, _figures.category, _figures.team_id)
    statement = select(*by, func.count()).where(*_within(_figures.created_at, start, end)).group_by(*by)
    return (await unit.db.execute(statement)).all()


async def _times(
    unit: Unit, at: Column[Any], seconds: Column[Any], met: Column[Any], start: datetime, end: datetime
) -> Times:
    """The database sorts the durations of the period and gives two of them; they never travel."""
    inside = _within(at, start, end)
    counted = select(func.count(), func.count(seconds), func.count(met), _sum_true(met)).where(*inside)
    total, measured, judged, kept = (await unit.db.execute(counted)).one()
    ordered = select(seconds).where(*inside, seconds.is_not(None)).order_by(seconds).limit(1)
    found = []
    for tenths in (5, 9):
        place = -(-measured * tenths // 10) - 1  # so many tenths of them took this long at most
        statement = ordered.offset(max(0, place))
        found.append((await unit.db.execute(statement)).scalar_one() if measured else None)
    return Times(total, found[0], found[1], int(kept or 0), judged)


async def _by_priority(unit: Unit, start: datetime, end: datetime) -> tuple[int, Mapping[Priority, Times]]:
    """What was reopened of what was solved, and whether promises were kept by priority."""
    met = _figures.solution_met
    again = func.sum(case((_figures.reopened > 0, 1), else_=0))
    statement = (
        select(_figures.priority, func.count(), func.count(met), _sum_true(met), again)
        .where(*_within(_figures.solved_at, start, end))
        .group_by(_figures.priority)
        .order_by(_figures.priority)
    )
    rows = (await unit.db.execute(statement)).all()
    times = {
        Priority(priority): Times(total, None, None, int(kept or 0), judged)
        for priority, total, judged, kept, _ in rows
    }
    return sum(int(row[4] or 0) for row in rows), times


async def _backlog(unit: Unit) -> tuple[int, int, int, int, int]:
    """Open tickets by age, from the index that holds these alone."""
    age = case(
        *((_figures.created_at > unit.now - bound, place) for place, bound in enumerate(AGES)),
        else_=len(AGES),
    )
    # Each age as a literal of its own: grouped by what has parameters, PostgreSQL takes it for another expression.
    ages = select(age.label("age")).where(_figures.ended_at.is_(None)).subquery()
    rows = await unit.db.execute(select(ages.c.age, func.count()).group_by(ages.c.age))
    found = {int(place): int(count) for place, count in rows}
    return (found.get(0, 0), found.get(1, 0), found.get(2, 0), found.get(3, 0), found.get(4, 0))


async def _counts(
    unit: Unit, what: Column[Any], at: Column[Any], start: datetime, end: datetime
) -> Mapping[Any, int]:
    statement = select(what, func.count()).where(*_within(at, start, end)).group_by(what)
    return _ranked((key, count) for key, count in await unit.db.execute(statement))


async def _steps(unit: Unit, period: Period, zone: ZoneInfo) -> tuple[Step, ...]:
    days = period.steps()
    begins = [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]
    _, end = period.bounds(zone)
    created = await _per_step(unit, _figures.created_at, begins, end)
    solved = await _per_step(unit, _figures.solved_at, begins, end)
    return tuple(Step(day, created.get(n, 0), solved.get(n, 0)) for n, day in enumerate(days))


async def _per_step(
    unit: Unit, at: Column[Any], begins: Sequence[datetime], end: datetime
) -> Mapping[int, int]:
    later = list(enumerate(begins[1:]))
    step: ColumnElement[Any] = (
        case(*((at < begin, place) for place, begin in later), else_=len(begins) - 1) if later else literal(0)
    )
    inside = select(step.label("step")).where(*_within(at, begins[0], end)).subquery()
    rows = await unit.db.execute(select(inside.c.step, func.count()).group_by(inside.c.step))
    return {int(place): int(count) for place, count in rows}


async def _page(
    unit: Unit, start: datetime, end: datetime, after: tuple[datetime, str] | None
) -> Sequence[Any]:
    statement = (
        select(ticket_figures, tickets.c.number, tickets.c.title, tickets.c.state, ticket_ratings.c.score)
        .join(tickets, tickets.c.id == _figures.ticket_id)
        .join(
            ticket_ratings,
            (ticket_ratings.c.ticket_id == tickets.c.id)
            & (ticket_ratings.c.person_id == tickets.c.requester_id),
            isouter=True,
        )
        .where(*_within(_figures.created_at, start, end))
        .order_by(_figures.created_at, _figures.ticket_id)
        .limit(PAGE)
    )
    if after is not None:
        at, ticket_id = after
        same = (_figures.created_at == at) & (_figures.ticket_id > ticket_id)
        statement = statement.where(_figures.created_at >= at, (_figures.created_at > at) | same)
    return (await unit.db.execute(statement)).all()


def _line(row: Any) -> TicketLine:
    return TicketLine(
        row.number,
        row.title,
        row.kind,
        row.category,
        row.team_id,
        Priority(row.priority),
        row.state,
        row.created_at,
        row.responded_at,
        row.solved_at,
        row.response_seconds,
        row.solution_seconds,
        row.response_met,
        row.solution_met,
        row.reopened,
        row.score,
    )


def _within(at: Column[Any], start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return at >= start, at < end


def _sum_true(column: Column[Any]) -> ColumnElement[Any]:
    return func.sum(case((column.is_(True), 1), else_=0))


def _ranked(pairs: Any) -> dict[Any, int]:
    counted: Counter[Any] = Counter()
    for key, count in pairs:
        counted[key] += count
    return dict(sorted(counted.items(), key=lambda item: (-item[1], str(item[0]))))
