"""The connector over HTTP, as the local host serves it: routes, methods and real headers."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from localhost.keys import FunctionKeys
from localhost.routes import Routes
from localhost.server import READ_AT_MOST, HttpHost
from tests.connector.conftest import Call, triggers
from tests.connector.test_tickets import PRINTER

ROUTE = "/api/connector/v1/tickets"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client(call: Call, key: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A flow with its key. `call` has put the demo city behind the functions."""
    keys = FunctionKeys({"default": "unused", "_master": "unused"})
    host = HttpHost(Routes(list(triggers().values()), "api"), keys, only_here=False)
    application = web.Application(client_max_size=READ_AT_MOST)
    application.router.add_route("*", "/{path:.*}", host.handle)
    async with TestServer(application) as server:
        headers = {"X-API-Key": key}
        async with aiohttp.ClientSession(server.make_url("/"), headers=headers) as session:
            yield session


async def test_a_ticket_is_made_followed_by_its_address_and_listed(client: aiohttp.ClientSession) -> None:
    async with client.post(ROUTE, json=PRINTER, headers={"Idempotency-Key": "run-1"}) as response:
        assert response.status == 201
        made = await response.json()
        address = response.headers["Location"]
    async with client.get(address) as response:
        assert (response.status, await response.json()) == (200, made)
    async with client.post(ROUTE, json=PRINTER, headers={"Idempotency-Key": "run-1"}) as response:
        assert (response.status, await response.json()) == (201, made)
    async with client.post(ROUTE, json=PRINTER) as response:
        second = await response.json()
    seen = []
    link: str | None = f"{ROUTE}?$top=1"
    while link:
        async with client.get(link) as response:
            page = await response.json()
        seen += [one["id"] for one in page["value"]]
        link = page.get("nextLink")
    assert seen == [second["id"], made["id"]]


async def test_who_does_it_wrong_over_http_is_told_what(client: aiohttp.ClientSession) -> None:
    async with client.get(ROUTE, headers={"X-API-Key": "wrong"}) as response:
        assert response.status == 401
    async with client.delete(ROUTE) as response:
        assert response.status == 405
    async with client.post(ROUTE, data="x") as response:
        assert response.status == 415
    async with client.post(ROUTE, data=io.BytesIO(b"x" * 1_100_000), headers=JSON) as response:
        assert response.status == 413
    async with client.post(ROUTE, data=b"{", headers=JSON) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == "invalid"
