"""What a form asks given what was answered, who may order, and whether the answers will do. No database, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.actor import Actor
from domain.catalogue.item import NO, YES, FieldType, FormField, Item
from domain.errors import Invalid, InvalidForm
from domain.people.models import Person

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
NAMED = 4
"""People of the same name that a message tells apart."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a field, in the words of its form at that moment. `value` is for programs: text, the ids
    of options with commas between them, an ISO date, a person's id, a number, or `yes` and `no`. `text` says the
    same to people where programs and people differ: the titles of options, a person's name."""

    field_id: str
    type: FieldType
    label: str
    value: str
    text: str


def may_order(actor: Actor, cluster: str | None, item: Item) -> bool:
    """`cluster` is that of the actor's team."""
    who = item.audience
    if not (who.roles or who.team_ids or who.clusters):
        return True
    return bool(who.roles & actor.roles) or actor.team_id in who.team_ids or cluster in who.clusters


def visible(form: Sequence[FormField], given: Mapping[str, str]) -> tuple[FormField, ...]:
    """The fields to ask, given what was answered so far."""
    shown: dict[str, FormField] = {}
    for field in form:
        if field.when is None or (
            field.when.field_id in shown
            and field.when.values & _values(shown[field.when.field_id], given.get(field.when.field_id, ""))
        ):
            shown[field.id] = field
    return tuple(shown.values())


def decides(form: Sequence[FormField]) -> frozenset[str]:
    """The fields on whose answers other fields depend."""
    return frozenset(field.when.field_id for field in form if field.when)


def check_answers(
    form: Sequence[FormField],
    given: Mapping[str, str],
    people: Mapping[str, Sequence[Person]],
    today: date,
) -> tuple[Answer, ...]:
    """The answers to every field that is asked; what was sent for others is left out.

    `people` has, by person field, who answers to what was typed there. Raises `InvalidForm` with everything that
    is wrong.
    """
    answers: list[Answer] = []
    problems: list[Invalid] = []
    for field in visible(form, given):
        typed = clean(given.get(field.id, ""))
        if not typed:
            if field.required:
                problems.append(_missing(field))
            continue
        try:
            value, text = _read(field, typed, people.get(field.id, ()), today)
        except Invalid as problem:
            problems.append(problem)
        else:
            answers.append(Answer(field.id, field.type, field.label, value, text))
    if problems:
        raise InvalidForm(problems)
    return tuple(answers)


def title_of(item: Item, answers: Sequence[Answer]) -> str:
    """What the ticket is called; a field without an answer leaves nothing behind."""
    said = {field.id: "" for field in item.form} | {answer.field_id: answer.text for answer in answers}
    return " ".join(item.title.format_map(said).split()).rstrip(" :,-")


def clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _missing(field: FormField) -> Invalid:
    match field.type:
        case FieldType.TEXT:
            return Invalid("Write something here, please.", field=field.id)
        case FieldType.CHOICE:
            return Invalid("Choose what fits best.", field=field.id)
        case FieldType.DATE:
            return Invalid("Choose a date.", field=field.id)
        case FieldType.PERSON:
            return Invalid("Give the name or the e-mail address of a colleague.", field=field.id)
        case FieldType.NUMBER:
            return Invalid("Give a number.", field=field.id)
        case FieldType.YES_NO:
            return Invalid("Choose yes or no.", field=field.id)


def _values(field: FormField, typed: str) -> frozenset[str]:
    return frozenset(typed.split(",") if field.multiple else (typed.strip(),))


def _read(field: FormField, typed: str, people: Sequence[Person], today: date) -> tuple[str, str]:
    match field.type:
        case FieldType.TEXT:
            return _text(field, typed)
        case FieldType.CHOICE:
            return _choice(field, typed)
        case FieldType.DATE:
            return _date(field, typed, today)
        case FieldType.PERSON:
            return _person(field, people)
        case FieldType.NUMBER:
            return _number(field, typed)
        case FieldType.YES_NO:
            if typed not in (YES, NO):
                raise _missing(field)
            return typed, typed


def _text(field: FormField, typed: str) -> tuple[str, str]:
    if len(typed) > field.longest:
        raise Invalid("At most {limit} characters.", field=field.id, limit=field.longest)
    return typed, typed


def _choice(field: FormField, typed: str) -> tuple[str, str]:
    chosen = _values(field, typed)
    if not chosen <= field.options.keys():
        raise _missing(field)
    in_order = [option for option in field.options if option in chosen]
    return ",".join(in_order), ", ".join(field.options[option] for option in in_order)


def _date(field: FormField, typed: str, today: date) -> tuple[str, str]:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid("This is no date. Write it as {example}.", field=field.id, example=today) from None
    if field.earliest is not None and day < today + timedelta(days=field.earliest):
        if field.earliest <= 0:
            raise Invalid("This day is in the past.", field=field.id)
        earliest = today + timedelta(days=field.earliest)
        raise Invalid("The earliest possible day is {day}.", field=field.id, day=f"{earliest:%d/%m/%Y}")
    return day.isoformat(), day.isoformat()


def _person(field: FormField, people: Sequence[Person]) -> tuple[str, str]:
    if not people:
        raise Invalid("I find nobody with this name or e-mail address.", field=field.id)
    if len(people) > 1:
        raise Invalid(
            "More people answer to this: {people}. Give the e-mail address.",
            field=field.id,
            people=", ".join(person.email for person in people[:NAMED])
            + ("…" if len(people) > NAMED else ""),
        )
    return people[0].id, people[0].name


def _number(field: FormField, typed: str) -> tuple[str, str]:
    if not _WHOLE.fullmatch(typed):
        raise Invalid("Give a whole number.", field=field.id)
    number = int(typed)
    if field.minimum is not None and number < field.minimum:
        raise Invalid("At least {limit}.", field=field.id, limit=field.minimum)
    if field.maximum is not None and number > field.maximum:
        raise Invalid("At most {limit}.", field=field.id, limit=field.maximum)
    return str(number), str(number)
