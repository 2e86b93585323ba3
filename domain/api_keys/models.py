"""Keys that let a flow in. A key itself is shown once, when it is made; what is kept cannot be turned back into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from domain.actor import Actor
from domain.tables import Id, Table


class Scope(StrEnum):
    """What a connection may be used for. What its person or flow may do with it, the actions decide."""

    READ = "tickets.read"
    """Tickets, and the catalogue they are ordered from."""
    CREATE = "tickets.create"
    WRITE = "tickets.write"
    """Change, comment, attach."""
    ON_BEHALF = "tickets.on_behalf"
    """Act for a colleague, named by e-mail address."""
    SITES_READ = "sites.read"
    SITES_WRITE = "sites.write"
    APPROVALS_READ = "approvals.read"
    APPROVALS_DECIDE = "approvals.decide"
    TIPS_READ = "tips.read"
    """Ask, search, suggest."""
    TIPS_RATE = "tips.rate"
    MESSAGES_SEND = "messages.send"
    EVENTS = "events.subscribe"
    """Webhooks, of what the other scopes let it see."""


class ApiKeyRow(Table):
    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of a key with 256 random bits: there is nothing to guess, so it needs no slow hash."""
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    """To the minute: not every call writes."""
    revoked_at: Mapped[datetime | None]
    owner_id: Mapped[str | None] = mapped_column(String(100))
    """The administrator who made it; none when it was made by a command."""
    rotated_at: Mapped[datetime | None]
    previous_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the key before this one, which opens until `previous_until`."""
    previous_until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    owner_id: str | None = None
    rotated_at: datetime | None = None
    previous_until: datetime | None = None

    def as_actor(self) -> Actor:
        return Actor(f"flow:{self.name}", self.name)
