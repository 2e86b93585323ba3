"""What a link to a part of a report says: which part, of which period."""

from __future__ import annotations

from domain.errors import NotFound
from domain.reports.rules import Period, Span, days_between


def subject_of(part: str, period: Period) -> str:
    return f"{part} {period.span.value} {period.first.isoformat()} {period.last.isoformat()}"


def part_of(subject: str) -> tuple[str, Period]:
    """Raises `NotFound` for what is no part of a report."""
    try:
        part, span, first, last = subject.split(" ")
        days = days_between(first, last)
        return part, Period(Span(span), days.first, days.last)
    except ValueError:
        raise NotFound("There is nothing here.") from None
