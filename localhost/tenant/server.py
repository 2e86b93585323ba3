"""The server: who may call what, and whether a call and its answer are as described."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from aiohttp import web

from localhost.tenant.answers import Answer, Ask, Refusal, bad_request, shaped
from localhost.tenant.authority import Authority
from localhost.tenant.control import Control
from localhost.tenant.description import Description, Operation
from localhost.tenant.groups import Bin, Groups
from localhost.tenant.libraries import Labels, Views
from localhost.tenant.lists import Lists, Sites
from localhost.tenant.pages import Pages
from localhost.tenant.people import People
from localhost.tenant.sharepoint import Admin, SiteManager, Webs
from localhost.tenant.sign_in import SignIn
from localhost.tenant.teams import Teams
from localhost.tenant.tenant import Tenant
from localhost.tenant.trouble import BrokenConnectionError, troubled
from localhost.tenant.watch import Call

log = logging.getLogger(__name__)

_NOTED_HEADERS = ("Prefer", "ConsistencyLevel", "User-Agent", "Accept")
_KEY_IN_BRACKETS = re.compile(r"(/teams|/operations)\('([^'/]+)'\)")
"""Graph writes `teams('ID')` where it takes `teams/ID` as well."""


def application(
    tenant: Tenant,
    authority: Authority,
    *,
    sign_in: SignIn | None = None,
    unsafe_control_key: str | None = None,
) -> web.Application:
    """With `sign_in`, its people get tokens for our own API. With `unsafe_control_key`, who knows that key can make it
    fail: for tests."""
    app = web.Application()
    app.add_routes(authority.routes())
    if sign_in is not None:
        app.add_routes(sign_in.routes())
    app.add_routes(Pages(tenant).routes())
    if unsafe_control_key is not None:
        app.add_routes(Control(tenant, unsafe_control_key).routes())
    app.router.add_route("*", "/{path:.*}", Calls(tenant, authority).handle)
    return app


class Calls:
    """Everything that is described in `calls.yaml`."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self._tenant = tenant
        self._authority = authority
        self._description = Description()
        self._teams = Teams(tenant)
        self._parts: dict[str, object] = {
            "people": People(tenant),
            "groups": Groups(tenant),
            "bin": Bin(tenant),
            "teams": self._teams,
            "sites": Sites(tenant),
            "lists": Lists(tenant),
            "site_manager": SiteManager(tenant),
            "webs": Webs(tenant),
            "views": Views(tenant),
            "labels": Labels(tenant),
            "admin": Admin(tenant),
        }
        for operation in self._description.operations:
            self._method(operation)  # every one has somebody who answers

    async def handle(self, request: web.Request) -> web.StreamResponse:
        audience = _audience(self._tenant.base, request.path)
        if audience is None:
            raise web.HTTPNotFound
        raw = await request.read()
        ask, readable = _ask(request, raw)
        headers = {name: request.headers[name] for name in _NOTED_HEADERS if name in request.headers}
        body = ask.body if readable else raw.decode(errors="replace")
        call = Call(self._tenant.clock(), ask.method, ask.path, dict(ask.query), headers, body)
        self._tenant.watch.note(call)
        try:
            answer = await self._judged(request, ask, call, audience, readable=readable)
        except BrokenConnectionError:
            if request.transport is not None:
                request.transport.abort()
            answer = Answer(500)  # nobody reads it: the connection is broken
        call.status, call.answer = answer.status, answer.body
        self._tenant.watch.ended(call)
        return web.Response(
            status=answer.status,
            headers=answer.headers,
            body=None if answer.body is None else json.dumps(answer.body).encode(),
            content_type=None if answer.body is None else "application/json",
        )

    async def _judged(
        self, request: web.Request, ask: Ask, call: Call, audience: str, *, readable: bool
    ) -> Answer:
        roles = self._authority.roles_of(request.headers.get("Authorization", ""), audience)
        if roles is None:
            return _refuse(call, ask, "not signed in", Refusal(401, *_UNAUTHENTICATED))

        async def work(ask: Ask) -> Answer:
            return self._answer(ask, call, roles, readable=readable)

        return await troubled(self._tenant.trouble, ask, work)

    def _answer(self, ask: Ask, call: Call, roles: frozenset[str], *, readable: bool) -> Answer:
        tenant = self._tenant
        if tenant.trouble.throttled:
            wait = tenant.throttle.retry_after(
                ask.method, ask.path, tenant.clock(), tenant.trouble.time_scale
            )
            if wait is not None:
                refusal = Refusal(429, "TooManyRequests", "Too many requests.", {"Retry-After": wait})
                return _refuse(call, ask, "throttled", refusal)
        found = self._description.find(ask.method, ask.path)
        if found is None:
            message = f"{ask.method} {ask.path} is not described in localhost/tenant/calls.yaml."
            return _refuse(call, ask, "not described", Refusal(501, "NotImplemented", message))
        operation, parts = found
        if not (roles - set(tenant.trouble.withheld_roles)) & set(operation.permissions):
            message = f"Insufficient privileges: this needs {' or '.join(operation.permissions)}."
            return _refuse(call, ask, "not permitted", Refusal(403, "Authorization_RequestDenied", message))
        ask = Ask(ask.method, ask.path, parts, ask.query, ask.headers, ask.body)
        wrong = operation.wrong_with_request(parts, ask.query, ask.headers, ask.body)
        if not readable or wrong:
            return _refuse(call, ask, "not as described", bad_request(wrong or "The body is not JSON."))
        return self._worked(operation, ask, call)

    def _worked(self, operation: Operation, ask: Ask, call: Call) -> Answer:
        """Do it, all of it or nothing, and look at our own answer as hard as at the call."""
        tenant = self._tenant
        try:
            with tenant.store.at_once():
                self._teams.finish()
                answer: Answer = self._method(operation)(ask)
        except Refusal as refusal:
            answer = refusal.answer(ask)
        if wrong := operation.wrong_with_answer(answer.status, answer.headers, answer.body):
            log.error("tenant_answers_wrongly", extra={"operation": operation.id, "wrong": wrong})
            message = f"The tenant's own answer is not as described: {wrong}"
            return _refuse(call, ask, "our mistake", Refusal(500, "InternalServerError", message))
        try:
            names = operation.names(answer.status)
            return shaped(ask, answer, names, tenant.base, tenant.trouble.page_size)
        except Refusal as refusal:
            return _refuse(call, ask, "not as described", refusal)

    def _method(self, operation: Operation) -> Any:
        part, _, name = operation.id.partition(".")
        return getattr(self._parts[part], name)


_UNAUTHENTICATED = ("InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")


def _audience(base: str, path: str) -> str | None:
    """The resource a path belongs to, None for what is no call at all."""
    for part in ("/graph", "/admin"):
        if path.startswith(part + "/"):
            return base + part
    return base if "/_api/" in path else None


def _ask(request: web.Request, raw: bytes) -> tuple[Ask, bool]:
    """The call, and whether its body can be read."""
    path = _KEY_IN_BRACKETS.sub(r"\1/\2", request.path)
    body: Any = None
    readable = True
    try:
        body = json.loads(raw) if raw else None
    except ValueError:
        readable = False
    return Ask(request.method, path, {}, dict(request.query), request.headers, body), readable


def _refuse(call: Call, ask: Ask, why: Any, refusal: Refusal) -> Answer:
    call.why, call.said = why, refusal.message
    return refusal.answer(ask)
