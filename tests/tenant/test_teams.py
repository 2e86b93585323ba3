"""Teams: started with a 202, there when the operation has ended, and not when it failed."""

from __future__ import annotations

from localhost.tenant.things import Team
from localhost.tenant.trouble import Trouble
from tests.cast import person
from tests.conftest import Clock
from tests.servers.tenant import TenantServer
from tests.tenant.caller import GRAPH, Caller


async def test_a_team_is_there_when_its_operation_has_ended(
    app: Caller, trouble: Trouble, clock: Clock, tenant: TenantServer
) -> None:
    trouble.team_time = 90
    group = (await app.make_group()).body["id"]
    started = await app.make_team(group)
    assert (started.status, started.body) == (202, None)
    location = started.headers["Location"]
    assert location.startswith(f"/teams('{group}')/operations('"), "relative, as Graph writes it"
    assert (await app.get(f"{GRAPH}{location}"))["status"] == "inProgress"
    assert (await app.ask("GET", f"{GRAPH}/teams/{group}")).status == 404
    assert (await app.make_team(group)).status == 409, "it is being made"
    clock.forward(seconds=91)
    assert (await app.get(f"{GRAPH}{location}"))["status"] == "succeeded"
    assert (await app.get(f"{GRAPH}/teams/{group}"))["displayName"] == "Vlasmarkt"
    assert (await app.get(f"{GRAPH}/groups/{group}"))["resourceProvisioningOptions"] == ["Team"]
    assert (await app.make_team(group)).status == 409
    assert len(tenant.tenant.store.all(Team)) == 1


async def test_an_operation_that_fails_leaves_no_team_and_can_be_tried_again(
    app: Caller, trouble: Trouble, clock: Clock
) -> None:
    trouble.team_time, trouble.failing_teams = 90, 1
    group = (await app.make_group()).body["id"]
    location = (await app.make_team(group)).headers["Location"]
    clock.forward(seconds=91)
    failed = await app.get(f"{GRAPH}{location}")
    assert failed["status"] == "failed"
    assert failed["error"]["message"]
    assert (await app.ask("GET", f"{GRAPH}/teams/{group}")).status == 404
    assert (await app.make_team(group)).status == 202
    clock.forward(seconds=91)
    assert (await app.ask("GET", f"{GRAPH}/teams/{group}")).status == 200


async def test_teams_does_not_know_a_new_group_for_a_while(
    app: Caller, trouble: Trouble, clock: Clock
) -> None:
    trouble.team_lag = 15 * 60
    group = (await app.make_group()).body["id"]
    assert (await app.make_team(group)).status == 404
    clock.forward(minutes=15, seconds=1)
    assert (await app.make_team(group)).status == 202


async def test_without_an_owner_there_is_no_team_and_without_a_licence_it_fails(
    app: Caller, trouble: Trouble
) -> None:
    nobody = (await app.make_group("zonder", owners=())).body["id"]
    assert (await app.make_team(nobody)).status == 400
    trouble.unlicensed = [person("amina").email]
    group = (await app.make_group()).body["id"]
    operation = await app.get(f"{GRAPH}{(await app.make_team(group)).headers['Location']}")
    assert operation["status"] == "failed"
    assert "licence" in operation["error"]["message"]


async def test_with_a_group_nothing_else_may_be_said_about_the_team(app: Caller) -> None:
    group = (await app.make_group()).body["id"]
    body = {
        "displayName": "Vlasmarkt",
        "template@odata.bind": f"{app.base}{GRAPH}/teamsTemplates('standard')",
        "group@odata.bind": f"{app.base}{GRAPH}/groups('{group}')",
    }
    assert (await app.ask("POST", f"{GRAPH}/teams", body)).status == 400


async def test_an_archived_team_has_a_site_that_can_only_be_read(
    app: Caller, trouble: Trouble, clock: Clock
) -> None:
    group = (await app.make_group()).body["id"]
    await app.make_team(group)
    trouble.team_time = 30
    body = {"shouldSetSpoSiteReadOnlyForMembers": True}
    for change, archived, status in (("archive", True, 423), ("unarchive", False, 204)):
        started = await app.ask("POST", f"{GRAPH}/teams/{group}/{change}", body if archived else None)
        assert started.status == 202
        assert (await app.get(f"{GRAPH}/teams/{group}"))["isArchived"] is not archived
        clock.forward(seconds=31)
        assert (await app.get(f"{GRAPH}/teams/{group}"))["isArchived"] is archived
        changed = await app.ask("PATCH", "/sites/vlasmarkt/_api/web", {"MembersCanShare": False})
        assert changed.status == status


async def test_a_deleted_group_takes_its_team_along_and_brings_it_back(app: Caller) -> None:
    group = (await app.make_group()).body["id"]
    await app.make_team(group)
    assert (await app.ask("GET", f"{GRAPH}/teams/{group}")).status == 200
    await app.ask("DELETE", f"{GRAPH}/groups/{group}")
    assert (await app.ask("GET", f"{GRAPH}/teams/{group}")).status == 404
    await app.ask("POST", f"{GRAPH}/directory/deletedItems/{group}/restore")
    assert (await app.ask("GET", f"{GRAPH}/teams/{group}")).status == 200
