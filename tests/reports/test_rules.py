"""Periods, in the city's days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.errors import Invalid
from domain.reports.links import part_of, subject_of
from domain.reports.rules import MOST_STEPS, Period, Span, days_between, period_of

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("span", "today", "first", "last"),
    [
        (Span.THIS_WEEK, date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),
        (Span.THIS_WEEK, date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 29)),
        (Span.LAST_WEEK, date(2026, 1, 1), date(2025, 12, 22), date(2025, 12, 28)),
        (Span.THIS_MONTH, date(2024, 2, 10), date(2024, 2, 1), date(2024, 2, 29)),
        (Span.LAST_MONTH, date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
        (Span.THIS_QUARTER, date(2026, 11, 23), date(2026, 10, 1), date(2026, 12, 31)),
        (Span.LAST_QUARTER, date(2026, 2, 1), date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_a_name_is_a_period_of_days(span: Span, today: date, first: date, last: date) -> None:
    assert period_of(span, today) == Period(span, first, last)


def test_a_day_is_the_citys_day_also_when_the_clock_changes() -> None:
    start, end = Period(Span.DATES, date(2026, 10, 25), date(2026, 10, 25)).bounds(BRUSSELS)
    assert start.astimezone(UTC) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize("days", [1, 7, 31, 32, 100, 217, 218, 366, 731])
def test_a_line_has_no_more_points_than_fit(days: int) -> None:
    period = Period(Span.DATES, date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days - 1))
    steps = period.steps()
    assert steps[0] == period.first
    assert steps == sorted(set(steps))
    assert steps[-1] <= period.last
    assert len(steps) <= MOST_STEPS


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("", "2026-01-01", "first"),
        ("2026-01-01", "2026-02-30", "last"),
        ("2026-02-01", "2026-01-31", "last"),
        ("2020-01-01", "2026-01-01", "last"),
    ],
)
def test_days_that_cannot_be_are_named(first: str, last: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        days_between(first, last)
    assert refused.value.field == field


def test_a_link_says_which_part_of_which_period() -> None:
    period = Period(Span.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31))
    assert part_of(subject_of("xlsx", period)) == ("xlsx", period)
