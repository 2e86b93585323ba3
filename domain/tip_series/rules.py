"""When the next tip of a series comes. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.service_levels.calendar import WorkingTime, first_at

A_DAY = timedelta(days=1)
A_WEEK = 7


def next_sending(weekday: int, at: time, after: datetime, calendar: WorkingTime) -> datetime:
    """The first time after `after` that it is this day of the week (Monday is 0) and time in the city;
    when the city is closed that day, the next day on which it is open."""
    today = after.astimezone(calendar.zone).date()
    for ahead in range(A_WEEK + 1):
        day = today + ahead * A_DAY
        if day.weekday() == weekday and first_at(day, at, calendar.zone) > after:
            return first_at(_open_day(day, calendar), at, calendar.zone)
    raise AssertionError("a week has all of its days")


def _open_day(day: date, calendar: WorkingTime) -> date:
    """This day or the next one on which the city is open; this day when it is closed for a week."""
    days = (day + ahead * A_DAY for ahead in range(A_WEEK))
    return next(filter(calendar.opens_on, days), day)


def week_of(day: date) -> str:
    """Such as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date:
    """Raises `ValueError` for what is no week."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def weeks_from(day: date, count: int) -> list[str]:
    """The week of a day, and those after it."""
    return [week_of(day + n * A_WEEK * A_DAY) for n in range(count)]
