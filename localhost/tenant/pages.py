"""What was built and what was asked, for people to look at. In Dutch: it shows the city's own sites."""

from __future__ import annotations

from aiohttp import web

from localhost.tenant.authority import GRAPH_ROLES, SHAREPOINT_ROLES
from localhost.tenant.html import Html, code, link, mark, page, paragraph, table, time_of
from localhost.tenant.site_page import SHARING, SitePage, guests_of, names_of
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Group, Label, Site, Team
from localhost.tenant.trouble import Trouble
from localhost.tenant.watch import Call, Why

REASONS: dict[Why, str] = {
    "not signed in": "niet aangemeld",
    "not permitted": "geen toestemming",
    "not described": "staat niet in de beschrijving",
    "not as described": "klopt niet met de beschrijving",
    "throttled": "te veel tegelijk",
    "our mistake": "fout van deze tenant",
}


class Pages:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store
        self._site = SitePage(tenant)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.overview),
            web.get("/sites/{alias}", self._site.show),
            web.get("/prullenbak", self.bin),
            web.get("/oproepen", self.calls),
            web.get("/instellingen", self.settings),
        ]

    async def overview(self, request: web.Request) -> web.Response:
        sites = [site for site in self._store.all(Site) if self._tenant.site_stands(site)]
        groups = [group for group in self._store.all(Group) if not group.deleted]
        return page(
            "Sites en groepen",
            paragraph("Hier zie je alles wat Wijzer heeft gemaakt. Het bestaat alleen op dit toestel."),
            table(
                "Sites",
                ("Naam", "Adres", "Groep", "Team", "Classificatie", "Delen", "Bibliotheken"),
                [self._site_row(site) for site in reversed(sites)],
                none="Er zijn nog geen sites. Vraag er een aan in de chat, en laat ze goedkeuren.",
            ),
            table(
                "Groepen",
                ("Naam", "Bijnaam", "Sleutel", "Eigenaars", "Leden", "Gasten"),
                [self._group_row(group) for group in reversed(groups)],
                none="Er zijn nog geen groepen.",
            ),
            at="/",
        )

    async def bin(self, request: web.Request) -> web.Response:
        gone = [group for group in self._store.all(Group) if self._tenant.in_bin(group)]
        rows = [
            (
                group.name,
                group.nickname,
                group.unique_name or "",
                time_of(group.deleted_at, self._tenant.zone) if group.deleted_at else "",
            )
            for group in reversed(gone)
        ]
        return page(
            "Prullenbak",
            paragraph(
                "Een groep blijft hier dertig dagen, met haar site en haar team. Zolang houdt ze haar bijnaam bezet."
            ),
            table(
                "Groepen", ("Naam", "Bijnaam", "Sleutel", "Weg sinds"), rows, none="De prullenbak is leeg."
            ),
            at="/prullenbak",
        )

    async def calls(self, request: web.Request) -> web.Response:
        watch = self._tenant.watch
        counts = [(str(status), str(number)) for status, number in sorted(watch.statuses.items())]
        refusals = [(REASONS[why], str(number)) for why, number in watch.reasons.most_common()]
        recent = [self._call_row(call) for call in reversed(watch.recent)]
        return page(
            "Oproepen",
            paragraph(
                "Wat Wijzer aan Microsoft 365 heeft gevraagd sinds deze tenant is gestart, en wat het antwoord was."
            ),
            table("Antwoorden", ("Antwoord", "Aantal"), counts, none="Er is nog niets gevraagd."),
            table("Geweigerd", ("Waarom", "Aantal"), refusals, none="Er is niets geweigerd."),
            table(
                "De laatste oproepen",
                ("Oproep", "Antwoord", "Waarom", "Wanneer"),
                recent,
                none="Er zijn er nog geen.",
            ),
            at="/oproepen",
        )

    async def settings(self, request: web.Request) -> web.Response:
        roles = [(role, "Microsoft Graph") for role in GRAPH_ROLES]
        roles += [(role, "SharePoint") for role in SHAREPOINT_ROLES]
        labels = [
            (label.name, "voor altijd" if label.days is None else f"{label.days // 365} jaar")
            for label in self._store.all(Label)
        ]
        changed = self._tenant.trouble.model_dump(exclude={"faults"})
        usual = Trouble().model_dump(exclude={"faults"})
        trouble = [(name, str(value)) for name, value in changed.items() if value != usual[name]]
        trouble += [
            (f"{fault.method} {fault.path}", fault.model_dump_json()) for fault in self._tenant.trouble.faults
        ]
        return page(
            "Instellingen",
            paragraph(
                f"Een site mag hoogstens gedeeld worden: {SHARING[self._tenant.trouble.largest_sharing_capability]}."
            ),
            table("Wat Wijzer hier mag", ("Toestemming", "Dienst"), roles, none=""),
            table("Bewaarlabels", ("Naam", "Bewaren"), labels, none="De stad heeft geen bewaarlabels."),
            table(
                "Storingen",
                ("Wat", "Waarde"),
                trouble,
                none="Deze tenant gedraagt zich gewoon: er is geen storing gevraagd.",
            ),
            at="/instellingen",
        )

    def _site_row(self, site: Site) -> tuple[str | Html, ...]:
        group = self._store.get(Group, site.group_id) if site.group_id else None
        libraries = self._tenant.libraries(site)
        return (
            link(f"/sites/{site.alias}", site.title),
            code(f"/sites/{site.alias}"),
            group.nickname if group else "geen",
            "ja" if group and self._store.get(Team, group.id) else "nee",
            site.classification or "geen",
            SHARING[site.sharing_capability],
            ", ".join(library.title for library in libraries if not library.built_in) or "geen",
        )

    def _group_row(self, group: Group) -> tuple[str | Html, ...]:
        return (
            group.name,
            group.nickname,
            code(group.unique_name or ""),
            names_of(self._tenant, group.owners),
            str(len(group.members)),
            guests_of(group),
        )

    def _call_row(self, call: Call) -> tuple[str | Html, ...]:
        query = "&".join(f"{name}={value}" for name, value in call.query.items())
        bad = call.status >= 400
        why = f"{REASONS[call.why]}: {call.said}" if call.why else ""
        return (
            code(f"{call.method} {call.path}{'?' if query else ''}{query}"),
            mark(str(call.status)) if bad else str(call.status),
            why,
            time_of(call.at, self._tenant.zone),
        )
