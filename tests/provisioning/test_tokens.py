"""Signing in with the managed identity of the machine, as Azure gives it to a Function App."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from adapters.graph.http import Http
from adapters.graph.platform import GraphPlatform
from adapters.graph.tokens import AppRegistration, MsalTokens
from domain.sites.ports import NameStatus, RefusedError
from tests.servers.tenant import TenantServer

SECRET = "header-of-this-machine"


@pytest.fixture
async def asked(tenant: TenantServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[dict[str, str]]]:
    """The identity endpoint of a Function App, which gives out the tenant's own tokens. What was asked of it."""
    queries: list[dict[str, str]] = []

    async def token(request: web.Request) -> web.Response:
        if request.headers.get("X-IDENTITY-HEADER") != SECRET:
            return web.json_response({"statusCode": 401}, status=401)
        queries.append(dict(request.query))
        audience = request.query["resource"]
        answer = {
            "access_token": tenant.authority.token_for(audience),
            "expires_on": str(int(time.time()) + 3600),
            "resource": audience,
            "token_type": "Bearer",
        }
        return web.json_response(answer)

    app = web.Application()
    app.router.add_get("/msi/token", token)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", SECRET)
    yield queries
    await runner.cleanup()


@pytest.mark.parametrize("identity", ["system", "0c7a3e2a-0000-4000-8000-000000000001"])
async def test_a_managed_identity_signs_in_once_per_service(
    tenant: TenantServer, asked: list[dict[str, str]], identity: str
) -> None:
    tokens = MsalTokens(AppRegistration("", "", None, managed_identity=identity))
    platform = GraphPlatform(tokens, tenant.addresses, "Stad Vlaskerke", "0")
    try:
        assert await platform.name_status("vrij") is NameStatus.FREE
        assert await platform.name_status("ook-vrij") is NameStatus.FREE
    finally:
        await platform.close()
    base = tenant.tenant.base
    assert sorted(query["resource"] for query in asked) == [base, f"{base}/graph"]
    who = {query.get("client_id") for query in asked}
    assert who == {None if identity == "system" else identity}


async def test_without_a_certificate_or_an_identity_it_says_which_settings_are_missing(
    tenant: TenantServer,
) -> None:
    http = Http(MsalTokens(AppRegistration("t", "c", None)), "x", tenant.addresses.audiences())
    with pytest.raises(RefusedError, match="WIJZER_GRAPH_MANAGED_IDENTITY"):
        await http.get(f"{tenant.addresses.graph}/users")
    await http.close()
