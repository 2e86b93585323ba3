"""The tables of sites: what was asked for, how far its building is, and the sites that stand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table

OPEN_CHANGE_STATES = ("asked", "sent_back", "doing", "failed")
OPEN_CHANGE = f"state IN {OPEN_CHANGE_STATES}"
HOLDS_ADDRESS = "state NOT IN ('refused', 'withdrawn')"


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
    hub_id: Mapped[str | None] = mapped_column(Id)
    language: Mapped[str] = mapped_column(String(5), server_default="nl")
    library_ids: Mapped[list[str] | None] = mapped_column(JSON)
    retention_label: Mapped[str | None] = mapped_column(String(100))
    end_date: Mapped[date | None]
    answers: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """What the requester said about the site before choosing its scenario, by question."""
    advised_id: Mapped[str | None] = mapped_column(String(10))
    scenario_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))

    __table_args__ = (
        Index("ix_site_requests_requester", "requester_id", "id"),
        Index("ix_site_requests_state", "state", "id"),
        # One request at a time may hold an address; one that comes to nothing lets go of it.
        Index(
            "uq_site_requests_alias_held",
            "alias",
            unique=True,
            sqlite_where=text(HOLDS_ADDRESS),
            postgresql_where=text(HOLDS_ADDRESS),
        ),
    )


class SiteStepRow(Table):
    """A step of a request. `started_at` is its first attempt since it was last (re)started by a person; `next_at` is
    when a waiting one is tried again."""

    __tablename__ = "site_steps"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("site_requests.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))
    next_at: Mapped[datetime | None]


class SiteRow(Table):
    """A site that stands, from the moment it was ready. Its id is that of the request that made it.

    `looked_on` is the last day somebody was reminded of what this site needs, `look_on` the next day to look.
    """

    __tablename__ = "sites"

    id: Mapped[str] = mapped_column(Id, ForeignKey("site_requests.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    alias: Mapped[str] = mapped_column(String(64))
    team_id: Mapped[str] = mapped_column(String(100))
    scenario_id: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(16))
    url: Mapped[str | None] = mapped_column(String(400))
    end_date: Mapped[date | None]
    review_on: Mapped[date]
    looked_on: Mapped[date]
    look_on: Mapped[date]
    opened_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_sites_team", "team_id", "id"),
        Index("ix_sites_scenario", "scenario_id", "id"),
        Index("ix_sites_look", "state", "look_on", "id"),
    )


class SitePersonRow(Table):
    """Who owns a site or is a member of it. `position` orders the owners: the first answers for it."""

    __tablename__ = "site_people"

    site_id: Mapped[str] = mapped_column(Id, ForeignKey("sites.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    part: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]

    __table_args__ = (
        Index("ix_site_people_person", "person_id", "site_id"),
        Index("ix_site_people_part", "part", "person_id", "site_id"),
    )


class SiteChangeRow(Table):
    """Something asked for a site that stands: archive, restore, rename, other owners, a later end. `wanted` is what
    it becomes. `error` is what the platform last said, in its own words."""

    __tablename__ = "site_changes"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(Id, ForeignKey("sites.id"))
    kind: Mapped[str] = mapped_column(String(16))
    wanted: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    requester_id: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        Index("ix_site_changes_site", "site_id", "id"),
        # One at a time: who asks while another one is open is told so.
        Index(
            "uq_site_changes_open",
            "site_id",
            unique=True,
            sqlite_where=text(OPEN_CHANGE),
            postgresql_where=text(OPEN_CHANGE),
        ),
    )
