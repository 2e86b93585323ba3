"""Misbehaviour on demand, for tests: only when the tenant was started for it, and only for who has the key."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from aiohttp import web
from pydantic import ValidationError

from localhost.keys import write_private
from localhost.tenant.tenant import Tenant
from localhost.tenant.trouble import Trouble

Handler = Callable[[web.Request], Awaitable[web.Response]]


CONTROL_KEY = "control-key"


def control_key(folder: Path) -> str:
    """Made once, and kept where only you can read it."""
    file = folder / CONTROL_KEY
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32))
    return file.read_text()


class Control:
    def __init__(self, tenant: Tenant, key: str) -> None:
        self._tenant = tenant
        self._key = key
        tenant.watch.keeping = True

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_tenant/trouble", self._for_who_has_the_key(self.trouble)),
            web.put("/_tenant/trouble", self._for_who_has_the_key(self.misbehave)),
            web.delete("/_tenant/trouble", self._for_who_has_the_key(self.behave)),
            web.get("/_tenant/calls", self._for_who_has_the_key(self.calls)),
        ]

    async def trouble(self, request: web.Request) -> web.Response:
        return web.json_response(text=self._tenant.trouble.model_dump_json())

    async def misbehave(self, request: web.Request) -> web.Response:
        """From now on like this: what the body does not name is as it should be."""
        try:
            self._tenant.trouble = Trouble.model_validate_json(await request.read())
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False, include_context=False)
            return web.json_response({"wrong": wrong}, status=400)
        return web.Response(status=204)

    async def behave(self, request: web.Request) -> web.Response:
        self._tenant.trouble = Trouble()
        return web.Response(status=204)

    async def calls(self, request: web.Request) -> web.Response:
        """Every call since the start, and how many were refused for what reason."""
        watch = self._tenant.watch
        said = {"value": [asdict(call) for call in watch.calls], "reasons": watch.reasons}
        return web.json_response(text=json.dumps(said))

    def _for_who_has_the_key(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            given = request.headers.get("Authorization", "").encode()
            if not hmac.compare_digest(given, f"Bearer {self._key}".encode()):
                return web.json_response({"error": "This needs the control key."}, status=401)
            return await handler(request)

        return guarded
