"""The tenant as a process of its own: it keeps what it was told through any end, and listens to this machine only."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.graph.tokens import MsalTokens
from domain.sites.ports import RefusedError
from localhost.tenant.authority import Authority
from localhost.tenant.control import CONTROL_KEY
from tests.cast import ORGANISATION
from tests.servers.tenant import TenantServer, registration
from tests.tenant.caller import GRAPH, Caller, by_key

ROOT = Path(__file__).resolve().parent.parent.parent


@asynccontextmanager
async def process(port: int, folder: Path, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Killed at the end, unless it ended before."""
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


@asynccontextmanager
async def calling(port: int, folder: Path) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, f"http://127.0.0.1:{port}", Authority(folder))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def everything(app: Caller) -> dict[str, Any]:
    """What can be read of the group, its team, its site and the library in it."""
    group = (await app.get(by_key("vlasmarkt")))["id"]
    site = await app.group_site(group)
    lists = await app.get(f"{GRAPH}/sites/{site}/lists")
    library = next(one for one in lists["value"] if one["name"] == "Dossiers")["id"]
    paths = [
        f"{GRAPH}/groups/{group}",
        f"{GRAPH}/groups/{group}/members",
        f"{GRAPH}/teams/{group}",
        f"{GRAPH}/sites/{site}/lists/{library}/columns",
        "/sites/vlasmarkt/_api/web",
        "/sites/vlasmarkt/_api/site",
        f"/sites/vlasmarkt/_api/web/lists(guid'{library}')/views",
    ]
    return {path: await app.get(path) for path in paths}


async def test_everything_is_still_there_after_the_process_was_killed(tmp_path: Path) -> None:
    port = free_port()
    async with process(port, tmp_path), calling(port, tmp_path) as app:
        group = (await app.make_group()).body["id"]
        await app.make_team(group)
        site = await app.group_site(group)
        library = (await app.make_library(site)).body["id"]
        await app.add_view("vlasmarkt", library, "Per status")
        await app.ask("PATCH", "/sites/vlasmarkt/_api/web", {"MembersCanShare": False})
        before = await everything(app)
    async with process(port, tmp_path) as again, calling(port, tmp_path) as app:
        assert await everything(app) == before
        assert (await app.make_group()).status == 204
        again.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(again.wait(), 10) == 0


async def test_what_was_answered_before_a_kill_was_kept_and_nothing_is_there_by_half(tmp_path: Path) -> None:
    port = free_port()
    answered: list[str] = []
    enough = asyncio.Event()

    async def make(app: Caller, name: str) -> None:
        if (await app.make_group(name)).status == 201:
            answered.append(name)
        if len(answered) >= 50:
            enough.set()

    async with process(port, tmp_path) as tenant, calling(port, tmp_path) as app:
        making = [asyncio.create_task(make(app, f"markt{number}")) for number in range(400)]
        await asyncio.wait_for(enough.wait(), 60)
        tenant.send_signal(signal.SIGKILL)
        await asyncio.gather(*making, return_exceptions=True)
    assert 50 <= len(answered) < 400
    async with process(port, tmp_path), calling(port, tmp_path) as app:
        found = await all_pages(app, f"{GRAPH}/groups")
        assert {one["mailNickname"] for one in found} >= set(answered)
        for group in found:
            lists = await app.get(f"{GRAPH}/sites/{await app.group_site(group['id'])}/lists")
            assert [one["displayName"] for one in lists["value"]] == ["Documenten"]


async def all_pages(app: Caller, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while path:
        page = await app.get(path)
        found += page["value"]
        path = page.get("@odata.nextLink", "").removeprefix(app.base)
    return found


async def test_a_taken_port_is_said_clearly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with process(port, tmp_path) as started:
            _, said = await asyncio.wait_for(started.communicate(), 30)
    assert started.returncode == 1
    assert f"TENANT_PORT={port + 1}" in said.decode()
    assert "Traceback" not in said.decode()


async def test_trouble_on_demand_is_for_who_has_the_key_of_a_tenant_that_was_started_for_it(
    tmp_path: Path,
) -> None:
    port = free_port()
    where = f"http://127.0.0.1:{port}/_tenant/trouble"
    fault = {"faults": [{"method": "GET", "path": "users", "status": 429, "retry_after": 7}]}
    async with process(port, tmp_path, TENANT_UNSAFE_TROUBLE_ON_DEMAND="1"), calling(port, tmp_path) as app:
        file = tmp_path / CONTROL_KEY
        assert file.stat().st_mode & 0o077 == 0
        key = {"Authorization": f"Bearer {file.read_text()}"}
        for headers in ({}, {"Authorization": "Bearer x"}):
            async with app.session.put(where, json=fault, headers=headers) as answer:
                assert answer.status == 401
        async with app.session.put(where, json={"vaults": []}, headers=key) as answer:
            assert answer.status == 400
        async with app.session.put(where, json=fault, headers=key) as answer:
            assert answer.status == 204
        async with app.session.get(where, headers=key) as answer:
            assert (await answer.json())["faults"][0]["status"] == 429
        said = await app.ask("GET", f"{GRAPH}/users")
        assert (said.status, said.headers["Retry-After"]) == (429, "7")
        assert (await app.ask("GET", f"{GRAPH}/nothing")).status == 501
        async with app.session.delete(where, headers=key) as answer:
            assert answer.status == 204
        async with app.session.get(where.replace("trouble", "calls"), headers=key) as answer:
            seen = await answer.json()
        assert [call["status"] for call in seen["value"]] == [429, 501]
        assert seen["reasons"] == {"not described": 1}


async def test_the_products_own_sign_in_gets_a_token_for_each_resource_once(tenant: TenantServer) -> None:
    tokens = MsalTokens(registration(tenant.tenant.base, tenant.folder))
    audiences = [tenant.tenant.base + part for part in ("/graph", "", "/admin")] * 5
    got = await asyncio.gather(*(tokens.get(audience) for audience in audiences))
    assert len(set(got)) == 3
    for audience, token in zip(audiences, got, strict=True):
        assert tenant.authority.roles_of(f"Bearer {token}", audience)


async def test_another_certificate_is_refused(tenant: TenantServer, tmp_path: Path) -> None:
    Authority(tmp_path / "other")
    stranger = MsalTokens(registration(tenant.tenant.base, tmp_path / "other"))
    with pytest.raises(RefusedError, match="AADSTS700027"):
        await stranger.get(tenant.tenant.base + "/graph")
