"""The tickets of the volume benchmark: as many as asked, with all that hangs on them, the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.tables import METADATA
from domain.helpdesk.models import (
    ticket_events,
    ticket_messages,
    ticket_notes,
    ticket_words,
    tickets,
)
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.search import words_of
from domain.service_levels.models import ticket_clocks

HISTORY = 10
"""Lines of history per ticket."""
OPEN = 400
"""Tickets that are open, whatever the number of all: what a desk has under its hands."""
OWN = 40
"""Tickets of the one requester who looks at theirs."""
BATCH = 2_000
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THINGS = (
    "laptop",
    "scherm",
    "printer",
    "wifi",
    "outlook",
    "teams",
    "wachtwoord",
    "account",
    "telefoon",
    "headset",
    "licentie",
    "kassa",
    "scanner",
    "badge",
)
PLACES = (
    "stadhuis",
    "bibliotheek",
    "zwembad",
    "loket",
    "balie",
    "vergaderzaal",
    "magazijn",
    "sporthal",
    "kinderopvang",
    "werkplaats",
)
WRONGS = [
    "start niet meer op",
    "valt telkens weg",
    "is traag",
    "geeft een foutmelding",
    "is gestolen",
    "vraagt steeds iets",
]


class Made:
    """The tickets of one database, in the order of time, the newest last."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.random = random.Random(total)  # noqa: S311
        self.newest_open = ""
        self.own: list[str] = []

    def rows(self) -> Iterator[dict[str, list[dict[str, Any]]]]:
        for first in range(0, self.total, BATCH):
            batch: dict[str, list[dict[str, Any]]] = {
                name: [] for name in ("tickets", "events", "messages", "notes", "words", "clocks")
            }
            for number in range(first, min(first + BATCH, self.total)):
                self._ticket(number, batch)
            yield batch

    def _ticket(self, number: int, batch: dict[str, list[dict[str, Any]]]) -> None:
        age = self.total - number
        at = NOW - timedelta(minutes=5 * age)
        ticket_id = _id(at, number)
        # Open ones lie among all ages of the last weeks; the rest is over.
        is_open = age <= 2 * OPEN and age % 2 == 0
        own = number % max(self.total // OWN, 1) == 0
        state = State.NEW if is_open and age % 4 == 0 else State.IN_PROGRESS if is_open else State.CLOSED
        agent = ("bram", "carla", "stijn", "tine")[number % 4]
        thing, place = self.random.choice(THINGS), self.random.choice(PLACES)
        title = f"{thing.capitalize()} {self.random.choice(WRONGS)} aan {place} {number % 97}"
        body = f"{title}. Sinds vanmorgen kan ik niet verder werken, ook niet na herstart. Toestel V{number:06d}."
        if is_open:
            self.newest_open = ticket_id
        if own:
            self.own.append(ticket_id)
        closed = None if is_open else at + timedelta(hours=9)
        batch["tickets"].append(
            {
                "id": ticket_id,
                "number": f"I-2026-{number + 1:06d}",
                "kind": Kind.INCIDENT.value if number % 5 else Kind.REQUEST.value,
                "state": state.value,
                "title": title,
                "text": body,
                "impact": "low",
                "urgency": "medium",
                "priority": 1 + number % 4,
                "requester_id": "amina" if own else f"person-{number % 1800}",
                "reporter_id": "amina",
                "team_id": "digitaal",
                "assignee_id": None if state is State.NEW else agent,
                "version": HISTORY,
                "created_at": at,
                "updated_at": at,
                "resolved_at": closed,
                "unanswered_since": at if own and is_open else None,
                "category": "toestel",
                "group_id": "eerste_lijn" if number % 3 else "tweede_lijn",
                "closed_at": closed,
            }
        )
        batch["events"] += [
            {
                "id": _id(at, number, 1 + version),
                "ticket_id": ticket_id,
                "version": version,
                "what": "report" if version == 1 else "answer",
                "from_state": None if version == 1 else "in_progress",
                "state": state.value if version == HISTORY else "in_progress",
                "by_id": "bram",
                "at": at,
                "details": {},
            }
            for version in range(1, HISTORY + 1)
        ]
        for step in range(3):
            batch["messages"].append(
                {
                    "id": _id(at, number, 30 + step),
                    "ticket_id": ticket_id,
                    "author_id": "bram",
                    "from_desk": True,
                    "text": "We kijken ernaar en laten iets weten.",
                    "at": at,
                }
            )
        batch["notes"].append(
            {
                "id": _id(at, number, 40),
                "ticket_id": ticket_id,
                "author_id": "bram",
                "text": "Zelfde model.",
                "at": at,
            }
        )
        batch["words"] += [{"word": word, "ticket_id": ticket_id} for word in words_of(body)]
        risk = at + timedelta(hours=6) if is_open else None
        batch["clocks"].append(
            {
                "ticket_id": ticket_id,
                "response_target": 3600,
                "response_used": 60,
                "response_due_at": None,
                "response_done_at": at,
                "response_told": 0,
                "resolution_target": 36000,
                "resolution_used": 60,
                "resolution_due_at": risk,
                "resolution_done_at": closed,
                "resolution_told": 0,
                "at_risk_at": risk,
                "due_at": risk,
                "next_at": None,
                "counted_with": "bench",
            }
        )


def _id(at: datetime, number: int, more: int = 0) -> str:
    """An id in the order of time, as new ones are."""
    value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62 | number << 12 | more
    return str(UUID(int=value))


async def fill(engine: AsyncEngine, made: Made) -> None:
    async with engine.begin() as db:
        await db.run_sync(METADATA.create_all)
    tables = {
        "tickets": tickets,
        "events": ticket_events,
        "messages": ticket_messages,
        "notes": ticket_notes,
        "words": ticket_words,
        "clocks": ticket_clocks,
    }
    for batch in made.rows():
        async with engine.begin() as db:
            for name, table in tables.items():
                await db.execute(insert(table), batch[name])
    await settle(engine)


async def settle(engine: AsyncEngine) -> None:
    """What a server does by itself, some minutes after so much was written."""
    async with engine.execution_options(writing=False).connect() as db:  # no transaction: VACUUM takes none
        await db.execute(sql("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))
