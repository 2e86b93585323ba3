"""Which events there are, whom they are for, and what follows from what a receiver answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.actor import Actor, Role


class EventType(StrEnum):
    TICKET_CREATED = "ticket.created"
    TICKET_UPDATED = "ticket.updated"
    TICKET_COMMENTED = "ticket.commented"
    TICKET_ASSIGNED = "ticket.assigned"
    TICKET_AT_RISK = "ticket.at_risk"
    TICKET_BREACHED = "ticket.breached"
    TICKET_RESOLVED = "ticket.resolved"
    TICKET_REOPENED = "ticket.reopened"
    TICKET_RATED = "ticket.rated"
    APPROVAL_ASKED = "approval.asked"
    APPROVAL_DECIDED = "approval.decided"
    SITE_PROVISIONED = "site.provisioned"
    SITE_FAILED = "site.failed"
    QUESTION_UNANSWERED = "question.unanswered"

    @property
    def about(self) -> str:
        """What it is about: `ticket`, `approval`, `site` or `question`."""
        return self.value.partition(".")[0]


SEEN_BY: Final[Mapping[str, frozenset[Role]]] = {
    "ticket": frozenset({Role.AGENT}),
    "approval": frozenset({Role.INFORMATION_MANAGER, Role.ADMIN}),
    "site": frozenset({Role.INFORMATION_MANAGER, Role.ADMIN}),
    "question": frozenset({Role.TIP_AUTHOR, Role.INFORMATION_MANAGER, Role.ADMIN}),
}
"""Who sees all events about a thing. Everybody else hears of what is theirs; a flow with an API key hears all."""

FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "ticket": ("kind", "priority", "category", "team"),
    "approval": ("kind", "team", "scenario"),
    "site": ("scenario", "team"),
    "question": ("language",),
}
"""What a subscription can narrow its events by."""


def may_hear(owner: Actor, event: EventType, people: Collection[str]) -> bool:
    """Whether a subscription of this owner gets an event that concerns `people`."""
    return owner.is_flow or owner.id in people or bool(owner.roles & SEEN_BY[event.about])


def fits(wanted: Mapping[str, str], facts: Mapping[str, str | None]) -> bool:
    """Whether an event with these facts passes a subscription's filter."""
    return wanted.items() <= facts.items()


class State(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    """Failed for days: what happens meanwhile is kept, until somebody resumes it."""
    ENDED = "ended"


class Ended(StrEnum):
    """Why a subscription ended."""

    UNSUBSCRIBED = "unsubscribed"
    GONE = "gone"
    """The receiver said that its address is not there (any more)."""
    NO_ACCESS = "no_access"
    """The API key was revoked, or its owner left."""


class Trouble(StrEnum):
    """Why something did not arrive, when there was no answer that says so: `HTTP 500` is one that does."""

    TIME = "no answer in time"
    CONNECTION = "no connection"
    ANSWER = "no answer"
    INSIDE = "an address inside the network"
    PAUSED = "paused"
    """Kept while the subscription is paused."""


class Verdict(StrEnum):
    """What an answer means for the event that was sent."""

    DELIVERED = "delivered"
    LATER = "later"
    """The same event is tried again, and those after it wait."""
    REFUSED = "refused"
    """Sending it again cannot help: it is put aside, and the next one goes."""
    GONE = "gone"
    """Nobody listens there any more."""


_MAY_PASS = frozenset({401, 402, 403, 407, 408, 409, 421, 423, 424, 425, 429})
"""4xx about the moment or about us, and not about what was sent."""


def verdict_of(status: int | None) -> Verdict:
    """`status` is None when there was no answer at all."""
    if status is None:
        return Verdict.LATER
    if 200 <= status < 300:
        return Verdict.DELIVERED
    if status in (404, 410):
        return Verdict.GONE
    if 400 <= status < 500 and status not in _MAY_PASS:
        return Verdict.REFUSED
    return Verdict.LATER


FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(days=1)
PAUSE_AFTER = timedelta(days=3)
"""So long nothing arrived: the subscription is paused and its owner told."""
KEPT = timedelta(days=30)
"""For how long dead letters and ended subscriptions are kept."""
MOST_PER_OWNER = 200
VALUE_LIMIT = 100
"""Characters of what a filter looks for."""


def next_try(now: datetime, failures: int, jitter: float, after: float | None = None) -> datetime:
    """When to try again after the `failures`-th failure in a row: doubled each time, up to a day.

    `jitter` from 0 to 1 spreads it over the upper half. `after` is what the receiver asked for, in seconds: never
    sooner than that, up to a day.
    """
    doubled = min(FIRST_WAIT.total_seconds() * 2 ** min(failures - 1, 30), LONGEST_WAIT.total_seconds())
    wait = doubled * (0.5 + jitter / 2)
    if after is not None:
        wait = max(wait, min(max(after, 0.0), LONGEST_WAIT.total_seconds()) + jitter)
    return now + timedelta(seconds=wait)


def gave_up(failing_since: datetime | None, now: datetime) -> bool:
    return failing_since is not None and now - failing_since >= PAUSE_AFTER
