"""An app that calls the tenant by hand, so that each call can be right or wrong as a test wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from localhost.tenant.authority import Authority
from tests.cast import person

GRAPH = "/graph/v1.0"
GUESTS = "08d542b9-071f-4e16-94b0-74abb372e3d9"


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def message(self) -> str:
        error = self.body.get("error") or self.body["odata.error"]
        message = error["message"]
        return str(message if isinstance(message, str) else message["value"])


@dataclass(slots=True)
class Caller:
    """`base` is where the tenant answers, `authority` gives the tokens."""

    session: aiohttp.ClientSession
    base: str
    authority: Authority

    async def ask(
        self, method: str, path: str, body: Any = None, *, roles: Sequence[str] | None = None, **headers: str
    ) -> Said:
        """`path` may have a query, written as people read it. Without `roles` the token has those of the app."""
        token = self.authority.token_for(self.base + audience(path), roles)
        url = URL(self.base + quote(path, safe="/?&=$()',@"), encoded=True)
        given = {"Authorization": f"Bearer {token}", **headers}
        async with self.session.request(method, url, json=body, headers=given) as answer:
            return Said(
                answer.status,
                await answer.json() if answer.content_type == "application/json" else None,
                answer.headers,
            )

    async def get(self, path: str, **headers: str) -> Any:
        """The body of an answer that has to be 200."""
        said = await self.ask("GET", path, **headers)
        assert said.status == 200, said
        return said.body

    async def make_group(
        self, name: str = "vlasmarkt", *, owners: Sequence[str] = ("amina",), **changed: Any
    ) -> Said:
        """A group with the key `wijzer-NAME`."""
        people = [f"{self.base}{GRAPH}/users/{person(owner).object_id}" for owner in owners]
        body = {**group(name), "owners@odata.bind": people, "members@odata.bind": people, **changed}
        return await self.ask("PATCH", by_key(name), body, Prefer="create-if-missing")

    async def make_team(self, group_id: str) -> Said:
        body = {
            "template@odata.bind": f"{self.base}{GRAPH}/teamsTemplates('standard')",
            "group@odata.bind": f"{self.base}{GRAPH}/groups('{group_id}')",
        }
        return await self.ask("POST", f"{GRAPH}/teams", body)

    async def make_site(self, alias: str, **changed: Any) -> Said:
        request = {
            "Title": "Vlasmarkt",
            "Url": f"{self.base}/sites/{alias}",
            "WebTemplate": "STS#3",
            "Owner": person("amina").email,
            **changed,
        }
        return await self.ask("POST", "/_api/SPSiteManager/create", {"request": request})

    async def group_site(self, group_id: str) -> str:
        """The id of a group's site, in three parts as Graph writes it."""
        return str((await self.get(f"{GRAPH}/groups/{group_id}/sites/root"))["id"])

    async def make_library(self, site: str, name: str = "Dossiers", **changed: Any) -> Said:
        body = {
            "displayName": name,
            "list": {"template": "documentLibrary", "contentTypesEnabled": True},
            "columns": [{"name": "Status", "choice": {"choices": ["Concept", "Klaar"]}}],
            **changed,
        }
        return await self.ask("POST", f"{GRAPH}/sites/{site}/lists", body)

    async def add_view(self, alias: str, library: str, title: str) -> Said:
        body = {"parameters": {"Title": title, "ViewFields": {"results": ["LinkFilename", "Status"]}}}
        return await self.ask("POST", f"/sites/{alias}/_api/web/lists(guid'{library}')/views/add", body)


def audience(path: str) -> str:
    return next((part for part in ("/graph", "/admin") if path.startswith(part + "/")), "")


def by_key(name: str) -> str:
    return f"{GRAPH}/groups(uniqueName='wijzer-{name}')"


def group(name: str) -> dict[str, Any]:
    return {
        "displayName": name.capitalize(),
        "description": "De markt van 2027",
        "mailEnabled": True,
        "mailNickname": name,
        "securityEnabled": False,
        "groupTypes": ["Unified"],
        "visibility": "Private",
        "classification": "2",
        "resourceBehaviorOptions": ["WelcomeEmailDisabled"],
        "creationOptions": ["SPSiteLanguage:1043"],
    }


def claim(who: str) -> str:
    return f"i:0#.f|membership|{person(who).email}"
