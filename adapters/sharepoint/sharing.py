"""With whom a site and its documents may be shared, and whether anything in it can still change."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.sharepoint.client import SharePointRest
from domain.building.verification import Finding, Setting
from domain.sites.policy import Sharing
from domain.sites.ports import NotThereYetError


@dataclass(frozen=True, slots=True)
class SharingRules:
    """`capability`: 0 nobody outside, 1 invited guests who sign in. Members may share files when `members_share`;
    `members_invite` is whether they may share the site itself."""

    capability: int
    members_share: bool
    members_invite: bool = False


RULES = {
    Sharing.EXTERNALS: SharingRules(capability=1, members_share=True),
    Sharing.ORGANISATION: SharingRules(capability=0, members_share=True),
    Sharing.MEMBERS: SharingRules(capability=0, members_share=False),
}


class SiteSharing:
    def __init__(self, rest: SharePointRest) -> None:
        self._rest = rest

    async def set(self, site_id: str, url: str, sharing: Sharing) -> None:
        """Set what differs, and look again."""
        wanted, now = RULES[sharing], await self.now(site_id, url)
        if now.capability != wanted.capability:
            body = {"SharingCapability": wanted.capability}
            await self._rest.patch(self._rest.tenant_site(site_id), body)
        if now.members_share != wanted.members_share:
            await self._rest.patch(f"{url}/_api/web", {"MembersCanShare": wanted.members_share})
        if now.members_invite != wanted.members_invite:
            body = {"AllowMembersEditMembership": wanted.members_invite}
            await self._rest.patch(f"{url}/_api/web/associatedmembergroup", body)
        if now != wanted and (differences := await self.findings(site_id, url, sharing)):
            raise NotThereYetError("; ".join(map(str, differences)))

    async def now(self, site_id: str, url: str) -> SharingRules:
        site = await self._rest.get(f"{self._rest.tenant_site(site_id)}?$select=SharingCapability")
        web = await self._rest.get(f"{url}/_api/web?$select=MembersCanShare")
        group = f"{url}/_api/web/associatedmembergroup?$select=AllowMembersEditMembership"
        members = await self._rest.get(group)
        return SharingRules(
            int(site.get("SharingCapability", -1)),
            bool(web.get("MembersCanShare")),
            bool(members.get("AllowMembersEditMembership")),
        )

    async def findings(self, site_id: str, url: str, sharing: Sharing) -> list[Finding]:
        wanted, now = RULES[sharing], await self.now(site_id, url)
        compared: list[tuple[Setting, int | bool, int | bool]] = [
            (Setting.CAPABILITY, wanted.capability, now.capability),
            (Setting.MEMBERS_SHARE, wanted.members_share, now.members_share),
            (Setting.MEMBERS_INVITE, wanted.members_invite, now.members_invite),
        ]
        return [Finding(name, _text(should), _text(is_)) for name, should, is_ in compared if should != is_]

    async def lock(self, site_id: str, locked: bool) -> None:
        """Whether everything in the site can only be read."""
        state = "ReadOnly" if locked else "Unlock"
        where = self._rest.tenant_site(site_id)
        if (await self._rest.get(f"{where}?$select=LockState")).get("LockState") != state:
            await self._rest.patch(where, {"LockState": state})


def _text(value: int | bool) -> str:
    return str(value).lower()
