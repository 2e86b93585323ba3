"""Which kind of site is advised on which answers, and what has to be said about another one."""

from __future__ import annotations

from itertools import product

import pytest

from domain.sites.advice import (
    OPTIONS,
    REASON_LIMIT,
    Caution,
    advise,
    cautions,
    likely_answers,
    read_answers,
    reason_problem,
    unanswered,
)
from domain.sites.policy import NO, YES, Question
from domain.sites.prefill import prefill
from tests.cast import demo_city

RULES = demo_city().advice
SCENARIOS = {scenario.id: scenario for scenario in demo_city().scenarios}


def answers(outsiders: str, personal: str, confidential: str, audience: str) -> dict[Question, str]:
    return dict(zip(Question, (outsiders, personal, confidential, audience), strict=True))


@pytest.mark.parametrize(
    ("outsiders", "personal", "confidential", "audience", "scenario"),
    [
        (YES, NO, NO, "project", "1"),
        (NO, NO, NO, "project", "1"),
        (YES, NO, NO, "team", "1"),
        (YES, NO, NO, "city", "1"),
        (NO, NO, NO, "city", "2"),
        (NO, NO, NO, "team", "3"),
        (NO, NO, YES, "team", "4"),
        (NO, NO, YES, "project", "4"),
        (YES, NO, YES, "project", "4"),
        (NO, YES, NO, "team", "5"),
        (NO, YES, YES, "team", "5"),
        (YES, YES, YES, "project", "5"),
    ],
)
def test_the_strictest_thing_that_was_said_counts(
    outsiders: str, personal: str, confidential: str, audience: str, scenario: str
) -> None:
    assert advise(RULES, answers(outsiders, personal, confidential, audience)) == scenario


def test_every_way_of_answering_gets_advice_and_personal_data_never_an_open_site() -> None:
    for given in product(*OPTIONS.values()):
        said = answers(*given)
        scenario = SCENARIOS[advise(RULES, said) or ""]
        if said[Question.PERSONAL_DATA] == YES:
            assert (scenario.classification, scenario.guests) == (4, False)
        elif said[Question.CONFIDENTIAL] == YES:
            assert (scenario.classification, scenario.guests) == (3, False)


def test_nothing_is_advised_while_an_answer_is_missing() -> None:
    said = answers(NO, NO, NO, "team")
    for question in Question:
        some = {one: answer for one, answer in said.items() if one is not question}
        assert (advise(RULES, some), unanswered(some)) == (None, (question,))
    assert advise((), said) is None


def test_only_answers_that_can_be_given_are_read() -> None:
    sent = {
        "outsiders": "yes",
        "personal_data": "maybe",
        "audience": "<b>",
        "scenario": "1",
        "confidential": "",
    }
    assert read_answers(sent) == {Question.OUTSIDERS: YES}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ik wil een projectsite voor de Vlasmarkt", {Question.AUDIENCE: "project"}),
        ("we willen een teamsite voor onze dienst", {Question.AUDIENCE: "team"}),
        ("een hubsite graag", {Question.AUDIENCE: "city"}),
        ("een site voor vertrouwelijke stukken", {Question.CONFIDENTIAL: YES}),
        ("een site voor personeelsdossiers", {Question.PERSONAL_DATA: YES}),
        ("een site graag", {}),
    ],
)
def test_a_message_answers_what_it_says(text: str, expected: dict[Question, str]) -> None:
    assert likely_answers(RULES, prefill(text, demo_city().scenarios).scenario_id) == expected


def test_guests_and_openness_are_warned_about() -> None:
    outside = answers(YES, YES, NO, "project")
    assert cautions(SCENARIOS["5"], SCENARIOS["5"], outside) == (Caution.NO_GUESTS,)
    assert cautions(SCENARIOS["1"], SCENARIOS["5"], outside) == (Caution.TOO_OPEN,)
    assert cautions(SCENARIOS["4"], SCENARIOS["5"], outside) == (Caution.NO_GUESTS, Caution.TOO_OPEN)
    plain = answers(NO, NO, NO, "team")
    assert cautions(SCENARIOS["1"], SCENARIOS["3"], plain) == ()
    assert cautions(SCENARIOS["3"], None, {}) == ()


@pytest.mark.parametrize(
    ("scenario", "advised", "reason", "fine"),
    [
        ("1", "1", "", True),
        ("1", None, "", True),
        ("3", "1", "", False),
        ("3", "1", " .. ", False),
        ("3", "1", "Het is voor het hele team.", True),
        ("1", "1", "x" * (REASON_LIMIT + 1), False),
    ],
)
def test_another_kind_needs_a_reason(scenario: str, advised: str | None, reason: str, fine: bool) -> None:
    problem = reason_problem(scenario, advised, reason)
    assert (problem is None) is fine
    if problem:
        assert problem.field == "reason"
