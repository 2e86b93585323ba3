"""Sites and what may be shared in them, through SharePoint REST: Graph has no calls for these."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from adapters.graph.groups import DUTCH
from adapters.graph.http import Http
from domain.sites.policy import Sharing
from domain.sites.ports import NotThereYetError, RefusedError, SiteOrder

BRUSSELS = 3
"""The time zone of new sites, by SharePoint's number."""
MODERN_SITE = "STS#3"

NONE, BUSY, READY = 0, 1, 2
"""What SharePoint says about an address; 3 is an error."""

People = Literal["associatedownergroup", "associatedmembergroup"]


@dataclass(frozen=True, slots=True)
class SharingRules:
    """`capability`: 0 nobody outside, 1 invited guests who sign in. Members may share files when `members_can_share`;
    the site itself never."""

    capability: int
    members_can_share: bool


RULES = {
    Sharing.EXTERNALS: SharingRules(capability=1, members_can_share=True),
    Sharing.ORGANISATION: SharingRules(capability=0, members_can_share=True),
    Sharing.MEMBERS: SharingRules(capability=0, members_can_share=False),
}


class SharePoint:
    """`url` is the city's SharePoint, `admin_url` its admin centre, which wants another token."""

    def __init__(self, http: Http, url: str, admin_url: str) -> None:
        self._http = http
        self._url = url
        self._admin_url = admin_url

    def address_of(self, order: SiteOrder) -> str:
        return f"{self._url}/sites/{order.alias}"

    async def check_free(self, order: SiteOrder) -> None:
        status = await self._status(order)
        if status.get("SiteStatus") != NONE and not await self._is_ours(order):
            raise RefusedError(f"There is a site at {self.address_of(order)} already.")

    async def make(self, order: SiteOrder) -> tuple[str, str]:
        """The id of the site collection and its address. The address is the key, so the status comes first."""
        status = await self._status(order)
        if status.get("SiteStatus") == NONE:
            created = await self._http.call(
                "POST",
                f"{self._url}/_api/SPSiteManager/create",
                {
                    "request": {
                        "Title": order.name,
                        "Url": self.address_of(order),
                        "Lcid": DUTCH,
                        "TimeZoneId": BRUSSELS,
                        "ShareByEmailEnabled": False,
                        "Description": _description(order),
                        "Classification": str(order.scenario.classification),
                        "WebTemplate": MODERN_SITE,
                        "Owner": order.owners[0].email,
                    }
                },
            )
            status = created.body
        if status.get("SiteStatus") == BUSY:
            raise NotThereYetError("SharePoint is still making the site.")
        if status.get("SiteStatus") != READY:
            raise RefusedError(f"SharePoint could not make {self.address_of(order)}.")
        if not await self._is_ours(order):
            raise RefusedError(f"Somebody else made a site at {self.address_of(order)} meanwhile.")
        return str(status["SiteId"]), str(status["SiteUrl"])

    async def set_sharing(self, site_id: str, url: str, wanted: SharingRules) -> None:
        """Set what differs, and look again."""
        now = await self.sharing(site_id, url)
        if now["capability"] != wanted.capability:
            await self._patch(self._tenant_site(site_id), {"SharingCapability": wanted.capability})
        if now["members_can_share"] != wanted.members_can_share:
            await self._patch(f"{url}/_api/web", {"MembersCanShare": wanted.members_can_share})
        if now["members_can_invite"]:
            members = f"{url}/_api/web/associatedmembergroup"
            await self._patch(members, {"AllowMembersEditMembership": False})
        if differences := await self.sharing_differences(site_id, url, wanted):
            raise NotThereYetError("; ".join(differences))

    async def sharing(self, site_id: str, url: str) -> dict[str, Any]:
        site = await self._get(f"{self._tenant_site(site_id)}?$select=SharingCapability")
        web = await self._get(f"{url}/_api/web?$select=MembersCanShare")
        members = await self._get(f"{url}/_api/web/associatedmembergroup?$select=AllowMembersEditMembership")
        return {
            "capability": site.get("SharingCapability"),
            "members_can_share": web.get("MembersCanShare"),
            "members_can_invite": members.get("AllowMembersEditMembership"),
        }

    async def sharing_differences(self, site_id: str, url: str, wanted: SharingRules) -> list[str]:
        now = await self.sharing(site_id, url)
        should = {
            "capability": wanted.capability,
            "members_can_share": wanted.members_can_share,
            "members_can_invite": False,
        }
        return [f"{name} is {now[name]}, not {value}" for name, value in should.items() if now[name] != value]

    async def register_hub(self, url: str) -> None:
        if await self.is_hub(url):
            return
        await self._http.call("POST", f"{url}/_api/site/RegisterHubSite", {})
        if not await self.is_hub(url):
            raise NotThereYetError("The hub cannot be read yet.")

    async def is_hub(self, url: str) -> bool:
        return bool((await self._get(f"{url}/_api/site?$select=IsHubSite")).get("IsHubSite"))

    async def classification(self, url: str) -> str:
        return str((await self._get(f"{url}/_api/site?$select=Classification")).get("Classification"))

    async def add(self, url: str, group: People, sign_in_names: Iterable[str]) -> None:
        """Add who is not in the site's own group yet."""
        have = await self.people(url, group)
        for name in dict.fromkeys(sign_in_names):
            if name.lower() not in have:
                body = {"LoginName": f"i:0#.f|membership|{name}"}
                # Adding somebody who is in it already changes nothing.
                await self._http.call("POST", f"{url}/_api/web/{group}/users", body, repeatable=True)

    async def people(self, url: str, group: People) -> set[str]:
        """Sign-in names, in small letters."""
        found = await self._get(f"{url}/_api/web/{group}/users?$select=LoginName")
        return {str(user["LoginName"]).rsplit("|", 1)[-1].lower() for user in found.get("value", ())}

    async def _status(self, order: SiteOrder) -> dict[str, Any]:
        address = quote(f"'{self.address_of(order)}'", safe="")
        return await self._get(f"{self._url}/_api/SPSiteManager/status?url={address}")

    async def _is_ours(self, order: SiteOrder) -> bool:
        web = await self._get(f"{self.address_of(order)}/_api/web?$select=Description")
        return order.key in str(web.get("Description", ""))

    def _tenant_site(self, site_id: str) -> str:
        return f"{self._admin_url}/_api/SPO.Tenant/sites('{uuid.UUID(site_id)}')"

    async def _get(self, url: str) -> dict[str, Any]:
        return (await self._http.get(url)).body

    async def _patch(self, url: str, body: dict[str, Any]) -> None:
        await self._http.call("PATCH", url, body, repeatable=True)


def _description(order: SiteOrder) -> str:
    """With our key in it: a site has no other place for one, and an address alone does not tell whose it is."""
    return f"{order.purpose[:900]} ({order.number}, {order.key})"
