"""Planned changes. A change is a ticket of the kind change with a plan; the plan hangs on the ticket's id."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table

AHEAD = "state IN ('asked', 'planned')"
"""Changes still to be made. Written out: a partial index is only used when a query says the same."""
_AHEAD: dict[str, Any] = {f"{dialect}_where": sql(AHEAD) for dialect in ("sqlite", "postgresql")}


class ChangeRow(Table):
    __tablename__ = "changes"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    type: Mapped[str] = mapped_column(String(10))
    standard_id: Mapped[str | None] = mapped_column(String(60))
    """Which standard change it is."""
    systems: Mapped[list[str]] = mapped_column(JSON)
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    """Of the risk questionnaire: question → option."""
    risk: Mapped[int]
    plan: Mapped[str] = mapped_column(Text)
    back_out: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    needs_approval: Mapped[bool]
    planned_by_id: Mapped[str] = mapped_column(String(100))
    result: Mapped[str | None] = mapped_column(String(16))
    result_note: Mapped[str | None] = mapped_column(Text)
    result_by_id: Mapped[str | None] = mapped_column(String(100))
    result_at: Mapped[datetime | None]
    review: Mapped[str | None] = mapped_column(Text)
    review_by_id: Mapped[str | None] = mapped_column(String(100))
    review_at: Mapped[datetime | None]

    __table_args__ = (
        # What is ahead, in the order of the calendar, and what overlaps a window.
        Index("ix_changes_ahead", "starts_at", "ticket_id", **_AHEAD),
        Index("ix_changes_ahead_end", "ends_at", **_AHEAD),
    )
