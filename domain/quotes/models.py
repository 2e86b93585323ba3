"""The message that a ticket was made of: who wrote it, and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class QuoteRow(Table):
    __tablename__ = "ticket_quotes"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    author: Mapped[str] = mapped_column(String(200))
    """The name as Teams shows it: the author may be a guest, or somebody who has left."""
    author_id: Mapped[str | None] = mapped_column(String(100))
    """The person, when the directory knows them."""
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    """Opens the message in Teams, for who may see it there."""
    sent_at: Mapped[datetime | None]


quotes = cast("CoreTable", QuoteRow.__table__)
