"""The tables of building: how far each site is beside its steps, what differs, and what people have to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial, on both databases."""
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


class SiteBuildRow(Table):
    """`run` counts how often a person started it again, so that an old job knows that it is old.

    `attention` is why somebody has to look, None when nobody has. `check_on` is when the site is compared with its
    scenario again, None before it is handed over. `repair_error` is why the last repair did not work.
    """

    __tablename__ = "site_builds"

    request_id: Mapped[str] = mapped_column(Id, ForeignKey("site_requests.id"), primary_key=True)
    run: Mapped[int] = mapped_column(server_default="0")
    web_id: Mapped[str | None] = mapped_column(String(36))
    team_operation: Mapped[str | None] = mapped_column(String(400))
    attention: Mapped[str | None] = mapped_column(String(16))
    handed_over_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    check_on: Mapped[datetime | None]
    repair_error: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        Index("ix_site_builds_attention", "request_id", **_only("attention IS NOT NULL")),
        Index("ix_site_builds_check_on", "check_on", **_only("check_on IS NOT NULL")),
    )


class SiteBuildEventRow(Table):
    """What a person did to a build, and why. Rows are added and never changed."""

    __tablename__ = "site_build_events"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    request_id: Mapped[str] = mapped_column(Id, ForeignKey("site_requests.id"))
    what: Mapped[str] = mapped_column(String(16))
    step: Mapped[str | None] = mapped_column(String(16))
    by_id: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_site_build_events_request", "request_id", "id"),)


class SiteFindingRow(Table):
    """A difference between a site and what was asked; `gone_at` when it was seen to be mended."""

    __tablename__ = "site_findings"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    request_id: Mapped[str] = mapped_column(Id, ForeignKey("site_requests.id"))
    setting: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(255))
    wanted: Mapped[str] = mapped_column(Text)
    found: Mapped[str] = mapped_column(Text)
    first_seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_site_findings_open", "request_id", "setting", "about", unique=True, **_only("gone_at IS NULL")
        ),
    )


class SiteTaskRow(Table):
    """Something that only a person can do for a site. `task_id` is the city's own id of the kind of task."""

    __tablename__ = "site_tasks"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    request_id: Mapped[str] = mapped_column(Id, ForeignKey("site_requests.id"))
    task_id: Mapped[str] = mapped_column(String(40))
    person_ids: Mapped[list[str]]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("uq_site_tasks_request", "request_id", "task_id", unique=True),)
