"""How quick the API is: making, getting, listing and searching tickets over HTTP, with authentication on.

    python -m bench.api [--seconds 3] [--rounds 3] [--tickets 100000] [--only sqlite]

Two worker processes serve it as the local host does, once on a database with 1,000 tickets and once on one with a
hundred times as many (each with its messages, notes, history and words), on SQLite and on a PostgreSQL of our own. Jobs
are written and not run: in a city, another worker's turn. The caller is a flow with an API key. Four
and eight connections call at once, each sending its next call when the last was answered; rounds on the two sizes are
interleaved, and the median round counts. Every `create` has an idempotency key of its own and commits; `list` gets 25
tickets; `search` has two words.

`cpu_ms` is CPU time of the two workers per call. The client runs on the same cores, so calls per second are
fewer than from another machine. `ratio_1k` is the CPU time with 100,000 tickets over that with 1,000. The figures are
of eight connections; `at_4` has those of four. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import insert, select

from adapters.database.engine import DatabaseUnits, open_engine
from bench.collections.tickets import THINGS, Made, fill
from bench.serving.http import Figures, Load, request
from bench.volume import SMALL, Doorbell
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.helpdesk.models import tickets
from domain.unit import Counter
from localhost.options import Options
from localhost.prepare import migrate
from localhost.process import listening
from tests.servers.local_host import free_ports
from tests.servers.postgres import PostgresServer
from wiring.settings import ROOT

WORKERS = 2
AT_ONCE = (8, 4)
PEERS = {
    "create": "roundup 182, django-helpdesk 139 a second",
    "get": "roundup 437, django-helpdesk 1 a second",
    "list": "Request Tracker 79 a second",
}
"""The best of the open helpdesks, measured on the machine that the product was first measured on."""
ROUTE = "/api/connector/v1/tickets"


@dataclass(frozen=True, slots=True)
class Side:
    """A host on one size of database, and what it is asked."""

    port: int
    processes: list[psutil.Process]
    key: str
    ids: tuple[str, ...]

    def requests(self, what: str) -> Iterator[bytes]:
        chance, number = random.Random(what), count()  # noqa: S311
        while True:
            if what == "create":
                wanted = {"kind": "incident", "text": f"De {chance.choice(THINGS)} aan het loket hapert."}
                body = json.dumps(wanted).encode()
                yield request("POST", ROUTE, body, X_API_Key=self.key, Idempotency_Key=_key(number))
            elif what == "get":
                yield request("GET", f"{ROUTE}/{chance.choice(self.ids)}", X_API_Key=self.key)
            elif what == "list":
                yield request("GET", f"{ROUTE}?$top=25", X_API_Key=self.key)
            else:
                words = f"{chance.choice(THINGS)}+{chance.choice(('zwembad', 'loket', 'stadhuis'))}"
                yield request("GET", f"{ROUTE}?text={words}&$top=25", X_API_Key=self.key)


WHAT = ("create", "get", "list", "search")
_run = f"{random.SystemRandom().getrandbits(32):x}"
_numbers = count()


def _key(number: Iterator[int]) -> str:
    return f"{_run}-{next(_numbers)}"


async def prepare(url: str, total: int) -> tuple[str, tuple[str, ...]]:
    """Tables, tickets and a key: the key, and ids of some of the tickets."""
    await migrate(url)
    engine = open_engine(url)
    try:
        await fill(engine, Made(total))
        async with DatabaseUnits(engine, Doorbell())() as unit:
            key = await create_key(unit, "bench", Scope)
            await unit.db.execute(insert(Counter), {"series": "I-2026", "last": total})
            step = max(total // 1000, 1)
            ids = (await unit.db.execute(select(tickets.c.id).order_by(tickets.c.id))).scalars().all()
        return key, tuple(ids[::step])
    finally:
        await engine.dispose()


async def measure(sides: tuple[Side, Side], seconds: float, rounds: int) -> dict[str, Any]:
    """By what was asked: the figures of the large side, and how they compare with the small one's."""
    found: dict[str, Any] = {what: {} for what in WHAT}
    for at_once in AT_ONCE:
        async with AsyncExitStack() as stack:
            loads = [
                await stack.enter_async_context(Load(side.port, side.processes, at_once)) for side in sides
            ]
            for what in WHAT:
                asked = [side.requests(what) for side in sides]
                measured: tuple[list[Figures], list[Figures]] = ([], [])
                for load, requests in zip(loads, asked, strict=True):
                    await load.round(requests, 0.5)  # warm up
                for _ in range(rounds):
                    for load, requests, kept in zip(loads, asked, measured, strict=True):
                        kept.append(await load.round(requests, seconds))
                small, large = (medians(one) for one in measured)
                large["ratio_1k"] = round(large["cpu_ms"] / small["cpu_ms"], 2)
                if at_once == AT_ONCE[0]:
                    found[what] = large
                else:
                    found[what][f"at_{at_once}"] = large
    return found


def medians(rounds: list[Figures]) -> dict[str, float]:
    return {
        name: round(statistics.median(getattr(one, name) for one in rounds), 2)
        for name in ("rps", "cpu_ms", "p50_ms", "p99_ms")
    }


@contextmanager
def worker(url: str, options: Options) -> Iterator[psutil.Process]:
    """A process that serves the functions, once it does."""
    environment = {
        "DATABASE_URL": url,
        "WIJZER_API_CALLS_PER_MINUTE": "10000000",
        "WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK": "1",  # of the bot, which nobody talks to
    }
    with listening(options) as where:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.serving.api", str(where.fileno())],
            env=os.environ | environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[where.fileno()],
        )
    with process:
        if process.stdin is None or process.stdout is None or not process.stdout.readline():
            raise SystemExit("bench.serving.api did not start")
        yield psutil.Process(process.pid)
        process.stdin.close()


def run(urls: tuple[str, str], sizes: tuple[int, int], seconds: float, rounds: int) -> dict[str, Any]:
    with ExitStack() as opened:
        sides = []
        for url, size in zip(urls, sizes, strict=True):
            key, ids = asyncio.run(prepare(url, size))
            options = Options(port=free_ports(1)[0], workers=WORKERS)
            processes = [opened.enter_context(worker(url, options)) for _ in range(WORKERS)]
            sides.append(Side(options.port, processes, key, ids))
        return asyncio.run(measure((sides[0], sides[1]), seconds, rounds))


def show(kind: str, found: dict[str, Any]) -> None:
    print(f"\n{kind:12}{'calls/s':>9}{'CPU ms':>8}{'p50 ms':>8}{'p99 ms':>8}{'x 1,000':>9}   (8 at once)")
    for what, row in found.items():
        figures = f"{row['rps']:9.0f}{row['cpu_ms']:8.2f}{row['p50_ms']:8.1f}{row['p99_ms']:8.1f}"
        print(f"{what:12}{figures}{row['ratio_1k']:9.2f}   {PEERS.get(what, '')}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="per round (3)")
    parser.add_argument("--rounds", type=int, default=3, help="(3)")
    parser.add_argument("--tickets", type=int, default=100_000, help="in the large database (100000)")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one kind of database")
    given = parser.parse_args()
    sizes = (SMALL, given.tickets)
    figures: dict[str, Any] = {}
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        for kind in ("sqlite", "postgresql"):
            if given.only not in (None, kind):
                continue
            if kind == "sqlite":
                urls = tuple(f"sqlite+aiosqlite:///{folder / name}.db" for name in ("small", "large"))
            else:
                data = folder / "postgres"
                data.mkdir()
                server = opened.enter_context(PostgresServer(data))
                urls = (server.new_database(), server.new_database())
            figures[kind] = run((urls[0], urls[1]), sizes, given.seconds, given.rounds)
            show(kind, figures[kind])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
