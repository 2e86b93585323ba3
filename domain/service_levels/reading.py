"""Looking up where clocks stand: of one ticket with its computation, of a list of tickets, and who is at risk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from domain.actor import Actor
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.helpdesk.models import tickets
from domain.helpdesk.reading import access_ticket, sees_all
from domain.helpdesk.ticket import Ticket
from domain.service_levels.actions import Timekeeper
from domain.service_levels.explain import Explanation, explain
from domain.service_levels.models import ticket_clocks
from domain.service_levels.rules import Level, Standing, level_at, standing
from domain.tables import is_id
from domain.unit import Unit

PAGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Due:
    """The first of a ticket's clocks that is due, of those that run."""

    ticket_id: str
    at: datetime
    level: Level


@dataclass(frozen=True, slots=True)
class DuePage:
    """`next_cursor` asks for the next page; None when this is the last."""

    due: tuple[Due, ...]
    next_cursor: str | None


async def explain_ticket(
    unit: Unit, desk: Desk, actor: Actor, id_or_number: str
) -> tuple[Ticket, tuple[Explanation, ...]]:
    """A ticket with the computation of both its clocks, for whoever may see the ticket."""
    ticket = await access_ticket(unit, actor, id_or_number)
    clocks = await Timekeeper(desk).clocks(unit, ticket)
    return ticket, tuple(explain(clock, desk.organisation.calendar, unit.now) for clock in clocks)


async def standings(unit: Unit, desk: Desk, ticket: Ticket) -> tuple[Standing, Standing]:
    """Where response and resolution stand, for a ticket that may be seen."""
    response, resolution = await Timekeeper(desk).clocks(unit, ticket)
    calendar = desk.organisation.calendar
    return standing(response, calendar, unit.now), standing(resolution, calendar, unit.now)


async def due_of(unit: Unit, ticket_ids: Collection[str]) -> Mapping[str, Due]:
    """When each of these tickets, a page of them, is due; those whose clocks stand still are missing."""
    c = ticket_clocks.c
    statement = select(c.ticket_id, c.at_risk_at, c.due_at).where(
        c.ticket_id.in_(ticket_ids), c.due_at.is_not(None)
    )
    return {row.ticket_id: _due(unit.now, *row) for row in await unit.db.execute(statement)}


async def list_at_risk(
    unit: Unit,
    actor: Actor,
    *,
    assignee_id: str | None = None,
    group_ids: Collection[str] = (),
    limit: int = 20,
    cursor: str | None = None,
) -> DuePage:
    """The desk's tickets that are at risk or late, those that became so first coming first: of one agent, of some
    groups, or all.

    Raises `NotFound` when the list is not for this actor, and `Invalid` for a cursor that is none of ours.
    """
    if not sees_all(actor):
        raise NotFound("There is no such list.")
    limit = max(1, min(limit, PAGE_LIMIT))
    c = ticket_clocks.c
    statement = (
        select(c.ticket_id, c.at_risk_at, c.due_at)
        .where(c.at_risk_at <= unit.now)
        .order_by(c.at_risk_at, c.ticket_id)
        .limit(limit + 1)
    )
    if assignee_id is not None or group_ids:
        statement = statement.join(tickets, tickets.c.id == c.ticket_id)
    if assignee_id is not None:
        statement = statement.where(tickets.c.assignee_id == assignee_id)
    if group_ids:
        # Not by the index of the groups: of all their tickets few are at risk.
        statement = statement.where(func.coalesce(tickets.c.group_id, "").in_(group_ids))
    if cursor is not None:
        at, ticket_id = _place(cursor)
        statement = statement.where(
            or_(c.at_risk_at > at, and_(c.at_risk_at == at, c.ticket_id > ticket_id)), c.at_risk_at >= at
        )
    rows = (await unit.db.execute(statement)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = f"{last.at_risk_at.isoformat()}|{last.ticket_id}" if last else None
    return DuePage(tuple(_due(unit.now, *row) for row in rows[:limit]), following)


def _place(cursor: str) -> tuple[datetime, str]:
    at, _, ticket_id = cursor.partition("|")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not is_id(ticket_id):
        raise Invalid("This list cannot be continued from here.", field="cursor")
    return moment, ticket_id


def _due(now: datetime, ticket_id: str, at_risk_at: datetime, due_at: datetime) -> Due:
    return Due(ticket_id, due_at, level_at(now, at_risk_at, due_at))
