"""What the tenant keeps: people, groups, teams, sites, libraries and labels. Times are in seconds since 1970."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from pydantic import BaseModel, Field

NOBODY = "00000000-0000-0000-0000-000000000000"
"""What SharePoint says where there is no group or no hub."""


def new_guid() -> str:
    return str(uuid4())


class Thing(BaseModel):
    """`visible_at` is when reads see it: what was written is not always readable at once."""

    kind: ClassVar[str]
    id: str = Field(default_factory=new_guid)
    created: str = ""
    visible_at: float = 0.0


class User(Thing):
    """`manager` is the id of another user. `apps` are installed for them in Teams."""

    kind = "user"
    name: str
    sign_in_name: str
    mail: str
    guest: bool = False
    manager: str | None = None
    licensed: bool = True
    apps: list[str] = []


class Group(Thing):
    """`owners` and `members` are ids. `deleted_at` is None while it stands."""

    kind = "group"
    name: str
    nickname: str
    unique_name: str | None = None
    description: str = ""
    classification: str | None = None
    visibility: str = "Private"
    behaviour: list[str] = []
    owners: list[str] = []
    members: list[str] = []
    settings: list[dict[str, Any]] = []
    deleted: bool = False
    deleted_at: float | None = None


class Tab(BaseModel):
    id: str = Field(default_factory=new_guid)
    name: str
    url: str


class Team(Thing):
    """Its id is its group's. It is there once the operation that makes it has ended well. `tabs` are of the general
    channel, the only one there is."""

    kind = "team"
    archived: bool = False
    tabs: list[Tab] = []


class TeamOperation(Thing):
    """`change` is createTeam, archiveTeam or unarchiveTeam; `error` is why it fails at its end, if it does."""

    kind = "team operation"
    team: str
    change: str
    done_at: float
    site_read_only: bool = False
    error: str | None = None
    applied: bool = False


class Site(Thing):
    """`owners` and `members` are the login names in the site's own groups; those of a Microsoft 365 group come on top.
    `sharing_capability`: 0 nobody outside the city, 1 guests who sign in. `hub` is the id of the hub it is under."""

    kind = "site"
    web_id: str = Field(default_factory=new_guid)
    alias: str
    title: str
    description: str = ""
    classification: str | None = None
    language: int = 1043
    group_id: str | None = None
    sharing_capability: int = 1
    members_can_share: bool = True
    members_can_invite: bool = True
    is_hub: bool = False
    hub: str | None = None
    lock_state: str = "Unlock"
    owners: list[str] = []
    members: list[str] = []


class View(BaseModel):
    id: str = Field(default_factory=new_guid)
    title: str
    fields: list[str]
    query: str = ""
    rows: int = 30
    paged: bool = True
    personal: bool = False
    default: bool = False


class CopiedType(BaseModel):
    """A content type from the hub: in the library from `ready_at` on, under its own id, which starts with the hub's."""

    id: str
    name: str
    of_hub: str
    started_at: float
    ready_at: float


class LabelUse(BaseModel):
    """The default retention label of a library, with the flags it was given."""

    name: str
    block_delete: bool
    block_edit: bool
    for_items: bool


class Library(Thing):
    """`name` is its part of the address. `columns` are as Graph writes them. `built_in` came with the site."""

    kind = "library"
    site_id: str
    name: str
    title: str
    description: str = ""
    built_in: bool = False
    content_types_enabled: bool = False
    columns: list[dict[str, Any]] = []
    content_types: list[CopiedType] = []
    views: list[View] = []
    label: LabelUse | None = None


class Label(Thing):
    """A retention label of the city. `days` is None for what is kept for ever."""

    kind = "label"
    name: str
    days: int | None
    block_delete: bool = True
    block_edit: bool = False
