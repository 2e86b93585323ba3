"""Groups as the real directory behaves: read late, unique at once, and not gone when deleted."""

from __future__ import annotations

import pytest

from localhost.tenant.tenant import BIN_SECONDS
from localhost.tenant.things import Group, Site, User
from localhost.tenant.trouble import Trouble
from tests.cast import demo_city, person
from tests.conftest import Clock
from tests.servers.tenant import TenantServer
from tests.tenant.caller import GRAPH, GUESTS, Caller, by_key

GUEST = {"invitedUserEmailAddress": "jan@provincie.example", "inviteRedirectUrl": "https://wijzer.example/"}
CLOSED = {"templateId": GUESTS, "values": [{"name": "AllowToAddGuests", "value": "false"}]}


async def test_what_was_written_is_read_late_but_is_unique_at_once(
    app: Caller, trouble: Trouble, clock: Clock
) -> None:
    trouble.read_lag = 60
    assert (await app.make_group()).status == 201
    assert (await app.make_group()).status == 204, "the key is taken, also while it cannot be read"
    assert (await app.ask("GET", by_key("vlasmarkt"))).status == 404
    assert (await app.make_group("vlasmarkt")).status == 204
    clock.forward(seconds=61)
    assert (await app.get(by_key("vlasmarkt")))["mailNickname"] == "vlasmarkt"


async def test_a_nickname_is_for_one_group(app: Caller) -> None:
    await app.make_group()
    said = await app.make_group("anders", mailNickname="VLASMARKT")
    assert said.status == 400
    assert "already exists" in said.message


async def test_without_the_wish_to_create_nothing_is_created(app: Caller, tenant: TenantServer) -> None:
    from tests.tenant.caller import group

    assert (await app.ask("PATCH", by_key("vlasmarkt"), group("vlasmarkt"))).status == 404
    assert tenant.tenant.store.all(Group) == []


@pytest.mark.parametrize("owners", [(), ("amina",)])
async def test_a_group_without_an_owner_who_has_a_licence_never_gets_a_site(
    app: Caller, trouble: Trouble, clock: Clock, owners: tuple[str, ...]
) -> None:
    trouble.unlicensed = [person("amina").email.upper()]
    group = (await app.make_group(owners=owners)).body["id"]
    clock.forward(days=1)
    assert (await app.ask("GET", f"{GRAPH}/groups/{group}/sites/root")).status == 404
    user = await app.get(f"{GRAPH}/users/{person('amina').object_id}?$select=assignedLicenses")
    assert user == {"assignedLicenses": []}


async def test_a_deleted_group_holds_its_nickname_for_thirty_days(app: Caller, clock: Clock) -> None:
    group = (await app.make_group()).body["id"]
    site = await app.group_site(group)
    assert (await app.ask("DELETE", f"{GRAPH}/groups/{group}")).status == 204
    for path in (by_key("vlasmarkt"), f"{GRAPH}/groups/{group}", f"{GRAPH}/sites/{site}"):
        assert (await app.ask("GET", path)).status == 404
    assert (await app.get(f"{GRAPH}/groups?$filter=mailNickname eq 'vlasmarkt'"))["value"] == []

    where = f"{GRAPH}/directory/deletedItems/microsoft.graph.group?$filter=mailNickname eq 'vlasmarkt'&$count=true"
    (found,) = (await app.get(where, ConsistencyLevel="eventual"))["value"]
    assert found["id"] == group
    assert found["deletedDateTime"]
    assert (await app.ask("GET", where)).status == 400, "such a filter needs its header"
    assert (await app.make_group()).status == 400

    clock.forward(seconds=int(BIN_SECONDS) + 1)
    assert (await app.get(where, ConsistencyLevel="eventual"))["value"] == []
    assert (await app.make_group()).status == 201


async def test_a_deleted_group_can_come_back_with_its_site(app: Caller) -> None:
    group = (await app.make_group()).body["id"]
    site = await app.group_site(group)
    await app.ask("DELETE", f"{GRAPH}/groups/{group}")
    assert (await app.ask("POST", f"{GRAPH}/directory/deletedItems/{group}/restore")).status == 200
    assert (await app.get(by_key("vlasmarkt")))["deletedDateTime"] is None
    assert (await app.get(f"{GRAPH}/sites/{site}"))["name"] == "vlasmarkt"


async def test_who_is_in_a_group_already_is_refused_and_the_last_owner_stays(app: Caller) -> None:
    group = (await app.make_group()).body["id"]
    for relation in ("owners", "members"):
        amina = {"@odata.id": f"{app.base}{GRAPH}/users/{person('amina').object_id}"}
        again = await app.ask("POST", f"{GRAPH}/groups/{group}/{relation}/$ref", amina)
        assert again.status == 400
        assert "already exist" in again.message
    last = await app.ask("DELETE", f"{GRAPH}/groups/{group}/owners/{person('amina').object_id}/$ref")
    assert last.status == 400


async def test_of_people_who_are_bound_together_all_come_in_or_none(
    app: Caller, tenant: TenantServer
) -> None:
    group = (await app.make_group()).body["id"]
    people = [
        f"{app.base}{GRAPH}/directoryObjects/{person(one).object_id}" for one in ("dirk", "amina", "els")
    ]
    said = await app.ask("PATCH", f"{GRAPH}/groups/{group}", {"members@odata.bind": people})
    assert said.status == 400
    assert "already exist" in said.message
    members = await app.get(f"{GRAPH}/groups/{group}/members?$select=id")
    assert [one["id"] for one in members["value"]] == [person("amina").object_id]
    kept = tenant.tenant.store.get(Group, group)
    assert kept is not None
    assert kept.members == [person("amina").object_id]


async def test_guests_are_kept_out_of_a_group_that_is_closed_to_them(app: Caller) -> None:
    group = (await app.make_group()).body["id"]
    guest = (await app.ask("POST", f"{GRAPH}/invitations", GUEST)).body["invitedUser"]["id"]
    assert (await app.ask("POST", f"{GRAPH}/groups/{group}/settings", CLOSED)).status == 201
    again = await app.ask("POST", f"{GRAPH}/groups/{group}/settings", CLOSED)
    assert again.status == 400
    body = {"@odata.id": f"{app.base}{GRAPH}/users/{guest}"}
    assert (await app.ask("POST", f"{GRAPH}/groups/{group}/members/$ref", body)).status == 403


async def test_a_guest_is_invited_once_a_colleague_never_and_nobody_where_guests_are_off(
    app: Caller, trouble: Trouble, tenant: TenantServer
) -> None:
    first = await app.ask("POST", f"{GRAPH}/invitations", GUEST)
    again = await app.ask("POST", f"{GRAPH}/invitations", GUEST)
    assert first.body["invitedUser"] == again.body["invitedUser"]
    assert len([user for user in tenant.tenant.store.all(User) if user.guest]) == 1
    colleague = {**GUEST, "invitedUserEmailAddress": person("els").email}
    assert (await app.ask("POST", f"{GRAPH}/invitations", colleague)).status == 400
    trouble.refuses_guests = True
    refused = await app.ask("POST", f"{GRAPH}/invitations", GUEST)
    assert (refused.status, refused.message) == (403, "Guest invitations not allowed for your company.")


async def test_who_has_no_manager_has_none_to_find(app: Caller) -> None:
    people = demo_city().people
    with_one = next(one for one in people if one.supervisor_id)
    without = next(one for one in people if not one.supervisor_id)
    manager = await app.get(f"{GRAPH}/users/{with_one.object_id}/manager")
    assert manager["id"] == next(one for one in people if one.id == with_one.supervisor_id).object_id
    assert (await app.ask("GET", f"{GRAPH}/users/{without.object_id}/manager")).status == 404


@pytest.mark.parametrize("asked", ["$top=15", ""])
async def test_lists_come_in_pages_with_a_link_to_the_next(app: Caller, trouble: Trouble, asked: str) -> None:
    trouble.page_size = 100 if asked else 7
    path: str | None = f"{GRAPH}/users?$select=id&{asked}"
    found: list[str] = []
    pages = 0
    while path:
        page = await app.get(path)
        found += [user["id"] for user in page["value"]]
        path, pages = page.get("@odata.nextLink", "").removeprefix(app.base), pages + 1
    assert set(found) >= {one.object_id for one in demo_city().people}
    assert len(found) == len(set(found))
    assert pages == -(-len(found) // (15 if asked else 7))


async def test_the_service_accounts_of_the_scenarios_have_an_account(app: Caller) -> None:
    accounts = {scenario.service_account for scenario in demo_city().scenarios if scenario.service_account}
    assert accounts
    for account in accounts:
        assert (await app.get(f"{GRAPH}/users/{account}"))["assignedLicenses"]


async def test_the_site_of_a_group_takes_the_next_address_when_its_own_is_used(
    app: Caller, tenant: TenantServer
) -> None:
    tenant.tenant.add_site(Site(alias="vlasmarkt", title="Van iemand anders"))
    group = (await app.make_group()).body["id"]
    assert (await app.get(f"{GRAPH}/groups/{group}/sites/root"))["name"] == "vlasmarkt2"
