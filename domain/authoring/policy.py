"""What a city decides for itself about writing tips; read from `organisation/authoring.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class AuthoringPolicy:
    """`review_after`: how long a tip that was found right stays so by itself. `remind_every`: how often its author
    hears that it has to be reviewed. `four_eyes`: another author looks before a tip is published."""

    review_after: timedelta = timedelta(days=365)
    remind_every: timedelta = timedelta(days=30)
    four_eyes: bool = True

    def due_if_checked_by(self, today: date) -> date:
        """Tips that were last found right on this day or before have to be reviewed."""
        return today - self.review_after
