"""What was built, for people to look at. In Dutch: it shows the city's own sites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from aiohttp import web

from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Group, Site, User

PAGE = Template((Path(__file__).parent / "page.html").read_text("utf-8"))
SHARING = {
    0: "niet met mensen buiten de stad",
    1: "ook met gasten die zich aanmelden",
    2: "met iedereen die de link heeft",
    3: "met gasten die er al zijn",
}


class Pages:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self.overview), web.get("/sites/{alias}", self.site)]

    async def overview(self, request: web.Request) -> web.Response:
        groups = {group.id: group for group in self._store.all(Group)}
        sites = self._store.all(Site)
        rows = (
            (
                f'<a href="/sites/{escape(site.alias)}">{escape(site.title)}</a>',
                escape(f"/sites/{site.alias}"),
                "Microsoft 365-groep" if site.group_id else "geen groep",
                escape(site.classification or "geen"),
                escape(SHARING[site.sharing_capability]),
                "ja" if site.is_hub else "nee",
            )
            for site in sites
        )
        heads = ("Naam", "Adres", "Groep", "Classificatie", "Delen", "Hub")
        body = (
            "<p>Hier staat alles wat Wijzer heeft laten maken. Deze tenant bestaat alleen op dit toestel.</p>"
        )
        body += _table("Sites", heads, rows) if sites else "<p>Er zijn nog geen sites.</p>"
        if groups:
            group_rows = (
                (
                    escape(group.name),
                    escape(group.nickname),
                    escape(group.unique_name or ""),
                    self._people(group.owners),
                    str(len(group.members)),
                    _guests(group),
                )
                for group in groups.values()
            )
            heads = ("Naam", "Bijnaam", "Sleutel", "Eigenaars", "Leden", "Gasten")
            body += _table("Groepen", heads, group_rows)
        return _page("Sites en groepen", body)

    async def site(self, request: web.Request) -> web.Response:
        site = self._tenant.site_at(request.match_info["alias"])
        if site is None or not self._tenant.visible(site):
            return _page("Niet gevonden", "<p>Op dit adres staat geen site.</p>", status=404)
        group = self._store.get(Group, site.group_id) if site.group_id else None
        settings = (
            ("Classificatie", escape(site.classification or "geen")),
            ("Microsoft 365-groep", escape(group.nickname) if group else "geen"),
            ("Documenten delen", escape(SHARING[site.sharing_capability])),
            ("Leden delen documenten met anderen", "ja" if site.members_can_share else "nee"),
            ("Leden delen de site zelf", "ja" if site.members_can_invite else "nee"),
            ("Gasten in de groep", _guests(group) if group else "geen groep"),
            ("Hub", "ja" if site.is_hub else "nee"),
            ("Gemaakt op", _moment(site.created)),
        )
        body = f"<p>{escape(site.description)}</p>"
        body += _table("Instellingen", ("Instelling", "Waarde"), settings, row_heads=True)
        body += self._list("Eigenaars van de site", site.owners)
        body += self._list("Leden van de site", site.members)
        if group:
            body += f"<h2>Eigenaars van de groep</h2><p>{self._people(group.owners)}</p>"
            body += f"<h2>Leden van de groep</h2><p>{self._people(group.members)}</p>"
        return _page(site.title, body)

    def _list(self, title: str, login_names: Sequence[str]) -> str:
        if not login_names:
            return ""
        users = [self._tenant.user(name.rsplit("|", 1)[-1]) for name in login_names]
        return f"<h2>{title}</h2><p>{_names(user for user in users if user)}</p>"

    def _people(self, ids: Sequence[str]) -> str:
        users = [self._store.get(User, person) for person in ids]
        return _names(user for user in users if user)


def _moment(written: str) -> str:
    """A time as people here read it."""
    there = datetime.fromisoformat(written).astimezone(ZoneInfo("Europe/Brussels"))
    return f'<time datetime="{escape(written)}">{there:%d-%m-%Y, %H:%M}</time>'


def _names(users: Iterable[User]) -> str:
    return (
        escape(", ".join(f"{user.name} (gast)" if user.guest else user.name for user in users)) or "niemand"
    )


def _guests(group: Group) -> str:
    for setting in group.settings:
        for value in setting["values"]:
            if value["name"] == "AllowToAddGuests" and value["value"] == "false":
                return "niet toegelaten"
    return "zoals in de hele stad"


def _table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, row_heads: bool = False
) -> str:
    """Cells are HTML already."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    lines = []
    for first, *rest in rows:
        lead = f'<th scope="row">{first}</th>' if row_heads else f"<td>{first}</td>"
        lines.append(f"<tr>{lead}{''.join(f'<td>{cell}</td>' for cell in rest)}</tr>")
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _page(title: str, body: str, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}
    page = PAGE.substitute(title=escape(title), body=body)
    return web.Response(text=page, content_type="text/html", status=status, headers=headers)
