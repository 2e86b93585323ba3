"""The life cycle and priority, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Conflict
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Priority, Urgency
from domain.helpdesk.rules import (
    ENDED,
    MOVES,
    OPEN,
    Kind,
    Party,
    Standing,
    State,
    Step,
    check_possible,
    possible,
    priority_of,
    reopen_until,
)

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
DESK = frozenset({Party.DESK})
REQUESTER = frozenset({Party.REQUESTER})
CLOCK = frozenset({Party.CLOCK})
NOBODY: frozenset[Party] = frozenset()

ALWAYS_WHILE_OPEN = {
    Step.HAND_OVER,
    Step.MOVE,
    Step.ESCALATE,
    Step.ANSWER,
    Step.ASK,
    Step.AWAIT_SUPPLIER,
    Step.RESOLVE,
    Step.REJECT,
    Step.MERGE,
    Step.ABSORB,
    Step.PRIORITISE,
    Step.CHANGE_KIND,
    Step.CATEGORISE,
    Step.DECLARE_MAJOR,
    Step.JOIN,
    Step.LINK,
    Step.UNLINK,
    Step.WATCH,
    Step.UNWATCH,
}
FOLLOW = {Step.WATCH, Step.UNWATCH}


def standing(state: State, days_ago: int = 1) -> Standing:
    ended = None if state.open else NOW - timedelta(days=days_ago)
    return Standing(state, ended, assigned=state not in (State.NEW, State.WITHDRAWN))


@pytest.mark.parametrize(
    ("state", "desk", "requester"),
    [
        (State.NEW, ALWAYS_WHILE_OPEN | {Step.ASSIGN}, {Step.REPLY, Step.WITHDRAW} | FOLLOW),
        (State.ASSIGNED, ALWAYS_WHILE_OPEN | {Step.RELEASE}, {Step.REPLY, Step.WITHDRAW} | FOLLOW),
        (State.IN_PROGRESS, ALWAYS_WHILE_OPEN | {Step.RELEASE}, {Step.REPLY, Step.WITHDRAW} | FOLLOW),
        (
            State.WAITING_REQUESTER,
            ALWAYS_WHILE_OPEN | {Step.RELEASE, Step.RESUME},
            {Step.REPLY, Step.WITHDRAW} | FOLLOW,
        ),
        (
            State.WAITING_SUPPLIER,
            ALWAYS_WHILE_OPEN | {Step.RELEASE, Step.RESUME},
            {Step.REPLY, Step.WITHDRAW} | FOLLOW,
        ),
        (State.RESOLVED, {Step.REOPEN, Step.LINK, Step.UNLINK} | FOLLOW, {Step.REOPEN, Step.CLOSE} | FOLLOW),
        (State.CLOSED, {Step.REOPEN}, {Step.REOPEN}),
        (State.WITHDRAWN, {Step.REOPEN}, {Step.REOPEN}),
        (State.REJECTED, {Step.REOPEN}, set()),
        (State.MERGED, set(), set()),
    ],
)
def test_only_what_is_possible_now_is_offered(
    policy: HelpdeskPolicy, state: State, desk: set[Step], requester: set[Step]
) -> None:
    assert possible(standing(state), DESK, NOW, policy) == desk
    assert possible(standing(state), REQUESTER, NOW, policy) == requester
    assert possible(standing(state), DESK | REQUESTER, NOW, policy) == desk | requester
    assert possible(standing(state), NOBODY, NOW, policy) == set()


@pytest.mark.parametrize(
    ("step", "state", "after"),
    [
        (Step.ASSIGN, State.NEW, State.ASSIGNED),
        (Step.HAND_OVER, State.NEW, State.ASSIGNED),
        (Step.HAND_OVER, State.WAITING_SUPPLIER, State.WAITING_SUPPLIER),
        (Step.MOVE, State.IN_PROGRESS, State.NEW),
        (Step.ESCALATE, State.WAITING_REQUESTER, State.NEW),
        (Step.ANSWER, State.NEW, State.IN_PROGRESS),
        (Step.ANSWER, State.WAITING_SUPPLIER, State.WAITING_SUPPLIER),
        (Step.ASK, State.NEW, State.WAITING_REQUESTER),
        (Step.AWAIT_SUPPLIER, State.IN_PROGRESS, State.WAITING_SUPPLIER),
        (Step.RESUME, State.WAITING_REQUESTER, State.IN_PROGRESS),
        (Step.REPLY, State.NEW, State.NEW),
        (Step.REPLY, State.WAITING_REQUESTER, State.IN_PROGRESS),
        (Step.REPLY, State.WAITING_SUPPLIER, State.WAITING_SUPPLIER),
        (Step.RESOLVE, State.WAITING_SUPPLIER, State.RESOLVED),
        (Step.REOPEN, State.CLOSED, State.IN_PROGRESS),
        (Step.REOPEN, State.WITHDRAWN, State.NEW),  # nobody had it
        (Step.REOPEN, State.REJECTED, State.IN_PROGRESS),
        (Step.CLOSE, State.RESOLVED, State.CLOSED),
        (Step.WITHDRAW, State.ASSIGNED, State.WITHDRAWN),
        (Step.REJECT, State.NEW, State.REJECTED),
        (Step.MERGE, State.IN_PROGRESS, State.MERGED),
        (Step.PRIORITISE, State.WAITING_REQUESTER, State.WAITING_REQUESTER),
    ],
)
def test_a_step_leads_to_a_state(policy: HelpdeskPolicy, step: Step, state: State, after: State) -> None:
    who = frozenset().union(*(move.by for move in MOVES[step]))
    assert check_possible(step, standing(state), who, NOW, policy) is after


@pytest.mark.parametrize("step", Step)
def test_what_is_not_offered_is_refused_and_what_is_offered_leads_somewhere(
    policy: HelpdeskPolicy, step: Step
) -> None:
    for state, who in product(State, (DESK, REQUESTER, DESK | REQUESTER, CLOCK, NOBODY)):
        if step in possible(standing(state), who, NOW, policy):
            assert check_possible(step, standing(state), who, NOW, policy) in State
        else:
            with pytest.raises(Conflict):
                check_possible(step, standing(state), who, NOW, policy)


def test_the_clock_closes_and_does_nothing_else(policy: HelpdeskPolicy) -> None:
    offered = {state: possible(standing(state), CLOCK, NOW, policy) for state in State}
    assert {state: steps for state, steps in offered.items() if steps} == {
        State.WAITING_APPROVAL: {Step.START},
        State.RESOLVED: {Step.CLOSE},
    }


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.WITHDRAWN])
def test_a_ticket_can_be_opened_again_to_the_last_moment_and_not_after(
    policy: HelpdeskPolicy, state: State
) -> None:
    resolved = Standing(state, NOW - timedelta(days=policy.reopen_days))
    assert Step.REOPEN in possible(resolved, REQUESTER, NOW, policy)
    assert reopen_until(resolved, policy) == NOW
    with pytest.raises(Conflict, match="too long ago"):
        check_possible(Step.REOPEN, resolved, REQUESTER, NOW + timedelta(seconds=1), policy)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.RESOLVED, "has been resolved"),
        (State.CLOSED, "is closed"),
        (State.REJECTED, "is closed"),
        (State.MERGED, "merged into another"),
    ],
)
def test_a_ticket_that_is_over_is_not_edited_and_says_why(
    policy: HelpdeskPolicy, state: State, said: str
) -> None:
    for step in (Step.PRIORITISE, Step.CHANGE_KIND, Step.HAND_OVER, Step.ANSWER, Step.REPLY):
        with pytest.raises(Conflict, match=said):
            check_possible(step, standing(state), DESK | REQUESTER, NOW, policy)


def test_the_requester_does_not_reopen_what_the_desk_refused(policy: HelpdeskPolicy) -> None:
    with pytest.raises(Conflict, match="said why"):
        check_possible(Step.REOPEN, standing(State.REJECTED), REQUESTER, NOW, policy)


def test_only_an_incident_of_its_own_becomes_major(policy: HelpdeskPolicy) -> None:
    open_incident = Standing(State.NEW)
    assert Step.DECLARE_MAJOR in possible(open_incident, DESK, NOW, policy)
    assert Step.END_MAJOR not in possible(open_incident, DESK, NOW, policy)
    for other in (
        Standing(State.NEW, kind=Kind.REQUEST),
        Standing(State.NEW, part=True),
        Standing(State.NEW, major=True),
    ):
        assert Step.DECLARE_MAJOR not in possible(other, DESK, NOW, policy)
    # A major incident has parts and is none: no ticket hangs on one that hangs on another.
    assert Step.JOIN not in possible(Standing(State.NEW, major=True), DESK, NOW, policy)
    assert possible(Standing(State.NEW, part=True), DESK, NOW, policy) >= {Step.LEAVE}


def test_only_a_change_has_a_plan_a_result_and_a_review(policy: HelpdeskPolicy) -> None:
    steps = {Step.PLAN, Step.MOVE_WINDOW, Step.RESULT, Step.REVIEW}
    assert steps <= possible(Standing(State.IN_PROGRESS, kind=Kind.CHANGE), DESK, NOW, policy)
    for kind in (Kind.INCIDENT, Kind.REQUEST):
        assert not steps & possible(Standing(State.IN_PROGRESS, kind=kind), DESK, NOW, policy)


def test_every_state_can_be_reached_and_every_open_one_can_be_resolved() -> None:
    reached = {State.NEW, State.WAITING_APPROVAL}  # as it is reported
    for _ in State:
        reached |= {
            move.to or start
            for moves in MOVES.values()
            for move in moves
            for start in move.from_
            if start in reached
        }
    assert reached == set(State)
    assert (
        MOVES[Step.RESOLVE][0].from_
        == OPEN
        == {state for state in State if state.open} - {State.WAITING_APPROVAL}
    )
    assert {State.WAITING_APPROVAL, *OPEN, State.RESOLVED, *ENDED} == set(State)


@given(st.lists(st.tuples(st.sampled_from(Step), st.sampled_from([DESK, REQUESTER, CLOCK])), max_size=30))
def test_no_series_of_steps_leaves_a_merged_ticket_or_skips_the_resolving(
    series: list[tuple[Step, frozenset[Party]]],
) -> None:
    """Whatever is pressed in whatever order: a closed ticket was resolved, and merged is the end."""
    at, resolved = State.NEW, False
    for step, who in series:
        before = at
        at = next(
            (move.to or at for move in MOVES[step] if move.by & who and at in move.from_),
            at,
        )
        resolved = at is State.RESOLVED or (resolved and not at.open)
        if before is State.MERGED:
            assert at is State.MERGED
        if at is State.CLOSED:
            assert resolved


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
