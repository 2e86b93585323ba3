"""A site that stands, and what people ask to change about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class StandingState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"  # can be read, and brought back


class Part(StrEnum):
    """What somebody is in a site."""

    OWNER = "owner"
    MEMBER = "member"


class ChangeKind(StrEnum):
    """What can be asked for a site that stands."""

    EXTEND = "extend"
    RENAME = "rename"
    OWNER = "owner"
    ARCHIVE = "archive"
    RESTORE = "restore"

    @property
    def approval_kind(self) -> str:
        """The kind of approval it takes, and the name of its policy."""
        return f"site_{self.value}"


class ChangeState(StrEnum):
    ASKED = "asked"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    DOING = "doing"  # approved; the platform is at it
    FAILED = "failed"  # an administrator tries it again
    DONE = "done"

    @property
    def open(self) -> bool:
        return self in (ChangeState.ASKED, ChangeState.SENT_BACK, ChangeState.DOING, ChangeState.FAILED)


@dataclass(frozen=True, slots=True)
class SiteChange:
    """`wanted` is what it becomes: `{name}`, `{owners: [ids]}` or `{end_date: ISO}`; empty for the others. `error` is
    what the platform last said, in its own words."""

    id: str
    site_id: str
    kind: ChangeKind
    wanted: Mapping[str, Any]
    reason: str
    requester_id: str
    state: ChangeState
    created_at: datetime
    finished_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """Its id is that of the request that made it. The first of `owner_ids` answers for it; `change` is the one that is
    open. `end_date` is its last day, None when it stays; on `review_on` its owners are asked whether it is needed."""

    id: str
    number: str
    name: str
    alias: str
    team_id: str
    scenario_id: str
    state: StandingState
    url: str | None
    end_date: date | None
    review_on: date
    looked_on: date
    opened_at: datetime
    archived_at: datetime | None
    owner_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    change: SiteChange | None = None
