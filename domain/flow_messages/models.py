"""What flows say to people and in channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class FlowMessageRow(Table):
    __tablename__ = "flow_messages"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    sender_id: Mapped[str] = mapped_column(String(100))
    """The flow that sent it, or the person whose connection did."""
    sender_name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(500))
    person_id: Mapped[str | None] = mapped_column(String(100))
    """Whom it is for; None for what went to a channel."""
    group_id: Mapped[str | None] = mapped_column(String(40))
    """In whose channel it went."""
    at: Mapped[datetime]
