"""The tables of site requests: what was asked for, and how far its building is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class SiteRequestRow(Table):
    __tablename__ = "site_requests"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    requester_id: Mapped[str] = mapped_column(String(100))
    team_id: Mapped[str] = mapped_column(String(100))
    scenario_id: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))
    alias: Mapped[str] = mapped_column(String(64))
    """The last part of the web address; also the group's mail nickname."""
    purpose: Mapped[str] = mapped_column(Text)
    owner_ids: Mapped[list[str]]
    member_ids: Mapped[list[str]]
    guests: Mapped[list[str]]
    state: Mapped[str] = mapped_column(String(16))
    group_id: Mapped[str | None] = mapped_column(String(36))
    site_id: Mapped[str | None] = mapped_column(String(36))
    url: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_site_requests_requester", "requester_id", "id"),
        # One request at a time may hold an address; a refused one lets go of it.
        Index(
            "uq_site_requests_alias_held",
            "alias",
            unique=True,
            sqlite_where=text("state != 'refused'"),
            postgresql_where=text("state != 'refused'"),
        ),
    )


class SiteStepRow(Table):
    """A step of a request. `started_at` is its first attempt since it was last (re)started by a person."""

    __tablename__ = "site_steps"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("site_requests.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))
