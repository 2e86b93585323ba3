"""How long a report takes among many tickets, on SQLite and on PostgreSQL.

    python -m bench.reports [COUNT …]

Each size has as many tickets in the reported month; what grows is everything around it, as in a desk that gets older.
The sizes are asked in turns, so that whatever else the machine does touches all of them. `ms` is the best of all
rounds, what it takes when nothing else runs; `cpu_ms` is ours of it; `ratio` is that of the last size to the first.
The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.database.tables import METADATA
from adapters.organisation.loader import load_organisation
from bench.collections.tickets import settle
from domain.actor import Actor, Role
from domain.helpdesk.models import tickets
from domain.reports.actions import make_report
from domain.reports.models import ticket_figures
from domain.reports.rules import Span, period_of
from domain.tables import new_id
from tests.servers.postgres import PostgresServer
from wiring.settings import ROOT

A_MONTH = 1_000
"""Tickets of the month that is reported."""
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
AGENT = Actor("bram", "Bram", frozenset({Role.AGENT}))
BATCH = 5_000
ROUNDS = 20


class NoBell:
    async def ring(self, job_id: str, due: datetime) -> None: ...


def rows(count: int) -> list[dict[str, Any]]:
    """A month's tickets, and all others in the years before it. The backlog is that of a desk that keeps up."""
    chance = random.Random(8500)  # noqa: S311 - the same ones every time
    found = []
    for n in range(count):
        age = chance.uniform(23, 53) if n < A_MONTH else chance.uniform(53, 1500)
        created = NOW - timedelta(days=age)
        solved = created + timedelta(hours=chance.uniform(0.2, 200)) if n % 50 or n >= 2 * A_MONTH else None
        found.append(
            {
                "ticket_id": new_id(),
                "version": 3,
                "kind": chance.choice(["incident", "request", "change"]),
                "category": chance.choice(["hardware", "account", "software", None]),
                "team_id": f"team-{chance.randrange(80)}",
                "priority": chance.randint(1, 4),
                "created_at": created,
                "responded_at": created + timedelta(minutes=chance.uniform(1, 600)) if solved else None,
                "solved_at": solved,
                "ended_at": solved,
                "response_seconds": chance.randrange(50_000) if solved else None,
                "solution_seconds": chance.randrange(500_000) if solved else None,
                "response_met": chance.random() < 0.9 if solved else None,
                "solution_met": chance.random() < 0.8 if solved else None,
                "reopened": int(chance.random() < 0.05),
            }
        )
    return found


def ticket(row: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "id": row["ticket_id"],
        "number": f"I-2026-{number:06}",
        "kind": row["kind"],
        "state": "closed" if row["solved_at"] else "new",
        "title": "Melding",
        "text": "Tekst",
        "impact": "low",
        "urgency": "low",
        "priority": row["priority"],
        "requester_id": f"p-{number % 1800}",
        "reporter_id": f"p-{number % 1800}",
        "version": 3,
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
    }


async def fill(engine: AsyncEngine, count: int) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    made = rows(count)
    for start in range(0, count, BATCH):
        batch = made[start : start + BATCH]
        async with engine.begin() as connection:
            await connection.execute(insert(tickets), [ticket(row, start + n) for n, row in enumerate(batch)])
            await connection.execute(insert(ticket_figures), batch)
    await settle(engine)


async def measure(urls: Sequence[str], counts: Sequence[int]) -> dict[str, Any]:
    """A report of last month, from a database of each size."""
    engines = [open_engine(url) for url in urls]
    for engine, count in zip(engines, counts, strict=True):
        await fill(engine, count)
    policy = load_organisation(ROOT / "organisation").helpdesk
    zone, period = ZoneInfo("Europe/Brussels"), period_of(Span.LAST_MONTH, NOW.date())
    took: dict[int, list[float]] = {count: [] for count in counts}
    worked: dict[int, list[float]] = {count: [] for count in counts}
    created: dict[int, int] = {}
    for _ in range(ROUNDS):
        for engine, count in zip(engines, counts, strict=True):
            begun, cpu = time.perf_counter(), time.process_time()
            async with DatabaseUnits(engine, NoBell(), lambda: NOW).read() as unit:
                created[count] = (await make_report(unit, AGENT, period, policy, zone)).created
            took[count].append((time.perf_counter() - begun) * 1000)
            worked[count].append((time.process_time() - cpu) * 1000)
    for engine in engines:
        await engine.dispose()
    return {
        "ratio": round(min(took[counts[-1]]) / min(took[counts[0]]), 2),
        "tickets": {
            count: {
                "ms": round(min(took[count]), 1),
                "cpu_ms": round(min(worked[count]), 1),
                "in_month": created[count],
            }
            for count in counts
        },
    }


def measure_both(counts: Sequence[int]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        files = [f"sqlite+aiosqlite:///{Path(folder) / str(count)}.db" for count in counts]
        figures = {"sqlite": asyncio.run(measure(files, counts))}
        data = Path(folder) / "postgres"
        data.mkdir()
        with PostgresServer(data) as server:
            figures["postgresql"] = asyncio.run(measure([server.new_database() for _ in counts], counts))
        return figures


def show(figures: dict[str, Any]) -> None:
    print(f"{'':12}{'tickets':>9}{'in month':>10}{'ms':>8}{'CPU ms':>8}")
    for database, found in figures.items():
        for count, one in found["tickets"].items():
            print(f"{database:12}{count:>9}{one['in_month']:>10}{one['ms']:>8}{one['cpu_ms']:>8}")
        print(f"{'':12}ratio {found['ratio']}")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.reports", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument(
        "counts", nargs="*", type=int, default=[2_000, 100_000], metavar="COUNT", help="tickets (2000 100000)"
    )
    figures = measure_both(parser.parse_args().counts)
    show(figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
