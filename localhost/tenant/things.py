"""What the tenant keeps: people, groups and sites."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from pydantic import BaseModel, Field


def new_guid() -> str:
    return str(uuid4())


class Thing(BaseModel):
    """`visible_at` is when reads see it, in seconds since 1970: what was written is not always readable at once."""

    kind: ClassVar[str]
    id: str = Field(default_factory=new_guid)
    created: str = ""
    visible_at: float = 0.0


class User(Thing):
    kind = "user"
    name: str
    sign_in_name: str
    mail: str
    guest: bool = False


class Group(Thing):
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


class Site(Thing):
    """`owners` and `members` are the login names in the site's own groups; those of a Microsoft 365 group come on top.
    `sharing_capability`: 0 nobody outside the city, 1 guests who sign in."""

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
    owners: list[str] = []
    members: list[str] = []
