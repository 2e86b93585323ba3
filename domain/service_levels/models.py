"""Where the clocks of every ticket stand: told from its history, kept so that lists and reports can look them up."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy import Table as CoreTable
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial, on both databases."""
    return {f"{dialect}_where": sql(condition) for dialect in ("sqlite", "postgresql")}


class TicketClockRow(Table):
    """`*_due_at` is when a target is passed, or was; null while its clock stands still before that. So what was done
    without a `due_at` was done in time, and with one it was late."""

    __tablename__ = "ticket_clocks"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    response_target: Mapped[int | None]
    """Seconds of working time, as all of these; null when nothing was promised."""
    response_used: Mapped[int]
    """Until it was done; of a clock that is not done, until its ticket last changed."""
    response_due_at: Mapped[datetime | None]
    response_done_at: Mapped[datetime | None]
    response_told: Mapped[int] = mapped_column(SmallInteger)
    """The `rules.Level` of this target that people have been told."""
    resolution_target: Mapped[int | None]
    resolution_used: Mapped[int]
    resolution_due_at: Mapped[datetime | None]
    resolution_done_at: Mapped[datetime | None]
    resolution_told: Mapped[int] = mapped_column(SmallInteger)
    at_risk_at: Mapped[datetime | None]
    """When the first of the clocks that run is at risk. In the past: it is."""
    due_at: Mapped[datetime | None]
    """When the first of the clocks that run is due."""
    next_at: Mapped[datetime | None]
    """When somebody has to be told next."""
    counted_with: Mapped[str] = mapped_column(String(16))
    """The fingerprint of the promises and the calendar."""

    __table_args__ = (
        Index("ix_ticket_clocks_at_risk", "at_risk_at", "ticket_id", **_only("at_risk_at IS NOT NULL")),
        Index("ix_ticket_clocks_due", "due_at", "ticket_id", **_only("due_at IS NOT NULL")),
        Index("ix_ticket_clocks_next", "next_at", **_only("next_at IS NOT NULL")),
        Index("ix_ticket_clocks_counted", "counted_with", **_only("resolution_done_at IS NULL")),
    )


ticket_clocks = cast("CoreTable", TicketClockRow.__table__)
