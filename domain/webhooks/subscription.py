"""A subscription, an event and what is still to be delivered, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from domain.webhooks.rules import Ended, EventType, State


@dataclass(frozen=True, slots=True)
class Subscription:
    """`filter` has the facts an event must have. `error` is why the last attempt failed, None when it did not."""

    id: str
    owner_id: str
    event: EventType
    url: str = field(repr=False)
    filter: Mapping[str, str]
    secret: str = field(repr=False)
    state: State
    created_at: datetime
    version: int = 1
    failures: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    error: str | None = None
    delivered_at: datetime | None = None
    ended: Ended | None = None

    @property
    def host(self) -> str:
        """What may be shown of the address: the rest can hold a signature."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An event on its way to one subscription. `body` is JSON."""

    delivery_id: int
    event_id: str
    type: EventType
    subject: str
    at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    delivery_id: int
    type: EventType
    at: datetime
    dead_at: datetime
    error: str
