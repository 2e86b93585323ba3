"""A digicoach, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.digicoaches.policy import Hours


@dataclass(frozen=True, slots=True)
class Coach:
    """Who it is is in the directory. `service_id` is the team whose digicoach this is, mostly their own."""

    person_id: str
    service_id: str
    languages: frozenset[str]
    places: tuple[str, ...]
    hours: Hours
    per_week: int
    pause_until: date | None = None
    wants_news: bool = True
    active: bool = True


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a digicoach is. `this_week` counts what they got and what they helped with on the floor."""

    this_week: int = 0
    last_at: datetime | None = None


IDLE = Load()
