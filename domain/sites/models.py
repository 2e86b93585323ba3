"""The tables of site requests: what was asked for, and how far its building is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


class SiteState(StrEnum):
    ASKED = "asked"  # waits for an approval
    REFUSED = "refused"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"  # a person has to look; an operator tries again


class Step(StrEnum):
    """The parts of building a site, in order. Which ones a site needs follows from its scenario."""

    ADDRESS = "address"  # nobody else has the web address
    GROUP = "group"
    SITE = "site"
    SHARING = "sharing"  # before anybody is in it
    GUESTS = "guests"  # the group is closed to guests
    HUB = "hub"
    PEOPLE = "people"
    VERIFY = "verify"  # every setting read back


class StepState(StrEnum):
    TODO = "todo"
    WAITING = "waiting"  # tried, and not there yet
    DONE = "done"
    FAILED = "failed"


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


@dataclass(frozen=True, slots=True)
class SiteStep:
    """`error` is what the platform last said, in its own words."""

    step: Step
    state: StepState
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """`owner_ids` and `member_ids` are people of the directory, `guests` addresses of people outside the city."""

    id: str
    number: str
    requester_id: str
    team_id: str
    scenario_id: str
    name: str
    alias: str
    purpose: str
    owner_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    guests: tuple[str, ...]
    state: SiteState
    group_id: str | None
    site_id: str | None
    url: str | None
    created_at: datetime
    finished_at: datetime | None
    steps: tuple[SiteStep, ...]

    @property
    def failed_step(self) -> SiteStep | None:
        return next((step for step in self.steps if step.state is StepState.FAILED), None)


Names = Mapping[str, str]
"""Person id → name, for those a card names."""
