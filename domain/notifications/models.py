"""What waits to be told, how each person wants to be told, and who was asked to open a chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial, on both databases."""
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


_WAITING = "bundle_id IS NULL"


class HeldNotice(Table):
    """A view of a subject that a person is told of later, alone or in a bundle with others."""

    __tablename__ = "held_notices"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """The job that wanted to show it, so that a job that runs again holds it once."""
    person_id: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    view: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    bundle_id: Mapped[str | None] = mapped_column(Id)
    """With which others it was told; None while it waits."""

    __table_args__ = (
        Index("uq_held_notices_waiting", "person_id", "view", "subject", unique=True, **_only(_WAITING)),
        Index("ix_held_notices_due", "due_at", **_only(_WAITING)),
        Index("ix_held_notices_bundle", "bundle_id", "id", **_only("bundle_id IS NOT NULL")),
        Index("ix_held_notices_at", "at"),
    )


class NoticeSettings(Table):
    """How a person wants to be told. Who chose nothing has what the city chose."""

    __tablename__ = "notice_settings"

    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    modes: Mapped[dict[str, Any]]
    """Kind → mode."""
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    """Times of day, such as 18:30; both null when it is never quiet."""
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    quiet_closed_days: Mapped[bool]
    digest_at: Mapped[str | None] = mapped_column(String(5))
    """Null as long as the person chose nothing."""
    told_at: Mapped[datetime | None]
    """When something that may be bundled was last told."""


class ChatInvitation(Table):
    """The bot was to be installed for a person who had no chat with it."""

    __tablename__ = "chat_invitations"

    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    asked_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    """Why it could not be done, for an operator."""
