"""A Bot Connector of our own on loopback: takes what the real one takes, keeps it, and misbehaves when asked to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.servers.loopback import LoopbackServer

LARGEST = 28 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    body: dict[str, Any]
    authorization: str | None

    @property
    def card(self) -> dict[str, Any]:
        """The one card of the message."""
        [attachment] = self.body["attachments"]
        content: dict[str, Any] = attachment["content"]
        return content

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))


@dataclass(frozen=True, slots=True)
class Mishap:
    """What happens to a call instead of what should. With `cut` the connection breaks without an answer."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str = "ServiceError"
    cut: bool = False
    delay: float = 0.0


class ConnectorServer(LoopbackServer):
    """`standing` holds every activity that stands in a conversation now; `calls` all calls there were."""

    backlog = 512

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.standing: dict[tuple[str, str], dict[str, Any]] = {}
        self.mishaps: list[Mishap] = []
        self.files: dict[str, bytes | Handler] = {}
        """What people sent, by the name in its address; a handler for what goes wrong."""
        self.takes_token: Callable[[str | None], bool] = lambda _: True
        self._ids = count(1)

    def fail(self, mishap: Mishap, times: int = 1) -> None:
        """Let the next calls go wrong."""
        self.mishaps += [mishap] * times

    def stand(self, conversation_id: str) -> str:
        """An activity that was posted earlier; gives its id."""
        activity_id = f"act-{next(self._ids)}"
        self.standing[conversation_id, activity_id] = {}
        return activity_id

    @property
    def url(self) -> str:
        """As the service writes its addresses, with a slash at the end."""
        return f"{super().url}/"

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST * 4)
        conversations = "/v3/conversations"
        activities = f"{conversations}/{{conversation}}/activities"
        app.router.add_post(conversations, self._create)
        app.router.add_post(activities, self._post)
        app.router.add_post(f"{activities}/{{activity}}", self._post)
        app.router.add_put(f"{activities}/{{activity}}", self._put)
        app.router.add_delete(f"{activities}/{{activity}}", self._delete)
        app.router.add_put("/drive/{name}", self._upload)
        app.router.add_get("/v3/attachments/{name}/views/original", self._file)
        return app

    async def _take(self, request: web.Request) -> dict[str, Any] | web.Response:
        """The body, or the answer to a call that is wrong or goes wrong."""
        raw = await request.read()
        body = None
        if raw:
            if request.content_type != "application/json":
                return refusal(415, "UnsupportedMediaType")
            body = json.loads(raw)
        authorization = request.headers.get("Authorization")
        self.calls.append(Call(request.method, request.path, body or {}, authorization))
        if not self.takes_token(authorization):
            return refusal(401, "AuthorizationFailed")
        if self.mishaps:
            mishap = self.mishaps.pop(0)
            await asyncio.sleep(mishap.delay)
            if mishap.cut:
                assert request.transport is not None
                request.transport.abort()
            if mishap.cut or mishap.status:
                return refusal(mishap.status or 500, mishap.code, mishap.headers)
        if len(raw) > LARGEST:
            return refusal(413, "MessageSizeTooBig")
        return body or {}

    async def _post(self, request: web.Request) -> web.Response:
        body = await self._take(request)
        if isinstance(body, web.Response):
            return body
        wrong = wrong_message(body)
        if wrong:
            return refusal(400, "BadSyntax", message=wrong)
        activity_id = f"act-{next(self._ids)}"
        self.standing[request.match_info["conversation"], activity_id] = body
        return web.json_response({"id": activity_id}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        body = await self._take(request)
        if isinstance(body, web.Response):
            return body
        key = (request.match_info["conversation"], request.match_info["activity"])
        wrong = wrong_message(body, update=True)
        if wrong:
            return refusal(400, "BadSyntax", message=wrong)
        if key not in self.standing:
            return refusal(404, "ActivityNotFoundInConversation")
        self.standing[key] = body
        return web.json_response({"id": key[1]})

    async def _delete(self, request: web.Request) -> web.Response:
        body = await self._take(request)
        if isinstance(body, web.Response):
            return body
        gone = self.standing.pop((request.match_info["conversation"], request.match_info["activity"]), None)
        return web.Response() if gone is not None else refusal(404, "ActivityNotFoundInConversation")

    def file(self, name: str, content: bytes | Handler) -> str:
        """Somebody sent this; gives its address."""
        self.files[name] = content
        return f"{self.url}v3/attachments/{name}/views/original"

    async def _file(self, request: web.Request) -> web.StreamResponse:
        authorization = request.headers.get("Authorization")
        self.calls.append(Call(request.method, request.path, {}, authorization))
        if not self.takes_token(authorization):
            return refusal(401, "AuthorizationFailed")
        content = self.files.get(request.match_info["name"])
        if content is None:
            return refusal(404, "AttachmentNotFound")
        return web.Response(body=content) if isinstance(content, bytes) else await content(request)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """Somebody's OneDrive, which keeps what it is given among the files."""
        content = await request.read()
        self.calls.append(Call(request.method, request.path, {}, request.headers.get("Authorization")))
        if request.headers.get("Content-Range") != f"bytes 0-{len(content) - 1}/{len(content)}":
            return refusal(400, "BadRange")
        self.files[request.match_info["name"]] = content
        return web.json_response({"id": "1"}, status=201)

    async def _create(self, request: web.Request) -> web.Response:
        body = await self._take(request)
        if isinstance(body, web.Response):
            return body
        if not body.get("bot", {}).get("id") or not body.get("members") or not body.get("tenantId"):
            return refusal(400, "BadSyntax", message="bot, members and tenantId are needed")
        conversation_id = f"a:conversation-{next(self._ids)}"
        return web.json_response({"id": conversation_id, "serviceUrl": self.url}, status=201)


def wrong_message(body: Mapping[str, Any], *, update: bool = False) -> str | None:
    """What the real connector would not like about an activity."""
    if body.get("type") != "message":
        return "type"
    if not update and not (body.get("from") or {}).get("id"):
        return "from.id"
    if not body.get("text") and not body.get("attachments"):
        return "a message needs a text or an attachment"
    for attachment in body.get("attachments", ()):
        if not attachment.get("contentType"):
            return "attachments.contentType"
        if attachment["contentType"].startswith("application/vnd.microsoft.teams.card.file."):
            continue
        if (attachment.get("content") or {}).get("type") != "AdaptiveCard":
            return "attachments.content"
    return None


def refusal(
    status: int, code: str, headers: Mapping[str, str] | None = None, message: str = "It went wrong."
) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)
