"""The desk of the site tests with the local tenant: here it is the platform that is looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.database.engine import DatabaseUnits
from adapters.graph.calls import call_of
from adapters.graph.pace import Pace
from domain import approvable
from domain.approvable import subjects
from domain.approvals import notify
from domain.building import actions as building
from domain.building import provision
from domain.building.build import Build, load_build
from domain.desk import Desk
from domain.sites.actions import request_site
from domain.sites.checking import RequestSite
from domain.sites.ports import SitePlatform
from domain.sites.request import SiteRequest
from tests.cast import person
from tests.conftest import Clock, RungBells
from tests.servers.tenant import TenantServer, keys, platform_at
from tests.servers.tenant import tenant as city_tenant
from tests.sites.conftest import Office

__all__ = ["city_tenant", "keys"]

OWNERS = ("amina", "carla")


@dataclass(slots=True)
class Yard(Office):
    """The office, for what is built."""

    async def order(
        self,
        scenario: str = "1",
        *,
        name: str = "Vlasmarkt",
        members: str = "dirk.peeters@vlaskerke.example",
        guests: str = "",
        libraries: str = "",
        label: str = "",
        hub: str = "",
        key: str = "k1",
    ) -> SiteRequest:
        """Amina asks for a site that she and Carla own, and it is approved."""
        command = RequestSite(
            scenario,
            name,
            "We plannen er samen de markt van 2027.",
            OWNERS[0],
            members,
            OWNERS[1],
            guests,
            hub,
            "nl",
            libraries,
            label,
        )
        async with self.units() as unit:
            request = await request_site(unit, self.desk, person(OWNERS[0]), command, key)
        await self.approve(request)
        return request

    async def build(self, scenario: str = "1", **given: str) -> SiteRequest:
        """Ask for it, and let it be built to its end, good or bad."""
        request = await self.order(scenario, **given)
        await self.run_all()
        return await self.now(request)

    async def look(self, request: SiteRequest) -> Build:
        async with self.units.read() as unit:
            build = await load_build(unit, await self.now(request))
        assert build is not None
        return build


def yard_with(
    desk: Desk, units: DatabaseUnits, bells: RungBells, clock: Clock, platform: SitePlatform
) -> Yard:
    handlers = {
        **notify.handlers(desk),
        **approvable.handlers(desk, subjects(desk)),
        **provision.handlers(desk, platform),
        **building.handlers(desk, platform),
    }
    return Yard(desk, units, bells, clock, handlers)


@pytest.fixture
async def tenant(city_tenant: TenantServer, clock: Clock) -> AsyncIterator[TenantServer]:
    """Afterwards every call that was made has to be in the table that a city signs, and none refused as wrong."""
    server = city_tenant
    await server.platform.close()
    pace = Pace(speed=1000.0, clock=lambda: clock().timestamp())
    server.platform = platform_at(server.tenant.base, server.folder, pace)
    yield server
    await server.platform.close()
    called = {(call.method, plain_path(call.path)) for call in server.tenant.watch.calls}
    assert [call for call in called if call_of(*call) is None] == []
    wrong = {"not described", "not as described", "not permitted", "our mistake"}
    assert [(call.path, call.said) for call in server.tenant.watch.calls if call.why in wrong] == []


def plain_path(path: str) -> str:
    """A path of the tenant as it is at Microsoft: there the three services have hosts of their own."""
    return path.removeprefix("/graph/v1.0").removeprefix("/admin")


@pytest.fixture
def yard(desk: Desk, units: DatabaseUnits, bells: RungBells, clock: Clock, tenant: TenantServer) -> Yard:
    return yard_with(desk, units, bells, clock, tenant.platform)
