"""The page of one site: its settings, its people, and its libraries with their columns, views and label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web

from localhost.tenant.html import Html, code, heading, join, link, page, paragraph, table, time_of, yes_no
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Group, Library, Site, Team, User, View

SHARING = {
    0: "niet met mensen buiten de stad",
    1: "ook met gasten die zich aanmelden",
    2: "met iedereen die de link heeft",
    3: "met gasten die er al zijn",
}
LOCKS = {"Unlock": "nee", "ReadOnly": "ja: alleen lezen", "NoAccess": "ja: niemand kan erin"}
KINDS = {
    "text": "tekst",
    "choice": "keuze",
    "dateTime": "datum",
    "personOrGroup": "persoon",
    "boolean": "ja of nee",
    "number": "getal",
}
FIELDS = {
    "DocIcon": "Soort",
    "LinkFilename": "Naam",
    "FileLeafRef": "Naam",
    "Title": "Titel",
    "Modified": "Gewijzigd",
    "Editor": "Gewijzigd door",
    "Created": "Gemaakt",
    "Author": "Gemaakt door",
}
QUERY = {"GroupBy": "per", "OrderBy": "gesorteerd op", "Where": "gefilterd op"}


class SitePage:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    async def show(self, request: web.Request) -> web.Response:
        site = self._tenant.site_at(request.match_info["alias"])
        if site is None or not self._tenant.site_stands(site):
            return page("Niet gevonden", paragraph("Op dit adres staat geen site."), status=404)
        group = self._store.get(Group, site.group_id) if site.group_id else None
        parts = [
            paragraph(site.description),
            self._settings(site, group),
            self._people(site, group),
            self._team(group),
        ]
        libraries = self._tenant.libraries(site)
        parts.append(heading("Bibliotheken"))
        parts += [self._library(library) for library in libraries if not library.built_in]
        if all(library.built_in for library in libraries):
            parts.append(paragraph("Alleen de bibliotheek Documenten, die elke site heeft."))
        return page(site.title, *parts)

    def _settings(self, site: Site, group: Group | None) -> Html:
        hub = self._store.get(Site, site.hub) if site.hub else None
        rows: list[tuple[str | Html, ...]] = [
            ("Adres", code(f"/sites/{site.alias}")),
            ("Gemaakt op", time_of(site.created, self._tenant.zone)),
            ("Classificatie", site.classification or "geen"),
            ("Microsoft 365-groep", f"{group.nickname} ({_visibility(group)})" if group else "geen"),
            ("Documenten delen", SHARING[site.sharing_capability]),
            ("Leden delen documenten met anderen", yes_no(site.members_can_share)),
            ("Leden delen de site zelf", yes_no(site.members_can_invite)),
            ("Gasten in de groep", guests_of(group) if group else "geen groep"),
            ("Hub", "is zelf een hub" if site.is_hub else _hub(hub)),
            ("Op slot", LOCKS[site.lock_state]),
        ]
        return table("Instellingen", ("Instelling", "Waarde"), rows, none="")

    def _people(self, site: Site, group: Group | None) -> Html:
        rows: list[tuple[str, str]] = []
        if group:
            rows.append(("Eigenaars van de groep", names_of(self._tenant, group.owners)))
            rows.append(("Leden van de groep", names_of(self._tenant, group.members)))
        rows.append(("Eigenaars van de site", self._logins(site.owners)))
        rows.append(("Leden van de site", self._logins(site.members)))
        return table("Mensen", ("Wie", "Namen"), rows, none="")

    def _team(self, group: Group | None) -> Html:
        team = self._store.get(Team, group.id) if group else None
        if team is None:
            return join(heading("Team"), paragraph("Deze site heeft geen team in Teams."))
        said = (
            "Er is een team in Teams."
            if not team.archived
            else "Er is een team in Teams. Het is gearchiveerd."
        )
        tabs = [(tab.name, tab.url) for tab in team.tabs]
        return join(
            heading("Team"),
            paragraph(said),
            table(
                "Tabbladen in het algemene kanaal",
                ("Naam", "Toont"),
                tabs,
                none="Er zijn nog geen tabbladen.",
            ),
        )

    def _library(self, library: Library) -> Html:
        titles = {**FIELDS, **{column["name"]: column["displayName"] for column in library.columns}}
        columns = [_column_row(column) for column in library.columns]
        views = [_view_row(view, titles) for view in library.views]
        label = f"Standaardlabel: {library.label.name}." if library.label else "Geen standaardlabel."
        ready = [one.name for one in library.content_types if self._tenant.clock() >= one.ready_at]
        coming = [one.name for one in library.content_types if one.name not in ready]
        kinds = f"Soorten documenten: {', '.join(['Document', *ready])}."
        if coming:
            kinds += f" Onderweg: {', '.join(coming)}."
        body = join(
            heading(library.title, 3),
            paragraph(f"{label} {kinds}"),
            table("Kolommen", ("Kolom", "Soort", "Verplicht"), columns, none="Geen eigen kolommen."),
            table("Weergaven", ("Weergave", "Toont", "Hoe"), views, none=""),
        )
        return Html(f'<section class="library">{body}</section>')

    def _logins(self, login_names: Sequence[str]) -> str:
        users = [self._tenant.user(name.rsplit("|", 1)[-1]) for name in login_names]
        return _names(user for user in users if user)


def names_of(tenant: Tenant, ids: Sequence[str]) -> str:
    users = [tenant.store.get(User, person) for person in ids]
    return _names(user for user in users if user)


def guests_of(group: Group) -> str:
    for setting in group.settings:
        for value in setting["values"]:
            if value["name"] == "AllowToAddGuests" and value["value"] == "false":
                return "niet toegelaten"
    return "zoals in de hele stad"


def _names(users: Iterable[User]) -> str:
    return ", ".join(f"{user.name} (gast)" if user.guest else user.name for user in users) or "niemand"


def _visibility(group: Group) -> str:
    return "openbaar" if group.visibility == "Public" else "privé"


def _hub(hub: Site | None) -> str | Html:
    return link(f"/sites/{hub.alias}", hub.title) if hub else "geen"


def _column_row(column: dict[str, Any]) -> tuple[str, ...]:
    kind = next(name for name in KINDS if name in column)
    said = KINDS[kind]
    if kind == "choice":
        said += f": {', '.join(column['choice']['choices'])}"
    return column["displayName"], said, yes_no(column["required"])


def _view_row(view: View, titles: dict[str, str]) -> tuple[str, ...]:
    fields = ", ".join(titles.get(field, field) for field in view.fields if field != "DocIcon")
    how = []
    for part, words in QUERY.items():
        if inside := re.search(f"<{part}.*?</{part}>", view.query, re.DOTALL):
            named = dict.fromkeys(re.findall(r"FieldRef Name=[\"']([^\"']+)", inside[0]))
            how.append(f"{words} {', '.join(titles.get(name, name) for name in named)}")
    return view.title + (" (eerst)" if view.default else ""), fields, "; ".join(how)
