"""What requesters thought of how their ticket was handled."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class TicketRatingRow(Table):
    """One of a person for a ticket; changed in place as long as it may be."""

    __tablename__ = "ticket_ratings"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    """1 is the worst and 5 the best."""
    words: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int]
    """One more with every change."""
    given_at: Mapped[datetime]
    """When it was given first: from then on it may be changed for a while."""
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_ratings_given", "given_at", "score"),)


ticket_ratings = cast("CoreTable", TicketRatingRow.__table__)
