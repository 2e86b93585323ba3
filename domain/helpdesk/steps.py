"""One step of a ticket's life: one transaction, one line of history, one job that tells everybody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import insert, update

from domain.actor import Actor
from domain.errors import Conflict
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.models import ticket_events, ticket_messages, tickets
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.reading import BY_ITSELF, access_ticket
from domain.helpdesk.rules import ENDED, MOVES, Party, State, Step, check_possible
from domain.helpdesk.texts import check_text
from domain.helpdesk.ticket import Ticket
from domain.tables import new_id
from domain.unit import Unit

CHANGED = "helpdesk.changed"
"""Job kind: tell everyone whom a change concerns. Its payload is a `TicketChanged`."""
TRIES = 20
"""How often a step looks again when others changed the ticket under its hands: once for each who was first."""

_INSERT_EVENT = insert(ticket_events)
_INSERT_MESSAGE = insert(ticket_messages)
_TAKES_IT = frozenset(
    {Step.ASSIGN, Step.ANSWER, Step.ASK, Step.AWAIT_SUPPLIER, Step.RESUME, Step.RESOLVE, Step.REOPEN}
)
"""By taking these on a ticket that nobody has, an agent has it from then on."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step changes beside the state: columns of the ticket, and what the history says about it.

    `details` are for everybody who sees the ticket: what only the desk may know is a note.
    """

    columns: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


NO_EFFECT = Effect()


def parties(actor: Actor, ticket: Ticket) -> frozenset[Party]:
    """On which sides of this ticket the actor stands."""
    if actor.id == BY_ITSELF:
        return frozenset({Party.CLOCK, Party.DESK})
    desk = {Party.DESK} if actor.is_agent else set()
    return frozenset(desk | ({Party.REQUESTER} if ticket.requester_id == actor.id else set()))


async def take_step(
    unit: Unit,
    actor: Actor,
    step: Step,
    ticket_id: str,
    policy: HelpdeskPolicy,
    *,
    key: str,
    text: str | None = None,
    effect: Callable[[Ticket], Effect] | None = None,
    command: object = None,
) -> Ticket:
    """Take one step; with a key used before, the ticket as it stands now.

    `text` becomes a message for requester and desk. `effect` is asked for the ticket as it is when it changes, perhaps
    more than once, and may refuse. `command` is what tells this step from another with the same key.

    Raises `Conflict` when it is not possible (any more), `NotFound` when the ticket is not the actor's to see, and
    `Invalid` (field `text`) for what cannot be said.
    """
    ticket = await access_ticket(unit, actor, ticket_id)
    text = None if text is None else check_text(text, "text")
    said = (step.value, ticket.id, text) if command is None else (step.value, ticket.id, text, command)
    if await unit.once(actor.id, key, said, ticket.id) is not None:
        return await access_ticket(unit, actor, ticket.id)
    for _ in range(TRIES):
        if step is Step.REPLY and ticket.merged_into_id is not None:
            ticket = await access_ticket(unit, actor, ticket.merged_into_id)
        made = effect(ticket) if effect else NO_EFFECT
        columns = {**_changes(unit, actor, step, ticket, policy), **made.columns}
        version = (
            await unit.db.execute(
                update(tickets)
                .where(
                    tickets.c.id == ticket.id,
                    tickets.c.state == ticket.state.value,
                    tickets.c.assignee_id.is_not_distinct_from(ticket.assignee_id),
                )
                .values(version=tickets.c.version + 1, **columns)
                .returning(tickets.c.version)
            )
        ).scalar_one_or_none()
        if version is not None:
            break
        ticket = await access_ticket(unit, actor, ticket.id)
    else:
        raise Conflict("That is not possible (any more): the ticket has moved on.")
    before, party = ticket, _party(actor, step, ticket)
    shown = {name: value for name, value in columns.items() if name not in _NOT_SHOWN}
    ticket = replace(ticket, version=version, **shown)
    message_id = await say(unit, actor, ticket, text, party) if text is not None else None
    changed = [
        name for name, value in shown.items() if getattr(before, name) != value and name != "updated_at"
    ]
    await record(unit, actor, ticket, step.value, before.state, message_id, made.details, changed)
    return ticket


_NOT_SHOWN = frozenset({"unanswered_since", "closing_announced_at"})
"""Columns for the desk's own use, that a `Ticket` does not have."""


async def say(unit: Unit, actor: Actor, ticket: Ticket, text: str, party: Party) -> str:
    """Add a message for requester and desk. Returns its id."""
    message_id = new_id()
    message = {
        "id": message_id,
        "ticket_id": ticket.id,
        "author_id": actor.id,
        "from_desk": party is not Party.REQUESTER,
        "text": text,
        "at": unit.now,
    }
    await unit.add(_INSERT_MESSAGE, message)
    return message_id


async def record(
    unit: Unit,
    actor: Actor,
    ticket: Ticket,
    what: str,
    from_state: State | None,
    message_id: str | None = None,
    details: Mapping[str, Any] | None = None,
    changed: Collection[str] = (),
) -> None:
    """The line of history, and the job that tells. Jobs of one ticket run in order."""
    change = TicketChanged(
        ticket.id,
        ticket.version,
        what,
        actor.id,
        from_state,
        ticket.state,
        unit.now,
        message_id,
        tuple(changed),
    )
    event = {
        "id": new_id(),
        "ticket_id": ticket.id,
        "version": ticket.version,
        "what": what,
        "from_state": from_state.value if from_state else None,
        "state": ticket.state.value,
        "by_id": actor.id,
        "at": unit.now,
        "details": {**({"message": message_id} if message_id else {}), **(details or {})},
    }
    await unit.add(_INSERT_EVENT, event)
    await unit.enqueue(CHANGED, change.as_payload(), lane=f"ticket:{ticket.id}")


def _party(actor: Actor, step: Step, ticket: Ticket) -> Party:
    """As whom the actor takes the step: on one's own ticket, as the requester when that is possible."""
    allowed = frozenset().union(*(move.by for move in MOVES[step])) & parties(actor, ticket)
    return next(party for party in (Party.REQUESTER, Party.DESK, Party.CLOCK) if party in allowed)


def _changes(unit: Unit, actor: Actor, step: Step, ticket: Ticket, policy: HelpdeskPolicy) -> dict[str, Any]:
    """The columns that every step of this kind changes. Raises `Conflict` when it is not possible (any more)."""
    state = check_possible(step, ticket.standing, parties(actor, ticket), unit.now, policy)
    changes: dict[str, Any] = {"state": state, "updated_at": unit.now}
    by_desk = _party(actor, step, ticket) is Party.DESK
    takes_it = step in _TAKES_IT and actor.id != BY_ITSELF and not actor.is_flow
    if by_desk and ticket.assignee_id is None and takes_it:
        changes["assignee_id"] = actor.id
        if step is Step.REOPEN:
            changes["state"] = State.IN_PROGRESS
    if step is Step.RESOLVE:
        changes["resolved_at"] = unit.now
    elif step is Step.REOPEN:
        changes |= {"resolved_at": None, "closed_at": None, "closing_announced_at": None}
    elif state in ENDED:
        changes["closed_at"] = unit.now
    if not by_desk or state in ENDED:
        changes["unanswered_since"] = None
    elif step in (Step.ANSWER, Step.ASK, Step.AWAIT_SUPPLIER, Step.RESOLVE, Step.REOPEN):
        changes["unanswered_since"] = unit.now
    return changes
