"""Sites and their libraries: late, capped, locked, with twins where SharePoint allows twins."""

from __future__ import annotations

from localhost.tenant.things import Library, Site
from localhost.tenant.trouble import Trouble
from tests.conftest import Clock
from tests.servers.tenant import TenantServer
from tests.tenant.caller import GRAPH, Caller, claim

NOBODY = "00000000-0000-0000-0000-000000000000"
SEVENTY_MINUTES = 70 * 60


async def status(app: Caller, alias: str) -> int:
    said = await app.get(f"/_api/SPSiteManager/status?url='{app.base}/sites/{alias}'")
    return int(said["SiteStatus"])


async def admin(app: Caller, alias: str) -> str:
    """Where the admin centre has the site."""
    return f"/admin/_api/SPO.Tenant/sites('{(await app.get(f'/sites/{alias}/_api/site'))['Id']}')"


async def test_a_site_takes_its_time_and_its_address_is_its_key(
    app: Caller, trouble: Trouble, clock: Clock, tenant: TenantServer
) -> None:
    trouble.site_time = 60
    assert await status(app, "prj-markt") == 0
    for _ in range(2):
        assert (await app.make_site("prj-markt")).body["SiteStatus"] == 1
    assert (await app.ask("GET", "/sites/prj-markt/_api/web")).status == 404
    clock.forward(seconds=61)
    assert await status(app, "PRJ-Markt") == 2
    assert len(tenant.tenant.store.all(Site)) == 1
    assert (await app.make_site("prj-markt", Owner="niemand@elders.example")).status == 400


async def test_sharing_never_goes_beyond_what_the_tenant_allows(app: Caller, trouble: Trouble) -> None:
    await app.make_site("prj-markt")
    where = await admin(app, "prj-markt")
    trouble.largest_sharing_capability = 0
    assert (await app.ask("PATCH", where, {"SharingCapability": 2})).status == 204, "it does not complain"
    assert (await app.get(where))["SharingCapability"] == 0
    guest = {
        "invitedUserEmailAddress": "jan@provincie.example",
        "inviteRedirectUrl": "https://wijzer.example/",
    }
    await app.ask("POST", f"{GRAPH}/invitations", guest)
    name = "i:0#.f|membership|jan_provincie.example#EXT#@vlaskerke.onmicrosoft.com"
    said = await app.ask("POST", "/sites/prj-markt/_api/web/associatedmembergroup/users", {"LoginName": name})
    assert said.status == 403


async def test_a_locked_site_can_be_read_and_not_changed(app: Caller) -> None:
    await app.make_site("prj-markt")
    where = await admin(app, "prj-markt")
    await app.ask("PATCH", where, {"LockState": "ReadOnly"})
    assert (await app.get("/sites/prj-markt/_api/site"))["ReadOnly"] is True
    assert (await app.ask("PATCH", "/sites/prj-markt/_api/web", {"Title": "Anders"})).status == 423
    await app.ask("PATCH", where, {"LockState": "Unlock"})
    assert (await app.ask("PATCH", "/sites/prj-markt/_api/web", {"Title": "Anders"})).status == 204


async def test_a_site_comes_under_a_hub_and_leaves_it(app: Caller) -> None:
    for alias in ("prj-markt", "hub-feesten"):
        await app.make_site(alias)
    hub = (await app.get("/sites/hub-feesten/_api/site"))["Id"]
    join = f"/sites/prj-markt/_api/site/JoinHubSite('{hub}')"
    assert (await app.ask("POST", join, {})).status == 404, "it is no hub yet"
    assert (await app.ask("POST", "/sites/hub-feesten/_api/site/RegisterHubSite", {})).status == 200
    assert (await app.ask("POST", "/sites/hub-feesten/_api/site/RegisterHubSite", {})).status == 500
    assert (await app.ask("POST", join, {})).status == 200
    assert (await app.get("/sites/prj-markt/_api/site"))["HubSiteId"] == hub
    await app.ask("POST", f"/sites/prj-markt/_api/site/JoinHubSite('{NOBODY}')", {})
    assert (await app.get("/sites/prj-markt/_api/site"))["HubSiteId"] == NOBODY


async def test_people_of_a_site_come_and_go(app: Caller) -> None:
    await app.make_site("prj-markt")
    users = "/sites/prj-markt/_api/web/AssociatedMemberGroup/users"
    for _ in range(2):
        assert (await app.ask("POST", users, {"LoginName": claim("dirk")})).status == 201
    assert [one["LoginName"] for one in (await app.get(users))["value"]] == [claim("dirk")]
    remove = f"{users}/removeByLoginName(@v)?@v='{claim('dirk')}'"
    assert (await app.ask("POST", remove, {})).status == 200
    assert (await app.ask("POST", remove, {})).status == 404


async def test_the_name_of_a_library_is_used_once(app: Caller, tenant: TenantServer) -> None:
    site = await app.group_site((await app.make_group()).body["id"])
    assert (await app.make_library(site)).status == 201
    assert (await app.make_library(site, "DOSSIERS")).status == 409
    made = [one.title for one in tenant.tenant.store.all(Library) if not one.built_in]
    assert made == ["Dossiers"]
    listed = await app.get(f"{GRAPH}/sites/{site}/lists?$select=displayName")
    assert {one["displayName"] for one in listed["value"]} == {"Documenten", "Dossiers"}


async def test_a_column_is_added_once_and_a_view_shows_only_columns_there_are(app: Caller) -> None:
    site = await app.group_site((await app.make_group()).body["id"])
    library = (await app.make_library(site)).body["id"]
    columns = f"{GRAPH}/sites/{site}/lists/{library}/columns"
    column = {"name": "Datum", "displayName": "Datum van ontvangst", "dateTime": {"format": "dateOnly"}}
    assert (await app.ask("POST", columns, column)).status == 201
    assert (await app.ask("POST", columns, column)).status == 409
    names = [one["name"] for one in (await app.get(f"{columns}?$select=name"))["value"]]
    assert names[-2:] == ["Status", "Datum"]
    body = {"parameters": {"Title": "Fout", "ViewFields": {"results": ["Datums"]}}}
    where = f"/sites/vlasmarkt/_api/web/lists(guid'{library}')/views/add"
    assert (await app.ask("POST", where, body)).status == 400


async def test_two_views_may_have_one_title(app: Caller) -> None:
    site = await app.group_site((await app.make_group()).body["id"])
    library = (await app.make_library(site)).body["id"]
    for _ in range(2):
        assert (await app.add_view("vlasmarkt", library, "Per status")).status == 200
    views = await app.get(f"/sites/vlasmarkt/_api/web/lists(guid'{library}')/views?$select=Title")
    assert [view["Title"] for view in views["value"]] == ["Alle documenten", "Per status", "Per status"]


async def test_a_content_type_may_take_seventy_minutes(app: Caller, trouble: Trouble, clock: Clock) -> None:
    site = await app.group_site((await app.make_group()).body["id"])
    library = f"{GRAPH}/sites/{site}/lists/{(await app.make_library(site)).body['id']}"
    trouble.content_type_time = SEVENTY_MINUTES
    copy = f"{library}/contentTypes/addCopyFromContentTypeHub"
    for _ in range(2):
        assert (await app.ask("POST", copy, {"contentTypeId": "0x0120D520"})).status == 202
    clock.forward(minutes=69)
    (running,) = (await app.get(f"{library}/operations"))["value"]
    assert running["status"] == "running"
    assert [one["id"] for one in (await app.get(f"{library}/contentTypes"))["value"]] == ["0x0101"]
    clock.forward(minutes=2)
    assert (await app.get(f"{library}/operations"))["value"][0]["status"] == "succeeded"
    _, copied = (await app.get(f"{library}/contentTypes"))["value"]
    assert copied["id"].startswith("0x0120D52000"), "a child of the hub's"
    assert (await app.ask("POST", copy, {"contentTypeId": "0x0120D520"})).status == 200
    assert (await app.ask("POST", copy, {"contentTypeId": "0x010108"})).status == 404


async def test_a_library_gets_a_label_of_the_city_with_the_flags_it_is_given(app: Caller) -> None:
    await app.make_group()
    web = "/sites/vlasmarkt/_api"
    library = {"listUrl": f"{app.base}/sites/vlasmarkt/Gedeelde documenten"}
    get = f"{web}/SP_CompliancePolicy_SPPolicyStoreProxy_GetListComplianceTag"
    library["listUrl"] = library["listUrl"].replace(" ", "%20")
    assert (await app.ask("POST", get, library)).body == {"odata.null": True}
    available = f"{web}/SP.CompliancePolicy.SPPolicyStoreProxy.GetAvailableTagsForSite(siteUrl=@a1)"
    labels = (await app.get(f"{available}?@a1='{app.base}/sites/vlasmarkt'"))["value"]
    flags = {
        "blockDelete": labels[0]["BlockDelete"],
        "blockEdit": labels[0]["BlockEdit"],
        "syncToItems": False,
    }
    put = get.replace("Get", "Set")
    unknown = await app.ask("POST", put, {**library, **flags, "complianceTagValue": "999 Bestaat niet"})
    assert unknown.status == 400
    body = {**library, **flags, "complianceTagValue": labels[0]["TagName"]}
    assert (await app.ask("POST", put, body)).status == 200
    assert (await app.ask("POST", get, library)).body == labels[0]
