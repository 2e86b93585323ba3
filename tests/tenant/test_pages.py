"""The pages that show what was built, as they are sent; how they look is for people to judge."""

from __future__ import annotations

import re

import pytest

from tests.cast import person
from tests.servers.tenant import TenantServer
from tests.tenant.caller import GRAPH, GUESTS, Caller, claim

PATHS = ["/", "/sites/vlasmarkt", "/prullenbak", "/oproepen", "/instellingen"]
TYPED = "<script>alert(1)</script><img src=x onerror=alert(1)>"


async def read(app: Caller, path: str, status: int = 200) -> str:
    """The page without its tags, so that a test reads what a person does."""
    async with app.session.get(app.base + path) as answer:
        assert answer.status == status
        html = await answer.text()
    inside = html.partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside))


async def test_a_new_tenant_says_that_there_is_nothing_yet(app: Caller) -> None:
    shown = await read(app, "/")
    assert "Er zijn nog geen sites." in shown
    assert "Er zijn nog geen groepen." in shown
    assert "De prullenbak is leeg." in await read(app, "/prullenbak")
    assert "Er is nog niets gevraagd." in await read(app, "/oproepen")
    assert "gedraagt zich gewoon" in await read(app, "/instellingen")
    assert "Op dit adres staat geen site." in await read(app, "/sites/nergens", 404)


async def test_the_page_of_a_site_shows_its_settings_people_team_and_libraries(app: Caller) -> None:
    group = (await app.make_group()).body["id"]
    await app.make_team(group)
    closed = {"templateId": GUESTS, "values": [{"name": "AllowToAddGuests", "value": "false"}]}
    await app.ask("POST", f"{GRAPH}/groups/{group}/settings", closed)
    site = await app.group_site(group)
    choice = {"choices": ["Concept", "Klaar"]}
    columns = [{"name": "Status", "displayName": "Stand", "required": True, "choice": choice}]
    library = (await app.make_library(site, columns=columns)).body
    body = {
        "Title": "Per stand",
        "ViewFields": {"results": ["LinkFilename", "Status"]},
        "Query": '<GroupBy><FieldRef Name="Status"/></GroupBy><OrderBy><FieldRef Name="Modified"/></OrderBy>',
    }
    add = f"/sites/vlasmarkt/_api/web/lists(guid'{library['id']}')/views/add"
    assert (await app.ask("POST", add, {"parameters": body})).status == 200
    label = {
        "listUrl": library["webUrl"],
        "complianceTagValue": "000 Werkdocumenten",
        "blockDelete": True,
        "blockEdit": False,
        "syncToItems": False,
    }
    policy = "/sites/vlasmarkt/_api/SP_CompliancePolicy_SPPolicyStoreProxy_SetListComplianceTag"
    assert (await app.ask("POST", policy, label)).status == 200
    await app.ask("PATCH", "/sites/vlasmarkt/_api/web", {"MembersCanShare": False})
    owners = "/sites/vlasmarkt/_api/web/associatedownergroup/users"
    await app.ask("POST", owners, {"LoginName": claim("dirk")})

    shown = await read(app, "/sites/vlasmarkt")
    for text in (
        "Classificatie 2",
        "Leden delen documenten met anderen nee",
        "Gasten in de groep niet toegelaten",
        f"Eigenaars van de groep {person('amina').name}",
        f"Eigenaars van de site {person('dirk').name}",
        "Er is een team in Teams.",
        "Dossiers Standaardlabel: 000 Werkdocumenten.",
        "Stand keuze: Concept, Klaar ja",
        "Per stand Naam, Stand per Stand; gesorteerd op Gewijzigd",
    ):
        assert text in re.sub(r"\s+", " ", shown), text
    home = await read(app, "/")
    assert "Vlasmarkt /sites/vlasmarkt vlasmarkt ja 2" in home
    assert "Dossiers" in home


async def test_what_was_deleted_is_in_the_bin_and_nowhere_else(app: Caller) -> None:
    group = (await app.make_group()).body["id"]
    await app.ask("DELETE", f"{GRAPH}/groups/{group}")
    assert "Vlasmarkt vlasmarkt wijzer-vlasmarkt" in await read(app, "/prullenbak")
    assert "Vlasmarkt" not in await read(app, "/")
    await read(app, "/sites/vlasmarkt", 404)


async def test_the_calls_page_counts_and_explains_what_was_refused(app: Caller, tenant: TenantServer) -> None:
    await app.ask("GET", f"{GRAPH}/users")
    await app.ask("GET", f"{GRAPH}/me")
    await app.ask("GET", f"{GRAPH}/users", roles=[])
    shown = await read(app, "/oproepen")
    for text in (
        "200 1",
        "501 1",
        "403 1",
        "staat niet in de beschrijving 1",
        "geen toestemming 1",
        "User.Read.All",
    ):
        assert text in shown, text
    tenant.tenant.trouble.read_lag = 60.0
    assert "read_lag 60.0" in await read(app, "/instellingen")


@pytest.mark.parametrize("path", PATHS)
async def test_what_people_typed_is_text_on_every_page(app: Caller, path: str) -> None:
    await app.make_group(displayName=TYPED, description=TYPED)
    await app.ask("DELETE", f"{GRAPH}/groups/{(await app.make_group('weg', displayName=TYPED)).body['id']}")
    await app.make_library(await app.group_site((await app.get(f"{GRAPH}/groups"))["value"][0]["id"]), TYPED)
    await app.ask("GET", f"{GRAPH}/users?$filter=mail eq '{TYPED}'")
    async with app.session.get(app.base + path) as answer:
        html = await answer.text()
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<script" not in html
    assert "<img" not in html
    if path != "/instellingen":
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_can_be_read_aloud(app: Caller, path: str) -> None:
    await app.make_group()
    async with app.session.get(app.base + path) as answer:
        html = await answer.text()
    assert '<html lang="nl">' in html
    assert html.count("<h1>") == 1
    assert '<a class="skip" href="#inhoud">' in html
    assert html.count("<table") == html.count("<caption>")
    for head in re.findall(r"<th .*?>", html):
        assert "scope=" in head
