"""Building sites on the local tenant: whole, and in the face of crashes, lost answers, lag and throttling."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.graph.http import Answer, Http
from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.sites.actions import retry_building
from domain.sites.policy import Container
from domain.sites.plan import Step, StepState, steps_for
from domain.sites.request import SiteState
from localhost.tenant.things import Group, Site, User
from localhost.tenant.trouble import Fault
from tests.cast import demo_city, person
from tests.servers.tenant import TenantServer
from tests.sites.conftest import Office

SCENARIOS = {scenario.id: scenario for scenario in demo_city().scenarios}
EXPECTED = {  # capability, members share documents, guests kept out of the group, hub
    "1": (1, True, None, False),
    "2": (0, True, True, True),
    "3": (0, True, True, False),
    "4": (0, False, True, False),
    "5": (0, False, None, False),
}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def check_built(server: TenantServer, scenario_id: str, members: set[str], owners: set[str]) -> None:
    """Exactly one site, and group where there should be one, with every setting of the governance table."""
    scenario = SCENARIOS[scenario_id]
    capability, members_share, closed, hub = EXPECTED[scenario_id]
    (site,) = server.tenant.store.all(Site)
    assert site.alias == f"{scenario.address_prefix}vlasmarkt"
    assert site.classification == str(scenario.classification)
    assert (site.sharing_capability, site.members_can_share) == (capability, members_share)
    assert site.members_can_invite is False
    assert site.is_hub is hub
    groups = server.tenant.store.all(Group)
    site_owners = {name.rsplit("|")[-1] for name in site.owners}
    if scenario.container is Container.SITE:
        assert groups == []
        assert site_owners == {person(one).email for one in owners}
        inside = [name.rsplit("|")[-1] for name in site.members if "#EXT#" not in name]
        assert sorted(inside) == sorted(person(one).email for one in members)
        return
    (group,) = groups
    assert group.id == site.group_id
    assert group.classification == str(scenario.classification)
    switched_off = [{"name": "AllowToAddGuests", "value": "false"}]
    assert [setting["values"] for setting in group.settings] == ([switched_off] if closed else [])
    everybody = {person(one).object_id for one in owners | members}
    assert len(group.members) == len(set(group.members))
    assert everybody <= set(group.members)
    if scenario.service_account:
        (owner,) = (server.tenant.user(one) for one in group.owners)
        assert owner is not None
        assert owner.sign_in_name == scenario.service_account
        assert site_owners == {person(one).email for one in owners}
    else:
        assert set(group.owners) == {person(one).object_id for one in owners}


@pytest.mark.parametrize("scenario_id", sorted(SCENARIOS))
async def test_an_approved_request_becomes_one_site_with_all_settings_of_its_scenario(
    office: Office, tenant: TenantServer, scenario_id: str
) -> None:
    request = await office.request(scenario=scenario_id, members="carla.maes@vlaskerke.example, Dirk Peeters")
    await office.approve(request)
    await office.run_all()
    request = await office.now(request)
    assert (request.state, request.failed_step) == (SiteState.READY, None)
    assert [step.step for step in request.steps] == list(steps_for(SCENARIOS[scenario_id]))
    assert {step.state for step in request.steps} == {StepState.DONE}
    assert request.url == f"{tenant.tenant.base}/sites/{SCENARIOS[scenario_id].address_prefix}vlasmarkt"
    check_built(tenant, scenario_id, {"carla", "dirk"}, {"amina"})
    assert office.shown[-1][0] == "approval.approver"  # the approvers' cards get the link too
    assert ("site.result", request.id, "amina") in office.shown


@sqlite
async def test_a_guest_is_invited_once_and_can_get_in(office: Office, tenant: TenantServer) -> None:
    request = await office.request(members="jan.devos@provincie.example")
    await office.approve(request)
    await office.run_all()
    assert (await office.now(request)).state is SiteState.READY
    (site,) = tenant.tenant.store.all(Site)
    assert site.members == ["i:0#.f|membership|jan.devos_provincie.example#EXT#@vlaskerke.onmicrosoft.com"]
    invitations = [call for call in tenant.tenant.watch.calls if call.path.endswith("/invitations")]
    assert len(invitations) == 1


class CrashError(BaseException):
    """The process ends here: nothing catches it, nothing is written any more."""


@sqlite
@pytest.mark.parametrize(
    ("scenario_id", "members", "count"), [("1", "dirk, jan@provincie.example", 5), ("3", "dirk", 7)]
)
async def test_a_crash_after_any_write_to_the_tenant_leaves_exactly_one_of_each_thing(
    office: Office,
    tenant: TenantServer,
    scenario_id: str,
    members: str,
    count: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process dies right after the n-th write was done, for every n, one site after the other."""
    call, store = Http.call, tenant.tenant.store
    writes = 0
    crash_at = 0

    async def dying(self: Http, method: str, url: str, *given: Any, **named: Any) -> Answer:
        nonlocal writes
        answer = await call(self, method, url, *given, **named)
        if method != "GET":
            writes += 1
            if writes == crash_at:
                raise CrashError
        return answer

    monkeypatch.setattr(Http, "call", dying)
    for crash_at in range(1, 30):
        writes = 0
        for thing in (*store.all(Site), *store.all(Group), *(user for user in store.all(User) if user.guest)):
            store.remove(thing)
        request = await office.request(scenario=scenario_id, members=members, key=f"k{crash_at}")
        await office.approve(request)
        try:
            await office.run_all()
        except CrashError:
            await office.after_a_crash()
        else:
            break
        assert (await office.now(request)).state is SiteState.READY
        check_built(tenant, scenario_id, {"dirk"}, {"amina"})
        await let_go(office, request.id)
    assert crash_at == count + 1


async def let_go(office: Office, request_id: str) -> None:
    """Free the address for the next round."""
    from sqlalchemy import update

    from domain.sites.models import SiteRequestRow

    async with office.units() as unit:
        await unit.db.execute(
            update(SiteRequestRow)
            .where(SiteRequestRow.id == request_id)
            .values(alias=f"gone-{request_id[:8]}{request_id[-12:]}")
        )


@sqlite
@pytest.mark.parametrize("step", list(steps_for(SCENARIOS["2"])))
async def test_a_crash_between_a_step_and_its_record_repeats_the_step_harmlessly(
    office: Office, tenant: TenantServer, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    from domain.sites import provision

    do = provision._do
    crashed = False

    async def dying(current: Step, *given: Any) -> Any:
        nonlocal crashed
        built = await do(current, *given)
        if current is step and not crashed:
            crashed = True
            raise CrashError
        return built

    monkeypatch.setattr(provision, "_do", dying)
    request = await office.request(scenario="2", members="dirk")
    await office.approve(request)
    with pytest.raises(CrashError):
        await office.run_all()
    await office.after_a_crash()
    request = await office.now(request)
    assert request.state is SiteState.READY
    assert {one.attempts for one in request.steps} == {1}, "an attempt that was not recorded does not count"
    check_built(tenant, "2", {"dirk"}, {"amina"})


WRITES = [
    ("1", "POST", "SPSiteManager/create"),
    ("5", "PATCH", "/_api/web$"),
    ("1", "PATCH", "associatedmembergroup$"),
    ("1", "POST", "associatedmembergroup/users"),
    ("2", "PATCH", "uniqueName"),
    ("2", "PATCH", "SPO.Tenant"),
    ("2", "POST", "/settings$"),
    ("2", "POST", "RegisterHubSite"),
    ("2", "POST", r"members/\$ref"),
]


@sqlite
@pytest.mark.parametrize(("scenario_id", "method", "path"), WRITES)
async def test_an_answer_that_is_lost_after_the_work_was_done_makes_nothing_twice(
    office: Office, tenant: TenantServer, scenario_id: str, method: Any, path: str
) -> None:
    tenant.go_wrong(Fault(method=method, path=path, status=0, after_work=True))
    request = await office.request(scenario=scenario_id, members="dirk")
    await office.approve(request)
    await office.run_all()
    assert tenant.tenant.trouble.faults[0].times == 0, "the fault happened"
    assert (await office.now(request)).state is SiteState.READY
    check_built(tenant, scenario_id, {"dirk"}, {"amina"})


@sqlite
@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_platform_is_given_the_time_it_asks_for(
    office: Office, tenant: TenantServer, status: int
) -> None:
    tenant.go_wrong(
        Fault(method="POST", path="SPSiteManager/create", status=status, retry_after=120, times=2)
    )
    request = await office.request()
    await office.approve(request)
    await office.run_due()
    request = await office.now(request)
    (waiting,) = [step for step in request.steps if step.state is StepState.WAITING]
    assert (waiting.step, waiting.attempts) == (Step.SITE, 1)
    assert str(status) in (waiting.error or "")
    assert (office.late[0][0] - office.clock.now).total_seconds() == 120
    await office.run_all()
    assert (await office.now(request)).state is SiteState.READY
    check_built(tenant, "1", set(), {"amina"})


@sqlite
@pytest.mark.parametrize("scenario_id", ["1", "3"])
async def test_what_cannot_be_read_yet_is_waited_for(
    office: Office, tenant: TenantServer, scenario_id: str
) -> None:
    tenant.tenant.trouble.read_lag = 300
    tenant.tenant.trouble.site_time = 600
    request = await office.request(scenario=scenario_id, members="dirk")
    await office.approve(request)
    await office.run_all()
    request = await office.now(request)
    assert request.state is SiteState.READY
    assert max(step.attempts for step in request.steps) > 3
    check_built(tenant, scenario_id, {"dirk"}, {"amina"})


@sqlite
async def test_what_never_appears_ends_in_a_failure_that_people_see_and_an_operator_can_retry(
    office: Office, tenant: TenantServer, gust: Actor, amina: Actor, els: Actor
) -> None:
    tenant.tenant.trouble.site_time = 10**6
    request = await office.request(scenario="2")
    await office.approve(request)
    await office.run_all()
    request = await office.now(request)
    assert request.state is SiteState.FAILED
    assert request.failed_step is not None
    assert request.failed_step.step is Step.SITE
    assert {("site.result", request.id, "amina"), ("site.operator", request.id, "gust")} <= set(office.shown)
    for other in (amina, els):
        with pytest.raises(NotFound):
            async with office.units() as unit:
                await retry_building(unit, other, request.id)
    for site in tenant.tenant.store.all(Site):
        site.visible_at = 0
        tenant.tenant.store.put(site)
    async with office.units() as unit:
        await retry_building(unit, gust, request.id)
    with pytest.raises(Conflict):
        async with office.units() as unit:
            await retry_building(unit, gust, request.id)
    await office.run_all()
    assert (await office.now(request)).state is SiteState.READY
    check_built(tenant, "2", set(), {"amina"})


@sqlite
async def test_an_address_that_somebody_else_has_is_never_touched(
    office: Office, tenant: TenantServer
) -> None:
    theirs = Site(alias="prj-vlasmarkt", title="Van iemand anders", sharing_capability=0)
    tenant.tenant.add_site(theirs)
    request = await office.request()
    await office.approve(request)
    await office.run_all()
    request = await office.now(request)
    assert request.state is SiteState.FAILED
    assert request.failed_step is not None
    assert request.failed_step.step is Step.ADDRESS
    assert tenant.tenant.store.all(Site) == [theirs]


@sqlite
async def test_a_deleted_group_still_holds_the_address(office: Office, tenant: TenantServer) -> None:
    tenant.tenant.store.put(Group(name="Oude markt", nickname="hub-vlasmarkt", deleted=True))
    request = await office.request(scenario="2")
    await office.approve(request)
    await office.run_all()
    request = await office.now(request)
    assert request.failed_step is not None
    assert "Oude markt" in (request.failed_step.error or "")


@sqlite
async def test_a_setting_that_the_tenant_caps_is_found_when_it_is_read_back(
    office: Office, tenant: TenantServer
) -> None:
    tenant.tenant.trouble.largest_sharing_capability = 0
    request = await office.request(scenario="1")
    await office.approve(request)
    await office.run_all()
    request = await office.now(request)
    assert request.state is SiteState.FAILED
    assert request.failed_step is not None
    assert request.failed_step.step is Step.SHARING
    assert "capability is 0, not 1" in (request.failed_step.error or "")


@sqlite
async def test_a_refusal_by_the_platform_stops_at_once_with_its_reason(
    office: Office, tenant: TenantServer
) -> None:
    tenant.go_wrong(Fault(method="PATCH", path="uniqueName", status=403, times=99))
    request = await office.request(scenario="2")
    await office.approve(request)
    before = office.clock.now
    await office.run_all()
    request = await office.now(request)
    assert request.failed_step is not None
    assert (request.failed_step.step, request.failed_step.attempts) == (Step.GROUP, 1)
    assert "403" in (request.failed_step.error or "")
    assert office.clock.now == before


@sqlite
async def test_a_job_that_comes_again_does_nothing(office: Office, tenant: TenantServer) -> None:
    request = await office.request()
    await office.approve(request)
    await office.run_all()
    calls = len(tenant.tenant.watch.calls)
    from domain.jobs.handling import ClaimedJob
    from domain.sites.steps import PROVISION

    for step in Step:
        payload = {"request": request.id, "step": step.value, "attempt": 0}
        await office.handlers[PROVISION](ClaimedJob("x", PROVISION, payload, 1))
    assert len(tenant.tenant.watch.calls) == calls
    assert (await office.now(request)).state is SiteState.READY


@sqlite
async def test_a_site_of_another_wijzer_with_the_same_number_is_not_taken_over(
    office: Office, tenant: TenantServer
) -> None:
    theirs = Site(alias="prj-vlasmarkt", title="Vlasmarkt", description="Markt (S-2026-000001, wijzer-0)")
    tenant.tenant.add_site(theirs)
    request = await office.request()
    assert request.number == "S-2026-000001"
    await office.approve(request)
    await office.run_all()
    assert (await office.now(request)).state is SiteState.FAILED
    assert tenant.tenant.store.all(Site) == [theirs]
