"""Ordering from the catalogue, and looking at what was ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, select, update

from domain.actor import Actor
from domain.approvals.actions import AskApproval, ask_approval, resubmit
from domain.catalogue.item import FieldType, Item
from domain.catalogue.models import ItemCountRow, OrderRow
from domain.catalogue.order import Order, read_answers, write_answers
from domain.catalogue.rules import Answer, check_answers, clean, may_order, title_of, visible
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.helpdesk.actions import ReportTicket, report_ticket, reword
from domain.helpdesk.policy import Impact
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.service_levels.calendar import WorkingTime
from domain.unit import Unit, dialect_insert

KIND = "order"
"""What an approval is about when it is about an order."""
NOTE_LIMIT = 2000
RECENT = 50
"""How many of somebody's latest orders are looked at for what they order most."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """`given` has what was filled in, by field. `note` is what the person has to add to it."""

    item_id: str
    given: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    ticket: Ticket
    order: Order


async def items_for(desk: Desk, person: Person) -> tuple[Item, ...]:
    """What this person may order, in the order of the catalogue."""
    team = await desk.directory.team(person.team_id)
    cluster, actor = (team.cluster if team else None), person.as_actor()
    return tuple(item for item in desk.organisation.catalogue.items if may_order(actor, cluster, item))


async def access_item(desk: Desk, person: Person, item_id: str) -> Item:
    """`NotFound` when it is not in the catalogue (any more), or not for this person to order."""
    item = desk.organisation.catalogue.by_id.get(item_id)
    if item is not None:
        team = await desk.directory.team(person.team_id)
        if may_order(person.as_actor(), team.cluster if team else None, item):
            return item
    raise NotFound(
        "This is not in the catalogue (any more). Say what you need, and the helpdesk looks at it."
    )


async def order_item(
    unit: Unit, desk: Desk, actor: Actor, requester: Person, command: OrderItem, *, key: str
) -> Ordered:
    """A ticket for what the requester needs, waiting for approval when the item asks for that.

    With a key used before, the order made then. Raises `NotFound` (see `access_item`), `InvalidForm` with what is wrong
    in the answers, and `Conflict` when nobody can approve it.
    """
    item = await access_item(desk, requester, command.item_id)
    calendar, policy = desk.organisation.calendar, desk.organisation.helpdesk
    answers = await read_form(desk, item, command.given, _today(calendar, unit.now))
    note, title = _check_note(command.note), title_of(item, answers)
    ticket = await report_ticket(
        unit,
        actor,
        ReportTicket(Kind.REQUEST, note or title, Impact.LOW, item.urgency, title, item.desk_category),
        policy,
        key=key,
        on_behalf_of=requester if requester.id != actor.id else None,
        waits_for_approval=item.approval is not None,
    )
    order = Order(
        ticket_id=ticket.id,
        item_id=item.id,
        item_name=item.name,
        requester_id=requester.id,
        answers=answers,
        needs_approval=item.approval is not None,
        delivery_days=item.delivery_days,
        due_on=None if item.approval else due_on(calendar, unit.now, item.delivery_days),
    )
    if not await unit.insert_new(OrderRow, _row(order)):
        return Ordered(ticket, await order_of(unit, ticket.id))
    await unit.db.execute(_count(unit.db.dialect.name), {"item_id": item.id, "ordered": 1})
    if item.approval:
        await ask_approval(unit, desk, requester, _ask(item, ticket))
    return Ordered(ticket, order)


async def change_order(
    unit: Unit, desk: Desk, requester: Person, ticket_id: str, command: OrderItem, *, key: str
) -> Ordered:
    """Other answers to an order that an approver sent back, and the question once more.

    Raises `NotFound` for anybody but the requester, `Conflict` when it does not wait for a change (any more), and as
    `order_item` does.
    """
    actor, policy = requester.as_actor(), desk.organisation.helpdesk
    order = await find_order(unit, (await access_ticket(unit, actor, ticket_id)).id)
    if order is None or order.requester_id != requester.id or order.item_id != command.item_id:
        raise NotFound("There is no such ticket.", field="id")
    item = await access_item(desk, requester, order.item_id)
    answers = await read_form(desk, item, command.given, _today(desk.organisation.calendar, unit.now))
    note, title = _check_note(command.note), title_of(item, answers)
    ticket = await reword(unit, actor, order.ticket_id, title, note or title, policy, key=key)
    changed = replace(order, answers=answers)
    await unit.db.execute(
        update(OrderRow).where(OrderRow.ticket_id == ticket.id).values(answers=write_answers(answers))
    )
    await resubmit(unit, desk, actor, _ask(item, ticket))
    return Ordered(ticket, changed)


async def read_form(desk: Desk, item: Item, given: Mapping[str, str], today: date) -> tuple[Answer, ...]:
    """The checked answers; people are looked up by name or address. Raises `InvalidForm`."""
    people: dict[str, Sequence[Person]] = {}
    for field in visible(item.form, given):
        if field.type is FieldType.PERSON and given.get(field.id):
            people[field.id] = await _people_named(desk, clean(given[field.id]))
    return check_answers(item.form, given, people, today)


async def find_order(unit: Unit, ticket_id: str) -> Order | None:
    """The order behind a ticket that the caller has access to already; None for a request in somebody's own words."""
    row = (await unit.db.execute(select(OrderRow).where(OrderRow.ticket_id == ticket_id))).one_or_none()
    return _order(row) if row else None


async def order_of(unit: Unit, ticket_id: str) -> Order:
    """The order behind a ticket that is known to be one."""
    return _order((await unit.db.execute(select(OrderRow).where(OrderRow.ticket_id == ticket_id))).one())


async def start_delivery(unit: Unit, calendar: WorkingTime, ticket_id: str) -> None:
    """The order was approved: from now on its delivery time counts."""
    days = (
        await unit.db.execute(select(OrderRow.delivery_days).where(OrderRow.ticket_id == ticket_id))
    ).scalar_one()
    await unit.db.execute(
        update(OrderRow)
        .where(OrderRow.ticket_id == ticket_id)
        .values(due_on=due_on(calendar, unit.now, days))
    )


async def most_ordered(unit: Unit, limit: int) -> tuple[str, ...]:
    """The items that were ordered most by everybody, the most ordered first."""
    statement = select(ItemCountRow.item_id).order_by(ItemCountRow.ordered.desc(), ItemCountRow.item_id)
    return tuple((await unit.db.execute(statement.limit(limit))).scalars())


async def ordered_before(unit: Unit, person_id: str, limit: int) -> tuple[str, ...]:
    """The items this person ordered, the latest first."""
    statement = select(OrderRow.item_id).where(OrderRow.requester_id == person_id)
    latest = (await unit.db.execute(statement.order_by(OrderRow.ticket_id.desc()).limit(RECENT))).scalars()
    return tuple(dict.fromkeys(latest))[:limit]


def due_on(calendar: WorkingTime, start: datetime, days: int) -> date:
    """The day `days` working days after `start`; for none, the first day that the city is open."""
    end = calendar.add_days(start, days) if days else start
    if not days and not calendar.opens_on(end.astimezone(calendar.zone).date()):
        end = calendar.add_days(start, 1)
    return end.astimezone(calendar.zone).date()


def _today(calendar: WorkingTime, now: datetime) -> date:
    return now.astimezone(calendar.zone).date()


async def _people_named(desk: Desk, typed: str) -> Sequence[Person]:
    """Who answers to a name or an address; a whole name comes before parts of names."""
    if "@" in typed:
        person = await desk.directory.by_email(typed)
        return (person,) if person else ()
    found = await desk.directory.search(typed[:100])
    return [person for person in found if person.name.casefold() == typed.casefold()] or found


def _check_note(note: str) -> str:
    note = clean(note)
    if len(note) > NOTE_LIMIT:
        raise Invalid("At most {limit} characters.", field="note", limit=NOTE_LIMIT)
    return note


def _ask(item: Item, ticket: Ticket) -> AskApproval:
    return AskApproval(
        kind=KIND,
        subject_id=ticket.id,
        number=ticket.number,
        title=ticket.title,
        attributes={
            "item": item.id,
            "category": item.category_id,
            "cost": item.costs.cents / 100 if item.costs else 0,
        },
        policy=item.approval or "",
    )


def _row(order: Order) -> dict[str, object]:
    return {
        "ticket_id": order.ticket_id,
        "item_id": order.item_id,
        "item_name": order.item_name,
        "requester_id": order.requester_id,
        "answers": write_answers(order.answers),
        "needs_approval": order.needs_approval,
        "delivery_days": order.delivery_days,
        "due_on": order.due_on,
    }


def _order(row: Row[Any]) -> Order:
    return Order(
        ticket_id=row.ticket_id,
        item_id=row.item_id,
        item_name=row.item_name,
        requester_id=row.requester_id,
        answers=read_answers(row.answers),
        needs_approval=row.needs_approval,
        delivery_days=row.delivery_days,
        due_on=row.due_on,
    )


@cache
def _count(dialect: str) -> Executable:
    return dialect_insert(dialect, ItemCountRow).on_conflict_do_update(
        index_elements=["item_id"], set_={"ordered": ItemCountRow.__table__.c.ordered + 1}
    )
