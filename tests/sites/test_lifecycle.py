"""When somebody has to look at a site, who steps in, and what can be asked: pure decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sites.lifecycle import (
    Due,
    Reminder,
    change_reason_problem,
    due,
    end_date_problem,
    later_problem,
    may_change,
    may_see,
    months_later,
    next_look,
    next_owners,
    owners_problem,
    possible,
    read_date,
)
from domain.sites.policy import LifeCycle
from domain.sites.site import ChangeKind, ChangeState, Site, SiteChange, StandingState
from tests.cast import demo_city, person

POLICY = LifeCycle()
REVIEW = date(2027, 11, 23)
SITE = Site(
    "s", "S-2026-000001", "Vlasmarkt", "prj-vlasmarkt", "digitaal", "1", StandingState.ACTIVE, None,
    date(2027, 6, 30), REVIEW, date(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC), None,
    ("amina", "els"), ("dirk",),
)  # fmt: skip
TEAM = next(team for team in demo_city().teams if team.id == "digitaal")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_on_a_day_that_is_there(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("after", "today", "reminders"),
    [
        (-365, -1, []),
        (-1, 0, [Reminder.REVIEW]),
        (0, 13, []),
        (0, 14, [Reminder.REVIEW_AGAIN]),
        (14, 28, [Reminder.REVIEW_TAKEN_OVER]),
        (28, 55, []),
        (28, 56, [Reminder.REVIEW_TAKEN_OVER]),
        (-1, 400, [Reminder.REVIEW_TAKEN_OVER]),  # nobody looked for a year: once, not fourteen times
    ],
)
def test_a_review_is_asked_repeated_and_taken_over(after: int, today: int, reminders: list[Reminder]) -> None:
    looked_on, day = REVIEW + timedelta(after), REVIEW + timedelta(today)
    assert [one.reminder for one in due(REVIEW, None, looked_on, day, POLICY)] == reminders


@pytest.mark.parametrize(
    ("after", "today", "found"),
    [
        (-100, -31, []),
        (-31, -30, [(Reminder.ENDS_SOON, -30)]),
        (-30, -8, []),
        (-30, -7, [(Reminder.ENDS_SOON, -7)]),
        (-100, -3, [(Reminder.ENDS_SOON, -7)]),
        (-7, 0, []),
        (0, 1, [(Reminder.ENDED, 1)]),
        (1, 90, []),
    ],
)
def test_an_end_is_announced_and_comes_after_the_last_day(
    after: int, today: int, found: list[tuple[Reminder, int]]
) -> None:
    end = date(2027, 6, 30)
    said = due(REVIEW, end, end + timedelta(after), end + timedelta(today), POLICY)
    assert said == tuple(Due(reminder, end + timedelta(day)) for reminder, day in found)


days = st.integers(0, 1500).map(lambda n: date(2026, 1, 1) + timedelta(n))


@given(review_on=days, end_date=st.none() | days, start=days, steps=st.lists(st.integers(1, 90), max_size=20))
def test_however_often_somebody_looks_nothing_is_said_twice_and_nothing_is_missed(
    review_on: date, end_date: date | None, start: date, steps: list[int]
) -> None:
    """Looking on exactly the days that `next_look` names says all that looking every day says."""
    last = start + timedelta(sum(steps))
    daily: list[Due] = []
    for n in range((last - start).days):
        today = start + timedelta(n + 1)
        daily += due(review_on, end_date, today - timedelta(1), today, POLICY)
    planned: list[Due] = []
    looked_on = start
    while (today := next_look(review_on, end_date, looked_on, POLICY)) <= last:
        planned += due(review_on, end_date, looked_on, today, POLICY)
        looked_on = today
    assert planned == daily
    assert len(set(daily)) == len(daily)


@given(review_on=days, end_date=st.none() | days, today=days)
def test_there_is_always_a_next_day_to_look_and_it_lies_ahead(
    review_on: date, end_date: date | None, today: date
) -> None:
    assert next_look(review_on, end_date, today, POLICY) > today


@pytest.mark.parametrize(
    ("owners", "gone", "team", "expected"),
    [
        (("amina", "els"), {"amina"}, ("bram", "carla"), ("els",)),
        (("amina", "els"), {"els"}, ("bram", "carla"), ("amina",)),
        (("amina", "els"), {"amina", "els"}, ("bram", "carla"), ("bram",)),
        (("amina", "els"), {"amina", "els", "bram"}, ("bram", "carla"), ("carla",)),
        (("amina",), {"amina", "bram", "carla"}, ("bram", "carla"), ()),
        (("amina",), {"amina"}, (), ()),
        (("amina", "els"), set(), ("bram",), ("amina", "els")),
    ],
)
def test_the_next_in_line_steps_in(
    owners: tuple[str, ...], gone: set[str], team: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert next_owners(owners, gone, team) == expected


def test_what_can_be_asked_follows_the_state() -> None:
    assert possible(SITE) == (ChangeKind.EXTEND, ChangeKind.RENAME, ChangeKind.OWNER, ChangeKind.ARCHIVE)
    assert ChangeKind.EXTEND not in possible(replace(SITE, end_date=None))
    assert possible(replace(SITE, state=StandingState.ARCHIVED)) == (ChangeKind.RESTORE,)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    change = SiteChange("c", "s", ChangeKind.ARCHIVE, {}, "", "amina", ChangeState.ASKED, now, None, None)
    assert possible(replace(SITE, change=change)) == ()


@pytest.mark.parametrize(
    ("who", "sees", "changes"),
    [
        ("amina", True, True),  # owns it
        ("dirk", True, False),  # a member of another team
        ("bram", True, True),  # owns the team
        ("els", True, True),
        ("gust", True, True),  # an administrator
        ("fatima", False, False),  # of the team, and not of the site
        ("rik", False, False),
    ],
)
def test_who_sees_a_site_and_who_may_ask_something_about_it(who: str, sees: bool, changes: bool) -> None:
    actor = person(who).as_actor()
    assert (may_see(SITE, actor, TEAM), may_change(SITE, actor, TEAM)) == (sees, changes)


@pytest.mark.parametrize(
    ("typed", "required", "fine"),
    [
        ("", False, True),
        ("", True, False),
        ("2027-01-31", True, True),
        ("2026-11-23", False, False),
        ("2025-01-01", False, False),
        ("2029-11-23", False, True),
        ("2029-11-24", False, False),
        ("morgen", False, False),
        ("2027-02-30", False, False),
        ("20270131", False, False),
        ("2027-W05-1", False, False),
        ("９９９９-１２-３１", False, False),
    ],
)
def test_an_end_date_is_a_day_to_come(typed: str, required: bool, fine: bool) -> None:
    today = date(2026, 11, 23)
    assert (end_date_problem(typed, today, POLICY, required=required) is None) is fine


def test_a_later_end_is_later() -> None:
    assert later_problem("2027-07-01", date(2027, 6, 30)) is None
    assert later_problem("2027-06-30", date(2027, 6, 30)) is not None
    assert later_problem("2027-01-01", None) is None
    assert read_date("2027-07-01") == date(2027, 7, 1)


def test_two_people_own_a_site_and_a_change_says_why() -> None:
    assert [getattr(owners_problem(ids), "field", None) for ids in ([], ["a"], ["a", "a"], ["a", "b"])] == [
        "owner", "second_owner", "second_owner", None,
    ]  # fmt: skip
    assert change_reason_problem("  ") is not None
    assert change_reason_problem("x" * 501) is not None
    assert change_reason_problem("Het project is klaar.") is None
