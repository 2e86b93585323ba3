"""The table of the files that people sent: what they are, where they stand, and on which ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy import Table as CoreTable
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial, on both databases."""
    return {f"{dialect}_where": sql(condition) for dialect in ("sqlite", "postgresql")}


class AttachmentRow(Table):
    __tablename__ = "ticket_attachments"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    """Also the name under which the store keeps its content."""
    batch_id: Mapped[str] = mapped_column(Id)
    """The files of one message."""
    uploader_id: Mapped[str] = mapped_column(String(100))
    ticket_id: Mapped[str | None] = mapped_column(Id, ForeignKey("tickets.id"))
    """None until the person has said which ticket it is for."""
    internal: Mapped[bool]
    """For the desk only, as an internal note is."""
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    problem: Mapped[str | None] = mapped_column(String(20))
    """Why it was refused; a `rules.Problem`."""
    content_type: Mapped[str | None] = mapped_column(String(100))
    """What the content is, whatever its sender said. None until it has been fetched."""
    size: Mapped[int | None]
    """Bytes."""
    source: Mapped[dict[str, Any] | None]
    """Where to fetch it. It holds a key of Microsoft's, so it goes as soon as the file is here."""
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_ticket_attachments_ticket", "ticket_id", "id"),
        Index("ix_ticket_attachments_batch", "batch_id", "id"),
        # Files that nobody put on a ticket, for the one who sent them and for the cleaner.
        Index("ix_ticket_attachments_loose", "at", **_only("ticket_id IS NULL")),
    )


attachments = cast("CoreTable", AttachmentRow.__table__)
