"""The helpdesk's tables: tickets, their history that only grows, and what requester and desk said to each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import Table as CoreTable
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table

_UNANSWERED: dict[str, Any] = {
    f"{dialect}_where": sql("unanswered_since IS NOT NULL") for dialect in ("sqlite", "postgresql")
}


class TicketRow(Table):
    __tablename__ = "tickets"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    impact: Mapped[str] = mapped_column(String(6))
    urgency: Mapped[str] = mapped_column(String(6))
    priority: Mapped[int]
    requester_id: Mapped[str] = mapped_column(String(100))
    """For whom it is: a person, or a flow that named nobody."""
    reporter_id: Mapped[str] = mapped_column(String(100))
    """Who or what reported it."""
    team_id: Mapped[str | None] = mapped_column(String(100))
    assignee_id: Mapped[str | None] = mapped_column(String(100))
    version: Mapped[int]
    """One more with every change: an update says which version it saw, so that of two at once one wins."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    unanswered_since: Mapped[datetime | None]
    """When the desk last said something the requester has not reacted to."""

    # Ids are in order of creation, so that each list is newest first on its own index.
    __table_args__ = (
        Index("ix_tickets_requester", "requester_id", "id"),
        Index("ix_tickets_state", "state", "id"),
        Index("ix_tickets_kind", "kind", "id"),
        # Few tickets are in these two: who may be answering the desk, and on what.
        Index("ix_tickets_unanswered", "unanswered_since", "requester_id", **_UNANSWERED),
        Index("ix_tickets_requester_unanswered", "requester_id", "unanswered_since", **_UNANSWERED),
    )


class TicketEventRow(Table):
    """One line of history: who did what, when. Rows are added and never changed."""

    __tablename__ = "ticket_events"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"))
    version: Mapped[int]
    what: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    """The state after it."""
    by_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any] | None]

    __table_args__ = (Index("ix_ticket_events_ticket", "ticket_id", "version", unique=True),)


class TicketMessageRow(Table):
    """What the requester and the desk said to each other: everything in here is for both to read."""

    __tablename__ = "ticket_messages"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"))
    author_id: Mapped[str] = mapped_column(String(100))
    from_desk: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_messages_ticket", "ticket_id", "id"),)


# As plain tables: a statement on a mapped class goes through the ORM's compiler every time, which a ticket's
# five statements would feel.
tickets = cast("CoreTable", TicketRow.__table__)
ticket_events = cast("CoreTable", TicketEventRow.__table__)
ticket_messages = cast("CoreTable", TicketMessageRow.__table__)
