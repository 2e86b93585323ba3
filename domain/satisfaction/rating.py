"""What a requester thought of the handling of a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.satisfaction.rules import LOW


@dataclass(frozen=True, slots=True)
class Rating:
    """`score` is from 1, the worst, to 5."""

    ticket_id: str
    person_id: str
    score: int
    words: str | None
    version: int
    given_at: datetime
    changed_at: datetime

    @property
    def low(self) -> bool:
        return self.score <= LOW
