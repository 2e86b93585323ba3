"""Who is in a site's own groups of owners and members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from urllib.parse import quote

from adapters.sharepoint.client import SharePointRest, quoted

SiteGroup = Literal["associatedownergroup", "associatedmembergroup"]
CLAIM = "i:0#.f|membership|"
"""How SharePoint writes that somebody signs in with an account of the tenant."""


class Access:
    """People are known by their sign-in name."""

    def __init__(self, rest: SharePointRest) -> None:
        self._rest = rest

    async def add(self, url: str, group: SiteGroup, sign_in_names: Iterable[str]) -> None:
        """Add who is not in it yet."""
        have = await self.people(url, group)
        for name in dict.fromkeys(sign_in_names):
            if name.lower() not in have:
                # Adding somebody who is in it already changes nothing.
                body = {"LoginName": CLAIM + name}
                await self._rest.post(f"{url}/_api/web/{group}/users", body, repeatable=True)

    async def remove(self, url: str, group: SiteGroup, sign_in_name: str) -> None:
        name = quote(quoted(CLAIM + sign_in_name), safe="")
        where = f"{url}/_api/web/{group}/users/removeByLoginName(@v)?@v={name}"
        await self._rest.post(where, {}, repeatable=True)

    async def people(self, url: str, group: SiteGroup) -> set[str]:
        """In small letters."""
        found = await self._rest.get(f"{url}/_api/web/{group}/users?$select=LoginName")
        return {str(user["LoginName"]).rsplit("|", 1)[-1].lower() for user in found.get("value", ())}
