"""What administrators and information managers do: try again, leave out, put aside, give up, check and repair."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.actor import Actor
from domain.building.actions import give_up, list_attention, park_build, retry_step, skip_step
from domain.building.build import Attention, What
from domain.building.checks import check_now, repair_site, sweep_checks
from domain.building.plan import Step, StepState
from domain.building.tasks import FINDINGS_VIEW
from domain.building.verification import Finding, Setting
from domain.errors import Conflict, Invalid, NotFound
from domain.sites.request import SiteRequest, SiteState
from localhost.tenant.things import Group, Site
from localhost.tenant.trouble import Fault
from tests.provisioning.conftest import Yard
from tests.provisioning.test_provision import check_built, sqlite
from tests.servers.tenant import TenantServer


async def stuck_at_sharing(yard: Yard, tenant: TenantServer) -> SiteRequest:
    """The tenant allows nobody from outside, and scenario 1 wants guests."""
    tenant.tenant.trouble.largest_sharing_capability = 0
    request = await yard.build()
    assert request.failed_step is not None
    assert request.failed_step.step is Step.SHARING
    return request


async def test_an_administrator_sees_what_stopped_and_has_it_tried_again(
    yard: Yard, tenant: TenantServer, gust: Actor, amina: Actor, els: Actor
) -> None:
    request = await stuck_at_sharing(yard, tenant)
    assert {("site.result", request.id, "amina"), ("site.operator", request.id, "gust")} <= set(yard.shown)
    async with yard.units.read() as unit:
        (line,) = (await list_attention(unit, els)).builds
        with pytest.raises(NotFound):
            await list_attention(unit, amina)
    assert (line.request.id, line.attention) == (request.id, Attention.FAILED)
    for other in (amina, els):
        with pytest.raises(NotFound):
            async with yard.units() as unit:
                await retry_step(unit, other, request.id)
    tenant.tenant.trouble.largest_sharing_capability = 1
    async with yard.units() as unit:
        await retry_step(unit, gust, request.id)
    with pytest.raises(Conflict):
        async with yard.units() as unit:
            await retry_step(unit, gust, request.id)
    await yard.run_all()
    assert (await yard.now(request)).state is SiteState.READY
    check_built(tenant, "1")
    build = await yard.look(request)
    assert [(event.what, event.by_id) for event in build.events] == [(What.RETRIED, "gust")]
    async with yard.units.read() as unit:
        assert (await list_attention(unit, gust)).builds == ()


@sqlite
async def test_a_step_that_is_left_out_needs_a_reason_and_shows_in_the_verification(
    yard: Yard, tenant: TenantServer, gust: Actor
) -> None:
    request = await stuck_at_sharing(yard, tenant)
    with pytest.raises(Invalid):
        async with yard.units() as unit:
            await skip_step(unit, gust, request.id, "  ")
    async with yard.units() as unit:
        await skip_step(unit, gust, request.id, "De hele stad staat dicht tot de audit.")
    await yard.run_all()
    build = await yard.look(request)
    assert build.request.failed_step is not None
    assert build.request.failed_step.step is Step.VERIFY
    assert build.findings == (Finding(Setting.CAPABILITY, "1", "0"),)
    async with yard.units() as unit:
        await skip_step(unit, gust, request.id, "Zo blijft het voorlopig.")
    await yard.run_all()
    build = await yard.look(request)
    assert (build.request.state, build.attention) == (SiteState.READY, Attention.FINDINGS)
    assert [event.reason for event in build.events] == [
        "De hele stad staat dicht tot de audit.",
        "Zo blijft het voorlopig.",
    ]
    skipped = [step.step for step in build.request.steps if step.state is StepState.SKIPPED]
    assert skipped == [Step.SHARING, Step.VERIFY]
    assert (FINDINGS_VIEW, request.id, "els") in yard.shown


@sqlite
async def test_what_everything_else_stands_on_is_never_left_out(
    yard: Yard, tenant: TenantServer, gust: Actor
) -> None:
    tenant.go_wrong(Fault(method="POST", path="SPSiteManager/create", status=403, times=9))
    request = await yard.build()
    with pytest.raises(Conflict):
        async with yard.units() as unit:
            await skip_step(unit, gust, request.id, "Mag weg")


@sqlite
async def test_a_build_that_is_put_aside_waits_until_somebody_goes_on(
    yard: Yard, tenant: TenantServer, gust: Actor
) -> None:
    request = await yard.order("3")
    async with yard.units() as unit:
        await park_build(unit, gust, request.id, "Wacht op de licenties.")
    await yard.run_all()
    assert tenant.tenant.store.all(Group) == []
    assert (await yard.look(request)).attention is Attention.PARKED
    async with yard.units() as unit:
        await retry_step(unit, gust, request.id)
    await yard.run_all()
    assert (await yard.now(request)).state is SiteState.READY
    check_built(tenant, "3")


@pytest.mark.parametrize("scenario_id", ["1", "3"])
async def test_what_is_given_up_is_cleaned_up_and_its_name_is_free(
    yard: Yard, tenant: TenantServer, gust: Actor, scenario_id: str
) -> None:
    tenant.tenant.trouble.largest_sharing_capability = 0 if scenario_id == "1" else 1
    path = "associatedownergroup/users" if scenario_id == "3" else "nothing"
    tenant.go_wrong(Fault(method="POST", path=path, status=403, times=9))
    request = await yard.build(scenario_id)
    assert request.state is SiteState.FAILED
    async with yard.units() as unit:
        await give_up(unit, gust, request.id, "De aanvrager heeft hem niet meer nodig.")
    await yard.run_all()
    assert (await yard.now(request)).state is SiteState.WITHDRAWN
    assert tenant.tenant.store.all(Site) == []
    assert tenant.tenant.store.all(Group) == [], "not in the bin either: there it would hold its name"
    tenant.go_wrong()
    tenant.tenant.trouble.largest_sharing_capability = 1
    again = await yard.build(scenario_id, key="k2")
    assert again.state is SiteState.READY
    check_built(tenant, scenario_id)
    with pytest.raises(Conflict):
        async with yard.units() as unit:
            await give_up(unit, gust, again.id, "Toch niet")


@sqlite
async def test_what_is_given_up_never_takes_away_what_is_somebody_elses(
    yard: Yard, tenant: TenantServer, gust: Actor
) -> None:
    theirs = Site(alias="prj-vlasmarkt", title="Van iemand anders")
    tenant.tenant.add_site(theirs)
    group = Group(name="Van iemand anders", nickname="prj-vlasmarkt", owners=[])
    tenant.tenant.store.put(group)
    request = await yard.build()
    async with yard.units() as unit:
        await give_up(unit, gust, request.id, "De naam is bezet.")
    await yard.run_all()
    assert (await yard.now(request)).state is SiteState.WITHDRAWN
    assert [site.id for site in tenant.tenant.store.all(Site)] == [theirs.id]
    assert [one.id for one in tenant.tenant.store.all(Group)] == [group.id]


async def test_drift_is_found_by_the_monthly_check_told_and_repaired(
    yard: Yard, tenant: TenantServer, els: Actor, amina: Actor
) -> None:
    request = await yard.build("3", libraries="publicaties")
    assert await sweep_checks(yard.desk) == 0, "it was verified a moment ago"
    (site,) = tenant.tenant.store.all(Site)
    (group,) = tenant.tenant.store.all(Group)
    site.sharing_capability, site.members_can_invite = 1, True
    group.classification = "1"
    group.settings[0]["values"] = [{"name": "AllowToAddGuests", "value": "true"}]
    tenant.tenant.store.put(site)
    tenant.tenant.store.put(group)
    yard.clock.now += timedelta(days=31)
    assert await sweep_checks(yard.desk) == 1
    await yard.run_all()
    build = await yard.look(request)
    assert {finding.setting for finding in build.findings} == {
        Setting.CAPABILITY,
        Setting.MEMBERS_INVITE,
        Setting.CLASSIFICATION,
        Setting.GUESTS,
    }
    assert build.attention is Attention.FINDINGS
    assert (FINDINGS_VIEW, request.id, "els") in yard.shown
    with pytest.raises(NotFound):
        async with yard.units() as unit:
            await repair_site(unit, amina, request.id)
    async with yard.units() as unit:
        await repair_site(unit, els, request.id)
    await yard.run_all()
    build = await yard.look(request)
    assert (build.findings, build.attention, build.repair_error) == ((), None, None)
    check_built(tenant, "3", "publicaties")
    with pytest.raises(Conflict):
        async with yard.units() as unit:
            await repair_site(unit, els, request.id)


@sqlite
async def test_owners_may_change_who_is_in_and_what_they_see_without_a_finding(
    yard: Yard, tenant: TenantServer, els: Actor
) -> None:
    from localhost.tenant.things import Library

    request = await yard.build("3", libraries="publicaties")
    (group,) = tenant.tenant.store.all(Group)
    group.members = group.owners
    tenant.tenant.store.put(group)
    for library in tenant.tenant.store.all(Library):
        library.views = []
        tenant.tenant.store.put(library)
    async with yard.units() as unit:
        await check_now(unit, els, request.id)
    await yard.run_all()
    assert (await yard.look(request)).findings == ()


@sqlite
async def test_a_repair_that_does_not_work_says_why(yard: Yard, tenant: TenantServer, els: Actor) -> None:
    request = await yard.build("1")
    (site,) = tenant.tenant.store.all(Site)
    site.classification = "3"
    tenant.tenant.store.put(site)
    async with yard.units() as unit:
        await check_now(unit, els, request.id)
    await yard.run_all()
    async with yard.units() as unit:
        await repair_site(unit, els, request.id)
    await yard.run_all()
    build = await yard.look(request)
    assert build.findings == (Finding(Setting.CLASSIFICATION, "1", "3"),)
    assert "only a person" in (build.repair_error or "")


@sqlite
async def test_a_site_that_is_gone_is_a_finding_too(yard: Yard, tenant: TenantServer, els: Actor) -> None:
    request = await yard.build("1")
    for site in tenant.tenant.store.all(Site):
        tenant.tenant.store.remove(site)
    async with yard.units() as unit:
        await check_now(unit, els, request.id)
    await yard.run_all()
    assert [finding.setting for finding in (await yard.look(request)).findings] == [Setting.SITE]
