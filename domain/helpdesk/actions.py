"""Reporting a ticket and every step after it. Each is one transaction, and the same again when it is repeated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, update

from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.helpdesk.models import ticket_events, ticket_messages, tickets
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Urgency
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import (
    Kind,
    Party,
    State,
    Step,
    check_possible,
    check_text,
    clean,
    priority_of,
    shorten_title,
    title_of,
)
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.tables import new_id
from domain.unit import Unit

CHANGED = "helpdesk.changed"
"""Job kind: tell everyone whom a change concerns. Payload `{ticket, what, by, message}`."""
REPORT = "report"
"""What the first line of a ticket's history says."""

_INSERT_TICKET = insert(tickets)
_INSERT_EVENT = insert(ticket_events)
_INSERT_MESSAGE = insert(ticket_messages)


@dataclass(frozen=True, slots=True)
class ReportTicket:
    """Without a title, the first sentence of the text is the title."""

    kind: Kind
    text: str
    impact: Impact
    urgency: Urgency
    title: str = ""


async def report_ticket(
    unit: Unit,
    actor: Actor,
    command: ReportTicket,
    policy: HelpdeskPolicy,
    *,
    key: str,
    on_behalf_of: Person | None = None,
) -> Ticket:
    """A new ticket, for the actor or for somebody else. With a key used before, the ticket made then.

    Raises `Invalid` (field `text`), `Conflict` when the key was used for another report, and
    `NotFound` when the actor may not report for this person.
    """
    text = check_text(command.text, "text")
    title = shorten_title(clean(command.title)) or title_of(text)
    requester_id = on_behalf_of.id if on_behalf_of else actor.id
    if requester_id != actor.id and not (actor.is_agent or actor.is_flow):
        raise NotFound("There is no such person.", field="on_behalf_of")
    ticket_id = new_id()
    first = await unit.once(actor.id, key, (command, requester_id), ticket_id)
    if first is not None:
        return await access_ticket(unit, actor, first)
    ticket = Ticket(
        id=ticket_id,
        number=await unit.next_number(command.kind.letter),
        kind=command.kind,
        state=State.NEW,
        title=title,
        text=text,
        impact=command.impact,
        urgency=command.urgency,
        priority=priority_of(command.impact, command.urgency, policy),
        requester_id=requester_id,
        reporter_id=actor.id,
        team_id=on_behalf_of.team_id if on_behalf_of else actor.team_id,
        assignee_id=None,
        version=1,
        created_at=unit.now,
        updated_at=unit.now,
    )
    await unit.db.execute(
        _INSERT_TICKET,
        {
            "id": ticket.id,
            "number": ticket.number,
            "kind": ticket.kind.value,
            "state": ticket.state.value,
            "title": ticket.title,
            "text": ticket.text,
            "impact": ticket.impact.value,
            "urgency": ticket.urgency.value,
            "priority": ticket.priority.value,
            "requester_id": ticket.requester_id,
            "reporter_id": ticket.reporter_id,
            "team_id": ticket.team_id,
            "assignee_id": None,
            "version": ticket.version,
            "created_at": ticket.created_at,
            "updated_at": ticket.updated_at,
            "resolved_at": None,
            "unanswered_since": None,
        },
    )
    await _record(unit, actor, ticket, REPORT)
    return ticket


@dataclass(frozen=True, slots=True)
class Say:
    """What somebody says on a ticket: an answer, a reply, how it was solved, or what is still wrong."""

    ticket_id: str
    text: str


async def assign_to_me(
    unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Of two agents at once one gets it; the other gets `Conflict`, and the ticket says who was first."""
    return await _take(unit, actor, Step.ASSIGN, ticket_id, None, policy, key)


async def answer(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk says something to the requester. Who answers a ticket that nobody has, has it from then on."""
    return await _take(unit, actor, Step.ANSWER, said.ticket_id, said.text, policy, key)


async def reply(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The requester says something to the desk."""
    return await _take(unit, actor, Step.REPLY, said.ticket_id, said.text, policy, key)


async def resolve(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk says what was done about it; the requester can still say that it does not work."""
    return await _take(unit, actor, Step.RESOLVE, said.ticket_id, said.text, policy, key)


async def reopen(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The requester or the desk says what is still wrong; whoever had the ticket goes on with it."""
    return await _take(unit, actor, Step.REOPEN, said.ticket_id, said.text, policy, key)


async def close(unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The requester confirms that it is solved."""
    return await _take(unit, actor, Step.CLOSE, ticket_id, None, policy, key)


async def set_answer_aside(unit: Unit, actor: Actor, ticket_id: str) -> None:
    """The person typed about something else: stop asking whether a message belongs to this ticket."""
    ticket = await access_ticket(unit, actor, ticket_id)
    await unit.db.execute(
        update(tickets)
        .where(tickets.c.id == ticket.id, tickets.c.requester_id == actor.id)
        .values(unanswered_since=None)
    )


async def _take(
    unit: Unit,
    actor: Actor,
    step: Step,
    ticket_id: str,
    text: str | None,
    policy: HelpdeskPolicy,
    key: str,
) -> Ticket:
    """One step. Raises `Conflict` when it is not possible (any more), `NotFound` when the ticket is not the
    actor's to see, and `Invalid` (field `text`) for what cannot be said."""
    ticket = await access_ticket(unit, actor, ticket_id)
    text = None if text is None else check_text(text, "text")
    if await unit.once(actor.id, key, (step.value, ticket.id, text), ticket.id) is not None:
        return await access_ticket(unit, actor, ticket.id)
    # A change of state in between lets the update miss; a ticket has few states, so this ends.
    for _ in State:
        changes = _changes(unit, actor, step, ticket, policy)
        version = (
            await unit.db.execute(
                update(tickets)
                .where(tickets.c.id == ticket.id, tickets.c.state == ticket.state.value)
                .values(version=tickets.c.version + 1, **changes)
                .returning(tickets.c.version)
            )
        ).scalar_one_or_none()
        if version is not None:
            break
        ticket = await access_ticket(unit, actor, ticket.id)
    else:
        raise Conflict("That is not possible (any more): the ticket has moved on.")
    changes.pop("unanswered_since", None)
    ticket = replace(ticket, version=version, **changes)
    message_id = None
    if text is not None:
        message_id = new_id()
        message = {
            "id": message_id,
            "ticket_id": ticket.id,
            "author_id": actor.id,
            "from_desk": _party(actor, step, ticket) is Party.DESK,
            "text": text,
            "at": unit.now,
        }
        await unit.db.execute(_INSERT_MESSAGE, message)
    await _record(unit, actor, ticket, step.value, message_id)
    return ticket


def parties(actor: Actor, ticket: Ticket) -> frozenset[Party]:
    """On which sides of this ticket the actor stands."""
    desk = {Party.DESK} if actor.is_agent else set()
    return frozenset(desk | ({Party.REQUESTER} if ticket.requester_id == actor.id else set()))


def _party(actor: Actor, step: Step, ticket: Ticket) -> Party:
    """As whom the actor takes a step that both sides can take: on one's own ticket, as the requester."""
    if step is Step.REOPEN:
        return Party.REQUESTER if ticket.requester_id == actor.id else Party.DESK
    return Party.DESK if step in (Step.ASSIGN, Step.ANSWER, Step.RESOLVE) else Party.REQUESTER


def _changes(unit: Unit, actor: Actor, step: Step, ticket: Ticket, policy: HelpdeskPolicy) -> dict[str, Any]:
    """The columns that a step changes. Raises `Conflict` when it is not possible (any more)."""
    state = check_possible(step, ticket.standing, parties(actor, ticket), unit.now, policy)
    changes: dict[str, Any] = {"state": state, "updated_at": unit.now}
    by_desk = _party(actor, step, ticket) is Party.DESK
    if by_desk and ticket.assignee_id is None:
        changes["assignee_id"] = actor.id
    if step is Step.RESOLVE:
        changes["resolved_at"] = unit.now
    elif step is Step.REOPEN:
        changes["resolved_at"] = None
    if step is not Step.ASSIGN:
        changes["unanswered_since"] = unit.now if by_desk else None
    return changes


async def _record(unit: Unit, actor: Actor, ticket: Ticket, what: str, message_id: str | None = None) -> None:
    """The line of history, and one job that tells everybody."""
    details = {"message": message_id} if message_id else {}
    if what == REPORT:
        details["priority"] = ticket.priority.name.lower()
    event = {
        "id": new_id(),
        "ticket_id": ticket.id,
        "version": ticket.version,
        "what": what,
        "state": ticket.state.value,
        "by_id": actor.id,
        "at": unit.now,
        "details": details,
    }
    await unit.db.execute(_INSERT_EVENT, event)
    await unit.enqueue(CHANGED, {"ticket": ticket.id, "what": what, "by": actor.id, "message": message_id})
