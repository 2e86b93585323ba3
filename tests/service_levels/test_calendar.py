"""Sums with working time, against a counter of minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.service_levels.calendar import DAY_END, Hours, WorkingTime

BRUSSELS = ZoneInfo("Europe/Brussels")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OFFICE = {day: [Hours(time(8, 30), time(12)), Hours(time(13), time(17))] for day in range(5)}
ROUND_THE_CLOCK = {day: [Hours(time(), DAY_END)] for day in range(7)}
CLOSED = {
    date(2026, 12, 25): "Kerstmis",
    date(2026, 12, 26): "Tweede kerstdag",
    date(2027, 1, 1): "Nieuwjaar",
}


def closed_days(year: int) -> dict[date, str]:
    return {day: name for day, name in CLOSED.items() if day.year == year}


office = WorkingTime(OFFICE, BRUSSELS, closed_days)
always = WorkingTime(ROUND_THE_CLOCK, BRUSSELS)


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS, fold=fold).astimezone(UTC)


class MinuteCounter:
    """The same calendar, counted the slow way: it looks at a wall clock every minute."""

    def __init__(self, hours: dict[int, list[Hours]], closed: dict[date, str]) -> None:
        self.hours, self.closed = hours, closed

    def open_minutes(self, start: datetime, end: datetime) -> list[datetime]:
        """The minutes that are open, of those that start from `start` until `end`."""
        found, moment = [], local(start.astimezone(BRUSSELS).date().isoformat())
        begun: set[time] = set()
        ended: set[time] = set()
        day = None
        while moment < end:
            wall = moment.astimezone(BRUSSELS)
            if wall.date() != day:
                day, begun, ended = wall.date(), set(), set()
            spans = [] if day in self.closed else self.hours.get(wall.weekday(), [])
            # Once the clock has shown a time it has been, also when the clock goes back after it.
            begun |= {span.opens for span in spans if wall.time() >= span.opens}
            ended |= {span.closes for span in spans if wall.time() >= span.closes}
            if moment >= start and any(s.opens in begun and s.closes not in ended for s in spans):
                found.append(moment)
            moment += MINUTE
        return found

    def between(self, start: datetime, end: datetime) -> timedelta:
        return len(self.open_minutes(start, end)) * MINUTE


@st.composite
def week_hours(draw: st.DrawFn) -> dict[int, list[Hours]]:
    week: dict[int, list[Hours]] = {}
    for day in range(7):
        edges = sorted(draw(st.lists(st.integers(0, 24 * 12), min_size=0, max_size=4, unique=True)))
        walls = [DAY_END if edge == 288 else time(edge // 12, edge % 12 * 5) for edge in edges]
        week[day] = [Hours(a, b) for a, b in zip(walls[::2], walls[1::2], strict=False)]
    return week


# Around both clock changes of 2026, a new year, and a plain week.
starts = st.sampled_from(["2026-03-27", "2026-10-23", "2026-12-29", "2026-06-01"]).map(local)
minutes = st.integers(0, 5 * 24 * 60).map(lambda n: n * MINUTE)
closings = st.lists(st.sampled_from(["2026-03-29", "2026-10-26", "2026-12-31", "2027-01-01", "2026-06-02"]))


@settings(deadline=None, max_examples=60)
@given(week_hours(), closings, starts, minutes, minutes)
def test_any_time_between_equals_the_minutes_counted(
    hours: dict[int, list[Hours]],
    closed: list[str],
    around: datetime,
    first: timedelta,
    second: timedelta,
) -> None:
    days = {date.fromisoformat(day): "gesloten" for day in closed}
    calendar = WorkingTime(hours, BRUSSELS, lambda year: days)
    start, end = around + min(first, second), around + max(first, second)
    assert calendar.between(start, end) == MinuteCounter(hours, days).between(start, end)
    assert sum((s.length for s in calendar.stretches(start, end)), timedelta()) == calendar.between(
        start, end
    )


@settings(deadline=None, max_examples=60)
@given(week_hours(), starts, minutes, st.integers(1, 3000))
def test_adding_ends_with_the_last_minute_counted(
    hours: dict[int, list[Hours]], around: datetime, offset: timedelta, working: int
) -> None:
    calendar, start = WorkingTime(hours, BRUSSELS), around + offset
    counted = MinuteCounter(hours, {}).open_minutes(start, start + timedelta(days=9))
    if len(counted) >= working:
        assert calendar.add(start, working * MINUTE) == counted[working - 1] + MINUTE


moments = st.timedeltas(timedelta(), timedelta(days=5000)).map(lambda age: local("2022-01-01") + age)
spans = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))


@given(moments, spans)
def test_what_was_added_is_between(moment: datetime, working: timedelta) -> None:
    assert office.between(moment, office.add(moment, working)) == working


@given(moments, moments, moments)
def test_time_never_runs_backwards_and_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    first, second, third = sorted((a, b, c))
    assert timedelta() <= office.between(first, second) <= second - first
    assert office.between(first, second) + office.between(second, third) == office.between(first, third)
    assert office.between(third, first) == timedelta()


def test_what_is_due_after_the_last_hour_is_due_at_closing() -> None:
    assert office.add(local("2026-11-20T16:00"), HOUR) == local("2026-11-20T17:00")
    assert office.add(local("2026-11-20T16:00"), HOUR + MINUTE) == local("2026-11-23T08:31")


def test_lunch_does_not_count() -> None:
    assert office.add(local("2026-11-23T11:00"), 2 * HOUR) == local("2026-11-23T14:00")


def test_a_holiday_on_the_due_day_moves_it_to_the_next_open_day() -> None:
    # Thursday afternoon, then Christmas on Friday and the weekend.
    assert office.add(local("2026-12-24T16:00"), 2 * HOUR) == local("2026-12-28T09:30")
    assert office.add_days(local("2026-12-24T16:00"), 1) == local("2026-12-28T16:00")


def test_the_night_the_clock_goes_back_has_an_hour_more_around_the_clock() -> None:
    assert always.between(local("2026-10-25T00:00"), local("2026-10-26T00:00")) == 25 * HOUR
    assert always.add(local("2026-10-25T01:30"), 2 * HOUR) == local("2026-10-25T02:30", fold=1)


def test_the_night_the_clock_goes_forward_has_an_hour_less_around_the_clock() -> None:
    assert always.between(local("2026-03-29T00:00"), local("2026-03-30T00:00")) == 23 * HOUR
    assert always.add(local("2026-03-29T01:30"), 2 * HOUR) == local("2026-03-29T04:30")


def test_hours_that_begin_in_the_hour_that_is_skipped_begin_when_the_clock_jumps() -> None:
    night = WorkingTime({6: [Hours(time(2, 30), time(5))]}, BRUSSELS)
    assert night.between(local("2026-03-29T00:00"), local("2026-03-30T00:00")) == 2 * HOUR
    assert night.add(local("2026-03-29T00:00"), MINUTE) == datetime(2026, 3, 29, 1, 1, tzinfo=UTC)


def test_an_hour_that_comes_twice_counts_from_the_first_time() -> None:
    night = WorkingTime({6: [Hours(time(2, 30), time(5))]}, BRUSSELS)
    assert night.between(local("2026-10-25T00:00"), local("2026-10-26T00:00")) == 3.5 * HOUR


def test_office_hours_do_not_notice_a_clock_change() -> None:
    for friday, monday in (("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")):
        assert office.add(local(f"{friday}T16:00"), 2 * HOUR) == local(f"{monday}T09:30")
        assert office.add_days(local(f"{friday}T16:00"), 1) == local(f"{monday}T16:00")


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        ("2026-11-20T16:00", 1, "2026-11-23T16:00"),  # Friday, Monday
        ("2026-11-21T10:00", 1, "2026-11-23T10:00"),  # Saturday: Monday is the first working day
        ("2026-11-20T18:30", 1, "2026-11-23T17:00"),  # too late in the evening: at closing
        ("2026-11-20T06:00", 1, "2026-11-23T08:30"),  # too early: at opening
        ("2026-12-23T12:30", 6, "2027-01-04T12:30"),  # Christmas and New Year in between
        ("2026-11-20T16:00", 0, "2026-11-20T16:00"),
    ],
)
def test_working_days_are_counted(asked: str, days: int, due: str) -> None:
    assert office.add_days(local(asked), days) == local(due)


def test_a_calendar_that_never_opens_has_no_end_of_a_sum() -> None:
    never = WorkingTime({}, BRUSSELS)
    assert never.between(local("2026-01-01"), local("2027-01-01")) == timedelta()
    with pytest.raises(ValueError, match="of working time"):
        never.add(local("2026-01-01"), HOUR)
    with pytest.raises(ValueError, match="working days"):
        never.add_days(local("2026-01-01"), 1)


def test_nothing_is_added_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        office.add(local("2026-01-01"), -HOUR)
    with pytest.raises(ValueError, match="backwards"):
        office.add_days(local("2026-01-01"), -1)


def test_it_says_when_it_is_open_and_why_it_is_closed() -> None:
    assert office.is_open(local("2026-11-23T08:30"))
    assert not office.is_open(local("2026-11-23T12:00"))
    assert not office.is_open(local("2026-11-22T10:00"))
    assert office.closed(date(2026, 12, 25)) == "Kerstmis"
    assert office.closed(date(2026, 11, 22)) is None
    assert not office.opens_on(date(2026, 11, 22))
