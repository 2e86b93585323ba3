"""The list that a city signs: every call we make is in it, and nothing that we do not make."""

from __future__ import annotations

from pathlib import Path

from adapters.graph.calls import CALLS, WHY, call_of
from domain.actor import Actor
from domain.building.actions import give_up
from domain.building.build import What
from domain.building.checks import check_now, repair_site
from domain.building.plan import Step
from domain.sites.ports import Built
from localhost.tenant.things import Group, Library, Site
from localhost.tenant.trouble import Fault
from scripts.permissions import PAGE, page
from tests.cast import demo_city, person
from tests.provisioning.conftest import Yard, plain_path
from tests.provisioning.test_described_calls import build_everything
from tests.provisioning.test_provision import sqlite
from tests.servers.tenant import TenantServer


def test_the_page_is_as_the_table_of_calls() -> None:
    assert Path(PAGE).read_text("utf-8") == page(), "python -m scripts.permissions"


def test_each_permission_has_a_reason() -> None:
    assert {call.permission for call in CALLS} == set(WHY)


@sqlite
async def test_every_call_that_is_signed_for_is_made_and_no_other(
    yard: Yard, tenant: TenantServer, els: Actor, gust: Actor
) -> None:
    """All that sites go through, once; the `tenant` itself checks that no call is outside the table."""
    tenant.tenant.trouble.team_time = 60  # long enough to have to ask how far it is
    await build_everything(yard)
    tenant.tenant.trouble.team_time = 0
    await live_and_end(yard, tenant)
    await drift_and_repair(yard, tenant, els)
    await give_up_one_of_each(yard, tenant, gust)
    for _ in range(2):  # the second time it is there, and its chat is looked up
        await tenant.platform.installations("the-app").install(person("dirk"))
    made = {call_of(call.method, plain_path(call.path)) for call in tenant.tenant.watch.calls}
    never = [f"{call.method} {call.path}" for call in CALLS if call not in made]
    assert never == []


async def live_and_end(yard: Yard, tenant: TenantServer) -> None:
    """Other owners, another name, archived and back: with a group and without."""
    scenarios = {scenario.id: scenario for scenario in demo_city().scenarios}
    for site in tenant.tenant.store.all(Site):
        scenario = scenarios["3" if site.alias.startswith("team-") else "2" if site.group_id else "1"]
        built = Built(site.group_id, site.id, site.web_id, tenant.tenant.url_of(site))
        await tenant.platform.rename(built, "Vlasmarkt 2027")
        await tenant.platform.set_owners(scenario, built, [person("dirk")])
        for change in (tenant.platform.archive, tenant.platform.restore):
            await change(built)
    assert [one.name for one in tenant.tenant.store.all(Group)] == ["Vlasmarkt 2027"] * 4


async def drift_and_repair(yard: Yard, tenant: TenantServer, els: Actor) -> None:
    request = await yard.build("3", libraries="verslagen", name="Toren", key="drift")
    site = next(site for site in tenant.tenant.store.all(Site) if site.alias == "team-toren")
    (group,) = (one for one in tenant.tenant.store.all(Group) if one.id == site.group_id)
    group.classification = "1"
    group.settings[0]["values"] = [{"name": "AllowToAddGuests", "value": "true"}]
    tenant.tenant.store.put(group)
    for library in tenant.tenant.store.all(Library):
        if library.site_id == site.id and not library.built_in:
            library.columns = library.columns[:-1]
            tenant.tenant.store.put(library)
    for act in (check_now, repair_site):
        async with yard.units() as unit:
            await act(unit, els, request.id)
        await yard.run_all()
    build = await yard.look(request)
    assert build.findings == ()
    assert [event.what for event in build.events] == [What.REPAIRED]


async def give_up_one_of_each(yard: Yard, tenant: TenantServer, gust: Actor) -> None:
    for scenario_id in ("1", "3"):
        tenant.go_wrong(Fault(method="POST", path="associatedownergroup/users", status=403, times=9))
        request = await yard.build(scenario_id, name="Voor niets", key=f"undo-{scenario_id}")
        assert request.failed_step is not None
        assert request.failed_step.step is Step.ACCESS
        async with yard.units() as unit:
            await give_up(unit, gust, request.id, "Niet meer nodig.")
        await yard.run_all()
