"""An agent's work: lists of open tickets, each on an index of its own, and a step on many tickets at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select, text

from domain.actor import Actor
from domain.errors import Conflict, DeskError, Invalid, NotFound
from domain.helpdesk.models import OPEN, tickets
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.reading import TICKET, to_ticket
from domain.helpdesk.rules import State
from domain.helpdesk.ticket import Ticket, TicketPage
from domain.tables import is_id
from domain.unit import Unit, Units

PAGE_LIMIT = 50
MOST_AT_ONCE = 50
"""Tickets in one bulk action."""


class Queue(StrEnum):
    """Whose tickets. `at_risk` is in `domain.service_levels.reading`, where the clocks are."""

    MINE = "mine"
    GROUP = "group"  # of all groups the agent is in
    UNASSIGNED = "unassigned"  # of those, what nobody has
    AT_RISK = "at_risk"


class Order(StrEnum):
    PRIORITY = "priority"  # the most urgent first; of equals, the oldest
    OLDEST = "oldest"
    NEWEST = "newest"


async def list_queue(
    unit: Unit,
    actor: Actor,
    queue: Queue,
    policy: HelpdeskPolicy,
    *,
    order: Order = Order.PRIORITY,
    limit: int = 10,
    cursor: str | None = None,
) -> TicketPage:
    """A page of an agent's open tickets. What waits for an approval is not the desk's yet, and in no queue.

    Raises `NotFound` for everybody but agents, and `Invalid` for a cursor that is none of ours.
    """
    if not actor.is_agent:
        raise NotFound("There is no such list.")
    limit = max(1, min(limit, PAGE_LIMIT))
    after = None if cursor is None else _read_cursor(cursor)
    found: list[Ticket] = []
    # One look per group, each on its index, and the first of all of them: an agent is in a few groups.
    for whose in _whose(actor, queue, policy):
        statement = select(*TICKET).where(whose, text(OPEN), tickets.c.state != State.WAITING_APPROVAL.value)
        if queue is Queue.UNASSIGNED:
            statement = statement.where(tickets.c.assignee_id.is_(None))
        if after is not None:
            statement = statement.where(_after(order, *after))
        rows = await unit.db.execute(statement.order_by(*_BY[order]).limit(limit + 1))
        found += [to_ticket(row) for row in rows]
    found.sort(key=_KEYS[order], reverse=order is Order.NEWEST)
    page = tuple(found[:limit])
    goes_on = len(found) > limit
    return TicketPage(page, f"{int(page[-1].priority)}|{page[-1].id}" if goes_on else None)


def _whose(actor: Actor, queue: Queue, policy: HelpdeskPolicy) -> Sequence[ColumnElement[bool]]:
    if queue is Queue.MINE:
        return [tickets.c.assignee_id == actor.id]
    ids = [group.id for group in policy.groups_of(actor.id)]
    own = [tickets.c.group_id == group_id for group_id in ids]
    # Tickets from before there were groups are the first line's.
    return [*own, tickets.c.group_id.is_(None)] if policy.groups[0].id in ids else own


_BY = {
    Order.PRIORITY: (tickets.c.priority, tickets.c.id),
    # An open ticket was never closed: the order is that of the ids, and of the index.
    Order.OLDEST: (tickets.c.closed_at, tickets.c.id),
    Order.NEWEST: (tickets.c.closed_at.desc(), tickets.c.id.desc()),
}
_KEYS: dict[Order, Callable[[Ticket], tuple[int, str]]] = {
    Order.PRIORITY: lambda ticket: (int(ticket.priority), ticket.id),
    Order.OLDEST: lambda ticket: (0, ticket.id),
    Order.NEWEST: lambda ticket: (0, ticket.id),
}


def _after(order: Order, priority: int, ticket_id: str) -> ColumnElement[bool]:
    match order:
        case Order.PRIORITY:
            same = and_(tickets.c.priority == priority, tickets.c.id > ticket_id)
            return and_(tickets.c.priority >= priority, or_(tickets.c.priority > priority, same))
        case Order.OLDEST:
            return tickets.c.id > ticket_id
        case Order.NEWEST:
            return tickets.c.id < ticket_id


def _read_cursor(cursor: str) -> tuple[int, str]:
    priority, _, ticket_id = cursor.partition("|")
    if priority not in ("1", "2", "3", "4") or not is_id(ticket_id):
        raise Invalid("This list cannot be continued from here.", field="cursor")
    return int(priority), ticket_id


# --- many at once -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of each: done, or why not."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, DeskError], ...]


async def for_each(
    units: Units, ticket_ids: Sequence[str], take: Callable[[Unit, str], Awaitable[object]]
) -> Bulk:
    """Take a step on each ticket, in a transaction of its own: what cannot be done does not undo the others, and
    nobody waits for a ticket that somebody else is changing. Raises `Invalid` for none and for too many."""
    wanted = list(dict.fromkeys(ticket_ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid("Choose one ticket or more, and {most} at most.", field="tickets", most=MOST_AT_ONCE)
    done: list[str] = []
    refused: list[tuple[str, DeskError]] = []
    for ticket_id in wanted:
        try:
            async with units() as unit:
                await take(unit, ticket_id)
        except (Conflict, NotFound) as error:
            refused.append((ticket_id, error))
        else:
            done.append(ticket_id)
    return Bulk(tuple(done), tuple(refused))
