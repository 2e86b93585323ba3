"""Who gets tips by themselves, when, and which tip a week has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Table


class SubscriptionRow(Table):
    """A person who gets a tip of a series every week."""

    __tablename__ = "tip_subscriptions"

    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    series_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """`week`, or a theme."""
    weekday: Mapped[int] = mapped_column(SmallInteger)
    """Monday is 0."""
    time_of_day: Mapped[str] = mapped_column(String(5))
    """In the city's time, such as 09:00."""
    next_at: Mapped[datetime] = mapped_column(index=True)
    last_tip_id: Mapped[str | None] = mapped_column(String(80))
    """Of a theme: as far as the person has come."""
    since: Mapped[datetime]

    __table_args__ = (Index("ix_tip_subscriptions_series", "series_id"),)


class WeekTipRow(Table):
    """The tip of a week: chosen by an author, or else when the week's first subscriber is due."""

    __tablename__ = "week_tips"

    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    """As ISO 8601 counts them: 2026-W48."""
    tip_id: Mapped[str] = mapped_column(String(80), index=True)
    chosen_by: Mapped[str | None] = mapped_column(String(100))
    at: Mapped[datetime]
