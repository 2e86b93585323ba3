"""Building sites on the local tenant: whole, and with every setting that the city decided."""

from __future__ import annotations

import pytest

from domain.building.plan import Step, StepState
from domain.building.tasks import FINDINGS_VIEW, TASK_VIEW
from domain.errors import NotFound
from domain.sites.policy import Container
from domain.sites.request import SiteState
from localhost.tenant.things import Group, Library, Site, Team, User
from localhost.tenant.trouble import Fault
from tests.cast import demo_city, person
from tests.provisioning.conftest import OWNERS, Yard
from tests.servers.tenant import TenantServer

SCENARIOS = {scenario.id: scenario for scenario in demo_city().scenarios}
EXPECTED = {  # capability, members share documents, guests kept out of the group, hub
    "1": (1, True, None, False),
    "2": (0, True, True, True),
    "3": (0, True, True, False),
    "4": (0, False, True, False),
    "5": (0, False, None, False),
}
LIBRARIES = {"1": "publicaties", "2": "publicaties", "3": "publicaties,verslagen", "4": "contracten", "5": ""}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def own_libraries(server: TenantServer) -> list[Library]:
    """Without those that every site has from the start."""
    return [library for library in server.tenant.store.all(Library) if not library.built_in]


def check_built(server: TenantServer, scenario_id: str, libraries: str = "") -> None:
    """Exactly one of everything, with every setting of the governance table."""
    scenario = SCENARIOS[scenario_id]
    capability, members_share, closed, hub = EXPECTED[scenario_id]
    (site,) = server.tenant.store.all(Site)
    assert site.alias == f"{scenario.address_prefix}vlasmarkt"
    assert site.classification == str(scenario.classification)
    assert (site.sharing_capability, site.members_can_share) == (capability, members_share)
    assert site.members_can_invite is False
    assert site.is_hub is hub
    owners = {person(one).email for one in OWNERS}
    if scenario.container is Container.SITE:
        assert server.tenant.store.all(Group) == []
        assert {name.rsplit("|")[-1] for name in site.owners} == owners
        inside = [name.rsplit("|")[-1] for name in site.members if "#EXT#" not in name]
        assert inside == [person("dirk").email]
    else:
        check_group(server, scenario_id, site, closed)
    check_libraries(server, libraries)


def check_group(server: TenantServer, scenario_id: str, site: Site, closed: bool | None) -> None:
    scenario = SCENARIOS[scenario_id]
    (group,) = server.tenant.store.all(Group)
    assert group.id == site.group_id
    assert (group.classification, group.visibility) == (str(scenario.classification), "Private")
    switched_off = [{"name": "AllowToAddGuests", "value": "false"}]
    assert [setting["values"] for setting in group.settings] == ([switched_off] if closed else [])
    everybody = {person(one).object_id for one in (*OWNERS, "dirk")}
    assert len(group.members) == len(set(group.members))
    assert everybody <= set(group.members)
    if scenario.service_account:
        (owner,) = (server.tenant.user(one) for one in group.owners)
        assert owner is not None
        assert owner.sign_in_name == scenario.service_account
        assert {name.rsplit("|")[-1] for name in site.owners} == {person(one).email for one in OWNERS}
    else:
        assert set(group.owners) == {person(one).object_id for one in OWNERS}
    teams = server.tenant.store.all(Team)
    assert [team.id for team in teams] == ([group.id] if scenario_id == "3" else [])


def check_libraries(server: TenantServer, libraries: str) -> None:
    templates = {template.id: template for template in demo_city().libraries}
    wanted = [templates[one] for one in libraries.split(",") if one]
    made = {library.name: library for library in own_libraries(server)}
    assert len(own_libraries(server)) == len(wanted)
    for template in wanted:
        library = made[template.url_name]
        assert library.title == template.name("nl")
        assert [column["name"] for column in library.columns][-len(template.columns) :] == [
            column.name for column in template.columns
        ]
        titles = [view.title for view in library.views]
        assert [title for title in titles if title in {view.title for view in template.views}] == [
            view.title for view in template.views
        ]
        assert len(library.content_types) == (1 if template.document_set else 0)
        label = template.retention_label
        assert (library.label.name if library.label else None) == label


@pytest.mark.parametrize("scenario_id", sorted(SCENARIOS))
async def test_an_approved_request_becomes_one_site_with_all_settings_of_its_scenario(
    yard: Yard, tenant: TenantServer, scenario_id: str
) -> None:
    libraries = LIBRARIES[scenario_id]
    request = await yard.build(scenario_id, libraries=libraries)
    assert (request.state, request.failed_step) == (SiteState.READY, None)
    assert {step.state for step in request.steps} == {StepState.DONE}
    assert request.steps[-1].step is Step.HAND_OVER
    assert request.url == f"{tenant.tenant.base}/sites/{SCENARIOS[scenario_id].address_prefix}vlasmarkt"
    check_built(tenant, scenario_id, libraries)
    assert ("site.result", request.id, "amina") in yard.shown
    assert ("site.owner", request.id, "carla") in yard.shown, "the other owner hears that it is theirs"
    build = await yard.look(request)
    assert (build.attention, build.findings) == (None, ())
    assert build.handed_over_at is not None


@sqlite
async def test_a_guest_is_invited_once_and_can_get_in(yard: Yard, tenant: TenantServer) -> None:
    request = await yard.build(guests="jan.devos@provincie.example")
    assert request.state is SiteState.READY
    (site,) = tenant.tenant.store.all(Site)
    guest = "i:0#.f|membership|jan.devos_provincie.example#EXT#@vlaskerke.onmicrosoft.com"
    assert guest in site.members
    assert len([user for user in tenant.tenant.store.all(User) if user.guest]) == 1
    invitations = [call for call in tenant.tenant.watch.calls if call.path.endswith("/invitations")]
    assert len(invitations) == 1


@sqlite
async def test_a_site_comes_under_the_hub_that_was_chosen(yard: Yard, tenant: TenantServer) -> None:
    hub = await yard.build("2", name="Digitale hub", key="hub")
    request = await yard.build("3", hub=hub.id)
    assert request.state is SiteState.READY
    sites = {site.alias: site for site in tenant.tenant.store.all(Site)}
    assert sites["team-vlasmarkt"].hub == sites["hub-digitale-hub"].id


@sqlite
async def test_more_than_twenty_members_all_get_in(yard: Yard, tenant: TenantServer) -> None:
    people = [one for one in demo_city().people if one.id not in (*OWNERS, "dirk")][:45]
    assert len(people) > 20
    members = ", ".join(one.email for one in people)
    request = await yard.build("3", members=f"{members}, {person('dirk').email}")
    assert request.state is SiteState.READY
    (group,) = tenant.tenant.store.all(Group)
    assert {one.object_id for one in people} <= set(group.members)
    assert len(group.members) == len(set(group.members))
    one_by_one = [call for call in tenant.tenant.watch.calls if call.path.endswith("/members/$ref")]
    assert len(one_by_one) < 5, "twenty at a time"


@sqlite
async def test_a_retention_label_goes_on_libraries_that_bring_none_with_the_flags_it_has(
    yard: Yard, tenant: TenantServer
) -> None:
    request = await yard.build("3", libraries="verslagen,publicaties", label="507 Projecten")
    assert request.state is SiteState.READY
    templates = {template.url_name: template for template in demo_city().libraries}
    for library in own_libraries(tenant):
        assert library.label is not None
        assert library.label.name == (templates[library.name].retention_label or "507 Projecten")
        assert (library.label.block_delete, library.label.block_edit) == (True, False)


@sqlite
async def test_a_name_that_somebody_else_has_is_never_touched(yard: Yard, tenant: TenantServer) -> None:
    theirs = Site(alias="prj-vlasmarkt", title="Van iemand anders", sharing_capability=0)
    tenant.tenant.add_site(theirs)
    request = await yard.build()
    assert request.state is SiteState.FAILED
    assert request.failed_step is not None
    assert request.failed_step.step is Step.ADDRESS
    assert [site.id for site in tenant.tenant.store.all(Site)] == [theirs.id]


@sqlite
async def test_a_deleted_group_still_holds_the_name(yard: Yard, tenant: TenantServer) -> None:
    tenant.tenant.store.put(Group(name="Oude markt", nickname="hub-vlasmarkt", deleted=True))
    request = await yard.build("2")
    assert request.failed_step is not None
    assert "Oude markt" in (request.failed_step.error or "")


@sqlite
async def test_a_site_of_another_wijzer_with_the_same_number_is_not_taken_over(
    yard: Yard, tenant: TenantServer
) -> None:
    theirs = Site(alias="prj-vlasmarkt", title="Vlasmarkt", description="Markt (S-2026-000001, wijzer-0)")
    tenant.tenant.add_site(theirs)
    request = await yard.build()
    assert (request.number, request.state) == ("S-2026-000001", SiteState.FAILED)
    assert [site.id for site in tenant.tenant.store.all(Site)] == [theirs.id]


@sqlite
async def test_an_owner_without_a_licence_stops_a_team_before_anything_is_made(
    yard: Yard, tenant: TenantServer
) -> None:
    account = SCENARIOS["3"].service_account
    assert account is not None
    tenant.tenant.trouble.unlicensed = [account]
    request = await yard.build("3")
    assert request.failed_step is not None
    assert request.failed_step.step is Step.PREPARE
    assert "licence" in (request.failed_step.error or "")
    assert tenant.tenant.store.all(Group) == []


@sqlite
async def test_a_label_that_is_not_published_stops_it_before_anything_is_made(
    yard: Yard, tenant: TenantServer
) -> None:
    from localhost.tenant.things import Label

    for label in tenant.tenant.store.all(Label):
        if label.name == "610 Publicaties":
            tenant.tenant.store.remove(label)
    request = await yard.build("3", libraries="publicaties")
    assert request.failed_step is not None
    assert request.failed_step.step is Step.PREPARE
    assert "610 Publicaties" in (request.failed_step.error or "")


@sqlite
async def test_a_failed_operation_of_microsoft_stops_with_its_reason_and_starts_anew_when_tried_again(
    yard: Yard, tenant: TenantServer
) -> None:
    from domain.building.actions import retry_step

    tenant.tenant.trouble.team_time = 60
    tenant.tenant.trouble.failing_teams = 1
    request = await yard.build("3")
    assert request.failed_step is not None
    assert request.failed_step.step is Step.TEAM
    async with yard.units() as unit:
        await retry_step(unit, person("gust").as_actor(), request.id)
    await yard.run_all()
    assert (await yard.now(request)).state is SiteState.READY
    check_built(tenant, "3")


@sqlite
async def test_a_content_type_that_takes_seventy_minutes_is_waited_for_and_asked_for_once(
    yard: Yard, tenant: TenantServer
) -> None:
    tenant.tenant.trouble.content_type_time = 4200
    began = yard.clock.now
    request = await yard.build("3", libraries="publicaties")
    assert request.state is SiteState.READY
    assert (yard.clock.now - began).total_seconds() >= 4200
    asked = [call for call in tenant.tenant.watch.calls if call.path.endswith("addCopyFromContentTypeHub")]
    assert len(asked) == 1
    check_built(tenant, "3", "publicaties")


@sqlite
@pytest.mark.parametrize("scenario_id", ["1", "3"])
async def test_what_cannot_be_read_yet_is_waited_for(
    yard: Yard, tenant: TenantServer, scenario_id: str
) -> None:
    trouble = tenant.tenant.trouble
    trouble.read_lag, trouble.site_time, trouble.team_lag, trouble.team_time = 300, 600, 600, 120
    request = await yard.build(scenario_id, libraries="publicaties")
    assert request.state is SiteState.READY
    assert max(step.attempts for step in request.steps) > 3
    check_built(tenant, scenario_id, "publicaties")


@sqlite
async def test_a_refusal_by_the_platform_stops_at_once_with_its_reason(
    yard: Yard, tenant: TenantServer
) -> None:
    tenant.go_wrong(Fault(method="PATCH", path="uniqueName", status=403, times=99))
    before = yard.clock.now
    request = await yard.build("2")
    assert request.failed_step is not None
    assert (request.failed_step.step, request.failed_step.attempts) == (Step.GROUP, 1)
    assert "403" in (request.failed_step.error or "")
    assert yard.clock.now == before


@sqlite
async def test_a_setting_that_the_tenant_caps_stops_it_with_what_was_wanted(
    yard: Yard, tenant: TenantServer
) -> None:
    tenant.tenant.trouble.largest_sharing_capability = 0
    request = await yard.build()
    assert request.failed_step is not None
    assert request.failed_step.step is Step.SHARING
    assert "capability is 0, not 1" in (request.failed_step.error or "")


@sqlite
async def test_a_job_that_comes_again_does_nothing(yard: Yard, tenant: TenantServer) -> None:
    from domain.building.steps import PROVISION
    from domain.jobs.handling import ClaimedJob

    request = await yard.build()
    calls = len(tenant.tenant.watch.calls)
    for step in Step:
        payload = {"request": request.id, "run": 0, "step": step.value, "attempt": 0}
        await yard.handlers[PROVISION](ClaimedJob("x", PROVISION, payload, 1))
    assert len(tenant.tenant.watch.calls) == calls
    assert (await yard.now(request)).state is SiteState.READY


@sqlite
async def test_what_only_people_can_do_is_asked_of_the_right_people(yard: Yard, tenant: TenantServer) -> None:
    from domain.building.tasks import finish_task
    from domain.errors import Conflict

    request = await yard.build("4")
    (task,) = (await yard.look(request)).tasks
    assert task.task_id == "sensitivity-label"
    assert {(TASK_VIEW, task.id, owner) for owner in OWNERS} <= set(yard.shown)
    with pytest.raises(NotFound):
        async with yard.units() as unit:
            await finish_task(unit, person("dirk").as_actor(), task.id, "")
    async with yard.units() as unit:
        done = await finish_task(unit, person("carla").as_actor(), task.id, "Label Vertrouwelijk staat erop.")
    assert (done.done_by_id, done.note) == ("carla", "Label Vertrouwelijk staat erop.")
    with pytest.raises(Conflict):
        async with yard.units() as unit:
            await finish_task(unit, person("amina").as_actor(), task.id, "")
    assert FINDINGS_VIEW not in {view for view, _, _ in yard.shown}
