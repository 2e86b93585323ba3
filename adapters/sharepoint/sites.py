"""Sites without a group: their addresses, making them, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from adapters.graph.groups import LANGUAGES
from adapters.graph.http import MissingError
from adapters.sharepoint.client import SharePointRest, quoted
from domain.sites.ports import Built, NameStatus, NotThereYetError, RefusedError, SiteOrder

BRUSSELS = 3
"""The time zone of new sites, by SharePoint's number."""
MODERN_SITE = "STS#3"
NO_HUB = "00000000-0000-0000-0000-000000000000"

NONE, BUSY, READY = 0, 1, 2
"""What SharePoint says about an address; 3 is an error."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """`hub_id` is the hub it comes under, itself when it is one, None without."""

    id: str
    classification: str
    is_hub: bool
    hub_id: str | None


class Sites:
    def __init__(self, rest: SharePointRest) -> None:
        self._rest = rest

    def address_of(self, alias: str) -> str:
        return f"{self._rest.url}/sites/{alias}"

    async def name_status(self, alias: str) -> NameStatus:
        status = await self._status(alias)
        return NameStatus.FREE if status.get("SiteStatus") == NONE else NameStatus.EXISTS

    async def check_free(self, order: SiteOrder) -> None:
        status = await self._status(order.alias)
        if status.get("SiteStatus") != NONE and not await self._is_ours(order):
            raise RefusedError(f"There is a site at {self.address_of(order.alias)} already.")

    async def make(self, order: SiteOrder) -> Built:
        """The site collection. The address is the key, so its status comes first."""
        status = await self._status(order.alias)
        if status.get("SiteStatus") == NONE:
            status = await self._rest.post(
                f"{self._rest.url}/_api/SPSiteManager/create",
                {
                    "request": {
                        "Title": order.name,
                        "Url": self.address_of(order.alias),
                        "Lcid": LANGUAGES[order.language],
                        "TimeZoneId": BRUSSELS,
                        "ShareByEmailEnabled": False,
                        "Description": _description(order),
                        "Classification": str(order.scenario.classification),
                        "WebTemplate": MODERN_SITE,
                        "Owner": order.owners[0].email,
                    }
                },
            )
        if status.get("SiteStatus") == BUSY:
            raise NotThereYetError("SharePoint is still making the site.")
        if status.get("SiteStatus") != READY:
            raise RefusedError(f"SharePoint could not make {self.address_of(order.alias)}.")
        url = str(status["SiteUrl"])
        if not await self._is_ours(order):
            raise RefusedError(f"Somebody else made a site at {url} meanwhile.")
        web = await self._rest.get(f"{url}/_api/web?$select=Id")
        return Built(site_id=str(status["SiteId"]), web_id=str(web["Id"]), url=url)

    async def undo(self, order: SiteOrder) -> None:
        """Delete the site that carries our key."""
        status = await self._status(order.alias)
        if status.get("SiteStatus") == READY and await self._is_ours(order):
            url = f"{self._rest.url}/_api/SPSiteManager/delete"
            await self._rest.post(url, {"siteId": str(status["SiteId"])}, repeatable=True)

    async def settings(self, url: str) -> SiteSettings:
        site = await self._rest.get(f"{url}/_api/site?$select=Id,Classification,IsHubSite,HubSiteId")
        hub = str(site.get("HubSiteId"))
        return SiteSettings(
            str(site["Id"]),
            str(site.get("Classification")),
            bool(site.get("IsHubSite")),
            None if hub == NO_HUB else hub,
        )

    async def rename(self, url: str, title: str) -> None:
        await self._rest.patch(f"{url}/_api/web", {"Title": title})

    async def _status(self, alias: str) -> dict[str, Any]:
        address = quote(quoted(self.address_of(alias)), safe="")
        return await self._rest.get(f"{self._rest.url}/_api/SPSiteManager/status?url={address}")

    async def _is_ours(self, order: SiteOrder) -> bool:
        try:
            web = await self._rest.get(f"{self.address_of(order.alias)}/_api/web?$select=Description")
        except MissingError:
            return False  # an address that is taken by what cannot be opened is not ours
        return order.key in str(web.get("Description", ""))


def _description(order: SiteOrder) -> str:
    """With our key in it: a site has no other place for one, and an address alone does not tell whose it is."""
    return f"{order.purpose[:900]} ({order.number}, {order.key})"
