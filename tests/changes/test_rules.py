"""Risk, windows and what they collide with, as tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.changes.policy import ChangeType, Freeze, Risk
from domain.changes.rules import (
    MOVES,
    ChangeState,
    ChangeStep,
    ClashKind,
    Neighbour,
    Window,
    check_step,
    check_window,
    clashes,
    risk_of,
)
from domain.errors import Conflict, Invalid, InvalidForm
from domain.organisation import Organisation

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
MAIL = frozenset({"mail"})
CALM = {"wie": "niemand", "eerder": "goed", "terug": "snel", "getest": "helemaal", "stil": "nee"}


def at(day: int, hour: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE).astimezone(UTC)


def window(day: int, start: int, end: int) -> Window:
    return Window(at(day, start), at(day, end))


def never(_: date) -> str | None:
    return None


# --- risk -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "risk"),
    [
        ({}, Risk.LOW),
        ({"wie": "teams"}, Risk.LOW),  # 3
        ({"wie": "burgers"}, Risk.MEDIUM),  # 4
        ({"wie": "teams", "getest": "deels"}, Risk.MEDIUM),  # 4
        ({"wie": "burgers", "getest": "niet"}, Risk.MEDIUM),  # 7
        ({"wie": "burgers", "terug": "niet"}, Risk.HIGH),  # 8
        (
            {"wie": "burgers", "eerder": "nooit", "terug": "niet", "getest": "niet", "stil": "binnen"},
            Risk.HIGH,
        ),
    ],
)
def test_risk_follows_from_the_points_of_the_answers(
    organisation: Organisation, answers: dict[str, str], risk: Risk
) -> None:
    assert risk_of(CALM | answers, organisation.changes.questionnaire) is risk


def test_every_question_without_a_known_answer_is_named(organisation: Organisation) -> None:
    with pytest.raises(InvalidForm) as refused:
        risk_of(CALM | {"terug": "", "stil": "misschien"}, organisation.changes.questionnaire)
    assert [one.field for one in refused.value.problems] == ["risk_terug", "risk_stil"]


# --- windows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "type_", "field"),
    [
        (at(18, 18), at(18, 21), ChangeType.NORMAL, None),
        (at(18, 18), at(18, 18), ChangeType.NORMAL, "end"),
        (at(18, 18), at(17, 18), ChangeType.NORMAL, "end"),
        (at(1, 0), at(15, 1), ChangeType.NORMAL, "end"),
        (NOW - timedelta(hours=1), NOW + timedelta(hours=1), ChangeType.STANDARD, "start"),
        (NOW - timedelta(hours=1), NOW + timedelta(hours=1), ChangeType.EMERGENCY, None),
    ],
)
def test_what_a_window_has_to_be(
    start: datetime, end: datetime, type_: ChangeType, field: str | None
) -> None:
    if field is None:
        check_window(Window(start, end), type_, NOW)
        return
    with pytest.raises(Invalid) as refused:
        check_window(Window(start, end), type_, NOW)
    assert refused.value.field == field


def test_windows_that_touch_do_not_overlap() -> None:
    assert not window(18, 18, 20).overlaps(window(18, 20, 22))
    assert window(18, 18, 20).overlaps(window(18, 19, 22))


def test_a_window_until_midnight_is_not_on_the_next_day() -> None:
    assert list(Window(at(18, 22), at(19, 0)).days(ZONE)) == [date(2026, 12, 18)]
    assert list(Window(at(18, 22), at(19, 1)).days(ZONE)) == [date(2026, 12, 18), date(2026, 12, 19)]


moments = st.integers(0, 400).map(lambda hours: NOW + timedelta(hours=hours))
windows = st.tuples(moments, st.integers(1, 200)).map(lambda t: Window(t[0], t[0] + timedelta(hours=t[1])))


@given(windows, windows)
def test_overlapping_is_having_a_moment_in_common(one: Window, other: Window) -> None:
    in_common = min(one.ends_at, other.ends_at) > max(one.starts_at, other.starts_at)
    assert one.overlaps(other) is other.overlaps(one) is in_common


@given(windows, st.sets(st.sampled_from(["mail", "teams"])), st.lists(windows, max_size=4))
def test_every_overlap_and_nothing_else_is_a_clash(
    mine: Window, systems: set[str], others: list[Window]
) -> None:
    neighbours = [Neighbour(f"W-{nth}", "x", MAIL, other) for nth, other in enumerate(others)]
    found = clashes(mine, frozenset(systems), neighbours, never, (), ZONE)
    assert {clash.name[:3] for clash in found} == {
        neighbour.number for neighbour in neighbours if mine.overlaps(neighbour.window)
    }
    assert {clash.kind for clash in found} <= {
        ClashKind.SAME_SYSTEM if "mail" in systems else ClashKind.SAME_TIME
    }


def test_the_most_serious_comes_first_and_each_day_is_named_once() -> None:
    freeze = Freeze("Jaarafsluiting", date(2026, 12, 14), date(2027, 1, 8))
    others = [
        Neighbour("W-1", "Telefonie", frozenset({"telefonie"}), window(24, 8, 9)),
        Neighbour("W-2", "Mailfilter", MAIL, window(25, 8, 9)),
    ]
    closed = {date(2026, 12, 25): "Kerstmis", date(2026, 12, 26): "Tweede kerstdag"}
    found = clashes(Window(at(24, 0), at(27, 0)), MAIL, others, closed.get, (freeze,), ZONE)
    assert [(clash.kind, clash.name, clash.day.day) for clash in found] == [
        (ClashKind.SAME_SYSTEM, "W-2 · Mailfilter", 25),
        (ClashKind.FREEZE, "Jaarafsluiting", 24),
        (ClashKind.SAME_TIME, "W-1 · Telefonie", 24),
        (ClashKind.CLOSED, "Kerstmis", 25),
        (ClashKind.CLOSED, "Tweede kerstdag", 26),
    ]


# --- steps ------------------------------------------------------------------------------------------------


def test_a_result_follows_the_plan_and_a_review_the_result() -> None:
    for step in ChangeStep:
        for state in ChangeState:
            if state is MOVES[step][0]:
                assert check_step(step, state) is MOVES[step][1]
            else:
                with pytest.raises(Conflict):
                    check_step(step, state)
