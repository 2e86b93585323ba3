"""Default retention labels of libraries: everything that is put in them gets the label."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from adapters.sharepoint.client import SharePointRest, quoted
from domain.sites.ports import NotThereYetError, RefusedError

_STORE = "_api/SP_CompliancePolicy_SPPolicyStoreProxy"


class Labels:
    def __init__(self, rest: SharePointRest) -> None:
        self._rest = rest

    async def check(self, wanted: set[str]) -> None:
        """Refuses when the city has not published one of these to SharePoint."""
        published = await self._published(self._rest.url)
        if missing := sorted(wanted - published.keys()):
            raise RefusedError(f"The retention label {', '.join(missing)} is not published to SharePoint.")

    async def set_default(self, url: str, library_url: str, label: str) -> None:
        """The label's own flags go with it: others would change what the label does."""
        if await self.default(url, library_url) == label:
            return
        flags = (await self._published(url)).get(label)
        if flags is None:
            raise RefusedError(f"The retention label {label} is not published to this site.")
        await self._rest.post(
            f"{url}/{_STORE}_SetListComplianceTag",
            {
                "listUrl": library_url,
                "complianceTagValue": label,
                "blockDelete": bool(flags.get("BlockDelete")),
                "blockEdit": bool(flags.get("BlockEdit")),
                "syncToItems": False,
            },
            repeatable=True,
        )
        if await self.default(url, library_url) != label:
            raise NotThereYetError(f"The retention label {label} cannot be read yet.")

    async def default(self, url: str, library_url: str) -> str | None:
        where = f"{url}/{_STORE}_GetListComplianceTag"
        found = await self._rest.post(where, {"listUrl": library_url}, repeatable=True)
        return str(found["TagName"]) if found.get("TagName") else None

    async def _published(self, url: str) -> dict[str, dict[str, Any]]:
        """The labels that can be used in a site, by name."""
        address = quote(quoted(url), safe="")
        function = "_api/SP.CompliancePolicy.SPPolicyStoreProxy.GetAvailableTagsForSite(siteUrl=@a1)"
        found = await self._rest.get(f"{url}/{function}?@a1={address}")
        return {str(tag["TagName"]): tag for tag in found.get("value", ())}
