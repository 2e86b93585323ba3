"""What is resolved closes by itself after some working days, and that is said before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from domain.actor import Actor, Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict
from domain.helpdesk.models import tickets
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.reading import BY_ITSELF, TICKET, to_ticket
from domain.helpdesk.rules import State, Step
from domain.helpdesk.steps import Effect, take_step
from domain.helpdesk.ticket import Ticket
from domain.organisation import Organisation
from domain.unit import Unit

CLOSES_SOON = "ticket.closes_soon"
"""View of a ticket for its requester: it closes by itself, unless it does not work."""
CLOCK = Actor(BY_ITSELF, "")
BITE = 100


def closes_at(resolved_at: datetime, organisation: Organisation) -> datetime:
    """When a ticket that was resolved then closes by itself."""
    return organisation.calendar.add_days(resolved_at, organisation.helpdesk.close_after_days)


def announced_at(resolved_at: datetime, organisation: Organisation) -> datetime:
    """When the requester is told that. Never, when it is to close on the day it is resolved."""
    policy: HelpdeskPolicy = organisation.helpdesk
    return organisation.calendar.add_days(resolved_at, max(policy.close_after_days - policy.announce_days, 0))


async def sweep_closing(desk: Desk, limit: int = BITE) -> int:
    """Announce and close what has come due. How many of both.

    What was resolved first comes due first: the search ends at the first ticket that is not.
    """
    return await _announce(desk, limit) + await _close(desk, limit)


async def _announce(desk: Desk, limit: int) -> int:
    done = 0
    async with desk.units() as unit:
        for ticket in await _resolved(unit, limit, announced=False):
            if announced_at(_when(ticket), desk.organisation) > unit.now:
                break
            claimed = await unit.db.execute(
                update(tickets)
                .where(tickets.c.id == ticket.id, tickets.c.state == State.RESOLVED.value)
                .values(closing_announced_at=unit.now)
            )
            if claimed.rowcount == 1 and await desk.directory.person(ticket.requester_id) is not None:
                await show(unit, CLOSES_SOON, ticket.id, ticket.requester_id)
            done += 1
    return done


async def _close(desk: Desk, limit: int) -> int:
    done = 0
    async with desk.units.read() as unit:
        now = unit.now
        due = [
            ticket
            for ticket in await _resolved(unit, limit, announced=True)
            if closes_at(_when(ticket), desk.organisation) <= now
        ]
    for ticket in due:
        async with desk.units() as unit:
            try:
                await take_step(
                    unit,
                    CLOCK,
                    Step.CLOSE,
                    ticket.id,
                    desk.organisation.helpdesk,
                    key=f"close:{ticket.id}:{ticket.version}",
                )
            except Conflict:
                continue  # reopened at this very moment
        done += 1
    return done


async def sweep_left(desk: Desk, limit: int = BITE) -> int:
    """Give back to their group the open tickets of who is no agent any more. How many."""
    agents = [person.id for person in await desk.directory.with_role(Role.AGENT)]
    async with desk.units.read() as unit:
        rows = await unit.db.execute(
            select(tickets.c.id, tickets.c.version)
            .where(
                tickets.c.assignee_id.is_not(None),
                tickets.c.assignee_id.not_in(agents),
                tickets.c.resolved_at.is_(None),
                tickets.c.closed_at.is_(None),
            )
            .limit(limit)
        )
        left = rows.all()
    for row in left:
        async with desk.units() as unit:
            try:
                await take_step(
                    unit,
                    CLOCK,
                    Step.RELEASE,
                    row.id,
                    desk.organisation.helpdesk,
                    key=f"left:{row.id}:{row.version}",
                    effect=lambda _: Effect({"assignee_id": None}),
                )
            except Conflict:
                continue
    return len(left)


async def _resolved(unit: Unit, limit: int, *, announced: bool) -> list[Ticket]:
    told = tickets.c.closing_announced_at
    rows = await unit.db.execute(
        select(*TICKET)
        .where(
            tickets.c.closed_at.is_(None),
            tickets.c.resolved_at.is_not(None),
            told.is_not(None) if announced else told.is_(None),
        )
        .order_by(tickets.c.resolved_at)
        .limit(limit)
    )
    return [to_ticket(row) for row in rows]


def _when(ticket: Ticket) -> datetime:
    return ticket.resolved_at or ticket.updated_at
