"""What each call takes. Anything more, less or else is refused: the real services do too."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Nickname = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class GroupBody(Body):
    display_name: str = Field(alias="displayName", min_length=1, max_length=256)
    description: str | None = Field(None, max_length=1024)
    mail_enabled: Literal[True] = Field(alias="mailEnabled")
    mail_nickname: Nickname = Field(alias="mailNickname")
    security_enabled: Literal[False] = Field(alias="securityEnabled")
    group_types: list[Literal["Unified"]] = Field(alias="groupTypes", min_length=1, max_length=1)
    visibility: Literal["Private", "Public", "HiddenMembership"] = "Public"
    classification: str | None = None
    behaviour: list[Literal["WelcomeEmailDisabled", "HideGroupInOutlook", "AllowOnlyMembersToPost"]] = Field(
        [], alias="resourceBehaviorOptions"
    )
    creation: list[str] = Field([], alias="creationOptions")
    owners: list[Address] = Field([], alias="owners@odata.bind", max_length=20)
    members: list[Address] = Field([], alias="members@odata.bind", max_length=20)


class Reference(Body):
    id: Address = Field(alias="@odata.id")


class SettingValue(Body):
    name: str
    value: str


class SettingBody(Body):
    template_id: str = Field(alias="templateId", pattern=r"^[0-9a-f-]{36}$")
    values: list[SettingValue] = Field(min_length=1)


class InvitationBody(Body):
    address: str = Field(alias="invitedUserEmailAddress", pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    redirect: Address = Field(alias="inviteRedirectUrl")
    send_message: bool = Field(False, alias="sendInvitationMessage")
    name: str | None = Field(None, alias="invitedUserDisplayName")


class NewSite(Body):
    title: str = Field(alias="Title", min_length=1)
    url: Address = Field(alias="Url")
    language: int = Field(1033, alias="Lcid")
    time_zone: int | None = Field(None, alias="TimeZoneId")
    share_by_email: bool = Field(False, alias="ShareByEmailEnabled")
    description: str = Field("", alias="Description", max_length=1024)
    classification: str | None = Field(None, alias="Classification")
    template: Literal["STS#3", "SITEPAGEPUBLISHING#0"] = Field(alias="WebTemplate")
    owner: str = Field(alias="Owner", min_length=3)


class NewSiteBody(Body):
    request: NewSite


class WebBody(Body):
    members_can_share: bool = Field(alias="MembersCanShare")


class MemberGroupBody(Body):
    members_can_invite: bool = Field(alias="AllowMembersEditMembership")


class TenantSiteBody(Body):
    sharing_capability: Literal[0, 1, 2, 3] = Field(alias="SharingCapability")


class SiteUserBody(Body):
    login_name: str = Field(alias="LoginName", pattern=r"^i:0#\.f\|membership\|\S+$")


class NothingBody(Body):
    pass
