"""SharePoint REST: sites without a group, who is in a site's own groups, hubs, and what may be shared."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from localhost.tenant.answers import DONE, NULL, Answer, Ask, Refusal, listed
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import NOBODY, Site

Relation = Literal["owners", "members"]


class SiteManager:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def create(self, ask: Ask) -> Answer:
        """The address is the key: asked again, it says what is there."""
        wanted = ask.body["request"]
        alias = self._alias(wanted["Url"])
        if alias is None:
            raise Refusal(400, "InvalidUrl", "The url is not below /sites of this tenant.")
        owner = self._tenant.user(wanted["Owner"])
        if owner is None:
            raise Refusal(400, "UnknownUser", "The owner is not a user of this tenant.")
        if self._tenant.site_at(alias) is None:
            self._tenant.add_site(
                Site(
                    alias=alias,
                    title=wanted["Title"],
                    description=wanted.get("Description", ""),
                    classification=wanted.get("Classification"),
                    language=wanted.get("Lcid", 1033),
                    sharing_capability=min(1, self._tenant.trouble.largest_sharing_capability),
                    owners=[f"i:0#.f|membership|{owner.sign_in_name}"],
                )
            )
        return Answer(body=self._status(alias))

    def status(self, ask: Ask) -> Answer:
        return Answer(body=self._status(self._alias(ask.query["url"].strip("'")) or ""))

    def delete(self, ask: Ask) -> Answer:
        """With its libraries, and for good: nothing of ours looks for it in the bin."""
        site = self._tenant.store.get(Site, ask.body["siteId"])
        if site is None or not self._tenant.site_stands(site):
            raise Refusal(404, "FileNotFound", "The site was not found.")
        if site.group_id:
            raise Refusal(400, "InvalidOperation", "The site belongs to a group: delete that.")
        self._tenant.remove_site(site)
        return NULL

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


class Webs:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def read(self, ask: Ask) -> Answer:
        site = standing(self._tenant, ask)
        body = {
            "Id": site.web_id,
            "Title": site.title,
            "Description": site.description,
            "MembersCanShare": site.members_can_share,
            "Language": site.language,
            "Url": self._tenant.url_of(site),
            "ServerRelativeUrl": f"/sites/{site.alias}",
        }
        return Answer(body=body)

    def change(self, ask: Ask) -> Answer:
        site = self._writable(ask)
        site.members_can_share = ask.body.get("MembersCanShare", site.members_can_share)
        site.title = ask.body.get("Title", site.title)
        site.description = ask.body.get("Description", site.description)
        self._store.put(site)
        return DONE

    def collection(self, ask: Ask) -> Answer:
        site = standing(self._tenant, ask)
        body = {
            "Id": site.id,
            "Url": self._tenant.url_of(site),
            "Classification": site.classification or "",
            "IsHubSite": site.is_hub,
            "HubSiteId": site.id if site.is_hub else site.hub or NOBODY,
            "GroupId": site.group_id or NOBODY,
            "ReadOnly": site.lock_state == "ReadOnly",
        }
        return Answer(body=body)

    def register_hub(self, ask: Ask) -> Answer:
        site = self._writable(ask)
        if site.is_hub:
            raise Refusal(500, "InvalidOperation", "This site is already a HubSite.")
        site.is_hub, site.hub = True, None
        self._store.put(site)
        url = self._tenant.url_of(site)
        return Answer(body={"ID": site.id, "SiteId": site.id, "SiteUrl": url, "Title": site.title})

    def join_hub(self, ask: Ask) -> Answer:
        site, wanted = self._writable(ask), ask.parts["hub"].lower()
        hub = self._store.get(Site, wanted)
        if wanted != NOBODY and (hub is None or not hub.is_hub or not self._tenant.site_stands(hub)):
            raise Refusal(404, "FileNotFound", "This hub site does not exist.")
        site.hub = None if wanted == NOBODY else wanted
        self._store.put(site)
        return NULL

    def member_group(self, ask: Ask) -> Answer:
        site = standing(self._tenant, ask)
        title = f"Leden van {site.title}"
        return Answer(body={"Id": 5, "Title": title, "AllowMembersEditMembership": site.members_can_invite})

    def change_member_group(self, ask: Ask) -> Answer:
        site = self._writable(ask)
        site.members_can_invite = ask.body["AllowMembersEditMembership"]
        self._store.put(site)
        return DONE

    def owners(self, ask: Ask) -> Answer:
        return self._people(ask, "owners")

    def members(self, ask: Ask) -> Answer:
        return self._people(ask, "members")

    def add_owner(self, ask: Ask) -> Answer:
        return self._add(ask, "owners")

    def add_member(self, ask: Ask) -> Answer:
        return self._add(ask, "members")

    def remove_owner(self, ask: Ask) -> Answer:
        return self._remove(ask, "owners")

    def remove_member(self, ask: Ask) -> Answer:
        return self._remove(ask, "members")

    def _people(self, ask: Ask, relation: Relation) -> Answer:
        names: list[str] = getattr(standing(self._tenant, ask), relation)
        return listed([self._shown(name) for name in names])

    def _add(self, ask: Ask, relation: Relation) -> Answer:
        """Adding somebody who is in it already changes nothing."""
        site, name = self._writable(ask), ask.body["LoginName"]
        user = self._tenant.user(name.rsplit("|", 1)[-1])
        if user is None:
            raise Refusal(400, "SPException", f"The specified user {name} could not be found.")
        if user.guest and site.sharing_capability == 0:
            raise Refusal(403, "SPException", "External users cannot be added to this site.")
        people: list[str] = getattr(site, relation)
        if name not in people:
            people.append(name)
            self._store.put(site)
        return Answer(201, self._shown(name))

    def _remove(self, ask: Ask, relation: Relation) -> Answer:
        site, name = self._writable(ask), ask.query["@v"].strip("'")
        people: list[str] = getattr(site, relation)
        if name not in people:
            raise Refusal(404, "SPException", "User cannot be found.")
        people.remove(name)
        self._store.put(site)
        return NULL

    def _shown(self, login_name: str) -> dict[str, Any]:
        user = self._tenant.user(login_name.rsplit("|", 1)[-1])
        return {"LoginName": login_name, "Title": user.name if user else login_name}

    def _writable(self, ask: Ask) -> Site:
        site = standing(self._tenant, ask)
        if site.lock_state != "Unlock":
            raise Refusal(423, "ResourceLocked", "The site is locked.")
        return site


class Admin:
    """A site as the admin centre sees it: by the id of its collection."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._store = tenant.store

    def site(self, ask: Ask) -> Answer:
        site = self._find(ask)
        body = {
            "SiteId": site.id,
            "Url": self._tenant.url_of(site),
            "Title": site.title,
            "SharingCapability": site.sharing_capability,
            "LockState": site.lock_state,
        }
        return Answer(body=body)

    def change_site(self, ask: Ask) -> Answer:
        """The city's own setting is the ceiling: more is asked in vain."""
        site = self._find(ask)
        wanted = ask.body.get("SharingCapability", site.sharing_capability)
        site.sharing_capability = min(wanted, self._tenant.trouble.largest_sharing_capability)
        site.lock_state = ask.body.get("LockState", site.lock_state)
        self._store.put(site)
        return DONE

    def _find(self, ask: Ask) -> Site:
        site = self._store.get(Site, ask.parts["id"])
        if site is None or not self._tenant.site_stands(site):
            raise Refusal(404, "FileNotFound", "The site was not found.")
        return site


def standing(tenant: Tenant, ask: Ask) -> Site:
    """The site whose address was called."""
    site = tenant.site_at(ask.parts["alias"])
    if site is None or not tenant.site_stands(site):
        raise Refusal(404, "FileNotFound", "File Not Found.")
    return site
