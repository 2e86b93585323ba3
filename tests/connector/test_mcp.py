"""Agents at the desk: the official client, over HTTP, as the local host serves it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import azure.functions as func
import httpx2
import jsonschema
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from adapters.database.engine import DatabaseUnits
from adapters.openid.keys import PublishedKeys
from connector.authentication import Callers
from connector.door import Door
from connector.mcp import Agents
from connector.operations import OPERATIONS
from connector.rates import Rates
from connector.tokens import EntraTokens
from connector.tools import tools_of
from domain.actor import Actor
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.helpdesk.reading import list_tickets
from functions import mcp
from localhost.keys import FunctionKeys
from localhost.routes import Routes
from localhost.server import HttpHost
from localhost.triggers import HttpTrigger, triggers_of
from tests.cast import person
from tests.servers.entra import API_CLIENT_ID, TENANT_ID, Entra
from wiring.settings import Settings

PRINTER = {"kind": "incident", "text": "De printer aan het loket hapert."}
ERAS = ["legacy", "auto"]
"""Clients that shake hands first, and those of 2026 that do not."""


@dataclass
class Built:
    """What the function asks of the services."""

    desk: Desk
    door: Door
    settings: Settings

    async def agents(self) -> Agents:
        return Agents(self.desk, "1.2.3")


@pytest.fixture
async def entra() -> AsyncIterator[Entra]:
    async with Entra() as server:
        yield server


@pytest.fixture
async def address(desk: Desk, entra: Entra, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Where the desk's agents come in: keys and tokens open, twenty calls a connection."""
    tokens = EntraTokens(API_CLIENT_ID, TENANT_ID, PublishedKeys(entra.metadata_url))
    settings = Settings(
        unsafe_no_authentication_on_loopback=True,
        public_url="https://wijzer.vlaskerke.example",
        api_client_id=API_CLIENT_ID,
        api_tenant_id=TENANT_ID,
        api_login_url=entra.url,
    )
    rates = Rates(20, clock=lambda: 1000.0)
    built = Built(desk, Door(Callers(desk.units, desk.directory, tokens), rates), settings)

    async def services() -> Built:
        return built

    monkeypatch.setattr(mcp, "services", services)
    app = func.FunctionApp()
    app.register_functions(mcp.blueprint)
    http = [trigger for trigger in triggers_of(app) if isinstance(trigger, HttpTrigger)]
    host = HttpHost(Routes(http, "api"), FunctionKeys({"default": "x", "_master": "x"}), only_here=False)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", host.handle)
    async with TestServer(application) as server:
        yield str(server.make_url("/api/mcp"))


Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def connect(address: str) -> Connect:
    """`async with connect({"X-API-Key": …}, mode="auto") as agent:`"""

    @asynccontextmanager
    async def connect(headers: dict[str, str], mode: str = "auto") -> AsyncIterator[Client]:
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(address, http_client=http), mode=mode) as agent,
        ):
            yield agent

    return connect


@pytest.mark.parametrize("mode", ERAS)
async def test_an_agent_makes_a_ticket_once_the_person_has_agreed(
    connect: Connect, entra: Entra, units: DatabaseUnits, amina: Actor, mode: str
) -> None:
    token = entra.sign(person("amina").object_id)
    async with connect({"Authorization": f"Bearer {token}"}, mode) as agent:
        asked = await agent.call_tool("CreateTicket", PRINTER)
        assert (asked.is_error, asked.structured_content["confirmationNeeded"]) == (False, True)
        for unsure in (False, "true", 1, None):
            again = await agent.call_tool("CreateTicket", {**PRINTER, "confirm": unsure})
            assert "number" not in again.structured_content
        async with units.read() as unit:
            assert (await list_tickets(unit, amina)).tickets == ()
        agreed = {**PRINTER, "confirm": True, "idempotencyKey": "k"}
        made = [(await agent.call_tool("CreateTicket", agreed)).structured_content for _ in range(2)]
        other = await agent.call_tool("CreateTicket", {**agreed, "text": "Iets anders"})
        assert other.structured_content["error"]["target"] == "idempotencyKey"
    assert made[0] == made[1]
    assert made[0]["requesterName"] == "Amina El Idrissi"
    async with units.read() as unit:
        [mine] = (await list_tickets(unit, amina)).tickets
    assert mine.id == made[0]["id"]


async def test_a_flow_finds_its_tickets_page_by_page(connect: Connect, units: DatabaseUnits) -> None:
    async with units() as unit:
        key = await create_key(unit, "agent", Scope)
    async with connect({"Authorization": f"Bearer {key}"}) as agent:
        made = [
            (await agent.call_tool("CreateTicket", {**PRINTER, "text": f"Nummer {n}", "confirm": True}))
            .structured_content["id"]
            for n in range(2)
        ]  # fmt: skip
        first = (await agent.call_tool("ListTickets", {"top": 1, "kind": "incident"})).structured_content
        rest = {"top": 1, "kind": "incident", "skiptoken": first["skiptoken"]}
        second = (await agent.call_tool("ListTickets", rest)).structured_content
        read = await agent.call_tool("GetTicket", {"ticketId": made[0]})
    assert [page["value"][0]["id"] for page in (first, second)] == made[::-1]
    assert "nextLink" not in first
    assert "skiptoken" not in second
    assert read.structured_content == second["value"][0]


async def test_an_agent_sees_the_tools_it_may_use_and_the_others_refuse(
    connect: Connect, units: DatabaseUnits
) -> None:
    async with units() as unit:
        key = await create_key(unit, "reader", [Scope.READ])
    async with connect({"X-API-Key": key, "Accept-Language": "nl"}) as agent:
        assert agent.server_info is not None
        assert agent.server_info.name == "wijzer"
        offered = {tool.name: tool for tool in (await agent.list_tools()).tools}
        assert {"ListTickets", "GetTicket"} <= offered.keys()
        assert not {"CreateTicket", "UpdateTicket"} & offered.keys()
        for name, arguments, code, target in (
            ("CreateTicket", {**PRINTER, "confirm": True}, "forbidden", None),
            ("GetTicket", {"ticketId": "nonsense"}, "not_found", "id"),
            ("GetTicket", {}, "invalid", "ticketId"),
            ("GetTicket", {"ticketId": 7}, "invalid", "ticketId"),
            ("GetTicket", {"ticketId": "x", "more": 1}, "invalid", "more"),
            ("ListTickets", {"kind": "problem"}, "invalid", "kind"),
            ("ListTickets", {"top": 101}, "invalid", "top"),
            ("ListTickets", {"skiptoken": "x"}, "invalid", "skiptoken"),
            ("Nothing", {}, "not_found", "name"),
        ):
            refused = await agent.call_tool(name, arguments)
            error = refused.structured_content["error"]
            assert (refused.is_error, error["code"], error.get("target")) == (True, code, target), name
        assert error["message"] == "Dat hulpmiddel is er niet."


async def test_who_is_not_let_in_is_told_where_to_sign_in(address: str, entra: Entra) -> None:
    async with httpx2.AsyncClient() as http:
        refused = await http.post(address, json={}, headers={"Authorization": "Bearer a.b.c"})
        assert refused.status_code == 401
        where = re.search(r'resource_metadata="https://wijzer.vlaskerke.example(.*)"', str(refused.headers))
        assert where is not None
        resource = (await http.get(address.removesuffix("/api/mcp") + where[1])).json()
        assert resource["resource"] == "https://wijzer.vlaskerke.example/api/mcp"
        assert resource["authorization_servers"] == [entra.issuer]
        assert (await http.get(address)).status_code == 405


async def test_agents_have_the_same_limit_as_flows(address: str, units: DatabaseUnits) -> None:
    async with units() as unit:
        key = await create_key(unit, "busy", Scope)
    async with httpx2.AsyncClient(headers={"X-API-Key": key}) as http:
        answers = [
            await http.post(address, content=b"{", headers={"Content-Type": "application/json"})
            for _ in range(21)
        ]
    left = [int(answer.headers["RateLimit-Remaining"]) for answer in answers]
    assert left == [*range(19, -1, -1), 0]
    assert {answer.status_code for answer in answers[:20]} == {400}
    assert (answers[20].status_code, answers[20].headers["Retry-After"]) == (429, "3")


def test_every_tool_says_what_it_takes_and_every_write_asks_first() -> None:
    tools = tools_of(OPERATIONS)
    assert len(tools) > 15
    for tool in tools.values():
        jsonschema.Draft202012Validator.check_schema(dict(tool.takes))
        if tool.gives is not None:
            jsonschema.Draft202012Validator.check_schema(dict(tool.gives))
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name) for name in tool.takes["properties"])
        asks = tool.operation.writes and tool.name != "AskTips"  # a question changes nothing
        assert ("confirm" in tool.takes["properties"]) == asks
        assert "x-ms-" not in repr((tool.takes, tool.gives))


def test_a_cold_start_does_not_load_the_protocol() -> None:
    look = "import sys, function_app; print([n for n in sys.modules if n.split('.')[0] in {'mcp', 'starlette', 'jwt'}])"
    done = subprocess.run(
        [sys.executable, "-c", look],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture
def database_url(tmp_path: Any) -> str:
    """Nothing at this edge depends on the kind of database."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
