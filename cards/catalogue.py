"""The catalogue in chat: what there is, and the form of an item, which grows with what is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from microsoft_teams.cards import CardElement

from cards.inputs import choice_input, date_input, number_input, text_input
from cards.kit import Card, buttons, card, facts, group, heading, press, pressable, text
from cards.orders import costs, working_days
from cards.tips.answers import Suggested
from domain.catalogue.actions import NOTE_LIMIT
from domain.catalogue.catalogue import Category
from domain.catalogue.item import NO, YES, FieldType, FormField, Item
from domain.people.colleagues import LONGEST
from locales import Translator

IN_SIGHT = 6
"""Options that are all shown; more of them fold out."""
ANSWER = "answer_"
"""Before a field's id in the card, so that no form can take the name of what a button sends along."""
NOTE = "note"
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the catalogue opens with. `found` are the items for what was `typed`, `tip` what may make it unneeded;
    `before` is what this person ordered, `often` what everybody does."""

    categories: Sequence[Category]
    typed: str = ""
    found: Sequence[Item] = ()
    before: Sequence[Item] = ()
    often: Sequence[Item] = ()
    tip: Suggested | None = None


@dataclass(frozen=True, slots=True)
class OrderForm:
    """What stands in the form. `asked` are the fields that are shown, `fresh` those of them that came with the last
    answers. `final` says that sending orders, where else more may be asked, and `checked` that more might have been.
    `problems` are sentences by field. Sending one `form_id` twice orders once. `expected` is when it would be there."""

    item: Item
    form_id: str
    asked: Sequence[FormField]
    today: date
    expected: date
    given: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    fresh: frozenset[str] = frozenset()
    final: bool = True
    checked: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    ticket_id: str = ""
    """Of the order that is being changed; empty for a new one."""
    person: str | None = None
    """Whom an agent orders for, as typed; empty for the agent. None when nobody else can be chosen."""


def shelf(t: Translator, there: Shelf) -> Card:
    nothing = there.typed and not there.found
    return card(
        heading(t("What do you need?")),
        text_input("text", t("Search the catalogue"), value=there.typed, max_length=300),
        buttons(press(t("Search"), "catalogue.open")),
        *(
            [text(t("I find nothing for this. Look in a category, or ask it in your own words."))]
            if nothing
            else []
        ),
        *_tip(t, there.tip),
        *_items(t, t("Is this it?"), there.found),
        *_items(t, t("You asked this before"), there.before),
        *_items(t, t("Often asked"), there.often),
        text(t("Look in a category"), bold=True),
        *(
            pressable(
                category.name,
                "catalogue.category",
                {"id": category.id},
                detail="" if there.found else category.summary,
            )
            for category in there.categories
        ),
        _not_there(t),
        language=t.language,
    )


def category(t: Translator, shown: Category, items: Sequence[Item]) -> Card:
    return card(
        heading(shown.name),
        text(shown.summary, subtle=True),
        *(_item(item) for item in items),
        _not_there(t),
        actions=[press(t("The whole catalogue"), "catalogue.open", inputs=False)],
        language=t.language,
    )


def form(t: Translator, values: OrderForm) -> Card:
    item = values.item
    data = {"ticket": values.ticket_id} if values.ticket_id else {}
    data |= {
        "item": item.id,
        "form": values.form_id,
        "asked": ",".join(one.id for one in values.asked),
        "final": "yes" if values.final else "",
    }
    return card(
        heading(item.name),
        text(item.summary, subtle=True),
        facts(t, _terms(t, values)),
        *_remark(t, values),
        *_for_whom(t, values),
        *(_question(t, values, one) for one in values.asked),
        text_input(
            NOTE,
            t("Anything else we have to know? (not required)"),
            value=values.note,
            multiline=True,
            max_length=NOTE_LIMIT,
            problem=values.problems.get(NOTE, ""),
        ),
        actions=[
            press(t("Send the request"), "catalogue.order", data, style="positive")
            if values.final
            else press(t("Next"), "catalogue.order", data, style="positive"),
            press(t("The whole catalogue"), "catalogue.open", inputs=False),
        ],
        language=t.language,
    )


# --- parts ------------------------------------------------------------------------------------------------


def _items(t: Translator, title: str, items: Sequence[Item]) -> list[CardElement]:
    return [text(title, bold=True), *map(_item, items)] if items else []


def _item(item: Item) -> CardElement:
    return pressable(item.name, "catalogue.form", {"item": item.id}, detail=item.summary)


def _tip(t: Translator, tip: Suggested | None) -> list[CardElement]:
    """What was typed goes along in the box above."""
    if tip is None:
        return []
    return [
        text(t("Perhaps this helps at once:"), bold=True),
        pressable(tip.title, "tips.show", {"id": tip.id}),
    ]


def _not_there(t: Translator) -> CardElement:
    return pressable(
        t("It is not there"),
        "helpdesk.form",
        {"kind": "request"},
        detail=t("Ask it in your own words."),
    )


def _terms(t: Translator, values: OrderForm) -> list[tuple[str, str]]:
    item = values.item
    takes = working_days(t, item.delivery_days)
    return [
        (t("Delivery"), t("{time} after approval", time=takes))
        if item.approval
        else (t("Delivery"), t("{time}: by {day}", time=takes, day=t.day(values.expected))),
        *([(t("Costs for your team"), costs(t, item.costs))] if item.costs else []),
    ]


def _remark(t: Translator, values: OrderForm) -> list[CardElement]:
    if values.problems:
        return [group(text(t("Something is not right yet. Look at the red lines.")), tone="attention")]
    if values.fresh:
        fresh = len(values.fresh)
        more = t.plural(
            "{n} more question, because of what you chose.",
            "{n} more questions, because of what you chose.",
            fresh,
        )
        return [group(text(more), tone="accent")]
    if values.checked:
        return [group(text(t("Is everything right? Then you can send it.")), tone="accent")]
    return []


def _for_whom(t: Translator, values: OrderForm) -> list[CardElement]:
    if values.person is None:
        return []
    return [
        text_input(
            PERSON,
            t("For whom? (Empty: for yourself)"),
            value=values.person,
            max_length=LONGEST,
            placeholder=t("Name or e-mail address"),
            problem=values.problems.get(PERSON, ""),
        )
    ]


def _question(t: Translator, values: OrderForm, asked: FormField) -> CardElement:
    box = _box(t, values, asked)
    explained = [box, text(asked.help, subtle=True, spacing="Small")] if asked.help else [box]
    if asked.id in values.fresh:
        return group(*explained, tone="accent")
    return group(*explained) if asked.help else box


def _box(t: Translator, values: OrderForm, asked: FormField) -> CardElement:
    name, value, problem = (
        ANSWER + asked.id,
        values.given.get(asked.id, ""),
        values.problems.get(asked.id, ""),
    )
    label = asked.label if asked.required else t("{question} (not required)", question=asked.label)
    match asked.type:
        case FieldType.TEXT | FieldType.PERSON:
            person = asked.type is FieldType.PERSON
            return text_input(
                name,
                label,
                value=value,
                required=asked.required,
                error=t("Give the name or the e-mail address of a colleague.")
                if person
                else t("Write something here, please."),
                multiline=asked.multiline,
                max_length=asked.longest,
                placeholder=t("Name or e-mail address") if person else "",
                problem=problem,
            )
        case FieldType.CHOICE | FieldType.YES_NO:
            options = list(asked.options.items()) or [(YES, t("Yes")), (NO, t("No"))]
            return choice_input(
                name,
                label,
                options,
                value=value,
                required=asked.required,
                error=t("Choose what fits best."),
                expanded=len(options) <= IN_SIGHT,
                multiple=asked.multiple,
                problem=problem,
            )
        case FieldType.DATE:
            return date_input(
                name,
                label,
                value=value,
                required=asked.required,
                error=t("Choose a date."),
                earliest=None if asked.earliest is None else values.today + timedelta(days=asked.earliest),
                problem=problem,
            )
        case FieldType.NUMBER:
            return number_input(
                name,
                label,
                value=value,
                required=asked.required,
                error=t("Give a number."),
                minimum=asked.minimum,
                maximum=asked.maximum,
                problem=problem,
            )
