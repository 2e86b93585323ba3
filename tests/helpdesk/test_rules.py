"""The life cycle, priority and texts, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Conflict, Invalid
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Priority, Urgency
from domain.helpdesk.rules import (
    STEPS,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Kind,
    Party,
    Standing,
    State,
    Step,
    check_possible,
    check_text,
    clean,
    possible,
    priority_of,
    reopen_until,
    title_of,
)

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
DESK = frozenset({Party.DESK})
REQUESTER = frozenset({Party.REQUESTER})
NOBODY: frozenset[Party] = frozenset()


def standing(state: State, days_ago: int = 1) -> Standing:
    return Standing(state, None if state.open else NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("state", "desk", "requester"),
    [
        (State.NEW, {Step.ASSIGN, Step.ANSWER, Step.RESOLVE}, {Step.REPLY}),
        (State.ASSIGNED, {Step.ANSWER, Step.RESOLVE}, {Step.REPLY}),
        (State.IN_PROGRESS, {Step.ANSWER, Step.RESOLVE}, {Step.REPLY}),
        (State.RESOLVED, {Step.REOPEN}, {Step.REOPEN, Step.CLOSE}),
        (State.CLOSED, {Step.REOPEN}, {Step.REOPEN}),
    ],
)
def test_only_what_is_possible_now_is_offered(
    policy: HelpdeskPolicy, state: State, desk: set[Step], requester: set[Step]
) -> None:
    assert possible(standing(state), DESK, NOW, policy) == desk
    assert possible(standing(state), REQUESTER, NOW, policy) == requester
    assert possible(standing(state), DESK | REQUESTER, NOW, policy) == desk | requester
    assert possible(standing(state), NOBODY, NOW, policy) == set()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("parties", [DESK, REQUESTER, DESK | REQUESTER, NOBODY])
def test_what_is_not_offered_is_refused_and_what_is_offered_leads_somewhere(
    policy: HelpdeskPolicy, state: State, step: Step, parties: frozenset[Party]
) -> None:
    if step in possible(standing(state), parties, NOW, policy):
        assert check_possible(step, standing(state), parties, NOW, policy) is STEPS[step][1][state]
    else:
        with pytest.raises(Conflict):
            check_possible(step, standing(state), parties, NOW, policy)


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_a_ticket_can_be_opened_again_to_the_last_moment_and_not_after(
    policy: HelpdeskPolicy, state: State
) -> None:
    resolved = Standing(state, NOW - timedelta(days=policy.reopen_days))
    assert Step.REOPEN in possible(resolved, REQUESTER, NOW, policy)
    assert reopen_until(resolved, policy) == NOW
    with pytest.raises(Conflict, match="too long ago"):
        check_possible(Step.REOPEN, resolved, REQUESTER, NOW + timedelta(seconds=1), policy)


def test_every_state_can_be_reached_and_every_open_one_can_be_resolved() -> None:
    reached = {State.NEW}
    for _ in State:
        reached |= {to for _, moves in STEPS.values() for start, to in moves.items() if start in reached}
    assert reached == set(State)
    assert {state for state in State if state.open} == set(STEPS[Step.RESOLVE][1])


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (Impact.HIGH, Urgency.HIGH, Priority.CRITICAL),
        (Impact.HIGH, Urgency.MEDIUM, Priority.HIGH),
        (Impact.HIGH, Urgency.LOW, Priority.NORMAL),
        (Impact.MEDIUM, Urgency.HIGH, Priority.HIGH),
        (Impact.MEDIUM, Urgency.MEDIUM, Priority.NORMAL),
        (Impact.MEDIUM, Urgency.LOW, Priority.LOW),
        (Impact.LOW, Urgency.HIGH, Priority.NORMAL),
        (Impact.LOW, Urgency.MEDIUM, Priority.NORMAL),
        (Impact.LOW, Urgency.LOW, Priority.LOW),
    ],
)
def test_priority_comes_from_impact_and_urgency(
    policy: HelpdeskPolicy, impact: Impact, urgency: Urgency, priority: Priority
) -> None:
    assert priority_of(impact, urgency, policy) is priority


def test_numbers_start_with_the_letter_people_know() -> None:
    assert [kind.letter for kind in Kind] == ["I", "A", "W"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  printer kapot \n", "printer kapot"),
        ("een\r\ntwee\rdrie", "een\ntwee\ndrie"),
        ("nul\x00teken", "nulteken"),
        ("bel\x07 en \x1b[31mkleur", "bel en [31mkleur"),
        ("half \ud83d teken", "half  teken"),
        ("tab\tblijft", "tab\tblijft"),
        ("👩‍🔧 مرحبا **vet** <b>html</b>", "👩‍🔧 مرحبا **vet** <b>html</b>"),
    ],
)
def test_a_text_loses_only_what_cannot_be_kept(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "   \n\t ", "\x00\x00"])
def test_an_empty_text_is_refused_by_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_text(typed, "answer")
    assert refusal.value.field == "answer"


def test_a_text_may_be_long_and_not_longer() -> None:
    assert check_text("é" * TEXT_LIMIT, "text") == "é" * TEXT_LIMIT
    with pytest.raises(Invalid) as refusal:
        check_text("é" * (TEXT_LIMIT + 1), "text")
    assert str(TEXT_LIMIT + 1) in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Mijn laptop start niet op. Ik kan niet verder.", "Mijn laptop start niet op."),
        ("printer kapot", "printer kapot"),
        ("Printer nr. 5 hapert", "Printer nr. 5 hapert"),
        ("Beste,\n\nde printer doet het niet\nGroeten", "Beste, de printer doet het niet"),
        ("Help! Mijn scherm is zwart. Nu al!", "Help! Mijn scherm is zwart."),
        ("veel   witruimte\there", "veel witruimte here"),
    ],
)
def test_the_title_is_the_first_sentence(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(min_size=1, max_size=400).map(clean).filter(bool))
def test_a_title_is_short_on_one_line_and_never_empty(text: str) -> None:
    title = title_of(text)
    assert 0 < len(title) <= TITLE_LIMIT
    assert "\n" not in title


def test_a_long_title_is_cut_between_words() -> None:
    title = title_of("woord " * 60)
    assert len(title) <= TITLE_LIMIT
    assert title.endswith("woord…")
