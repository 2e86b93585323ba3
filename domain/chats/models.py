"""Where people can be reached, and which card stands in whose chat, so that it can be updated in place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class Chat(Table):
    """A person's personal chat with the bot, as the channel last told us."""

    __tablename__ = "chats"

    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    service_url: Mapped[str] = mapped_column(String(500))
    conversation_id: Mapped[str] = mapped_column(String(300))
    channel_id: Mapped[str] = mapped_column(String(50))
    tenant_id: Mapped[str | None] = mapped_column(String(100))
    bot_id: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[datetime]


class Post(Table):
    """A card that stands in a chat: which view of which subject, for whom, as which activity."""

    __tablename__ = "posts"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    view: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[str] = mapped_column(String(100))
    service_url: Mapped[str] = mapped_column(String(500))
    conversation_id: Mapped[str] = mapped_column(String(300))
    activity_id: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("view", "subject", "person_id"),
        Index("ix_posts_subject", "subject"),
    )
