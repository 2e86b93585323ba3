"""Builds sites in Microsoft 365: implements `domain.sites.ports.SitePlatform`, with Graph and SharePoint REST."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from adapters.graph.client import Graph
from adapters.graph.groups import Groups
from adapters.graph.http import Http
from adapters.graph.installations import Installations
from adapters.graph.libraries import Libraries
from adapters.graph.pace import Pace
from adapters.graph.people import People
from adapters.graph.teams import Teams
from adapters.graph.tokens import Tokens
from adapters.graph.verify import Verifier, label_of
from adapters.sharepoint.access import Access
from adapters.sharepoint.client import SharePointRest
from adapters.sharepoint.hubs import Hubs
from adapters.sharepoint.labels import Labels
from adapters.sharepoint.sharing import SiteSharing
from adapters.sharepoint.sites import Sites
from adapters.sharepoint.views import Views
from domain.building.plan import Step
from domain.building.verification import Finding
from domain.people.models import Person
from domain.sites.policy import Container, Scenario
from domain.sites.ports import Built, NameStatus, RefusedError, SiteOrder

POLL_AFTER = 30.0
"""Seconds between two looks at what Microsoft makes in its own time; it asks not to look more often."""


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

    def __init__(
        self,
        tokens: Tokens,
        addresses: Addresses,
        organisation: str,
        version: str,
        *,
        pace: Pace | None = None,
        poll_after: float = POLL_AFTER,
    ) -> None:
        name = organisation.replace(" ", "")
        self._http = Http(tokens, f"NONISV|{name}|Wijzer/{version}", addresses.audiences(), pace)
        self._graph = graph = Graph(self._http, addresses.graph)
        rest = SharePointRest(self._http, addresses.sharepoint, addresses.admin)
        self._host = urlsplit(addresses.sharepoint).hostname or ""
        self._people = People(graph)
        self._groups = Groups(graph)
        self._teams = Teams(graph, poll_after)
        self._libraries = Libraries(graph, poll_after)
        self._sites = Sites(rest)
        self._sharing = SiteSharing(rest)
        self._access = Access(rest)
        self._hubs = Hubs(rest, self._sites)
        self._views = Views(rest)
        self._labels = Labels(rest)

    async def close(self) -> None:
        await self._http.close()

    def installations(self, app_id: str) -> Installations:
        """Of an app in the city's catalogue, for its people."""
        return Installations(self._graph, app_id)

    async def name_status(self, alias: str) -> NameStatus:
        status = await self._groups.name_status(alias)
        return status if status is not NameStatus.FREE else await self._sites.name_status(alias)

    async def build(self, step: Step, order: SiteOrder, built: Built) -> Built:
        match step:
            case Step.PREPARE:
                await self._prepare(order)
            case Step.ADDRESS:
                await self._groups.check_nickname(order)
                await self._sites.check_free(order)
            case Step.GROUP:
                owners = await self._people.group_owners(order)
                return replace(built, group_id=await self._groups.make(order, owners))
            case Step.PEOPLE:
                await self._add_to_group(order, _made(built.group_id))
            case Step.GUESTS:
                await self._groups.close_to_guests(_made(built.group_id))
            case Step.SITE:
                in_group = order.scenario.container is Container.GROUP
                if in_group:
                    return await self._groups.root_site(_made(built.group_id))
                return await self._sites.make(order)
            case Step.TEAM:
                await self._teams.make(_made(built.group_id), built.team_operation)
                return replace(built, team_operation=None)
            case Step.SHARING:
                await self._sharing.set(_made(built.site_id), _made(built.url), order.scenario.sharing)
            case Step.CLASSIFICATION:
                await self._classify(order, built)
            case Step.ACCESS:
                await self._let_in(order, _made(built.url))
            case Step.LIBRARIES:
                await self._libraries.make(self._graph_id(built), order)
            case Step.CONTENT_TYPES:
                await self._libraries.copy_content_types(self._graph_id(built), order)
            case Step.VIEWS:
                libraries = await self._libraries.ordered(self._graph_id(built), order)
                for template in order.libraries:
                    await self._views.make(_made(built.url), libraries[template.url_name].id, template)
            case Step.LABELS:
                libraries = await self._libraries.ordered(self._graph_id(built), order)
                for template in order.libraries:
                    if label := label_of(order, template):
                        library = libraries[template.url_name]
                        await self._labels.set_default(_made(built.url), library.url, label)
            case Step.HUB:
                await self._join_hub(order, _made(built.url))
            case Step.TABS:
                found = await self._libraries.ordered(self._graph_id(built), order)
                await self._teams.add_tabs(_made(built.group_id), list(found.values()))
            case Step.VERIFY | Step.HAND_OVER:
                pass  # the domain's own: it writes down what it finds, and tells people
        return built

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[Finding]:
        verifier = Verifier(
            self._people,
            self._groups,
            self._teams,
            self._libraries,
            self._sites,
            self._sharing,
            self._access,
            self._hubs,
            self._views,
            self._labels,
        )
        return await verifier.findings(order, built, self._graph_id(built))

    async def undo(self, order: SiteOrder, built: Built) -> None:
        if order.scenario.container is Container.GROUP:
            await self._groups.undo(order, built)
        else:
            await self._sites.undo(order)

    async def archive(self, built: Built) -> None:
        await self._lock(built, locked=True)

    async def restore(self, built: Built) -> None:
        await self._lock(built, locked=False)

    async def rename(self, built: Built, name: str) -> None:
        """A group's site is called as the group is."""
        if built.group_id:
            await self._groups.change(built.group_id, {"displayName": name})
        else:
            await self._sites.rename(_made(built.url), name)

    async def set_owners(self, scenario: Scenario, built: Built, owners: Sequence[Person]) -> None:
        if built.group_id:
            wanted = await self._people.owners_of_group(scenario.service_account, owners)
            await self._groups.add(
                built.group_id, "members", [*wanted, *(owner.object_id for owner in owners)]
            )
            await self._groups.add(built.group_id, "owners", wanted)
            for former in await self._groups.ids(built.group_id, "owners") - set(wanted):
                await self._groups.remove_owner(built.group_id, former)
        if scenario.service_account or not built.group_id:
            url, names = _made(built.url), [owner.email.lower() for owner in owners]
            await self._access.add(url, "associatedownergroup", names)
            for name in await self._access.people(url, "associatedownergroup") - set(names):
                await self._access.remove(url, "associatedownergroup", name)

    async def _prepare(self, order: SiteOrder) -> None:
        await self._people.check(order)
        if order.hub_url:
            await self._hubs.hub_id(order.hub_url)
        if labels := {label for library in order.libraries if (label := label_of(order, library))}:
            await self._labels.check(labels)

    async def _add_to_group(self, order: SiteOrder, group_id: str) -> None:
        owners = await self._people.group_owners(order)
        people = [person.object_id for person in (*order.owners, *order.members)]
        await self._groups.add(group_id, "members", [*owners, *people])
        await self._groups.add(group_id, "owners", owners)

    async def _let_in(self, order: SiteOrder, url: str) -> None:
        """Into the site's own groups: its owners, and without a group its members and guests too."""
        await self._access.add(url, "associatedownergroup", [owner.email for owner in order.owners])
        if order.scenario.container is Container.SITE:
            guests = [await self._people.invite(address, url) for address in order.guests]
            members = [member.email for member in order.members]
            await self._access.add(url, "associatedmembergroup", [*members, *guests])

    async def _classify(self, order: SiteOrder, built: Built) -> None:
        wanted = str(order.scenario.classification)
        if built.group_id:
            await self._groups.classify(built.group_id, wanted)
        elif (now := (await self._sites.settings(_made(built.url))).classification) != wanted:
            # It is set when the site is made; there is no call for it afterwards.
            raise RefusedError(f"The classification is {now}, and only a person can make it {wanted} again.")

    async def _join_hub(self, order: SiteOrder, url: str) -> None:
        if order.scenario.hub:
            await self._hubs.register(url)
        elif order.hub_url:
            await self._hubs.join(url, order.hub_url)

    async def _lock(self, built: Built, *, locked: bool) -> None:
        """A team takes its site along; a site without one is locked in the admin centre."""
        if built.group_id is None or not await self._teams.archive(built.group_id, locked):
            await self._sharing.lock(_made(built.site_id), locked)

    def _graph_id(self, built: Built) -> str:
        return f"{self._host},{_made(built.site_id)},{_made(built.web_id)}"


def _made(value: str | None) -> str:
    if value is None:
        raise RefusedError("An earlier step did not say what it made.")
    return value
