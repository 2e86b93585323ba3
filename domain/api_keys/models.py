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
    READ = "tickets.read"
    CREATE = "tickets.create"
    ON_BEHALF = "tickets.on_behalf"
    """Report for a colleague, named by e-mail address."""


class ApiKeyRow(Table):
    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of a key with 256 random bits: there is nothing to guess, so it needs no slow hash."""
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    """To the hour: not every call writes."""
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def as_actor(self) -> Actor:
        return Actor(f"flow:{self.name}", self.name)
