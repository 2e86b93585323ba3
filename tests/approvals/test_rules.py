"""Who is asked, when a stage has passed, and what a decision needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.approvals.approval import Approval, ApprovalState, Event, LogLine, Seat, Why
from domain.approvals.days import Away, read_away
from domain.approvals.policy import ALL, Circle, Condition, Plan, Stage
from domain.approvals.rules import (
    COMMENT_LIMIT,
    DECIDE,
    Act,
    Attribute,
    acts,
    check_comment,
    check_may_decide,
    choose_approvers,
    choose_deputy,
    has_passed,
    passes_by_itself,
    votes,
    votes_needed,
)
from domain.approvals.snapshot import read_plan, write_plan
from domain.errors import Conflict, Invalid, NotFound

OWNER, SUPERVISOR, MANAGER = "team_owner", "supervisor", "information_manager"
CIRCLES = (Circle(OWNER), Circle(SUPERVISOR), Circle(MANAGER))
AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("owners", "supervisor", "managers", "chosen"),
    [
        (["bram", "carla"], ["fatima"], ["els"], (OWNER, ("bram", "carla"))),
        (["amina", "bram"], ["fatima"], ["els"], (OWNER, ("bram",))),
        (["amina"], ["fatima"], ["els"], (SUPERVISOR, ("fatima",))),
        ([], ["fatima"], ["els"], (SUPERVISOR, ("fatima",))),
        (["amina"], [], ["els"], (MANAGER, ("els",))),
        (["amina"], ["amina"], ["els", "els"], (MANAGER, ("els",))),
        (["amina"], ["amina"], ["amina"], None),
        ([], [], [], None),
    ],
)
def test_the_first_circle_that_has_somebody_else_decides(
    owners: list[str],
    supervisor: list[str],
    managers: list[str],
    chosen: tuple[str, tuple[str, ...]] | None,
) -> None:
    holders = {OWNER: owners, SUPERVISOR: supervisor, MANAGER: managers}
    assert choose_approvers(CIRCLES, "amina", holders) == chosen


# --- quorum -----------------------------------------------------------------------------------------------

names = st.sampled_from([f"p{number}" for number in range(8)])
seats = st.lists(
    st.builds(
        Seat,
        st.just(1),
        st.just(0),
        names,
        names,
        st.sampled_from([Why.ASKED, Why.DEPUTY, Why.DELEGATE]),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda seat: seat.person_id,
)
needs = st.integers(ALL, 10)
voters = st.sets(names)


@given(seats, needs, voters)
def test_a_stage_passes_exactly_when_enough_different_places_said_yes(
    taken: list[Seat], needed: int, yes: set[str]
) -> None:
    places = {seat.seat_of for seat in taken}
    said_yes = {place for place in places if any(s.seat_of == place and s.person_id in yes for s in taken)}
    wanted = len(places) if needed == ALL else min(needed, len(places))
    assert has_passed(Stage(CIRCLES, needed), taken, yes) == (len(said_yes) >= wanted)


@given(seats, needs, voters, names)
def test_one_more_yes_never_takes_a_decision_back(
    taken: list[Seat], needed: int, yes: set[str], more: str
) -> None:
    stage = Stage(CIRCLES, needed)
    assert has_passed(stage, taken, yes | {more}) or not has_passed(stage, taken, yes)


@given(seats, needs, voters)
def test_nobody_adds_more_than_one_vote(taken: list[Seat], needed: int, yes: set[str]) -> None:
    count, places = votes(taken, yes)
    assert count <= len(yes & {seat.person_id for seat in taken})
    assert count <= places
    assert 1 <= votes_needed(Stage(CIRCLES, needed), places) <= places


@given(seats, needs, st.sets(st.sampled_from(["x1", "x2"])))
def test_a_yes_of_somebody_without_a_seat_counts_for_nothing(
    taken: list[Seat], needed: int, strangers: set[str]
) -> None:
    assert not has_passed(Stage(CIRCLES, needed), taken, strangers)


@given(seats, needs)
def test_somebody_it_was_escalated_to_decides_alone_and_is_no_part_of_the_quorum(
    taken: list[Seat], needed: int
) -> None:
    stage, chief = Stage(CIRCLES, needed), Seat(1, 0, "chief", "chief", Why.ESCALATED)
    assert has_passed(stage, [*taken, chief], {"chief"})
    everybody = {seat.person_id for seat in taken}
    assert has_passed(stage, [*taken, chief], everybody)


# --- deputies ---------------------------------------------------------------------------------------------


@given(names, st.dictionaries(names, names), names, st.sets(names))
def test_a_deputy_is_never_the_requester_nor_seated_nor_away(
    person: str, away: Mapping[str, str], requester: str, seated: set[str]
) -> None:
    deputy = choose_deputy(person, away, requester, seated)
    if deputy is not None:
        assert deputy not in {person, requester} | seated
        assert deputy not in away
        assert person in away


# --- by itself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "attributes", "roles", "passes"),
    [
        (Condition({"scenario": ("1", "2")}), {"scenario": "2"}, set(), True),
        (Condition({"scenario": ("1", "2")}), {"scenario": 2}, set(), True),
        (Condition({"scenario": ("1",)}), {"scenario": "3"}, set(), False),
        (Condition({"scenario": ("1",)}), {}, set(), False),
        (Condition(at_most={"cost": 50}), {"cost": 50.0}, set(), True),
        (Condition(at_most={"cost": 50}), {"cost": 50.01}, set(), False),
        (Condition(at_most={"cost": 50}), {"cost": "10"}, set(), False),
        (Condition(at_most={"cost": 50}), {}, set(), False),
        (Condition({"requester_role": ("supervisor",)}), {}, {"employee", "supervisor"}, True),
        (Condition({"requester_role": ("supervisor",)}), {"requester_role": "supervisor"}, set(), False),
        (Condition({"scenario": ("1",)}, {"cost": 50}), {"scenario": "1", "cost": 60}, set(), False),
        (Condition(), {"scenario": "1"}, {"admin"}, False),
    ],
)
def test_a_condition_holds_when_all_of_it_does_and_never_for_what_is_not_known(
    condition: Condition, attributes: dict[str, Attribute], roles: set[str], passes: bool
) -> None:
    assert passes_by_itself(Stage(CIRCLES, auto_approve=(condition,)), attributes, roles) is passes


# --- who may do what --------------------------------------------------------------------------------------


def approval(requester: str = "amina", *approvers: str, state: str = "pending") -> Approval:
    return Approval(
        id="a1",
        kind="site",
        subject_id="s1",
        number="S-2026-000001",
        title="Markt",
        requester_id=requester,
        role=OWNER,
        approver_ids=approvers,
        asked_ids=approvers,
        state=ApprovalState(state),
        asked_at=AT,
        decision=None,
        seats=tuple(Seat(1, 0, who, who) for who in approvers),
        log=(LogLine(Event.ASKED, requester, "", AT),),
    )


@pytest.mark.parametrize(
    ("person", "state", "can"),
    [
        ("bram", "pending", DECIDE),
        ("amina", "pending", {Act.WITHDRAW}),
        ("amina", "sent_back", {Act.WITHDRAW, Act.RESUBMIT}),
        ("bram", "sent_back", set()),
        *(("bram", state, set()) for state in ("approved", "refused", "withdrawn")),
        *(("amina", state, set()) for state in ("approved", "refused", "withdrawn")),
        ("dirk", "pending", set()),
    ],
)
def test_what_somebody_can_do(person: str, state: str, can: set[Act]) -> None:
    assert acts(approval("amina", "bram", state=state), person) == can


def test_nobody_decides_on_their_own_request_even_when_they_were_asked() -> None:
    own = approval("amina", "amina")
    assert acts(own, "amina") == {Act.WITHDRAW}
    with pytest.raises(Conflict):
        check_may_decide(own, "amina")


def test_for_somebody_who_was_not_asked_there_is_no_approval() -> None:
    with pytest.raises(NotFound):
        check_may_decide(approval("amina", "bram"), "dirk")


@pytest.mark.parametrize("event", [Event.REFUSED, Event.SENT_BACK])
@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "...", "🙅", "?!"])
def test_a_refusal_and_a_change_need_words(event: Event, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_comment(event, reason)
    assert refused.value.field == "comment"


@pytest.mark.parametrize("reason", ["Te duur", "3", "لا", "不行", " <b>nee</b> "])
def test_any_words_will_do(reason: str) -> None:
    assert check_comment(Event.REFUSED, reason) == reason.strip()


def test_an_approval_needs_no_comment_and_neither_takes_a_novel() -> None:
    assert check_comment(Event.APPROVED, "  ") == ""
    assert check_comment(Event.APPROVED, "x" * COMMENT_LIMIT) == "x" * COMMENT_LIMIT
    for event in (Event.APPROVED, Event.REFUSED, Event.WITHDRAWN, Event.DELEGATED):
        with pytest.raises(Invalid):
            check_comment(event, "x" * 10_000)


# --- what is kept -----------------------------------------------------------------------------------------


def test_a_plan_comes_back_as_it_was_kept() -> None:
    condition = Condition({"scenario": ("1",)}, {"cost": 50.5})
    stage = Stage(CIRCLES, 2, 5, (1, 3), (Circle("Raad", ("els",)),), (condition,))
    kept = Plan((stage, Stage(CIRCLES, ALL)), restart=False, bulk=True)
    assert read_plan(write_plan(kept), OWNER) == kept


def test_a_plan_of_an_older_version_is_read_with_what_it_has() -> None:
    assert read_plan(None, OWNER) == Plan((Stage((Circle(OWNER),)),))
    assert read_plan({"stages": [{"approvers": [{"role": OWNER}]}]}, "") == Plan((Stage((Circle(OWNER),)),))


# --- days -------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "first", "last", "deputy"),
    [
        (
            "ik ben afwezig van 24/12 tot 2/1, Bram De Smet vervangt mij",
            "2026-12-24",
            "2027-01-02",
            "Bram De Smet",
        ),
        ("afwezig van 24 tot 28 december en carla vervangt me", "2026-12-24", "2026-12-28", "carla"),
        ("afwezig tot 30/11, vervanger is b.s@stad.example", "2026-11-23", "2026-11-30", "b.s@stad.example"),
        (
            "ik ben morgen afwezig en Jan-Willem O'Neill vervangt mij",
            "2026-11-24",
            "2026-11-24",
            "Jan-Willem O'Neill",
        ),
        ("je suis absent du 24 décembre au 2 janvier", "2026-12-24", "2027-01-02", ""),
        (
            "I am away from 24 Dec to 2 Jan 2027, deputy is Sarah Thompson",
            "2026-12-24",
            "2027-01-02",
            "Sarah Thompson",
        ),
        ("afwezig van 2026-12-01 t/m 2026-12-05", "2026-12-01", "2026-12-05", ""),
        ("afwezig van 1/3 tot 3/3", "2027-03-01", "2027-03-03", ""),
        ("afwezig van 30/2 tot 99/99", None, None, ""),
        ("afwezig van 0 tot 31/12", "2026-11-23", "2026-12-31", ""),
        ("ik ben afwezig", None, None, ""),
    ],
)
def test_days_and_a_deputy_are_read_from_a_sentence(
    text: str, first: str | None, last: str | None, deputy: str
) -> None:
    start, end = (date.fromisoformat(day) if day else None for day in (first, last))
    assert read_away(text, TODAY) == Away(start, end, deputy)


@given(st.text(max_size=200))
def test_whatever_is_typed_can_be_read(text: str) -> None:
    read_away(f"afwezig van {text} tot 31/12", TODAY)
