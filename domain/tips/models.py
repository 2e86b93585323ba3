"""The tables of the tips, of what people asked, and of whether it helped."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class TipRow(Table):
    __tablename__ = "tips"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int]
    """Counts the contents this id has had."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content: the same digest is the same tip, in every database."""
    state: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(5))
    theme: Mapped[str] = mapped_column(String(40))
    theme_name: Mapped[str] = mapped_column(String(80))
    audience: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    alternates: Mapped[list[str]]
    intro: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[str]]
    phone: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    source_name: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str | None] = mapped_column(String(500))
    related: Mapped[list[str]]
    checked: Mapped[date] = mapped_column(Date)
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_tips_state_id", "state", "id"),
        Index("ix_tips_theme_id", "theme", "id"),
        Index("ix_tips_changed_at", "changed_at"),
    )


class SynonymRow(Table):
    """Words that mean the same to the search, as the authors keep them."""

    __tablename__ = "tip_synonyms"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(5))
    words: Mapped[list[str]]
    changed_at: Mapped[datetime]


class QuestionRow(Table):
    __tablename__ = "tip_questions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(5))
    text: Mapped[str] = mapped_column(String(1000))
    zone: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    shown: Mapped[list[str]]
    tip_id: Mapped[str | None] = mapped_column(String(80))
    """The tip the person ended up with: the answer, or the one they chose."""
    none_fitted: Mapped[bool] = mapped_column(default=False)
    """The person said that none of the tips to choose from was it."""
    at: Mapped[datetime]
    """When it was written down: the moment it was asked, or a second later."""

    __table_args__ = (
        Index("ix_tip_questions_zone_id", "zone", "id"),
        Index("ix_tip_questions_tip_id_id", "tip_id", "id"),
    )


class RatingRow(Table):
    __tablename__ = "tip_ratings"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tip_id: Mapped[str] = mapped_column(String(80))
    tip_version: Mapped[int]
    question_id: Mapped[str | None] = mapped_column(Id)
    """No foreign key: a rating counts, even when its question was lost with the process that kept it."""
    person_id: Mapped[str] = mapped_column(String(100))
    helped: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("question_id", "tip_id", "person_id"),
        Index("ix_tip_ratings_tip_id_id", "tip_id", "id"),
    )
