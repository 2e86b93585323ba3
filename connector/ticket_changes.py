"""Changing a ticket: each field that is given is one step of the desk, all in one transaction."""

from __future__ import annotations

from connector.acting import at_the_desk, colleague, key_of, named
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation
from connector.shapes import tickets as shapes
from connector.tickets import TICKET, shape_of
from domain.actor import Actor
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.errors import Conflict, Invalid
from domain.helpdesk import actions
from domain.helpdesk.actions import Say
from domain.helpdesk.assigning import hand_over, move, release
from domain.helpdesk.policy import HelpdeskPolicy, Priority
from domain.helpdesk.reading import access_ticket, hold_ticket
from domain.helpdesk.rules import State
from domain.helpdesk.sorting import categorise, change_kind, prioritise
from domain.helpdesk.ticket import Ticket
from domain.unit import Unit

_SAYING = {
    State.WAITING_REQUESTER: actions.ask,
    State.WAITING_SUPPLIER: actions.await_supplier,
    State.RESOLVED: actions.resolve,
    State.REJECTED: actions.reject,
    State.WITHDRAWN: actions.withdraw,
}
"""How a ticket comes to stand there, with what is said about it."""


async def change(desk: Desk, caller: Caller, call: Call[None, shapes.TicketChanges]) -> Answer:
    wanted, actor = call.body, at_the_desk(caller)
    key = key_of("change", call.key, wanted.external_id)
    with named(text="comment", why="reason", colleague="assignee"):
        async with desk.units() as unit:
            ticket = await access_ticket(unit, actor, call.path["ticketId"])
            if call.if_match is not None:
                ticket = await hold_ticket(unit, ticket.id)
            if await unit.once(actor.id, key, (ticket.id, wanted), ticket.id) is None:
                call.check_version(ticket.version)
                ticket = await _sort(unit, actor, ticket, wanted, desk.organisation.helpdesk, key)
                ticket = await _give(unit, desk, actor, ticket, wanted, key)
                ticket = await _move_on(unit, actor, ticket, wanted, desk.organisation.helpdesk, key)
    return Answer(await shape_of(desk, ticket), version=ticket.version)


async def _sort(
    unit: Unit,
    actor: Actor,
    ticket: Ticket,
    wanted: shapes.TicketChanges,
    policy: HelpdeskPolicy,
    key: str,
) -> Ticket:
    """What it is; what is so already is no step."""
    if wanted.kind not in (None, ticket.kind):
        ticket = await change_kind(unit, actor, ticket.id, wanted.kind, policy, key=f"{key}:kind")
    if wanted.category not in (None, ticket.category):
        ticket = await categorise(unit, actor, ticket.id, wanted.category, policy, key=f"{key}:category")
    if wanted.priority is not None:
        priority = _priority(wanted.priority)
        if priority is not ticket.priority:
            ticket = await prioritise(
                unit, actor, ticket.id, priority, wanted.reason, policy, key=f"{key}:priority"
            )
    return ticket


async def _give(
    unit: Unit, desk: Desk, actor: Actor, ticket: Ticket, wanted: shapes.TicketChanges, key: str
) -> Ticket:
    """Whose it is."""
    policy = desk.organisation.helpdesk
    if wanted.group not in (None, ticket.group_id):
        ticket = await move(
            unit, actor, ticket.id, wanted.group, policy, why=wanted.reason, key=f"{key}:group"
        )
    if wanted.assignee is None:
        return ticket
    if not wanted.assignee.strip():
        if ticket.assignee_id is None:
            return ticket
        return await release(unit, actor, ticket.id, policy, key=f"{key}:assignee")
    agent = await colleague(desk, wanted.assignee, "assignee")
    if agent.id == ticket.assignee_id:
        return ticket
    return await hand_over(
        unit, actor, ticket.id, agent, policy, had=ticket.assignee_id, key=f"{key}:assignee"
    )


async def _move_on(
    unit: Unit,
    actor: Actor,
    ticket: Ticket,
    wanted: shapes.TicketChanges,
    policy: HelpdeskPolicy,
    key: str,
) -> Ticket:
    """Where it stands, and what the requester reads about that."""
    said, key = Say(ticket.id, wanted.comment or ""), f"{key}:state"
    if wanted.state in (None, ticket.state):
        if not said.text:
            return ticket
        return await speak(unit, actor, ticket, said, policy, key)
    if wanted.state in _SAYING:
        return await _SAYING[wanted.state](unit, actor, said, policy, key=key)
    if wanted.state is State.CLOSED:
        return await actions.close(unit, actor, ticket.id, policy, key=key)
    if wanted.state is State.NEW and ticket.assignee_id is not None:
        return await release(unit, actor, ticket.id, policy, key=key)
    if wanted.state is State.IN_PROGRESS:
        if ticket.state in (State.WAITING_REQUESTER, State.WAITING_SUPPLIER):
            return await actions.resume(unit, actor, ticket.id, policy, key=key)
        if ticket.state.open:
            return await actions.answer(unit, actor, said, policy, key=key)
        return await actions.reopen(unit, actor, said, policy, key=key)
    raise Conflict(
        "A ticket cannot go from {now} to {wanted}.", field="state", now=ticket.state, wanted=wanted.state
    )


async def speak(
    unit: Unit, actor: Actor, ticket: Ticket, said: Say, policy: HelpdeskPolicy, key: str
) -> Ticket:
    """To the desk by its requester, to the requester by the desk."""
    speak = actions.answer if actor.is_agent and ticket.requester_id != actor.id else actions.reply
    return await speak(unit, actor, said, policy, key=key)


def _priority(name: str) -> Priority:
    try:
        return Priority[name.upper()]
    except KeyError:
        known = ", ".join(priority.name.lower() for priority in Priority)
        raise Invalid("This is one of {expected}.", field="priority", expected=known) from None


OPERATIONS = (
    Operation(
        id="UpdateTicket",
        method="PATCH",
        path="/tickets/{ticketId}",
        summary="Update a ticket",
        description="Changes what is given of a ticket, such as its state or its assignee, and leaves the rest.",
        scope=Scope.WRITE,
        handler=change,
        parameters=TICKET,
        body=shapes.TicketChanges,
        answer=shapes.Ticket,
        versioned=True,
        important=True,
    ),
)
