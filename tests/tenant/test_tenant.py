"""The local tenant: who gets in, how strict it is, and that it keeps what it was told."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.graph.tokens import MsalTokens
from domain.organisation import Organisation
from domain.sites.ports import Built, RefusedError, SiteOrder
from tests.cast import ORGANISATION, demo_city, person
from tests.conftest import Clock
from tests.servers.tenant import TenantServer, platform_at, registration
from tests.sites.conftest import keys, tenant

__all__ = ["keys", "tenant"]

ROOT = Path(__file__).resolve().parent.parent.parent
GROUP = {
    "displayName": "Vlasmarkt",
    "mailEnabled": True,
    "mailNickname": "vlasmarkt",
    "securityEnabled": False,
    "groupTypes": ["Unified"],
}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def bearer(server: TenantServer, audience: str = "/graph") -> dict[str, str]:
    return {"Authorization": f"Bearer {server.authority.token_for(server.tenant.base + audience)}"}


async def test_without_a_token_for_the_resource_nothing_answers(
    tenant: TenantServer, http: aiohttp.ClientSession
) -> None:
    base = tenant.tenant.base
    headers: list[Mapping[str, str]] = [
        {},
        {"Authorization": "Bearer rubbish"},
        {"Authorization": "Basic eDp5"},
    ]
    calls = {
        "/graph/v1.0/groups": "/graph",
        "/_api/SPSiteManager/status?url='x'": "",
        "/admin/_api/SPO.Tenant/sites('x')": "/admin",
    }
    for path, audience in calls.items():
        wrong = [bearer(tenant, other) for other in ("/graph", "", "/admin") if other != audience]
        for given in (*headers, *wrong):
            async with http.get(base + path, headers=given) as answer:
                assert answer.status == 401, (path, given)
                assert "error" in (await answer.text())
        async with http.get(base + path, headers=bearer(tenant, audience)) as answer:
            assert answer.status != 401


async def test_the_products_own_sign_in_gets_a_token_for_each_resource_once(tenant: TenantServer) -> None:
    tokens = MsalTokens(registration(tenant.tenant.base, tenant.folder))
    audiences = [tenant.tenant.base + part for part in ("/graph", "", "/admin")] * 5
    got = await asyncio.gather(*(tokens.get(audience) for audience in audiences))
    assert len(set(got)) == 3
    for audience, token in zip(audiences, got, strict=True):
        assert tenant.authority.roles_of(f"Bearer {token}", audience)


async def test_another_certificate_is_refused(tenant: TenantServer, tmp_path: Path) -> None:
    from localhost.tenant.authority import Authority

    Authority(tmp_path / "other")
    stranger = MsalTokens(registration(tenant.tenant.base, tmp_path / "other"))
    with pytest.raises(RefusedError, match="AADSTS700027"):
        await stranger.get(tenant.tenant.base + "/graph")


@pytest.mark.parametrize(
    "changed",
    [
        {"displayNaam": "Vlasmarkt"},
        {"displayName": ""},
        {"displayName": None},
        {"mailNickname": "met spatie"},
        {"mailEnabled": "true"},
        {"groupTypes": []},
        {"owners@odata.bind": ["geen adres"]},
        {"owners@odata.bind": ["https://graph.example/v1.0/users/x"] * 21},
    ],
)
async def test_a_body_that_the_real_service_would_refuse_is_refused(
    tenant: TenantServer, http: aiohttp.ClientSession, changed: Mapping[str, Any]
) -> None:
    url = f"{tenant.tenant.base}/graph/v1.0/groups(uniqueName='wijzer-1')"
    headers = {**bearer(tenant), "Prefer": "create-if-missing"}
    async with http.patch(url, json={**GROUP, **changed}, headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["code"] == "Request_BadRequest"
    async with http.patch(url, json=GROUP, headers=headers) as answer:
        assert answer.status == 201
    async with http.patch(url, json=GROUP, headers=headers) as answer:
        assert answer.status == 204


@pytest.mark.parametrize(
    "path", ["/graph/v1.0/groups?$filter=startswith(mailNickname,'a')", "/graph/v1.0/users?$select=naam,x"]
)
async def test_a_query_it_does_not_know_is_refused_and_not_ignored(
    tenant: TenantServer, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(tenant.tenant.base + path, headers=bearer(tenant)) as answer:
        assert answer.status == 400


async def test_lists_come_in_pages_with_a_link_to_the_next(
    tenant: TenantServer, http: aiohttp.ClientSession
) -> None:
    url: str | None = f"{tenant.tenant.base}/graph/v1.0/users?$select=id&$top=15"
    found: list[str] = []
    pages = 0
    while url:
        async with http.get(url, headers=bearer(tenant)) as answer:
            page = await answer.json()
        found += [user["id"] for user in page["value"]]
        url, pages = page.get("@odata.nextLink"), pages + 1
    assert set(found) >= {one.object_id for one in demo_city().people}
    assert len(found) == len(set(found))
    assert pages == -(-len(found) // 15)


async def test_what_was_written_is_read_late_but_is_unique_at_once(
    tenant: TenantServer, http: aiohttp.ClientSession, clock: Clock
) -> None:
    tenant.tenant.trouble.read_lag = 60
    url = f"{tenant.tenant.base}/graph/v1.0/groups(uniqueName='wijzer-1')"
    headers = {**bearer(tenant), "Prefer": "create-if-missing"}
    statuses = []
    for method, body in (("PATCH", GROUP), ("PATCH", GROUP), ("GET", None)):
        async with http.request(method, url, json=body, headers=headers) as answer:
            statuses.append(answer.status)
    clock.forward(seconds=61)
    async with http.get(url, headers=headers) as answer:
        statuses.append(answer.status)
    assert statuses == [201, 204, 404, 200]


async def test_a_group_without_an_owner_never_gets_a_site(
    tenant: TenantServer, http: aiohttp.ClientSession
) -> None:
    graph = f"{tenant.tenant.base}/graph/v1.0"
    headers = {**bearer(tenant), "Prefer": "create-if-missing"}
    async with http.patch(f"{graph}/groups(uniqueName='wijzer-1')", json=GROUP, headers=headers) as answer:
        group = await answer.json()
    async with http.get(f"{graph}/groups/{group['id']}/sites/root", headers=headers) as answer:
        assert answer.status == 404


async def test_nobody_can_make_it_fail_from_outside(
    tenant: TenantServer, http: aiohttp.ClientSession
) -> None:
    async with http.put(f"{tenant.tenant.base}/unsafe-for-tests/trouble", json={"read_lag": 9}) as answer:
        assert answer.status == 404


async def test_what_people_typed_is_text_on_its_pages(
    tenant: TenantServer, http: aiohttp.ClientSession
) -> None:
    scenario = demo_city().scenarios[0]
    order = SiteOrder(
        "wijzer-1", "S-2026-000001", "<script>alert(1)</script>", "prj-x", "<img src=x onerror=alert(1)>", scenario,
        (person("amina"),), (), (),
    )  # fmt: skip
    await tenant.platform.make_site(order, Built())
    for path in ("/", "/sites/prj-x"):
        async with http.get(tenant.tenant.base + path) as answer:
            page = await answer.text()
        assert answer.status == 200
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "<img" not in page
    async with http.get(f"{tenant.tenant.base}/sites/nergens") as answer:
        assert answer.status == 404


@asynccontextmanager
async def process(port: int, folder: Path, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ, "TENANT_PORT": str(port), "TENANT_FOLDER": str(folder), "WIJZER_ORGANISATION": str(ORGANISATION),
        **more,
    }  # fmt: skip
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "localhost.tenant", cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert started.stdout is not None
        line = await asyncio.wait_for(started.stdout.readline(), 30)
        assert (f"http://127.0.0.1:{port}/" in line.decode()) or started.returncode is not None or not line
        yield started
    finally:
        if started.returncode is None:
            started.send_signal(signal.SIGKILL)
        await started.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_site_is_still_there_after_the_process_was_killed(tmp_path: Path) -> None:
    port, scenario = free_port(), demo_city().scenarios[1]
    base = f"http://127.0.0.1:{port}"
    order = SiteOrder(
        "wijzer-1", "S-2026-000001", "Burgerzaken", "hub-burgerzaken", "Alles op een plek", scenario,
        (person("amina"),), (person("dirk"),), (),
    )  # fmt: skip
    async with process(port, tmp_path):
        platform = platform_at(base, tmp_path)
        group_id = await platform.make_group(order)
        built = await platform.make_site(order, Built(group_id))
        await platform.set_sharing(order, built)
        await platform.close()
    async with process(port, tmp_path) as again, aiohttp.ClientSession() as http:
        platform = platform_at(base, tmp_path)
        assert await platform.make_group(order) == group_id
        assert await platform.make_site(order, built) == built
        await platform.close()
        assert built.url is not None
        async with http.get(built.url) as answer:
            assert "Burgerzaken" in await answer.text()
        again.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(again.wait(), 10) == 0


async def test_a_taken_port_is_said_clearly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with process(port, tmp_path) as started:
            _, said = await asyncio.wait_for(started.communicate(), 30)
    assert started.returncode == 1
    assert f"TENANT_PORT={port + 1}" in said.decode()
    assert "Traceback" not in said.decode()


async def test_trouble_on_demand_has_to_be_asked_for_in_an_unsafe_sounding_way(tmp_path: Path) -> None:
    port = free_port()
    async with (
        process(port, tmp_path, TENANT_UNSAFE_TROUBLE_ON_DEMAND="1"),
        aiohttp.ClientSession() as http,
    ):
        url = f"http://127.0.0.1:{port}/unsafe-for-tests/trouble"
        async with http.put(
            url, json={"faults": [{"method": "GET", "path": "users", "status": 429}]}
        ) as answer:
            assert answer.status == 204
        async with http.put(url, json={"vaults": []}) as answer:
            assert answer.status == 400


def test_the_service_accounts_have_an_account(tenant: TenantServer, organisation: Organisation) -> None:
    wanted = {scenario.service_account for scenario in organisation.scenarios if scenario.service_account}
    assert wanted
    assert all(tenant.tenant.user(account) for account in wanted)
