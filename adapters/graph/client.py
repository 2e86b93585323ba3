"""Graph as the modules here call it: paths in, plain values out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.graph.http import Answer, Http
from domain.sites.ports import BusyError


class Graph:
    """`url` is Graph's, with its version: `https://graph.microsoft.com/v1.0`. Paths start with a slash."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self.url = url

    async def get(self, path: str) -> dict[str, Any]:
        return (await self._http.get(self.url + path)).body

    async def all(self, path: str, headers: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Every page of a list."""
        found: list[dict[str, Any]] = []
        url: str | None = self.url + path
        while url:
            if not url.startswith(self.url + "/"):
                raise BusyError("A list goes on at an address that is not Graph's.")
            page = (await self._http.get(url, headers)).body
            found += page.get("value", [])
            url = page.get("@odata.nextLink")
        return found

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> Answer:
        """As `Http.call`: `repeatable` says that doing it twice does no harm."""
        return await self._http.call(method, self.url + path, body, headers=headers, repeatable=repeatable)
