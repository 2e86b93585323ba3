"""Periods of a report, in the city's days, and who may read one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.errors import Invalid

LONGEST = 732
"""Days of one report: two years."""
MOST_STEPS = 31
"""Points of a line: more do not fit on a phone."""


class Span(StrEnum):
    """A period by its name."""

    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Period:
    """From the start of the day `first` to the end of the day `last`, in the city's time."""

    span: Span
    first: date
    last: date

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first moment in it, and the first one after it."""
        return _midnight(self.first, zone), _midnight(self.last + timedelta(days=1), zone)

    def steps(self) -> Sequence[date]:
        """The first days of the days, weeks or months a line is drawn over, in order."""
        days = (self.last - self.first).days + 1
        if days <= MOST_STEPS:
            return [self.first + timedelta(days=n) for n in range(days)]
        if days <= MOST_STEPS * 7:
            return [self.first + timedelta(days=n) for n in range(0, days, 7)]
        months, day = [self.first], _next_month(self.first)
        while day <= self.last:
            months.append(day)
            day = _next_month(day)
        return months


def period_of(span: Span, today: date) -> Period:
    """A named period, as it is today: this week ends on Sunday, also when that is still to come."""
    match span:
        case Span.THIS_WEEK | Span.LAST_WEEK:
            monday = today - timedelta(days=today.weekday() + (7 if span is Span.LAST_WEEK else 0))
            return Period(span, monday, monday + timedelta(days=6))
        case Span.THIS_MONTH:
            return _months(span, today.replace(day=1), 1)
        case Span.LAST_MONTH:
            return _months(span, (today.replace(day=1) - timedelta(days=1)).replace(day=1), 1)
        case Span.THIS_QUARTER:
            return _months(span, _quarter(today), 3)
        case Span.LAST_QUARTER:
            return _months(span, _quarter(_quarter(today) - timedelta(days=1)), 3)
        case Span.DATES:
            raise ValueError("days are needed")


def days_between(first: str, last: str) -> Period:
    """Two days as ISO dates. Raises `Invalid`, naming the field: `first` or `last`."""
    days = {}
    for name, given in (("first", first), ("last", last)):
        try:
            days[name] = date.fromisoformat(given)
        except ValueError:
            raise Invalid("Choose a day, please.", field=name) from None
    if days["last"] < days["first"]:
        raise Invalid("This day is before the first one.", field="last")
    if (days["last"] - days["first"]).days >= LONGEST:
        raise Invalid("At most {days} days fit in one report.", field="last", days=LONGEST)
    return Period(Span.DATES, days["first"], days["last"])


def _months(span: Span, first: date, count: int) -> Period:
    after = first
    for _ in range(count):
        after = _next_month(after)
    return Period(span, first, after - timedelta(days=1))


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
