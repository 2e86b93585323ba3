"""The HTTP triggers over aiohttp, called as the Functions worker calls them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

import azure.functions as func
from aiohttp import web

from localhost.keys import FunctionKeys
from localhost.routes import Match, MethodNotAllowed, Routes
from localhost.triggers import HttpTrigger

log = logging.getLogger(__name__)

READ_AT_MOST = 8 * 1024**2
"""Bytes of a body that are read at all; the functions have a lower bound of their own."""

HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def _problem(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    error = {"error": {"code": code, "message": message}}
    return web.json_response(error, status=status, headers=headers)


def _from_elsewhere(request: web.Request) -> bool:
    """Whether a web page of another site sends this through the browser of someone who works here."""
    origin = request.headers.get("Origin")
    return request.url.host not in HERE or (origin is not None and urlsplit(origin).hostname not in HERE)


class HttpHost:
    """`only_here` refuses what a browser sends for other sites: without authentication that is the only guard."""

    def __init__(self, routes: Routes, keys: FunctionKeys, *, only_here: bool) -> None:
        self._routes = routes
        self._keys = keys
        self._only_here = only_here

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._only_here and _from_elsewhere(request):
            return _problem(403, "forbidden", "This runs without authentication, for this machine only.")
        found = self._routes.find(request.method, request.path)
        if found is None:
            return _problem(404, "not_found", "Nothing answers here.")
        if isinstance(found, MethodNotAllowed):
            allowed = ", ".join(found.allowed)
            return _problem(405, "method_not_allowed", f"Here you can {allowed}.", {"Allow": allowed})
        given = request.headers.get("x-functions-key") or request.query.get("code", "")
        if not self._keys.open(found.trigger.level, given):
            return _problem(401, "unauthenticated", "This needs a function key, in x-functions-key.")
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _problem(413, "too_large", f"At most {READ_AT_MOST} bytes are read.")
        except web.RequestPayloadError:
            return _problem(400, "invalid", "The body is not packed as Content-Encoding says.")
        return await self._invoke(found, request, body)

    async def _invoke(self, found: Match, request: web.Request, body: bytes) -> web.Response:
        trigger: HttpTrigger = found.trigger
        asked = func.HttpRequest(
            request.method,
            str(request.url),
            headers=dict(request.headers),
            params=dict(request.query),
            route_params=found.parameters,
            body=body,
        )
        try:
            answer: func.HttpResponse = await trigger.run(**{trigger.argument: asked})
        except Exception:
            log.exception("function_failed", extra={"function": trigger.name})
            return web.Response(status=500)
        headers = dict(answer.headers)
        headers.setdefault("Content-Type", f"{answer.mimetype}; charset={answer.charset}")
        headers.setdefault("X-Content-Type-Options", "nosniff")  # as host.json says
        return web.Response(status=answer.status_code, body=answer.get_body(), headers=headers)
