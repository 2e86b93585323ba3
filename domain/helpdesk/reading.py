"""Looking at tickets. Everything checks who looks: what is not theirs is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from domain.actor import Actor
from domain.errors import Invalid, NotFound
from domain.helpdesk.models import (
    ticket_events,
    ticket_messages,
    ticket_numbers,
    ticket_watchers,
    tickets,
)
from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.texts import clean
from domain.helpdesk.ticket import Conversation, Event, Message, Ticket, TicketPage
from domain.tables import is_id
from domain.unit import Unit

PAGE_LIMIT = 100
SHOWN_MESSAGES = 5
REPLY_WITHIN = timedelta(hours=8)
"""For so long, a message that somebody types may be meant for the agent who answered them."""

BY_ITSELF = "desk:clock"
"""The id under which things happen by themselves: a ticket that closes, work that is handed out."""
NUMBER = re.compile(r"[IAW]-[0-9]{4}-[0-9]{6,9}")
TICKET = tuple(tickets.c[field.name] for field in fields(Ticket))
"""The columns that `to_ticket` reads, in the order of a ticket's fields."""
_BY_ID = select(*TICKET).where(tickets.c.id == bindparam("wanted"))
_BYNUMBER = select(*TICKET).where(tickets.c.number == bindparam("wanted"))
_BY_FORMERNUMBER = select(*TICKET).join(ticket_numbers).where(ticket_numbers.c.number == bindparam("wanted"))
_WATCHES = select(ticket_watchers.c.person_id).where(
    ticket_watchers.c.ticket_id == bindparam("ticket"), ticket_watchers.c.person_id == bindparam("person")
)

# A page has hundreds of these; looking a member up is a tenth of calling its class.
_KINDS = {kind.value: kind for kind in Kind}
_STATES = {state.value: state for state in State}
_IMPACTS = {impact.value: impact for impact in Impact}
_URGENCIES = {urgency.value: urgency for urgency in Urgency}
_PRIORITIES = {priority.value: priority for priority in Priority}


def sees_all(actor: Actor) -> bool:
    """The desk sees every ticket. So does a flow: what it may do at all, its key's scopes have decided."""
    return actor.is_agent or actor.is_flow


async def load_ticket(unit: Unit, ticket_id: str) -> Ticket:
    """A ticket that is known to be there, for the desk's own jobs: nobody looks."""
    [row] = await unit.fetch(_BY_ID, {"wanted": ticket_id})
    return to_ticket(row)


async def hold_ticket(unit: Unit, ticket_id: str) -> Ticket:
    """A ticket that is known to be there, which nobody else changes before this unit ends. SQLite has one writer."""
    return to_ticket((await unit.db.execute(_BY_ID.with_for_update(), {"wanted": ticket_id})).one())


async def load_message(unit: Unit, message_id: str) -> Message:
    """A message that is known to be there, for the desk's own jobs."""
    return _message(
        (await unit.db.execute(select(ticket_messages).where(ticket_messages.c.id == message_id))).one()
    )


async def load_conversation(unit: Unit, ticket_id: str, *, shown: int = SHOWN_MESSAGES) -> Conversation:
    """As `access_conversation`, for the desk's own jobs."""
    return await _conversation(unit, await load_ticket(unit, ticket_id), shown)


async def access_ticket(unit: Unit, actor: Actor, id_or_number: str) -> Ticket:
    """A ticket by its id or by a number it has or had, for its requester, its reporter, its watchers and the desk;
    `NotFound` for all others."""
    wanted = id_or_number.strip().upper()
    rows: Sequence[Row[Any]] = ()
    if is_id(id_or_number):
        rows = await unit.fetch(_BY_ID, {"wanted": id_or_number})
    elif NUMBER.fullmatch(wanted):
        rows = await unit.fetch(_BYNUMBER, {"wanted": wanted})
        if not rows:
            rows = await unit.fetch(_BY_FORMERNUMBER, {"wanted": wanted})
    row = next(iter(rows), None)
    if row is not None and (
        sees_all(actor)
        or actor.id in (row.requester_id, row.reporter_id)
        or actor.id == BY_ITSELF
        or await unit.fetch(_WATCHES, {"ticket": row.id, "person": actor.id})
    ):
        return to_ticket(row)
    raise NotFound("There is no such ticket.", field="id")


async def access_conversation(
    unit: Unit, actor: Actor, id_or_number: str, *, shown: int = SHOWN_MESSAGES
) -> Conversation:
    """A ticket with its latest messages and the latest line of its history."""
    return await _conversation(unit, await access_ticket(unit, actor, id_or_number), shown)


async def _conversation(unit: Unit, ticket: Ticket, shown: int) -> Conversation:
    event = (
        await unit.db.execute(
            select(ticket_events)
            .where(ticket_events.c.ticket_id == ticket.id)
            .order_by(ticket_events.c.version.desc())
            .limit(1)
        )
    ).one()
    theirs = ticket_messages.c.ticket_id == ticket.id
    rows = (
        await unit.db.execute(
            select(ticket_messages).where(theirs).order_by(ticket_messages.c.id.desc()).limit(shown + 1)
        )
    ).all()
    earlier = 0
    if len(rows) > shown:
        count = select(func.count()).select_from(ticket_messages).where(theirs)
        earlier = (await unit.db.execute(count)).scalar_one() - shown
    messages = tuple(_message(row) for row in reversed(rows[:shown]))
    return Conversation(ticket, _event(event), messages, earlier)


async def access_message(unit: Unit, actor: Actor, message_id: str) -> tuple[Message, Conversation]:
    """One message, and the conversation it is in as that stands now."""
    if is_id(message_id):
        row = (
            await unit.db.execute(select(ticket_messages).where(ticket_messages.c.id == message_id))
        ).one_or_none()
        if row is not None:
            return _message(row), await access_conversation(unit, actor, row.ticket_id)
    raise NotFound("There is no such ticket.", field="id")


async def list_messages(
    unit: Unit, ticket: Ticket, *, limit: int = 20, cursor: str | None = None
) -> tuple[tuple[Message, ...], str | None]:
    """What requester and desk said on a ticket that the caller has access to, the first thing first, and the cursor of
    the next page. Raises `Invalid` for a cursor that is none of ours."""
    limit = max(1, min(limit, PAGE_LIMIT))
    theirs = select(ticket_messages).where(ticket_messages.c.ticket_id == ticket.id)
    if cursor is not None:
        if not is_id(cursor):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        theirs = theirs.where(ticket_messages.c.id > cursor)
    rows = (await unit.db.execute(theirs.order_by(ticket_messages.c.id).limit(limit + 1))).all()
    found = tuple(_message(row) for row in rows[:limit])
    return found, found[-1].id if len(rows) > limit else None


async def message_of(unit: Unit, ticket: Ticket, actor: Actor, text: str) -> Message:
    """The latest time that this actor said this on a ticket; it is known that they did."""
    theirs = (ticket_messages.c.ticket_id == ticket.id, ticket_messages.c.author_id == actor.id)
    said = select(ticket_messages).where(*theirs, ticket_messages.c.text == clean(text))
    row = (await unit.db.execute(said.order_by(ticket_messages.c.id.desc()).limit(1))).one()
    return _message(row)


async def list_history(unit: Unit, actor: Actor, id_or_number: str) -> tuple[Event, ...]:
    """Everything that was done to a ticket, the first thing first."""
    ticket = await access_ticket(unit, actor, id_or_number)
    rows = await unit.db.execute(
        select(ticket_events).where(ticket_events.c.ticket_id == ticket.id).order_by(ticket_events.c.version)
    )
    return tuple(_event(row) for row in rows)


async def latest_history(
    unit: Unit, actor: Actor, id_or_number: str, limit: int = 30
) -> tuple[tuple[Event, ...], int]:
    """The latest lines of a ticket's history, the oldest of them first, and how many came before those."""
    ticket = await access_ticket(unit, actor, id_or_number)
    rows = await unit.db.execute(
        select(ticket_events)
        .where(ticket_events.c.ticket_id == ticket.id)
        .order_by(ticket_events.c.version.desc())
        .limit(limit)
    )
    events = tuple(_event(row) for row in rows)[::-1]
    return events, ticket.version - len(events)


async def tickets_by_id(unit: Unit, actor: Actor, ids: Sequence[str]) -> tuple[Ticket, ...]:
    """A page of tickets for the desk, in the order of the ids. Raises `NotFound` for everybody else."""
    if not sees_all(actor):
        raise NotFound("There is no such list.")
    rows = await unit.db.execute(select(*TICKET).where(tickets.c.id.in_(list(ids))))
    found = {row.id: to_ticket(row) for row in rows}
    return tuple(found[ticket_id] for ticket_id in ids if ticket_id in found)


async def list_tickets(
    unit: Unit,
    actor: Actor,
    *,
    mine: bool = True,
    kind: Kind | None = None,
    state: State | None = None,
    limit: int = 20,
    cursor: str | None = None,
) -> TicketPage:
    """The actor's own tickets or, not `mine`, the desk's: newest first, at most `PAGE_LIMIT` at a time.

    Raises `NotFound` when the desk's list is not for this actor, and `Invalid` for a cursor that is none of ours.
    """
    if not mine and not sees_all(actor):
        raise NotFound("There is no such list.")
    if cursor is not None and not is_id(cursor):
        raise Invalid("This list cannot be continued from here.", field="cursor")
    limit = max(1, min(limit, PAGE_LIMIT))
    statement = select(*TICKET).order_by(tickets.c.id.desc()).limit(limit + 1)
    if mine:
        statement = statement.where(tickets.c.requester_id == actor.id)
    if kind is not None:
        statement = statement.where(tickets.c.kind == kind.value)
    if state is not None:
        statement = statement.where(tickets.c.state == state.value)
    if cursor is not None:
        statement = statement.where(tickets.c.id < cursor)
    found = tuple(to_ticket(row) for row in await unit.db.execute(statement))
    return TicketPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


MOST_PENDING = 3
"""Tickets a person is asked to choose among; who has more of them names the ticket."""


async def pending_answers(unit: Unit, actor: Actor) -> tuple[Ticket, ...]:
    """The tickets on which the desk spoke last to this person less than `REPLY_WITHIN` ago, the latest first."""
    statement = (
        select(*TICKET)
        .where(tickets.c.unanswered_since > unit.now - REPLY_WITHIN, tickets.c.requester_id == actor.id)
        .order_by(tickets.c.unanswered_since.desc())
        .limit(MOST_PENDING)
    )
    return tuple(to_ticket(row) for row in await unit.db.execute(statement))


async def pending_answer(unit: Unit, actor: Actor) -> Ticket | None:
    """The one on which it spoke last."""
    return next(iter(await pending_answers(unit, actor)), None)


async def people_with_pending_answers(unit: Unit, limit: int) -> frozenset[str]:
    """Whose message may be meant for an agent now, `limit` of them at most."""
    statement = (
        select(tickets.c.requester_id)
        .where(tickets.c.unanswered_since > unit.now - REPLY_WITHIN)
        .limit(limit)
    )
    return frozenset((await unit.db.execute(statement)).scalars())


def to_ticket(row: Row[Any]) -> Ticket:
    """Of a row with the columns `TICKET`."""
    ticket_id, number, kind, state, title, text, impact, urgency, priority, *others = tuple(row)
    return Ticket(
        ticket_id,
        number,
        _KINDS[kind],
        _STATES[state],
        title,
        text,
        _IMPACTS[impact],
        _URGENCIES[urgency],
        _PRIORITIES[priority],
        *others,
    )


def _event(row: Row[Any]) -> Event:
    from_state = State(row.from_state) if row.from_state else None
    return Event(row.what, State(row.state), row.by_id, row.at, from_state, row.details or {})


def _message(row: Row[Any]) -> Message:
    return Message(row.id, row.ticket_id, row.author_id, row.from_desk, row.text, row.at)
