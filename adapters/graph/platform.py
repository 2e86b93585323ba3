"""Builds sites in Microsoft 365: implements `domain.sites.ports.SitePlatform`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.graph.groups import Groups
from adapters.graph.http import Http
from adapters.graph.sharepoint import RULES, SharePoint
from adapters.graph.tokens import Tokens
from domain.sites.policy import Container
from domain.sites.ports import Built, RefusedError, SiteOrder


@dataclass(frozen=True, slots=True)
class Addresses:
    """`graph` with its version, `sharepoint` such as `https://city.sharepoint.com`, `admin` its admin centre."""

    graph: str
    sharepoint: str
    admin: str

    def audiences(self) -> dict[str, str]:
        """Address → audience of the token for it: the address without Graph's version."""
        graph = self.graph.rsplit("/", 1)[0]
        return {graph: graph, self.sharepoint: self.sharepoint, self.admin: self.admin}


class GraphPlatform:
    """`organisation` and `version` are in the name we call ourselves by, as Microsoft asks of busy callers."""

    def __init__(self, tokens: Tokens, addresses: Addresses, organisation: str, version: str) -> None:
        name = organisation.replace(" ", "")
        self._http = Http(tokens, f"NONISV|{name}|Wijzer/{version}", addresses.audiences())
        self._groups = Groups(self._http, addresses.graph)
        self._sharepoint = SharePoint(self._http, addresses.sharepoint, addresses.admin)

    async def close(self) -> None:
        await self._http.close()

    async def check_address(self, order: SiteOrder) -> None:
        await self._groups.check_nickname(order)
        await self._sharepoint.check_free(order)

    async def make_group(self, order: SiteOrder) -> str:
        return await self._groups.make(order)

    async def make_site(self, order: SiteOrder, built: Built) -> Built:
        if order.scenario.container is Container.GROUP:
            site_id, url = await self._groups.root_site(_made(built.group_id))
        else:
            site_id, url = await self._sharepoint.make(order)
        return Built(built.group_id, site_id, url)

    async def set_sharing(self, order: SiteOrder, built: Built) -> None:
        await self._sharepoint.set_sharing(
            _made(built.site_id), _made(built.url), RULES[order.scenario.sharing]
        )

    async def close_to_guests(self, order: SiteOrder, built: Built) -> None:
        await self._groups.close_to_guests(_made(built.group_id))

    async def register_hub(self, order: SiteOrder, built: Built) -> None:
        await self._sharepoint.register_hub(_made(built.url))

    async def add_people(self, order: SiteOrder, built: Built) -> None:
        """Into the group, or into the site's own groups where there is none; a group that a service account owns
        has the owners of the site in the site's own group too."""
        url = _made(built.url)
        owners = [owner.email for owner in order.owners]
        if order.scenario.container is Container.GROUP:
            group_id = _made(built.group_id)
            group_owners = await self._groups.owner_ids(order)
            people = [person.object_id for person in (*order.owners, *order.members)]
            await self._groups.add(group_id, "members", [*group_owners, *people])
            await self._groups.add(group_id, "owners", group_owners)
            if order.scenario.service_account:
                await self._sharepoint.add(url, "associatedownergroup", owners)
            return
        await self._sharepoint.add(url, "associatedownergroup", owners)
        members = [member.email for member in order.members]
        guests = [await self._groups.invite(address, url) for address in order.guests]
        await self._sharepoint.add(url, "associatedmembergroup", [*members, *guests])

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[str]:
        url, scenario = _made(built.url), order.scenario
        findings = await self._sharepoint.sharing_differences(
            _made(built.site_id), url, RULES[scenario.sharing]
        )
        if scenario.hub and not await self._sharepoint.is_hub(url):
            findings.append("the site is not a hub")
        if scenario.container is Container.GROUP:
            findings += await self._group_findings(order, _made(built.group_id))
        else:
            findings += await self._site_findings(order, url)
        return findings

    async def _group_findings(self, order: SiteOrder, group_id: str) -> list[str]:
        findings = []
        classification = await self._groups.classification(group_id)
        if classification != str(order.scenario.classification):
            findings.append(f"classification is {classification}, not {order.scenario.classification}")
        if not order.scenario.guests and await self._groups.guests_allowed(group_id) is not False:
            findings.append("guests can be added to the group")
        if set(await self._groups.owner_ids(order)) - await self._groups.ids(group_id, "owners"):
            findings.append("an owner of the group is missing")
        people = {person.object_id for person in (*order.owners, *order.members)}
        if missing := people - await self._groups.ids(group_id, "members"):
            findings.append(f"{len(missing)} members are missing")
        return findings

    async def _site_findings(self, order: SiteOrder, url: str) -> list[str]:
        findings = []
        classification = await self._sharepoint.classification(url)
        if classification != str(order.scenario.classification):
            findings.append(f"classification is {classification}, not {order.scenario.classification}")
        owners = {owner.email.lower() for owner in order.owners}
        if owners - await self._sharepoint.people(url, "associatedownergroup"):
            findings.append("an owner of the site is missing")
        guests = [await self._groups.sign_in_name(address) or address for address in order.guests]
        wanted = {name.lower() for name in (*(member.email for member in order.members), *guests)}
        if missing := wanted - await self._sharepoint.people(url, "associatedmembergroup"):
            findings.append(f"{len(missing)} members are missing")
        return findings


def _made(value: str | None) -> str:
    if value is None:
        raise RefusedError("An earlier step did not say what it made.")
    return value
