"""Who may rate a ticket, when, and what is a low rating."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.errors import Conflict, Invalid

SCORES = (1, 2, 3, 4, 5)
LOW = 2
"""Up to this score the desk lead looks into it."""
CHANGE_WITHIN = timedelta(days=7)
"""For so long after the first tap, a person can think better of it."""
WORDS_LIMIT = 2000


def check_score(score: int) -> int:
    if score not in SCORES:
        raise Invalid("Choose one of the five faces, please.", field="score")
    return score


def may_change(given_at: datetime, now: datetime) -> bool:
    return now <= given_at + CHANGE_WITHIN


def check_change(given_at: datetime, now: datetime) -> None:
    """Raises `Conflict` when the rating stands by now."""
    if not may_change(given_at, now):
        raise Conflict("Your rating is more than {days} days old: it stands now.", days=CHANGE_WITHIN.days)
