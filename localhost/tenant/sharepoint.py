"""The calls of SharePoint REST: sites without a group, and what may be shared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from localhost.tenant.answers import as_json, body_of, selected, sharepoint_error
from localhost.tenant.bodies import (
    MemberGroupBody,
    NewSiteBody,
    NothingBody,
    SiteUserBody,
    TenantSiteBody,
    WebBody,
)
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import Site

SiteHandler = Callable[[web.Request, Site], Awaitable[web.Response]]
NOT_FOUND = "-2147024894, System.IO.FileNotFoundException"


class SharePoint:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def routes(self) -> list[web.RouteDef]:
        site = "/sites/{alias}/_api"
        people = "{group:(?i:associatedownergroup|associatedmembergroup)}"
        tenant_site = "/admin/_api/SPO.Tenant/sites('{id}')"
        return [
            web.post("/_api/SPSiteManager/create", self.create),
            web.get("/_api/SPSiteManager/status", self.status),
            web.get(f"{site}/web", self._of_site(self.read_web)),
            web.patch(f"{site}/web", self._of_site(self.change_web)),
            web.get(f"{site}/site", self._of_site(self.read_site)),
            web.post(f"{site}/site/RegisterHubSite", self._of_site(self.register_hub)),
            web.get(f"{site}/web/{people}/users", self._of_site(self.people)),
            web.post(f"{site}/web/{people}/users", self._of_site(self.add_person)),
            web.get(f"{site}/web/associatedmembergroup", self._of_site(self.member_group)),
            web.patch(f"{site}/web/associatedmembergroup", self._of_site(self.change_member_group)),
            web.get(tenant_site, self.tenant_site),
            web.patch(tenant_site, self.change_tenant_site),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """The address is the key: asked again, it says what is there."""
        wanted = body_of(await request.read(), NewSiteBody).request
        alias = self._alias(wanted.url)
        if alias is None:
            return sharepoint_error(400, "The url is not below /sites of this tenant.")
        owner = self._tenant.user(wanted.owner)
        if owner is None:
            return sharepoint_error(400, "The owner is not a user of this tenant.")
        if self._tenant.site_at(alias) is not None:
            return as_json(self._status(alias))
        self._tenant.add_site(
            Site(
                alias=alias,
                title=wanted.title,
                description=wanted.description,
                classification=wanted.classification,
                language=wanted.language,
                sharing_capability=min(1, self._tenant.trouble.largest_sharing_capability),
                owners=[f"i:0#.f|membership|{owner.sign_in_name}"],
            )
        )
        return as_json(self._status(alias))

    async def status(self, request: web.Request) -> web.Response:
        alias = self._alias(request.query.get("url", "").strip("'"))
        if alias is None:
            return sharepoint_error(400, "The url is not below /sites of this tenant.")
        return as_json(self._status(alias))

    async def read_web(self, request: web.Request, site: Site) -> web.Response:
        values = {
            "Id": site.web_id,
            "Title": site.title,
            "Description": site.description,
            "MembersCanShare": site.members_can_share,
            "Language": site.language,
            "Url": self._tenant.url_of(site),
        }
        return as_json(selected(values, request.query.get("$select")))

    async def change_web(self, request: web.Request, site: Site) -> web.Response:
        site.members_can_share = body_of(await request.read(), WebBody).members_can_share
        self._store.put(site)
        return web.Response(status=204)

    async def read_site(self, request: web.Request, site: Site) -> web.Response:
        values = {
            "Id": site.id,
            "Url": self._tenant.url_of(site),
            "Classification": site.classification,
            "IsHubSite": site.is_hub,
            "HubSiteId": site.id if site.is_hub else "00000000-0000-0000-0000-000000000000",
            "GroupId": site.group_id or "00000000-0000-0000-0000-000000000000",
        }
        return as_json(selected(values, request.query.get("$select")))

    async def register_hub(self, request: web.Request, site: Site) -> web.Response:
        body_of(await request.read() or b"{}", NothingBody)
        if site.is_hub:
            return sharepoint_error(
                500, "This site is already a HubSite.", "-1, System.InvalidOperationException"
            )
        site.is_hub = True
        self._store.put(site)
        return as_json(
            {"ID": site.id, "SiteId": site.id, "SiteUrl": self._tenant.url_of(site), "Title": site.title}
        )

    async def people(self, request: web.Request, site: Site) -> web.Response:
        values = [{"LoginName": name} for name in self._members(request, site)]
        return as_json({"value": [selected(value, request.query.get("$select")) for value in values]})

    async def add_person(self, request: web.Request, site: Site) -> web.Response:
        name = body_of(await request.read(), SiteUserBody).login_name
        user = self._tenant.user(name.rsplit("|", 1)[-1])
        if user is None:
            return sharepoint_error(
                400, f"The specified user {name} could not be found.", "-2146232832, SPException"
            )
        if user.guest and site.sharing_capability == 0:
            return sharepoint_error(403, "External users cannot be added to this site.", "-1, SPException")
        people = self._members(request, site)
        if name not in people:
            people.append(name)
            self._store.put(site)
        return as_json({"LoginName": name, "Title": user.name}, 201)

    async def member_group(self, request: web.Request, site: Site) -> web.Response:
        values = {
            "Id": 5,
            "Title": f"Leden van {site.title}",
            "AllowMembersEditMembership": site.members_can_invite,
        }
        return as_json(selected(values, request.query.get("$select")))

    async def change_member_group(self, request: web.Request, site: Site) -> web.Response:
        site.members_can_invite = body_of(await request.read(), MemberGroupBody).members_can_invite
        self._store.put(site)
        return web.Response(status=204)

    async def tenant_site(self, request: web.Request) -> web.Response:
        site = self._store.get(Site, request.match_info["id"])
        if site is None or not self._tenant.visible(site):
            return sharepoint_error(404, "The site was not found.", NOT_FOUND)
        values = {
            "SiteId": site.id,
            "Url": self._tenant.url_of(site),
            "Title": site.title,
            "SharingCapability": site.sharing_capability,
        }
        return as_json(selected(values, request.query.get("$select")))

    async def change_tenant_site(self, request: web.Request) -> web.Response:
        """The city's own setting is the ceiling: more is asked in vain."""
        wanted = body_of(await request.read(), TenantSiteBody).sharing_capability
        site = self._store.get(Site, request.match_info["id"])
        if site is None or not self._tenant.visible(site):
            return sharepoint_error(404, "The site was not found.", NOT_FOUND)
        site.sharing_capability = min(wanted, self._tenant.trouble.largest_sharing_capability)
        self._store.put(site)
        return web.Response(status=204)

    def _of_site(self, handler: SiteHandler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def find(request: web.Request) -> web.Response:
            site = self._tenant.site_at(request.match_info["alias"])
            if site is None or not self._tenant.visible(site):
                return sharepoint_error(404, "File Not Found.", NOT_FOUND)
            return await handler(request, site)

        return find

    def _alias(self, url: str) -> str | None:
        """The last part of an address below /sites of this tenant."""
        start = f"{self._tenant.base}/sites/"
        alias = urlsplit(url).path.removeprefix("/sites/")
        return alias if url.startswith(start) and alias and "/" not in alias else None

    def _status(self, alias: str) -> dict[str, Any]:
        site = self._tenant.site_at(alias)
        if site is None:
            return {"SiteId": "", "SiteStatus": 0, "SiteUrl": ""}
        ready = self._tenant.visible(site)
        return {
            "SiteId": site.id if ready else "",
            "SiteStatus": 2 if ready else 1,
            "SiteUrl": self._tenant.url_of(site),
        }

    @staticmethod
    def _members(request: web.Request, site: Site) -> list[str]:
        owners = request.match_info["group"].lower() == "associatedownergroup"
        return site.owners if owners else site.members
