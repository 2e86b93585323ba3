"""Receivers of webhooks on loopback, one per name: each checks what it gets as a careful flow would, and answers as it
was told to, wrongly too. `python -m tests.servers.receivers FILE` runs them in a process of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from base64 import b64decode, b64encode
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path
from typing import Any
from uuid import UUID

from aiohttp import web

from tests.servers.loopback import LoopbackServer

TOLERANCE = 300
"""Seconds that a message's time may differ from now."""


@dataclass(frozen=True, slots=True)
class Answering:
    """How one call is answered. `hang_up` closes the connection instead."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hang_up: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    headers: Mapping[str, str]
    body: Any
    at: float

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]


class Receivers(LoopbackServer):
    """`answers[name]` is how the next calls are answered, one after the other; after those `always[name]`."""

    ends_within = 0.1

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.answers: dict[str, deque[Answering]] = defaultdict(deque)
        self.always: dict[str, Answering] = defaultdict(Answering)
        self.received: dict[str, list[Received]] = defaultdict(list)
        """What was taken, by receiver."""
        self.calls: dict[str, int] = defaultdict(int)
        self.refused: list[str] = []
        """What was wrong with a call."""
        self._news = asyncio.Event()

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/{name}", self._take)
        return app

    def address_of(self, name: str) -> str:
        return f"{self.url}/{name}?sig=geheim"

    def numbers(self, name: str) -> list[int]:
        """The `number` in what one receiver took, in order."""
        return [one.body["number"] for one in self.received[name]]

    async def until(self, name: str, count: int, within: float = 10) -> None:
        """Wait until a receiver was called so often."""
        async with asyncio.timeout(within):
            while self.calls[name] < count:
                self._news.clear()
                await self._news.wait()

    async def _take(self, request: web.Request) -> web.Response:
        name, raw, at = request.match_info["name"], await request.read(), time.time()
        self.calls[name] += 1
        answer = self.answers[name].popleft() if self.answers[name] else self.always[name]
        if answer.delay:
            await asyncio.sleep(answer.delay)
        if problem := check(request.headers, raw, self.secrets.get(name)):
            self.refused.append(f"{name}: {problem}")
            answer = Answering(401)
        if 200 <= answer.status < 300 and not answer.hang_up:
            self.received[name].append(Received(dict(request.headers), json.loads(raw), at))
        self._news.set()
        if answer.hang_up and request.transport is not None:
            request.transport.abort()
        return web.Response(status=answer.status, headers=answer.headers)


def check(headers: Mapping[str, str], raw: bytes, secret: str | None) -> str:
    """What is wrong with a call by Standard Webhooks and by CloudEvents; empty when nothing is."""
    try:
        event_id, stamp = headers["webhook-id"], headers["webhook-timestamp"]
        signatures = headers["webhook-signature"].split(" ")
        described = [headers[f"ce-{name}"] for name in ("specversion", "id", "type", "source", "time")]
        UUID(event_id)
        body = json.loads(raw)
        moment = datetime.fromisoformat(described[4])
    except (KeyError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    if abs(time.time() - int(stamp)) > TOLERANCE:
        return "an old message"
    if secret is not None:
        signed = digest(b64decode(secret[6:]), f"{event_id}.{stamp}.".encode() + raw, sha256)
        if not any(compare_digest(one, f"v1,{b64encode(signed).decode()}") for one in signatures):
            return "a wrong signature"
    if described[0] != "1.0" or described[1] != event_id or body["eventId"] != event_id:
        return "another event than it says"
    if described[2] != f"wijzer.{body['event']}" or moment != datetime.fromisoformat(body["time"]):
        return "other attributes than the body's"
    if not headers["Content-Type"].startswith("application/json"):
        return "no JSON"
    return ""


async def main(given: Mapping[str, Any]) -> None:
    """`given` has the secrets, and who is slow or dead. Print the port, and for every call taken a line of JSON."""
    receivers = Receivers()
    receivers.secrets |= given["secrets"]
    for name, seconds in given["slow"].items():
        receivers.always[name] = Answering(delay=seconds)
    for name, status in given["dead"].items():
        receivers.always[name] = Answering(status)
    async with receivers:
        print(receivers.port, flush=True)  # noqa: T201
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(0.2)
                for name, taken in receivers.received.items():
                    for one in taken:
                        line = {"to": name, "id": one.event_id, "number": one.body["number"], "at": one.at}
                        sys.stdout.write(json.dumps(line) + "\n")
                    taken.clear()
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
