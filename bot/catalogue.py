"""The catalogue in chat: finding an item, filling in its form, and the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.helpdesk.faces import render
from bot.orders import show_result
from bot.tips.questions import sure_of
from bot.turn import NOTHING, Feature, Reply, Turn
from cards import catalogue as cards
from domain.catalogue.actions import (
    NOTE_LIMIT,
    OrderItem,
    access_item,
    change_order,
    due_on,
    find_order,
    items_for,
    most_ordered,
    order_item,
    ordered_before,
    read_form,
)
from domain.catalogue.item import FieldType, Item
from domain.catalogue.rules import Answer, decides, visible
from domain.catalogue.subject import RESULT_VIEW
from domain.errors import Invalid, InvalidForm, NotFound
from domain.helpdesk.notify import DESK, REQUESTER
from domain.helpdesk.reading import access_ticket
from domain.intents.models import Intent
from domain.people.colleagues import find_colleague
from domain.people.models import Person
from domain.tables import is_id, new_id
from domain.unit import Unit
from locales import Translator, translator

FOUND, BEFORE, OFTEN = 5, 3, 4
"""How many items the catalogue opens with."""
TYPED = frozenset({"catalogus", "de catalogus", "catalogue", "le catalogue"})
"""What opens the catalogue whatever it looks like."""


async def open_catalogue(turn: Turn) -> Reply:
    """What was typed leads to items; without, there is what this person and others ask most."""
    typed = turn.text or turn.field("text")
    items = await items_for(turn.desk, turn.person)
    found = turn.desk.organisation.catalogue.index.find(typed, {item.id for item in items}, FOUND)
    before: Sequence[Item] = ()
    often: Sequence[Item] = ()
    if not found:
        known = {item.id: item for item in items}
        async with turn.desk.units.read() as unit:
            mine = await ordered_before(unit, turn.person.id, BEFORE)
            most = await most_ordered(unit, OFTEN + BEFORE)
        before = [known[item_id] for item_id in mine if item_id in known]
        often = [known[item_id] for item_id in most if item_id in known and item_id not in mine][:OFTEN]
    there = {item.category_id for item in items}
    categories = [one for one in turn.desk.organisation.catalogue.categories if one.id in there]
    speaks = _t(turn).language == turn.person.language  # a card speaks one language
    tip = await sure_of(turn.desk, turn.person, typed) if typed and speaks else None
    return Reply(cards.shelf(_t(turn), cards.Shelf(categories, typed, found, before, often, tip)))


async def claims(turn: Turn) -> Reply:
    if turn.text.strip().casefold() not in TYPED:
        return NOTHING
    turn.text = ""
    return await open_catalogue(turn)


async def category(turn: Turn) -> Reply:
    wanted = turn.field("id")
    items = [item for item in await items_for(turn.desk, turn.person) if item.category_id == wanted]
    shown = next((one for one in turn.desk.organisation.catalogue.categories if one.id == wanted), None)
    if shown is None or not items:
        return await open_catalogue(turn)
    return Reply(cards.category(_t(turn), shown, items))


async def form(turn: Turn) -> Reply:
    """An empty form. What was typed to find the item goes along as a remark."""
    item = await access_item(turn.desk, turn.person, turn.field("item"))
    typed = turn.field("text")[:NOTE_LIMIT]
    async with turn.desk.units.read() as unit:
        values = _started(turn, unit, item, new_id())
    person = "" if turn.actor.is_agent else None
    return Reply(
        cards.form(_t(turn), replace(values, person=person, note=typed, final=not decides(item.form)))
    )


async def edit(turn: Turn) -> Reply:
    """The form of an order that an approver sent back, as it was filled in."""
    async with turn.desk.units.read() as unit:
        ticket = await access_ticket(unit, turn.actor, turn.field("id"))
        ordered = await find_order(unit, ticket.id)
        if ordered is None or ordered.requester_id != turn.person.id:
            raise NotFound("There is no such ticket.", field="id")
        item = await access_item(turn.desk, turn.person, ordered.item_id)
        values = _started(turn, unit, item, new_id())
    given = {answer.field_id: _typed(answer) for answer in ordered.answers}
    return Reply(
        cards.form(
            _t(turn),
            replace(
                values,
                asked=visible(item.form, given),
                given=given,
                note=ticket.text if ticket.text != ticket.title else "",
                ticket_id=ticket.id,
            ),
        )
    )


def _typed(answer: Answer) -> str:
    """An answer as it can stand in its input again."""
    return answer.text if answer.type is FieldType.PERSON else answer.value


async def order(turn: Turn) -> Reply:
    """The receipt, or the desk's card of what an agent ordered for somebody else; or the form again, with what is wrong
    in it or with what follows from the answers."""
    item = await access_item(turn.desk, turn.person, turn.field("item"))
    form_id, note = turn.field("form"), turn.field(cards.NOTE)
    given = {one.id: turn.field(cards.ANSWER + one.id) for one in item.form}
    asked, before = visible(item.form, given), turn.field("asked").split(",")
    fresh = frozenset(one.id for one in asked if one.id not in before)
    async with turn.desk.units.read() as unit:
        values = _started(turn, unit, item, form_id if is_id(form_id) else new_id())
    problems = await _problems(turn, item, given, values.today)
    for_others = turn.actor.is_agent and not turn.field("ticket")
    person = turn.field(cards.PERSON) if for_others else None
    requester = turn.person
    if person and person.strip():
        try:
            requester = await _requester(turn, item, person)
        except Invalid as problem:
            problems[cards.PERSON] = _t(turn).error(problem)
    if fresh or problems or turn.field("final") != "yes":
        again = replace(
            values,
            person=person,
            asked=asked,
            given=given,
            note=note,
            fresh=fresh,
            final=not fresh & decides(item.form),
            checked=True,
            ticket_id=turn.field("ticket"),
            problems={name: said for name, said in problems.items() if name not in fresh},
        )
        return Reply(cards.form(_t(turn), again))
    async with turn.desk.units() as unit:
        command = OrderItem(item.id, given, note)
        key = f"form:{form_id}" if is_id(form_id) else turn.key
        if turn.field("ticket"):
            ordered = await change_order(unit, turn.desk, turn.person, turn.field("ticket"), command, key=key)
        else:
            ordered = await order_item(unit, turn.desk, turn.actor, requester, command, key=key)
        view = REQUESTER if requester.id == turn.person.id else DESK
        shown = await render(unit, turn.desk, turn.person, view, ordered.ticket.id)
        await turn.keep(unit, view, ordered.ticket.id)
    return Reply(shown, view=view, subject=ordered.ticket.id)


def _started(turn: Turn, unit: Unit, item: Item, form_id: str) -> cards.OrderForm:
    calendar = turn.desk.organisation.calendar
    return cards.OrderForm(
        item,
        form_id,
        asked=visible(item.form, {}),
        today=unit.now.astimezone(calendar.zone).date(),
        expected=due_on(calendar, unit.now, item.delivery_days),
    )


async def _requester(turn: Turn, item: Item, typed: str) -> Person:
    """The colleague an agent orders for. Raises `Invalid` for nobody, for several, and for who may not have it."""
    person = await find_colleague(turn.desk.directory, typed, cards.PERSON)
    try:
        await access_item(turn.desk, person, item.id)
    except NotFound:
        raise Invalid("This is not for {name} to order.", field=cards.PERSON, name=person.name) from None
    return person


async def _problems(turn: Turn, item: Item, given: Mapping[str, str], today: date) -> dict[str, str]:
    try:
        await read_form(turn.desk, item, given, today)
    except InvalidForm as wrong:
        return _t(turn).problems(wrong)
    return {}


def _t(turn: Turn) -> Translator:
    """The catalogue is written in one language, and its cards keep to it."""
    return translator(turn.desk.organisation.language)


FEATURE = Feature(
    name="catalogue",
    verbs={
        "catalogue.open": open_catalogue,
        "catalogue.category": category,
        "catalogue.form": form,
        "catalogue.edit": edit,
        "catalogue.order": order,
    },
    intents={Intent.REQUEST: open_catalogue},
    views={RESULT_VIEW: show_result},
    claims=claims,
)
