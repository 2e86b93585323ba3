"""The load of `bench.turns`: serving processes, activities as Teams writes them, and rounds that measure."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
import psutil

from tests.servers.token_issuer import TENANT_ID, TokenIssuer
from wiring.settings import ROOT


@dataclass(frozen=True, slots=True)
class Bot:
    """A serving process, and how to address it."""

    url: str
    process: psutil.Process
    wants_token: bool

    def cpu(self) -> float:
        """Seconds so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@dataclass(frozen=True, slots=True)
class Round:
    turns_per_s: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float


Bodies = Iterator[bytes]
Make = Callable[[dict[str, Any]], bytes]
"""Makes an activity with these fields besides its own."""


@asynccontextmanager
async def serving(name: str, **environment: str) -> AsyncIterator[Bot]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"bench.serving.{name}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | environment,
    )
    if process.stdin is None or process.stdout is None:
        raise SystemExit("no pipes")
    try:
        port = (await process.stdout.readline()).strip().decode()
        if not port:
            raise SystemExit(f"bench.serving.{name} did not start")
        yield Bot(f"http://127.0.0.1:{port}", psutil.Process(process.pid), name == "desk")
    finally:
        process.stdin.close()
        await process.wait()


def activities(service_url: str, people: list[tuple[str, str]], **fields: Any) -> Make:
    """Makes the activities of people in turn, each with an id of its own, as Teams writes them."""
    numbers = count(1)
    run = f"{time.time_ns():x}"

    def make(more: dict[str, Any]) -> bytes:
        number = next(numbers)
        person, object_id = people[number % len(people)]
        activity = {
            "type": "message",
            "id": f"{run}-{number}",
            "timestamp": "2026-11-23T08:30:00.1234567Z",
            "localTimestamp": "2026-11-23T09:30:00.1234567+01:00",
            "localTimezone": "Europe/Brussels",
            "channelId": "msteams",
            "serviceUrl": service_url,
            "locale": "nl-BE",
            "from": {"id": f"29:{person}", "name": person, "aadObjectId": object_id},
            "conversation": {"id": f"a:{person}", "conversationType": "personal", "tenantId": TENANT_ID},
            "recipient": {"id": "28:wijzer", "name": "Wijzer"},
            "entities": [{"type": "clientInfo", "locale": "nl-BE", "country": "BE", "platform": "Windows"}],
            "channelData": {"tenant": {"id": TENANT_ID}},
            **fields,
            **more,
        }
        return json.dumps(activity, ensure_ascii=False).encode()

    return make


class Load:
    """Sends activities and measures what comes of it."""

    def __init__(self, session: aiohttp.ClientSession, issuer: TokenIssuer, connector: Bot) -> None:
        self.session = session
        self.connector = connector
        self.service_url = f"{connector.url}/"
        self.slow_url = f"{connector.url}/slow/"
        self._tokens = {url: issuer.sign(url) for url in (self.service_url, self.slow_url)}

    async def turn(self, bot: Bot, body: bytes, service_url: str) -> dict[str, Any] | None:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if bot.wants_token:
            headers["Authorization"] = f"Bearer {self._tokens[service_url]}"
        async with self.session.post(f"{bot.url}/api/messages", data=body, headers=headers) as response:
            answer = await response.read()
            if response.status >= 300:
                raise RuntimeError(f"a turn gave {response.status}: {answer.decode()[:300]}")
            return json.loads(answer) if answer else None

    async def round(self, bot: Bot, bodies: Bodies, service_url: str, at_once: int, seconds: float) -> Round:
        latencies: list[float] = []
        began, cpu = time.perf_counter(), bot.cpu()
        until = began + seconds

        async def one_after_another() -> None:
            while (start := time.perf_counter()) < until:
                await self.turn(bot, next(bodies), service_url)
                latencies.append((time.perf_counter() - start) * 1000)

        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        took, turns = time.perf_counter() - began, len(latencies)
        cuts = statistics.quantiles(latencies, n=100)
        return Round(turns / took, (bot.cpu() - cpu) * 1000 / turns, cuts[49], cuts[98])

    async def counted(self) -> dict[str, int]:
        async with self.session.get(f"{self.connector.url}/count") as response:
            found: dict[str, int] = await response.json()
            return found
