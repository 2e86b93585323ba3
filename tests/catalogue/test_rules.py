"""Forms: what is asked, what will do as an answer, and what is said about what will not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from domain.actor import Actor, Role
from domain.catalogue.item import Audience, Condition, FieldType, FormField, Item
from domain.catalogue.rules import Answer, check_answers, decides, may_order, title_of, visible
from domain.errors import InvalidForm
from tests.cast import person

TODAY = date(2026, 11, 23)
WHO = FormField(
    "wie", FieldType.CHOICE, "Voor wie?", options={"mij": "Voor mij", "collega": "Voor een collega"}
)
COLLEAGUE = FormField(
    "collega", FieldType.PERSON, "Welke collega?", when=Condition("wie", frozenset({"collega"}))
)
FORM = (
    WHO,
    COLLEAGUE,
    FormField("thuis", FieldType.YES_NO, "Thuis?", when=Condition("wie", frozenset({"collega"}))),
    FormField("adres", FieldType.TEXT, "Adres?", when=Condition("thuis", frozenset({"yes"}))),
)
ONE = (person("amina"),)


def item(form: tuple[FormField, ...] = FORM, **changed: object) -> Item:
    plain = Item("laptop", "werkplek", "Nieuwe laptop", "Een laptop.", (), "Laptop", form, 10)
    return replace(plain, **changed)  # type: ignore[arg-type]


def field(type: FieldType, **changed: object) -> FormField:  # noqa: A002
    return replace(FormField("veld", type, "Vraag?"), **changed)  # type: ignore[arg-type]


def answer(asked: FormField, typed: str, *people: str) -> Answer:
    [found] = check_answers((asked,), {"veld": typed}, {"veld": [person(p) for p in people]}, TODAY)
    return found


def problem(asked: FormField, typed: str, *people: str) -> str:
    with pytest.raises(InvalidForm) as refused:
        answer(asked, typed, *people)
    assert refused.value.field == "veld"
    return str(refused.value)


# --- what is asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, ["wie"]),
        ({"wie": "mij"}, ["wie"]),
        ({"wie": "collega"}, ["wie", "collega", "thuis"]),
        ({"wie": "collega", "thuis": "yes"}, ["wie", "collega", "thuis", "adres"]),
        ({"wie": "mij", "thuis": "yes"}, ["wie"]),  # what it hangs on is hidden itself
        ({"wie": "iets anders"}, ["wie"]),
    ],
)
def test_a_field_is_asked_when_its_condition_is_met(given: dict[str, str], asked: list[str]) -> None:
    assert [one.id for one in visible(FORM, given)] == asked


def test_of_several_ticked_options_one_is_enough() -> None:
    many = replace(WHO, multiple=True)
    assert len(visible((many, COLLEAGUE), {"wie": "mij,collega"})) == 2


def test_the_questions_that_decide_are_known() -> None:
    assert decides(FORM) == {"wie", "thuis"}


def test_what_was_sent_for_a_hidden_field_is_left_out() -> None:
    given = {"wie": "mij", "collega": "Dirk", "adres": "Markt 1", "bestaat_niet": "x"}
    assert [one.field_id for one in check_answers(FORM, given, {"collega": ONE}, TODAY)] == ["wie"]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidForm) as refused:
        check_answers(FORM, {"wie": "collega", "thuis": "misschien"}, {}, TODAY)
    assert [one.field for one in refused.value.problems] == ["collega", "thuis"]


def test_an_empty_form_names_every_required_field() -> None:
    with pytest.raises(InvalidForm) as refused:
        check_answers((WHO, field(FieldType.DATE)), {}, {}, TODAY)
    assert [one.field for one in refused.value.problems] == ["wie", "veld"]


def test_an_empty_field_that_is_not_required_has_no_answer() -> None:
    assert check_answers((field(FieldType.TEXT, required=False),), {"veld": "  "}, {}, TODAY) == ()


@given_by(st.dictionaries(st.sampled_from(["wie", "collega", "thuis", "adres"]), st.text(max_size=30)))
def test_whatever_is_sent_the_answers_are_of_fields_that_are_asked(given: dict[str, str]) -> None:
    try:
        named = [one.field_id for one in check_answers(FORM, given, {"collega": ONE}, TODAY)]
    except InvalidForm as refused:
        named = [str(one.field) for one in refused.problems]
    assert set(named) <= {one.id for one in visible(FORM, given)}
    assert len(named) == len(set(named))
    assert named


# --- what will do -----------------------------------------------------------------------------------------


def test_each_type_is_kept_for_programs_and_for_people() -> None:
    assert answer(field(FieldType.TEXT), " Markt 1\r\n\x00 ").value == "Markt 1"
    chosen = answer(replace(WHO, id="veld"), "collega")
    assert (chosen.value, chosen.text) == ("collega", "Voor een collega")
    ticked = answer(replace(WHO, id="veld", multiple=True), "collega,mij")
    assert (ticked.value, ticked.text) == ("mij,collega", "Voor mij, Voor een collega")
    assert answer(field(FieldType.DATE), "2026-11-23").value == "2026-11-23"
    named = answer(field(FieldType.PERSON), "Dirk", "dirk")
    assert (named.value, named.text) == ("dirk", "Dirk Peeters")
    assert answer(field(FieldType.NUMBER, minimum=1, maximum=3), "3").value == "3"
    assert answer(field(FieldType.YES_NO), "no").value == "no"


@pytest.mark.parametrize(
    ("asked", "typed", "said"),
    [
        (field(FieldType.TEXT, longest=5), "zes en meer", "At most 5 characters."),
        (replace(WHO, id="veld"), "niemand", "Choose what fits best."),
        (replace(WHO, id="veld"), "mij,collega", "Choose what fits best."),
        (field(FieldType.DATE), "morgen", "This is no date. Write it as 2026-11-23."),
        (field(FieldType.DATE), "2026-02-30", "This is no date. Write it as 2026-11-23."),
        (field(FieldType.DATE), "2026-11-22", "This day is in the past."),
        (field(FieldType.DATE, earliest=5), "2026-11-27", "The earliest possible day is 28/11/2026."),
        (field(FieldType.PERSON), "Niemand", "I find nobody with this name or e-mail address."),
        (field(FieldType.NUMBER), "drie", "Give a whole number."),
        (field(FieldType.NUMBER), "1.5", "Give a whole number."),
        (field(FieldType.NUMBER), "9" * 400, "Give a whole number."),
        (field(FieldType.NUMBER, minimum=1), "0", "At least 1."),
        (field(FieldType.NUMBER, maximum=20), "21", "At most 20."),
        (field(FieldType.YES_NO), "ja", "Choose yes or no."),
    ],
)
def test_what_will_not_do_is_said_at_its_field(asked: FormField, typed: str, said: str) -> None:
    assert problem(asked, typed) == said


def test_a_name_of_several_people_says_who_they_are() -> None:
    said = problem(field(FieldType.PERSON), "Smet", "bram", "dirk")
    assert "bram.desmet@vlaskerke.example, dirk.peeters@vlaskerke.example" in said


def test_a_day_in_the_past_will_do_where_the_form_says_so() -> None:
    assert answer(field(FieldType.DATE, earliest=None), "2020-01-01").value == "2020-01-01"


# --- titles and who may -----------------------------------------------------------------------------------


def test_a_title_takes_answers_and_leaves_no_gap() -> None:
    given = check_answers(FORM, {"wie": "mij"}, {}, TODAY)
    assert title_of(item(title="Laptop: {wie}"), given) == "Laptop: Voor mij"
    assert title_of(item(title="Laptop: {collega}"), given) == "Laptop"


def test_what_somebody_types_has_no_meaning_in_a_title() -> None:
    form = (field(FieldType.TEXT),)
    given = check_answers(form, {"veld": "{veld.__class__} {x}"}, {}, TODAY)
    assert title_of(item(form, title="Over {veld}"), given) == "Over {veld.__class__} {x}"


@pytest.mark.parametrize(
    ("audience", "may"),
    [
        (Audience(), True),
        (Audience(roles=frozenset({Role.SUPERVISOR})), False),
        (Audience(roles=frozenset({Role.EMPLOYEE})), True),
        (Audience(team_ids=frozenset({"sport"})), False),
        (Audience(team_ids=frozenset({"digitaal"})), True),
        (Audience(clusters=frozenset({"DT"})), True),
        (Audience(roles=frozenset({Role.SUPERVISOR}), clusters=frozenset({"VT"})), False),
    ],
)
def test_who_may_order(audience: Audience, may: bool) -> None:
    amina = Actor("amina", "Amina", frozenset({Role.EMPLOYEE}), "digitaal")
    assert may_order(amina, "DT", item(audience=audience)) is may
