"""SharePoint REST as the modules here call it: what Graph has no calls for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from adapters.graph.http import Http


class SharePointRest:
    """`url` is the city's SharePoint, `admin_url` its admin centre, which wants another token. Addresses are whole."""

    def __init__(self, http: Http, url: str, admin_url: str) -> None:
        self._http = http
        self.url = url
        self._admin_url = admin_url

    def tenant_site(self, site_id: str) -> str:
        """Where the admin centre keeps the settings of a site collection."""
        return f"{self._admin_url}/_api/SPO.Tenant/sites('{uuid.UUID(site_id)}')"

    async def get(self, url: str) -> dict[str, Any]:
        return (await self._http.get(url)).body

    async def post(self, url: str, body: Mapping[str, Any], *, repeatable: bool = False) -> dict[str, Any]:
        """`repeatable` says that doing it twice does no harm."""
        return (await self._http.call("POST", url, body, repeatable=repeatable)).body

    async def patch(self, url: str, body: Mapping[str, Any]) -> None:
        await self._http.call("PATCH", url, body, repeatable=True)


def quoted(value: str) -> str:
    """A text in an address, as SharePoint reads it."""
    return "'" + value.replace("'", "''") + "'"
