"""Tickets with a known history, as rows."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from adapters.database.engine import DatabaseUnits
from domain.helpdesk.models import deflections, tickets
from domain.reports.models import ticket_figures
from domain.satisfaction.models import ticket_ratings
from domain.tables import new_id
from tests.conftest import Clock

Row = dict[str, Any]
Fill = Callable[[int], Awaitable[list[Row]]]


def ticket_row(row: Row, number: int) -> Row:
    return {
        "id": row["ticket_id"],
        "number": f"I-2026-{number:06}",
        "kind": row["kind"],
        "state": "closed" if row["solved_at"] else "new",
        "title": f"=Melding {number}",
        "text": "tekst",
        "impact": "low",
        "urgency": "low",
        "priority": row["priority"],
        "requester_id": "amina",
        "reporter_id": "amina",
        "team_id": row["team_id"],
        "category": row["category"],
        "version": 1,
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
        "resolved_at": row["solved_at"],
    }


def some_figures(count: int, now: datetime, seed: int = 8500) -> list[Row]:
    """Tickets of the last hundred days; two of three are solved."""
    chance = random.Random(seed)  # noqa: S311 - the same ones every time
    rows = []
    for _ in range(count):
        created = now - timedelta(seconds=chance.randrange(100 * 86_400))
        solved = (
            created + timedelta(seconds=chance.randrange(10 * 86_400)) if chance.random() < 0.67 else None
        )
        solved = solved if solved and solved <= now else None
        responded = created + timedelta(seconds=chance.randrange(86_400)) if solved else None
        rows.append(
            {
                "ticket_id": new_id(),
                "version": 3,
                "kind": chance.choice(["incident", "request", "change"]),
                "category": chance.choice(["hardware", "account", None]),
                "team_id": chance.choice(["digitaal", "sport", None]),
                "priority": chance.randint(1, 4),
                "created_at": created,
                "responded_at": responded,
                "solved_at": solved,
                "ended_at": solved,
                "response_seconds": chance.randrange(50_000) if responded else None,
                "solution_seconds": chance.randrange(500_000) if solved else None,
                "response_met": chance.choice([True, False, None]) if responded else None,
                "solution_met": chance.choice([True, False, None]) if solved else None,
                "reopened": chance.choice([0, 0, 0, 1, 2]),
            }
        )
    return rows


@pytest.fixture
def fill(units: DatabaseUnits, clock: Clock) -> Fill:
    """Writes so many tickets, with some ratings and deflections; gives their figures."""

    async def fill(count: int) -> list[Row]:
        rows = some_figures(count, clock.now)
        async with units() as unit:
            await unit.db.execute(insert(tickets), [ticket_row(row, n) for n, row in enumerate(rows, 1)])
            await unit.db.execute(insert(ticket_figures), rows)
            rated = [row for row in rows if row["solved_at"]][::3]
            ratings = [
                {
                    "ticket_id": row["ticket_id"],
                    "person_id": "amina",
                    "score": 1 + n % 5,
                    "words": None,
                    "version": 1,
                    "given_at": row["solved_at"],
                    "changed_at": row["solved_at"],
                }
                for n, row in enumerate(rated)
            ]
            await unit.db.execute(insert(ticket_ratings), ratings)
            helped = [
                {
                    "id": new_id(),
                    "person_id": "amina",
                    "team_id": "digitaal",
                    "kind": "incident",
                    "by": by,
                    "subject": "tip-1",
                    "form_id": new_id(),
                    "at": clock.now - timedelta(days=1),
                }
                for by in ("tip", "tip", "digicoach")
            ]
            await unit.db.execute(insert(deflections), helped)
        for row, rating in zip(rated, ratings, strict=True):
            row["score"] = rating["score"]
        return rows

    return fill
