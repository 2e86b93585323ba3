"""One of everything: makes every call that is described, once each, in an order in which all of them succeed."""

from __future__ import annotations

from typing import Any

from tests.cast import person
from tests.tenant.caller import GRAPH, GUESTS, Caller, Said, by_key, claim

AMINA, DIRK, ELS = (person(one).object_id for one in ("amina", "dirk", "els"))


async def walk(app: Caller) -> None:
    await _people(app)
    group = await _groups(app)
    await _teams(app, group)
    await _libraries(app, group)
    await _sites(app)
    await _bin(app, group)


async def _done(app: Caller, method: str, path: str, body: Any = None, **headers: str) -> Said:
    said = await app.ask(method, path, body, **headers)
    assert said.status < 300, (method, path, said)
    return said


async def _people(app: Caller) -> None:
    await _done(app, "GET", f"{GRAPH}/users?$top=3")
    await _done(app, "GET", f"{GRAPH}/users?$filter=id in ('{AMINA}','{DIRK}')")
    await _done(app, "GET", f"{GRAPH}/users/{person('amina').email}")
    await _done(app, "GET", f"{GRAPH}/users/{AMINA}/manager")
    guest = {
        "invitedUserEmailAddress": "jan@provincie.example",
        "inviteRedirectUrl": "https://wijzer.example/",
    }
    await _done(app, "POST", f"{GRAPH}/invitations", guest)
    bound = {"teamsApp@odata.bind": f"{app.base}{GRAPH}/appCatalogs/teamsApps/wijzer"}
    installed = f"{GRAPH}/users/{DIRK}/teamwork/installedApps"
    await _done(app, "POST", installed, bound)
    found = await _done(app, "GET", f"{installed}?$expand=teamsApp&$filter=teamsApp/id eq 'wijzer'")
    await _done(app, "GET", f"{installed}/{found.body['value'][0]['id']}/chat")


async def _groups(app: Caller) -> str:
    made = await app.make_group()
    group = f"{GRAPH}/groups/{made.body['id']}"
    await _done(app, "GET", f"{GRAPH}/groups?$filter=mailNickname eq 'vlasmarkt'")
    await _done(app, "GET", by_key("vlasmarkt"))
    await _done(app, "GET", group)
    bound = {"members@odata.bind": [f"{app.base}{GRAPH}/directoryObjects/{ELS}"]}
    await _done(app, "PATCH", group, {"classification": "3", "description": "Anders", **bound})
    for relation in ("owners", "members"):
        await _done(app, "POST", f"{group}/{relation}/$ref", {"@odata.id": f"{app.base}{GRAPH}/users/{DIRK}"})
        await _done(app, "GET", f"{group}/{relation}?$select=id&$top=100")
        await _done(app, "DELETE", f"{group}/{relation}/{AMINA}/$ref")
    values = [{"name": "AllowToAddGuests", "value": "false"}]
    setting = await _done(app, "POST", f"{group}/settings", {"templateId": GUESTS, "values": values})
    await _done(app, "GET", f"{group}/settings")
    await _done(app, "PATCH", f"{group}/settings/{setting.body['id']}", {"values": values})
    return str(made.body["id"])


async def _teams(app: Caller, group: str) -> None:
    for call in ("create", "archive", "unarchive"):
        body = {"shouldSetSpoSiteReadOnlyForMembers": True} if call == "archive" else None
        made = await app.make_team(group) if call == "create" else None
        started = made or await _done(app, "POST", f"{GRAPH}/teams/{group}/{call}", body)
        assert started.status == 202, started
        await _done(app, "GET", f"{GRAPH}{started.headers['Location']}")
        await _done(app, "GET", f"{GRAPH}/teams/{group}")
    channel = (await _done(app, "GET", f"{GRAPH}/teams/{group}/primaryChannel")).body["id"]
    tab = {
        "displayName": "Dossiers",
        "teamsApp@odata.bind": f"{app.base}{GRAPH}/appCatalogs/teamsApps/com.microsoft.teamspace.tab.web",
        "configuration": {"entityId": "", "contentUrl": f"{app.base}/sites/vlasmarkt/Dossiers"},
    }
    await _done(app, "POST", f"{GRAPH}/teams/{group}/channels/{channel}/tabs", tab)
    await _done(app, "GET", f"{GRAPH}/teams/{group}/channels/{channel}/tabs")


async def _libraries(app: Caller, group: str) -> None:
    site = await app.group_site(group)
    await _done(app, "GET", f"{GRAPH}/sites/{site}")
    made = await app.make_library(site)
    lists = f"{GRAPH}/sites/{site}/lists"
    library = f"{lists}/{made.body['id']}"
    await _done(app, "GET", f"{lists}?$filter=displayName eq 'Dossiers'")
    await _done(app, "GET", library)
    await _done(app, "PATCH", library, {"displayName": "Alle dossiers"})
    await _done(app, "POST", f"{library}/columns", {"name": "Datum", "dateTime": {"format": "dateOnly"}})
    await _done(app, "GET", f"{library}/columns")
    copied = {"contentTypeId": "0x0120D520"}
    await _done(app, "POST", f"{library}/contentTypes/addCopyFromContentTypeHub", copied)
    await _done(app, "GET", f"{library}/contentTypes")
    await _done(app, "GET", f"{library}/operations")
    await app.add_view("vlasmarkt", made.body["id"], "Per status")
    web = "/sites/vlasmarkt/_api"
    await _done(app, "GET", f"{web}/web/lists(guid'{made.body['id']}')/views?$expand=ViewFields")
    policy, listed = f"{web}/SP_CompliancePolicy_SPPolicyStoreProxy", f"{app.base}/sites/vlasmarkt/Dossiers"
    available = "SP.CompliancePolicy.SPPolicyStoreProxy.GetAvailableTagsForSite(siteUrl=@a1)"
    labels = await _done(app, "GET", f"{web}/{available}?@a1='{app.base}/sites/vlasmarkt'")
    await _done(app, "GET", f"/_api/{available}?@a1='{app.base}'")
    label = {
        "listUrl": listed,
        "complianceTagValue": labels.body["value"][0]["TagName"],
        "blockDelete": True,
        "blockEdit": False,
        "syncToItems": False,
    }
    await _done(app, "POST", f"{policy}_SetListComplianceTag", label)
    await _done(app, "POST", f"{policy}_GetListComplianceTag", {"listUrl": listed})


async def _sites(app: Caller) -> None:
    await app.make_site("prj-markt")
    status = await _done(app, "GET", f"/_api/SPSiteManager/status?url='{app.base}/sites/prj-markt'")
    web = "/sites/prj-markt/_api"
    await _done(app, "GET", f"{web}/web?$select=Title,MembersCanShare")
    for body in ({"MembersCanShare": False}, {"Title": "De markt"}):
        await _done(app, "PATCH", f"{web}/web", body)
    members = f"{web}/web/associatedmembergroup"
    await _done(app, "GET", members)
    await _done(app, "PATCH", members, {"AllowMembersEditMembership": False})
    for people in (members, f"{web}/web/associatedownergroup"):
        await _done(app, "POST", f"{people}/users", {"LoginName": claim("dirk")})
        await _done(app, "GET", f"{people}/users")
        await _done(app, "POST", f"{people}/users/removeByLoginName(@v)?@v='{claim('dirk')}'", {})
    await _done(app, "GET", f"{web}/site")
    hub = await _done(app, "POST", f"{web}/site/RegisterHubSite", {})
    await _done(app, "POST", f"/sites/vlasmarkt/_api/site/JoinHubSite('{hub.body['ID']}')", {})
    admin = f"/admin/_api/SPO.Tenant/sites('{status.body['SiteId']}')"
    await _done(app, "GET", admin)
    for change in ({"SharingCapability": 0}, {"LockState": "ReadOnly"}):
        await _done(app, "PATCH", admin, change)
    await _done(app, "POST", "/_api/SPSiteManager/delete", {"siteId": status.body["SiteId"]})


async def _bin(app: Caller, group: str) -> None:
    await _done(app, "DELETE", f"{GRAPH}/groups/{group}")
    deleted = f"{GRAPH}/directory/deletedItems"
    query = "$filter=mailNickname eq 'vlasmarkt'&$count=true"
    await _done(app, "GET", f"{deleted}/microsoft.graph.group?{query}", ConsistencyLevel="eventual")
    await _done(app, "GET", f"{deleted}/{group}")
    await _done(app, "POST", f"{deleted}/{group}/restore")
    await _done(app, "DELETE", f"{GRAPH}/groups/{group}")
    await _done(app, "DELETE", f"{deleted}/{group}")
