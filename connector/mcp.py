"""The operations for agents, over the Model Context Protocol (streamable HTTP, without sessions).

Loaded when the first agent calls: the protocol's package takes longer to import than all of the API.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mcp.types as types
import orjson
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request

from connector.acting import named
from connector.authentication import Caller
from connector.operations import OPERATIONS
from connector.problems import BROKEN, language_of, problem_of
from connector.tools import CONFIRM, KEY, Tool, tools_of
from domain.desk import Desk
from domain.errors import DeskError, NotFound
from domain.tables import new_id
from locales import N_, translator

log = logging.getLogger(__name__)

logging.getLogger("mcp").setLevel(logging.WARNING)  # it tells of every message

CALLER = "wijzer.caller"
INSTRUCTIONS = (
    "Wijzer is the digital-workplace desk of a city: tickets of the helpdesk, orders, requests for sites, approvals"
    " and tips. You act for the person who signed in, or as the flow whose key you have. Whatever changes something"
    " asks for confirmation: show the person what you are about to do, and call again with confirm set to true once"
    " they agree. People write Dutch, French or English; keep to their language."
)
UNCONFIRMED = N_(
    "Nothing was done yet. Show the person what you are about to do ({what}), and call {tool} again with the same"
    " arguments and confirm set to true once they agree."
)


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Agents:
    """Answers agents' requests at one desk."""

    def __init__(self, desk: Desk, version: str) -> None:
        self._desk = desk
        self._tools = tools_of(OPERATIONS)
        self._server: Server[Any] = Server(
            "wijzer",
            title="Wijzer",
            version=version,
            instructions=INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )

    async def answer(
        self, caller: Caller, url_path: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """One POST of the protocol, by who was let in."""
        scope = {
            "type": "http",
            "method": "POST",
            "path": url_path,
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            CALLER: caller,
        }
        exchange = _Exchange(body)
        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with manager.run():
            await manager.handle_request(scope, exchange.receive, exchange.send)
        return Response(exchange.status, exchange.headers, bytes(exchange.content))

    async def _list(
        self, context: ServerRequestContext[Any, Any], _: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """The tools that this connection has the scope for."""
        caller = _request(context).scope[CALLER]
        may = [
            t for t in self._tools.values() if t.operation.scope is None or t.operation.scope in caller.scopes
        ]
        return types.ListToolsResult(tools=[_described(tool) for tool in may])

    async def _call(
        self, context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        request = _request(context)
        caller: Caller = request.scope[CALLER]
        language = language_of(request.headers.get("Accept-Language"))
        try:
            tool = self._tools.get(params.name)
            if tool is None:
                raise NotFound("There is no such tool.", field="name")
            return await self._run(tool, caller, params.arguments or {}, language)
        except DeskError as error:
            return _result({"error": problem_of(error, language)}, is_error=True)
        except Exception:
            reference = new_id()
            log.exception("tool_failed", extra={"reference": reference, "tool": params.name})
            message = translator(language)(BROKEN, reference=reference)
            return _result({"error": {"code": "internal", "message": message}}, is_error=True)

    async def _run(
        self, tool: Tool, caller: Caller, arguments: Mapping[str, Any], language: str
    ) -> types.CallToolResult:
        operation = tool.operation
        if operation.scope is not None:
            caller.check(operation.scope)
        with named(**tool.arguments):
            call = tool.call(arguments, language)
        if tool.asks_first and arguments.get(CONFIRM) is not True:
            asked = translator(language)(UNCONFIRMED, what=operation.summary, tool=tool.name)
            return _result({"confirmationNeeded": True, "message": asked})
        with named(**tool.arguments, key="externalId" if call.key is None else KEY):
            done = await operation.handler(self._desk, caller, call)
        return _result({"done": True} if done.body is None else tool.answer(done.body))


class _Exchange:
    """A request and its whole answer, as ASGI passes them."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self.status = 500
        self.headers: dict[str, str] = {}
        self.content = bytearray()

    async def receive(self) -> dict[str, Any]:
        if self._body is None:
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().title(): value.decode() for name, value in message["headers"]}
        else:
            self.content += message.get("body", b"")


def _request(context: ServerRequestContext[Any, Any]) -> Request:
    """The HTTP request that a message came in."""
    if not isinstance(context.request, Request):
        raise TypeError("agents come over HTTP only")
    return context.request


def _described(tool: Tool) -> types.Tool:
    operation = tool.operation
    return types.Tool(
        name=tool.name,
        title=operation.summary,
        description=operation.description,
        input_schema=dict(tool.takes),
        output_schema=dict(tool.gives) if tool.gives is not None else None,
        annotations=types.ToolAnnotations(
            title=operation.summary,
            read_only_hint=not tool.asks_first,
            destructive_hint=operation.status not in (201, 202),  # those add something
            idempotent_hint=operation.method in ("DELETE", "PUT"),
            open_world_hint=False,
        ),
    )


def _result(body: Any, *, is_error: bool = False) -> types.CallToolResult:
    text = orjson.dumps(body, option=orjson.OPT_UTC_Z)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text.decode())],
        structured_content=orjson.loads(text),
        is_error=is_error,
    )
