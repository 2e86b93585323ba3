"""What reports count: one row a ticket with the figures of it, kept up to date by the job that follows every change."""

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


class TicketFigureRow(Table):
    """A ticket's life in numbers. A report reads rows of its period from an index and nothing else."""

    __tablename__ = "ticket_figures"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    version: Mapped[int]
    """Of the ticket that was counted: an older one does not undo a newer one."""
    kind: Mapped[str] = mapped_column(String(10))
    category: Mapped[str | None] = mapped_column(String(40))
    team_id: Mapped[str | None] = mapped_column(String(100))
    priority: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    responded_at: Mapped[datetime | None]
    """When the desk first said something to the requester."""
    solved_at: Mapped[datetime | None]
    """When it was resolved; null again as long as it is reopened. A ticket that was withdrawn, refused or merged has
    been solved by nobody."""
    ended_at: Mapped[datetime | None]
    """When it stopped being work: solved, or ended otherwise. Null is the backlog."""
    response_seconds: Mapped[int | None]
    """Working time until the first response."""
    solution_seconds: Mapped[int | None]
    """Working time until the solution, without the time it waited for others."""
    response_met: Mapped[bool | None]
    """Whether what was promised was kept; null when nothing was, or when it is not known yet."""
    solution_met: Mapped[bool | None]
    reopened: Mapped[int] = mapped_column(SmallInteger)
    """How many times."""

    __table_args__ = (
        # Each holds all that is counted over it, so that a report reads indexes and no rows.
        Index("ix_ticket_figures_created", "created_at", "kind", "category", "team_id"),
        Index("ix_ticket_figures_responded", "responded_at", "response_seconds", "response_met"),
        Index(
            "ix_ticket_figures_solved",
            "solved_at",
            "solution_seconds",
            "solution_met",
            "reopened",
            "priority",
        ),
        Index("ix_ticket_figures_backlog", "created_at", **_only("ended_at IS NULL")),
    )


ticket_figures = cast("CoreTable", TicketFigureRow.__table__)
