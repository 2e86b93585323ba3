"""Lists of tickets by what they are, as quick among 100,000 as among 1,000: every filter has its index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, tuple_

from domain.actor import Actor
from domain.errors import Invalid
from domain.helpdesk.filters import Filter, fits
from domain.helpdesk.models import tickets
from domain.helpdesk.reading import PAGE_LIMIT, TICKET, sees_all, to_ticket
from domain.helpdesk.search import search_tickets
from domain.helpdesk.ticket import Ticket, TicketPage
from domain.tables import Id, UtcDateTime, is_id
from domain.unit import Unit

EPOCH = datetime.fromtimestamp(0, UTC)
MICROSECOND = timedelta(microseconds=1)


async def find_tickets(
    unit: Unit, actor: Actor, wanted: Filter, *, text: str = "", limit: int = 20, cursor: str | None = None
) -> TicketPage:
    """Tickets that fit the filter and have the words of `text`: the actor's own or, for the desk, everybody's.

    The newest first; with `updated_from` and no text, the longest unchanged first, so that who comes back for the rest
    misses nothing that changes meanwhile. Raises `Invalid` for a cursor that is none of ours.
    """
    values = wanted.given()
    if not sees_all(actor):
        if values.get("requester_id", actor.id) != actor.id:
            return TicketPage((), None)
        values["requester_id"] = actor.id
    limit = max(1, min(limit, PAGE_LIMIT))
    if text.strip():
        return await search_tickets(unit, actor, text, limit=limit, cursor=cursor, having=values)
    order = _order_of(values)
    if cursor is not None:
        values |= _opened(cursor, order)
    statement = _page(order, tuple(values))
    rows = await unit.fetch(statement, {**values, "most": limit + 1})
    found = tuple(to_ticket(row) for row in rows[:limit])
    return TicketPage(found, _cursor(found[-1], order) if len(rows) > limit else None)


class _Order(StrEnum):
    """Along which index a list is read."""

    NEWEST = "id"
    CREATED = "created_at"
    CHANGED = "updated_at"


def _order_of(values: Mapping[str, Any]) -> _Order:
    if "updated_from" in values:
        return _Order.CHANGED
    return _Order.CREATED if values.keys() & {"created_from", "created_to"} else _Order.NEWEST


def _cursor(last: Ticket, order: _Order) -> str:
    """Where a page ended: the ticket, and its moment when the list goes by one."""
    if order is _Order.NEWEST:
        return last.id
    moment: datetime = getattr(last, order.value)
    return f"{(moment - EPOCH) // MICROSECOND}~{last.id}"


def _opened(cursor: str, order: _Order) -> dict[str, Any]:
    at, _, ticket_id = cursor.rpartition("~")
    right = at.isascii() and at.isdigit() and len(at) < 18 if order is not _Order.NEWEST else not at
    if not (right and is_id(ticket_id)):
        raise Invalid("This list cannot be continued from here.", field="cursor")
    seen: dict[str, Any] = {"last_id": ticket_id}
    return seen if order is _Order.NEWEST else {**seen, "last_at": EPOCH + int(at) * MICROSECOND}


_LAST = bindparam("last_id", type_=Id)
_LAST_AT = tuple_(bindparam("last_at", type_=UtcDateTime), _LAST)
_BEHIND: Mapping[_Order, ColumnElement[bool]] = {
    _Order.NEWEST: tickets.c.id < _LAST,
    _Order.CREATED: tuple_(tickets.c.created_at, tickets.c.id) < _LAST_AT,
    _Order.CHANGED: tuple_(tickets.c.updated_at, tickets.c.id) > _LAST_AT,
}
_BY: Mapping[_Order, tuple[ColumnElement[Any], ...]] = {
    _Order.NEWEST: (tickets.c.id.desc(),),
    _Order.CREATED: (tickets.c.created_at.desc(), tickets.c.id.desc()),
    _Order.CHANGED: (tickets.c.updated_at, tickets.c.id),
}


@cache  # a statement for each set of filters: building one costs more than reading a page
def _page(order: _Order, names: tuple[str, ...]) -> Select[Any]:
    conditions = [fits(name) for name in names if not name.startswith("last_")]
    if "last_id" in names:
        conditions.append(_BEHIND[order])
    return select(*TICKET).where(*conditions).order_by(*_BY[order]).limit(bindparam("most"))
