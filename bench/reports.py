"""How long a report takes among many tickets: `python -m bench.reports [COUNT …]`, on SQLite, or on DATABASE_URL.

Each size has as many tickets in the reported month; what grows is everything around it, as in a desk that gets older.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.database.tables import METADATA
from adapters.organisation.loader import load_organisation
from domain.actor import Actor, Role
from domain.helpdesk.models import tickets
from domain.reports.actions import make_report
from domain.reports.models import ticket_figures
from domain.reports.rules import Span, period_of
from domain.tables import new_id
from wiring.settings import ROOT

A_MONTH = 1_000
"""Tickets of the month that is reported."""
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
AGENT = Actor("bram", "Bram", frozenset({Role.AGENT}))
BATCH = 5_000


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


async def measure(url: str, count: int) -> float:
    """Milliseconds of a report of last month, the best of fifteen: what it takes when nothing else runs."""
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)
        await connection.run_sync(METADATA.create_all)
    made = rows(count)
    for start in range(0, count, BATCH):
        batch = made[start : start + BATCH]
        async with engine.begin() as connection:
            await connection.execute(insert(tickets), [ticket(row, start + n) for n, row in enumerate(batch)])
            await connection.execute(insert(ticket_figures), batch)
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    units = DatabaseUnits(engine, NoBell(), lambda: NOW)
    policy = load_organisation(ROOT / "organisation").helpdesk
    zone = ZoneInfo("Europe/Brussels")
    period = period_of(Span.LAST_MONTH, NOW.date())
    took, worked = [], []
    for _ in range(15):
        begun, cpu = time.perf_counter(), time.process_time()
        async with units.read() as unit:
            report = await make_report(unit, AGENT, period, policy, zone)
        took.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    found = f"{min(took):.1f} ms, of which we work {min(worked):.1f}"
    print(f"{count:>7} tickets: {found} ({report.created} reported in the month)", flush=True)
    await engine.dispose()
    return min(took)


async def run(counts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL") or f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        took = [await measure(url, count) for count in counts]
    print(f"ratio {took[-1] / took[0]:.2f}")


if __name__ == "__main__":
    asyncio.run(run([int(count) for count in sys.argv[1:]] or [2_000, 100_000]))
