"""The tenant misbehaves when it is asked to, and only then."""

from __future__ import annotations

import time

import aiohttp
import pytest

from localhost.tenant.things import Group
from localhost.tenant.trouble import Fault, Trouble
from tests.servers.tenant import TenantServer
from tests.tenant.caller import GRAPH, Caller


@pytest.mark.parametrize(("status", "retry_after"), [(429, 12), (503, 3), (500, None)])
async def test_a_busy_service_says_when_to_come_back(
    app: Caller, tenant: TenantServer, status: int, retry_after: float | None
) -> None:
    tenant.go_wrong(Fault(method="PATCH", path="uniqueName", status=status, retry_after=retry_after))
    said = await app.make_group()
    assert (said.status, said.headers.get("Retry-After")) == (
        status,
        f"{retry_after}" if retry_after else None,
    )
    assert tenant.tenant.store.all(Group) == [], "nothing was done"
    assert (await app.make_group()).status == 201


@pytest.mark.parametrize("status", [0, 504])
async def test_the_work_is_done_and_the_answer_lost(app: Caller, tenant: TenantServer, status: int) -> None:
    tenant.go_wrong(Fault(method="PATCH", path="uniqueName", status=status, after_work=True))
    if status:
        assert (await app.make_group()).status == status
    else:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await app.make_group()
    assert len(tenant.tenant.store.all(Group)) == 1
    assert (await app.make_group()).status == 204


async def test_a_storm_hits_one_call_in_so_many(app: Caller, tenant: TenantServer) -> None:
    tenant.go_wrong(Fault(method="GET", path="users", status=503, times=99, one_in=3))
    seen = [(await app.ask("GET", f"{GRAPH}/users?$top=1")).status for _ in range(7)]
    assert seen == [503, 200, 200, 503, 200, 200, 503]


async def test_an_answer_can_be_kept_back(app: Caller, tenant: TenantServer, trouble: Trouble) -> None:
    trouble.time_scale = 0.01
    tenant.go_wrong(Fault(method="GET", path="users", status=504, hold=30))
    before = time.monotonic()
    assert (await app.ask("GET", f"{GRAPH}/users")).status == 504
    assert time.monotonic() - before >= 0.3


async def test_it_holds_callers_to_the_published_limits(
    app: Caller, tenant: TenantServer, trouble: Trouble
) -> None:
    trouble.throttled, trouble.time_scale = True, 60
    group = (await app.make_group()).body["id"]
    statuses = [(await app.ask("GET", f"{GRAPH}/teams/{group}")).status for _ in range(6)]
    assert statuses == [404, 404, 404, 404, 429, 429], "four a second for one team"
    refused = await app.ask("GET", f"{GRAPH}/teams/{group}")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert tenant.tenant.watch.reasons["throttled"] == 3


async def test_without_the_unsafe_option_nobody_can_ask_for_it(app: Caller, tenant: TenantServer) -> None:
    headers = {"Authorization": f"Bearer {app.authority.token_for(app.base + '/graph')}"}
    async with app.session.put(
        f"{app.base}/_tenant/trouble", json={"read_lag": 9}, headers=headers
    ) as answer:
        assert answer.status == 404
    assert tenant.tenant.trouble == Trouble()
