"""The server: who may call what, how refusals look, and how it misbehaves when asked."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from aiohttp import web

from localhost.tenant.answers import RefusedBodyError, as_json, body_of, graph_error, sharepoint_error
from localhost.tenant.authority import Authority
from localhost.tenant.directory import Directory
from localhost.tenant.pages import Pages
from localhost.tenant.sharepoint import SharePoint
from localhost.tenant.tenant import Tenant
from localhost.tenant.trouble import Call, Trouble, troubled

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    tenant: Tenant, authority: Authority, *, unsafe_trouble_on_demand: bool = False
) -> web.Application:
    """With `unsafe_trouble_on_demand`, who can reach it can make it fail: for tests."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        audience = _audience(tenant.base, request.path)
        if audience is None:
            return await handler(request)
        call = await _noted(tenant, request)
        if not authority.accepts(request.headers.get("Authorization", ""), audience):
            answer: web.StreamResponse = _unauthenticated(request.path)
        elif (wait := _too_much(tenant, request)) is not None:
            answer = graph_error(429, "TooManyRequests", "Too many requests.", {"Retry-After": wait})
        else:
            answer = await troubled(tenant.trouble, request, lambda request: _answer(request, handler))
        call.status, call.answer = answer.status, _said(answer)
        return answer

    app = web.Application(middlewares=[guard])
    app.add_routes(authority.routes())
    app.add_routes(Directory(tenant).routes())
    app.add_routes(SharePoint(tenant).routes())
    app.add_routes(Pages(tenant).routes())
    if unsafe_trouble_on_demand:
        app.add_routes(_unsafe(tenant))
    return app


def _audience(base: str, path: str) -> str | None:
    """The resource a path belongs to, None for pages and for signing in."""
    for part in ("/graph", "/admin"):
        if path.startswith(part + "/"):
            return base + part
    return base if "/_api/" in path else None


def _too_much(tenant: Tenant, request: web.Request) -> str | None:
    """How long to wait first, when this call is more than the tenant takes."""
    trouble = tenant.trouble
    if not trouble.throttled:
        return None
    return tenant.throttle.retry_after(request.method, request.path, tenant.clock(), trouble.time_scale)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    graph = request.path.startswith("/graph/")
    try:
        return await handler(request)
    except RefusedBodyError as error:
        message = str(error)
        return graph_error(400, "Request_BadRequest", message) if graph else sharepoint_error(400, message)
    except web.HTTPException as error:
        message = f"{request.method} {request.path}: {error.reason}"
        if graph:
            return graph_error(error.status, "Request_BadRequest", message)
        return sharepoint_error(error.status, message)


def _unauthenticated(path: str) -> web.Response:
    if path.startswith("/graph/"):
        return graph_error(
            401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience."
        )
    return sharepoint_error(401, "Access denied.", "-2147024891, System.UnauthorizedAccessException")


async def _noted(tenant: Tenant, request: web.Request) -> Call:
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else None
    except ValueError:
        body = raw.decode("utf-8", "replace")
    headers = {
        name: request.headers[name]
        for name in ("Prefer", "ConsistencyLevel", "User-Agent", "Accept")
        if name in request.headers
    }
    call = Call(request.method, request.path, dict(request.query), headers, body)
    if tenant.watch.keeping:
        tenant.watch.calls.append(call)
    return call


def _said(answer: web.StreamResponse) -> object:
    body = answer.body if isinstance(answer, web.Response) else None
    return json.loads(body) if isinstance(body, bytes) and body else None


def _unsafe(tenant: Tenant) -> list[web.RouteDef]:
    async def misbehave(request: web.Request) -> web.Response:
        try:
            tenant.trouble = body_of(await request.read(), Trouble)
        except RefusedBodyError as error:
            return graph_error(400, "Request_BadRequest", str(error))
        return web.Response(status=204)

    async def calls(request: web.Request) -> web.Response:
        return as_json({"value": [asdict(call) for call in tenant.watch.calls]})

    tenant.watch.keeping = True
    return [web.put("/unsafe-for-tests/trouble", misbehave), web.get("/unsafe-for-tests/calls", calls)]
