"""What a ticket is: its kind, its category and its priority, when the desk knows better than the form."""

from __future__ import annotations

from domain.actor import Actor
from domain.errors import Conflict, Invalid
from domain.helpdesk.models import TicketNumberRow
from domain.helpdesk.notes import access_as_agent
from domain.helpdesk.policy import HelpdeskPolicy, Priority
from domain.helpdesk.rules import Kind, Step, priority_of
from domain.helpdesk.steps import Effect, take_step
from domain.helpdesk.texts import REASON_LIMIT, check_text
from domain.helpdesk.ticket import Ticket
from domain.unit import Unit


async def change_kind(
    unit: Unit, actor: Actor, ticket_id: str, kind: Kind, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """The ticket gets a number of the other kind. The former one goes on finding it, and stands in its history."""
    ticket = await access_as_agent(unit, actor, ticket_id)
    former = ticket.number
    # Two at once would both take a number, and one of the numbers would be nobody's.
    await unit.hold(f"kind:{ticket.id}")
    ticket = await access_as_agent(unit, actor, ticket.id)
    number = await unit.next_number(kind.letter) if ticket.kind is not kind else former

    def become(now: Ticket) -> Effect:
        if now.kind is kind:
            raise Conflict("It is of that kind already.")
        if now.major_since is not None:
            raise Conflict("A major incident stays an incident until it is over.")
        return Effect(
            {"kind": kind, "number": number},
            {"number": now.number, "kind": now.kind.value, "new_kind": kind.value},
        )

    changed = await take_step(
        unit, actor, Step.CHANGE_KIND, ticket.id, policy, key=key, effect=become, command=kind.value
    )
    if changed.number != ticket.number:
        await unit.insert_new(TicketNumberRow, {"number": ticket.number, "ticket_id": ticket.id})
    return changed


async def categorise(
    unit: Unit, actor: Actor, ticket_id: str, category: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Say what it is about. It stays with its group: who reads it knows best whose it is."""
    name = policy.category_name(category)
    if not name:
        raise Invalid("Choose one of the list.", field="category")

    def become(now: Ticket) -> Effect:
        return Effect({"category": category}, {"category": category})

    return await take_step(
        unit, actor, Step.CATEGORISE, ticket_id, policy, key=key, effect=become, command=category
    )


async def prioritise(
    unit: Unit,
    actor: Actor,
    ticket_id: str,
    priority: Priority,
    why: str,
    policy: HelpdeskPolicy,
    *,
    key: str,
) -> Ticket:
    """Give it another priority than impact and urgency do. The requester reads why. Back to what those say, no reason
    is needed. Raises `Invalid` (field `why`) without one."""
    why = why.strip()

    def become(now: Ticket) -> Effect:
        details = {"priority": priority.name.lower(), "before": now.priority.name.lower()}
        if priority is priority_of(now.impact, now.urgency, policy):
            return Effect({"priority": priority, "priority_reason": None}, details)
        reason = check_text(why, "why", REASON_LIMIT)
        return Effect({"priority": priority, "priority_reason": reason}, {**details, "why": reason})

    return await take_step(
        unit, actor, Step.PRIORITISE, ticket_id, policy, key=key, effect=become, command=(priority, why)
    )
