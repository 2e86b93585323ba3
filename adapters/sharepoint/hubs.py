"""Hubs: a site that others come under."""

from __future__ import annotations

from adapters.sharepoint.client import SharePointRest
from adapters.sharepoint.sites import Sites
from domain.sites.ports import NotThereYetError, RefusedError


class Hubs:
    def __init__(self, rest: SharePointRest, sites: Sites) -> None:
        self._rest = rest
        self._sites = sites

    async def hub_id(self, hub_url: str) -> str:
        """Of a site that has to be a hub."""
        hub = await self._sites.settings(hub_url)
        if not hub.is_hub:
            raise RefusedError(f"{hub_url} is no hub.")
        return hub.id

    async def register(self, url: str) -> None:
        if (await self._sites.settings(url)).is_hub:
            return
        await self._rest.post(f"{url}/_api/site/RegisterHubSite", {})
        if not (await self._sites.settings(url)).is_hub:
            raise NotThereYetError("The hub cannot be read yet.")

    async def join(self, url: str, hub_url: str) -> None:
        hub_id = await self.hub_id(hub_url)
        if (await self._sites.settings(url)).hub_id == hub_id:
            return
        await self._rest.post(f"{url}/_api/site/JoinHubSite('{hub_id}')", {}, repeatable=True)
        if (await self._sites.settings(url)).hub_id != hub_id:
            raise NotThereYetError("It cannot be read yet that the site comes under its hub.")
