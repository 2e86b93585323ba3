"""When a person is told."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notifications.policy import Kind, Mode, NotificationPolicy, Quiet, Settings
from domain.notifications.rules import after_quiet, due_at, next_digest
from domain.service_levels.calendar import WorkingTime
from tests.service_levels.test_calendar import BRUSSELS, CLOSED, local, office

NIGHT = Quiet(time(19), time(7))
APART = timedelta(minutes=5)


def when(
    mode: Mode, now: str, *, quiet: Quiet | None = NIGHT, told: str | None = None, digest: str = "09:00"
) -> datetime | None:
    chosen = Settings(dict.fromkeys(Kind, mode), quiet, time.fromisoformat(digest))
    told_at = local(told) if told else None
    return due_at(Kind.PROGRESS, chosen, NotificationPolicy(chosen, APART), office, told_at, local(now))


@pytest.mark.parametrize(
    ("mode", "now", "told", "due"),
    [
        (Mode.ALWAYS, "2026-11-23T03:00", None, None),
        (Mode.AT_ONCE, "2026-11-23T10:00", "2026-11-23T09:59", None),
        (Mode.AT_ONCE, "2026-11-23T22:00", None, "2026-11-24T07:00"),
        (Mode.AT_ONCE, "2026-11-24T06:59", None, "2026-11-24T07:00"),
        (Mode.AT_ONCE, "2026-11-24T07:00", None, None),
        (Mode.AT_ONCE, "2026-11-23T19:00", None, "2026-11-24T07:00"),
        (Mode.AT_ONCE, "2026-11-20T20:00", None, "2026-11-23T07:00"),  # Friday night
        (Mode.AT_ONCE, "2026-12-24T20:00", None, "2026-12-28T07:00"),  # Christmas and a weekend
        (Mode.BUNDLED, "2026-11-23T10:00", None, None),
        (Mode.BUNDLED, "2026-11-23T10:00", "2026-11-23T09:00", None),
        (Mode.BUNDLED, "2026-11-23T10:00", "2026-11-23T09:58", "2026-11-23T10:03"),
        (Mode.BUNDLED, "2026-11-23T18:58", "2026-11-23T18:57", "2026-11-24T07:00"),
        (Mode.DAILY, "2026-11-23T08:59", None, "2026-11-23T09:00"),
        (Mode.DAILY, "2026-11-23T09:00", None, "2026-11-24T09:00"),
        (Mode.DAILY, "2026-11-20T12:00", None, "2026-11-23T09:00"),
    ],
)
def test_the_moment_to_tell(mode: Mode, now: str, told: str | None, due: str | None) -> None:
    assert when(mode, now, told=told) == (local(due) if due else None)


def test_without_quiet_hours_the_night_is_like_the_day() -> None:
    assert when(Mode.AT_ONCE, "2026-11-21T03:00", quiet=None) is None


def test_quiet_hours_in_the_day_and_weekends_that_are_not_quiet() -> None:
    noon = Quiet(time(12), time(13, 30), closed_days=False)
    assert when(Mode.AT_ONCE, "2026-11-21T12:15", quiet=noon) == local("2026-11-21T13:30")
    assert when(Mode.AT_ONCE, "2026-11-21T03:00", quiet=noon) is None


def test_the_morning_comes_when_the_clock_on_the_wall_says_so() -> None:
    """Also in the two nights in which the clock changes."""
    for night, morning in (("2026-03-28", "2026-03-29"), ("2026-10-24", "2026-10-25")):
        quiet = Quiet(time(19), time(7), closed_days=False)
        assert when(Mode.AT_ONCE, f"{night}T23:00", quiet=quiet) == local(f"{morning}T07:00")
    skipped = Quiet(time(22), time(2, 30), closed_days=False)
    assert when(Mode.AT_ONCE, "2026-03-28T23:00", quiet=skipped) == local("2026-03-29T03:00")


def test_a_city_that_never_opens_still_tells_its_people() -> None:
    never = WorkingTime({}, BRUSSELS)
    now = local("2026-11-23T10:00")
    assert after_quiet(NIGHT, never, now) - now < timedelta(days=31)
    assert next_digest(time(9), never, now) == local("2026-11-24T09:00")


moments = st.timedeltas(timedelta(), timedelta(days=400)).map(lambda age: local("2026-01-01") + age)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
quiets = st.builds(Quiet, times, times, st.booleans()).filter(lambda quiet: quiet.start != quiet.until)


@given(moments, quiets)
def test_what_is_held_is_told_outside_quiet_hours(now: datetime, quiet: Quiet) -> None:
    due = after_quiet(quiet, office, now)
    assert due >= now
    assert after_quiet(quiet, office, due) == due
    wall = due.astimezone(BRUSSELS)
    if quiet.closed_days:
        assert wall.date() not in CLOSED
        assert wall.weekday() < 5
    inside = (
        quiet.start <= wall.time() < quiet.until
        if quiet.start < quiet.until
        else not quiet.until <= wall.time() < quiet.start
    )
    assert not inside or _clock_changes(wall)


def _clock_changes(wall: datetime) -> bool:
    before, after = wall - timedelta(hours=3), wall + timedelta(hours=3)
    return before.utcoffset() != after.utcoffset()
