"""Building while Microsoft 365 misbehaves: answers that are lost, storms of refusals, two who want the same name."""

from __future__ import annotations

from typing import Any

import pytest

from domain.building.plan import Step, StepState
from domain.errors import Conflict
from domain.sites.ports import Built, SiteOrder
from domain.sites.request import SiteState
from localhost.tenant.trouble import Fault
from tests.provisioning.conftest import Yard
from tests.provisioning.test_provision import check_built, own_libraries, sqlite
from tests.servers.tenant import TenantServer

WRITES = [
    ("1", "POST", "SPSiteManager/create"),
    ("5", "PATCH", "/_api/web$"),
    ("1", "PATCH", "associatedmembergroup$"),
    ("1", "POST", "associatedmembergroup/users"),
    ("1", "POST", "associatedownergroup/users"),
    ("1", "POST", "/invitations"),
    ("2", "PATCH", "uniqueName"),
    ("2", "PATCH", "SPO.Tenant"),
    ("2", "POST", "/settings$"),
    ("2", "POST", "RegisterHubSite"),
    ("3", "PATCH", r"/groups/[0-9a-f-]+$"),
    ("3", "POST", r"/teams$"),
    ("3", "POST", "/lists$"),
    ("3", "PATCH", r"/lists/[0-9a-f-]+$"),
    ("3", "POST", "addCopyFromContentTypeHub"),
    ("3", "POST", "/views/add$"),
    ("3", "POST", "SetListComplianceTag"),
    ("3", "POST", "/tabs$"),
]


@sqlite
@pytest.mark.parametrize("status", [0, 504])
@pytest.mark.parametrize(("scenario_id", "method", "path"), WRITES)
async def test_an_answer_that_is_lost_after_the_work_was_done_makes_nothing_twice(
    yard: Yard, tenant: TenantServer, scenario_id: str, method: Any, path: str, status: int
) -> None:
    libraries = "publicaties" if scenario_id != "5" else ""
    tenant.go_wrong(Fault(method=method, path=path, status=status, after_work=True, times=2))
    guests = "jan@provincie.example" if scenario_id == "1" else ""
    request = await yard.build(scenario_id, libraries=libraries, guests=guests)
    assert tenant.tenant.trouble.faults[0].times < 2, "the fault happened"
    assert request.state is SiteState.READY, request.failed_step
    check_built(tenant, scenario_id, libraries)


@sqlite
@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_platform_is_given_the_time_it_asks_for(
    yard: Yard, tenant: TenantServer, status: int
) -> None:
    create = "SPSiteManager/create"
    tenant.go_wrong(Fault(method="POST", path=create, status=status, retry_after=120, times=2))
    request = await yard.order()
    await yard.run_due()
    request = await yard.now(request)
    (waiting,) = [step for step in request.steps if step.state is StepState.WAITING]
    assert (waiting.step, waiting.attempts) == (Step.SITE, 1)
    assert str(status) in (waiting.error or "")
    assert waiting.next_at is not None
    assert (waiting.next_at - yard.clock.now).total_seconds() == 120
    await yard.run_all()
    assert (await yard.now(request)).state is SiteState.READY
    check_built(tenant, "1")


@sqlite
@pytest.mark.parametrize(
    ("status", "retry_after", "one_in", "times"),
    [(429, 0.02, 3, 1000), (503, 0.02, 3, 1000), (429, 30, 1, 25), (503, 30, 2, 25)],
)
async def test_a_storm_of_refusals_is_ridden_out(
    yard: Yard, tenant: TenantServer, status: int, retry_after: float, one_in: int, times: int
) -> None:
    """A third of all calls refused for ever, with short waits; or everything refused for a while, with long ones."""
    methods: tuple[Any, ...] = ("GET", "POST", "PATCH")
    storm: dict[str, Any] = {"status": status, "retry_after": retry_after, "one_in": one_in, "times": times}
    tenant.go_wrong(*(Fault(method=method, path=".", **storm) for method in methods))
    request = await yard.order("3", libraries="publicaties")
    await yard.run_all(rounds=2000)
    assert (await yard.now(request)).state is SiteState.READY
    check_built(tenant, "3", "publicaties")
    refused = [call for call in tenant.tenant.watch.calls if call.status == status]
    assert len(refused) > 20


@sqlite
async def test_two_requests_with_the_same_name_make_one_site(yard: Yard, tenant: TenantServer) -> None:
    first = await yard.order("3", libraries="publicaties")
    with pytest.raises(Conflict):
        await yard.order("3", libraries="publicaties", key="k2")
    await yard.run_all()
    assert (await yard.now(first)).state is SiteState.READY
    check_built(tenant, "3", "publicaties")


@sqlite
async def test_an_address_that_somebody_took_while_we_were_building_is_left_to_them(
    yard: Yard, tenant: TenantServer
) -> None:
    """The check found it free; between that and our own site somebody else made one there."""
    from localhost.tenant.things import Site

    theirs = Site(alias="prj-vlasmarkt", title="Van iemand anders")
    build = tenant.platform.build

    async def slow(step: Step, order: SiteOrder, made: Built) -> Built:
        built = await build(step, order, made)
        if step is Step.ADDRESS:
            tenant.tenant.add_site(theirs)
        return built

    tenant.platform.build = slow  # type: ignore[method-assign,assignment] # what happens between two of our calls
    request = await yard.build(libraries="publicaties")
    assert request.failed_step is not None
    assert request.failed_step.step is Step.SITE
    assert own_libraries(tenant) == []
