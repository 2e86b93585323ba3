"""Series of tips that come by themselves, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

WEEK = "week"
"""The id of the series that brings everybody the same tip in a week. All others are themes."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Every week on this day (Monday is 0), at this time in the city."""

    series_id: str
    weekday: int
    at: time
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Series:
    """`name` is empty for the tip of the week. `subscription` is the person's who looks."""

    id: str
    name: str
    subscription: Subscription | None = None


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """A week with the tip that an author chose for it; the others get one by themselves."""

    week: str
    tip_id: str
    title: str
