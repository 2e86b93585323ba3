"""Reading a whole site back, and comparing it with what was ordered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.graph.groups import PRIVATE, Groups
from adapters.graph.libraries import Libraries, Library
from adapters.graph.people import People
from adapters.graph.teams import Teams
from adapters.sharepoint.access import Access
from adapters.sharepoint.hubs import Hubs
from adapters.sharepoint.labels import Labels
from adapters.sharepoint.sharing import SiteSharing
from adapters.sharepoint.sites import Sites
from adapters.sharepoint.views import Views
from domain.building.verification import Finding, Setting
from domain.sites.library import LibraryTemplate
from domain.sites.policy import Container
from domain.sites.ports import Built, RefusedError, SiteOrder

NONE = "–"


def label_of(order: SiteOrder, library: LibraryTemplate) -> str | None:
    """The retention label of a library: its own, else the one that was chosen for the site."""
    return library.retention_label or order.retention_label


@dataclass(frozen=True, slots=True)
class Verifier:
    people: People
    groups: Groups
    teams: Teams
    libraries: Libraries
    sites: Sites
    sharing: SiteSharing
    access: Access
    hubs: Hubs
    views: Views
    labels: Labels

    async def findings(self, order: SiteOrder, built: Built, site: str) -> list[Finding]:
        """`site` is Graph's id of it."""
        if built.url is None or built.site_id is None:
            raise RefusedError("There is no site to look at.")
        found = await self.sharing.findings(built.site_id, built.url, order.scenario.sharing)
        found += await self._site(order, built.url)
        if order.scenario.container is Container.GROUP and built.group_id:
            found += await self._group(order, built.group_id)
        if order.scenario.container is Container.SITE or order.scenario.service_account:
            found += await self._access(order, built.url)
        if order.libraries:
            found += await self._libraries(order, built, site)
        return found

    async def _site(self, order: SiteOrder, url: str) -> list[Finding]:
        found = []
        settings = await self.sites.settings(url)
        wanted = str(order.scenario.classification)
        if order.scenario.container is Container.SITE and settings.classification != wanted:
            found.append(Finding(Setting.CLASSIFICATION, wanted, settings.classification))
        if order.scenario.hub and not settings.is_hub:
            found.append(Finding(Setting.HUB, url, NONE))
        elif order.hub_url and not order.scenario.hub:
            hub = await self.sites.settings(order.hub_url)
            if settings.hub_id != hub.id:
                found.append(Finding(Setting.HUB, order.hub_url, settings.hub_id or NONE))
        return found

    async def _group(self, order: SiteOrder, group_id: str) -> list[Finding]:
        found = []
        classification, visibility = await self.groups.settings(group_id)
        if classification != (wanted := str(order.scenario.classification)):
            found.append(Finding(Setting.CLASSIFICATION, wanted, classification))
        if visibility != PRIVATE:
            found.append(Finding(Setting.VISIBILITY, PRIVATE, visibility))
        if not order.scenario.guests and await self.groups.guests_allowed(group_id) is not False:
            found.append(Finding(Setting.GUESTS, "false", "true"))
        owners = await self.people.group_owners(order)
        found += _missing(Setting.OWNERS, owners, await self.groups.ids(group_id, "owners"))
        people = [person.object_id for person in (*order.owners, *order.members)]
        found += _missing(Setting.MEMBERS, people, await self.groups.ids(group_id, "members"))
        if order.team and not await self.teams.exists(group_id):
            found.append(Finding(Setting.TEAM, order.name, NONE))
        return found

    async def _access(self, order: SiteOrder, url: str) -> list[Finding]:
        owners = [owner.email.lower() for owner in order.owners]
        found = _missing(Setting.OWNERS, owners, await self.access.people(url, "associatedownergroup"))
        if order.scenario.container is Container.SITE:
            guests = [await self.people.sign_in_name(address) or address for address in order.guests]
            names = [name.lower() for name in (*(member.email for member in order.members), *guests)]
            inside = await self.access.people(url, "associatedmembergroup")
            found += _missing(Setting.MEMBERS, names, inside)
        return found

    async def _libraries(self, order: SiteOrder, built: Built, site: str) -> list[Finding]:
        found: list[Finding] = []
        have = await self.libraries.all(site)
        for template in order.libraries:
            library = have.get(template.url_name)
            if library is None:
                title = template.name(order.language)
                found.append(Finding(Setting.LIBRARY, title, NONE, title))
            else:
                found += await self._library(order, built, site, template, library)
        if order.team and built.group_id and await self.teams.exists(built.group_id):
            titles = [one.title for one in have.values() if one.name in _names(order)]
            found += _missing(Setting.TABS, titles, await self.teams.tabs(built.group_id))
        return found

    async def _library(
        self, order: SiteOrder, built: Built, site: str, template: LibraryTemplate, library: Library
    ) -> list[Finding]:
        url, about = built.url or "", library.title
        columns = await self.libraries.columns(site, library) if template.columns else set()
        found = _missing(Setting.COLUMNS, [column.name for column in template.columns], columns, about)
        views = await self.views.titles(url, library.id) if template.views else {}
        wrong = [view.title for view in template.views if views.get(view.title) != 1]
        found += [
            Finding(Setting.VIEWS, f"1 × {title}", f"{views.get(title, 0)} ×", about) for title in wrong
        ]
        sets = template.document_set
        if sets and not await self.libraries.has_content_type(site, library, sets.content_type_id):
            found.append(Finding(Setting.CONTENT_TYPES, sets.name, NONE, about))
        if wanted := label_of(order, template):
            label = await self.labels.default(url, library.url)
            if label != wanted:
                found.append(Finding(Setting.LABEL, wanted, label or NONE, about))
        return found


def _names(order: SiteOrder) -> set[str]:
    return {template.url_name for template in order.libraries}


def _missing(setting: Setting, wanted: Iterable[str], have: Iterable[str], about: str = "") -> list[Finding]:
    """One finding with everybody and everything that is not there."""
    there = set(have)
    missing = [one for one in dict.fromkeys(wanted) if one not in there]
    return [Finding(setting, ", ".join(missing), NONE, about)] if missing else []
