"""Whether the helpdesk stays as quick with many tickets: every list, search and card, with 1,000 and with 100,000.

    python -m bench.volume [--tickets 100000] [--rounds 40] [--only sqlite]

Two databases of one kind are filled alike, one with 1,000 tickets and 10,000 lines of history, one with a hundred
times both; messages, notes, clocks and words go along. What people do all day is then done on both in turns, on SQLite
and on a PostgreSQL of our own. `ratio` is the large one over the small one, of what the quicker quarter of the runs
took at most: a machine that does other things too has slow moments. The open tickets, those of one agent and those of
one requester are as many in both, as they would be: a city does not get behind a hundredfold.
The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.intents.embedded import EmbeddedIntents
from adapters.organisation.loader import YamlDirectory, load_organisation
from adapters.search.embedded import EmbeddedSearch
from bench.collections.tickets import HISTORY, NOW, Made, fill
from bot.helpdesk.faces import render
from domain.desk import Desk
from domain.helpdesk.majors import current_majors
from domain.helpdesk.notify import DESK, REQUESTER
from domain.helpdesk.queues import Order, Queue, list_queue
from domain.helpdesk.reading import (
    access_ticket,
    latest_history,
    list_tickets,
    people_with_pending_answers,
)
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.search import search_tickets
from domain.service_levels.reading import list_at_risk
from domain.unit import Unit
from tests.servers.postgres import PostgresServer
from wiring.settings import ROOT

SMALL = 1_000
Work = Callable[[Unit], Awaitable[object]]


class Doorbell:
    async def ring(self, job_id: str, due: datetime) -> None:
        """Nobody works here."""


def works(desk: Desk, made: Made) -> dict[str, Work]:
    """What people do all day, by what it is called in the table."""
    people = {one.id: one for one in desk.organisation.people}
    amina, bram = people["amina"], people["bram"]
    policy, agent = desk.organisation.helpdesk, bram.as_actor()
    queues: dict[str, Work] = {}
    for queue in (Queue.MINE, Queue.GROUP, Queue.UNASSIGNED):
        for order in Order:

            async def listed(unit: Unit, queue: Queue = queue, order: Order = order) -> object:
                return await list_queue(unit, agent, queue, policy, order=order, limit=8)

            queues[f"queue {queue} {order}"] = listed

    async def next_page(unit: Unit) -> object:
        first = await list_queue(unit, agent, Queue.GROUP, policy, limit=8)
        return await list_queue(unit, agent, Queue.GROUP, policy, limit=8, cursor=first.next_cursor)

    async def at_risk(unit: Unit) -> object:
        return await list_at_risk(unit, agent, group_ids=["eerste_lijn"], limit=8)

    def searching(text: str, who: Any = agent) -> Work:
        async def search(unit: Unit) -> object:
            return await search_tickets(unit, who, text, limit=10)

        return search

    def card(view: str, who: Any, ticket_id: str) -> Work:
        async def shown(unit: Unit) -> object:
            return await render(unit, desk, who, view, ticket_id)

        return shown

    middle = f"I-2026-{made.total // 2:06d}"
    return {
        **queues,
        "queue next page": next_page,
        "queue at_risk": at_risk,
        "my tickets": lambda unit: list_tickets(unit, amina.as_actor(), limit=8),
        "all tickets": lambda unit: list_tickets(unit, agent, mine=False, limit=20),
        "all of a state": lambda unit: list_tickets(unit, agent, mine=False, state=State.CLOSED, limit=20),
        "all of a kind": lambda unit: list_tickets(unit, agent, mine=False, kind=Kind.REQUEST, limit=20),
        "majors": current_majors,
        "who may be answering": lambda unit: people_with_pending_answers(unit, 5000),
        "ticket by number": lambda unit: access_ticket(unit, agent, middle),
        "history": lambda unit: latest_history(unit, agent, middle),
        "search a common word": searching("printer "),
        "search half a word": searching("verg"),
        "search two words": searching("wifi zwembad "),
        "search a rare word": searching("v000123 "),
        "search words that never meet": searching("laptop wifi "),
        "search among one's own": searching("scherm", amina.as_actor()),
        "card for the desk": card(DESK, bram, made.newest_open),
        "card for the requester": card(REQUESTER, amina, made.own[-1]),
    }


async def measure(urls: tuple[str, str], sizes: tuple[int, int], rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each work, small and large, and their ratio."""
    organisation = load_organisation(ROOT / "organisation")
    engines = [open_engine(url) for url in urls]
    try:
        made = [Made(size) for size in sizes]
        for engine, one in zip(engines, made, strict=True):
            started = time.perf_counter()
            await fill(engine, one)
            print(f"  {one.total:,} tickets written in {time.perf_counter() - started:.0f} s", flush=True)
        units = [DatabaseUnits(engine, Doorbell(), lambda: NOW) for engine in engines]
        desks = [
            Desk(
                one,
                organisation,
                YamlDirectory(organisation),
                EmbeddedIntents(ROOT / "organisation"),
                EmbeddedSearch(one),
            )
            for one in units
        ]
        every = [works(desk, one) for desk, one in zip(desks, made, strict=True)]
        found: dict[str, dict[str, float]] = {}
        for name in every[0]:
            times: list[list[float]] = [[], []]
            for number in range(rounds + 3):
                # In turns, so that what else the machine does touches both.
                for side in (0, 1) if number % 2 else (1, 0):
                    async with units[side].read() as unit:
                        started = time.perf_counter()
                        await every[side][name](unit)
                        times[side].append((time.perf_counter() - started) * 1000)
            small, large = (statistics.quantiles(one[3:], n=4)[0] for one in times)
            found[name] = {
                "small_ms": round(small, 3),
                "large_ms": round(large, 3),
                "ratio": round(large / small, 2),
            }
        return found
    finally:
        for engine in engines:
            await engine.dispose()


def show(kind: str, found: dict[str, dict[str, float]], sizes: tuple[int, int]) -> None:
    print(f"\n{kind:32}{f'{sizes[0]:,}':>10}{f'{sizes[1]:,}':>12}{'ratio':>8}   (ms)")
    for name, row in found.items():
        print(f"{name:32}{row['small_ms']:10.2f}{row['large_ms']:12.2f}{row['ratio']:8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.volume", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--tickets", type=int, default=100_000, help="in the large database (100000)")
    parser.add_argument("--rounds", type=int, default=40, help="of each work, at least 2 (40)")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one kind of database")
    given = parser.parse_args()
    if given.rounds < 2:
        parser.error("--rounds: at least 2")
    sizes = (SMALL, given.tickets)
    figures: dict[str, Any] = {"tickets": given.tickets, "history": given.tickets * HISTORY}
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        for kind in ("sqlite", "postgresql"):
            if given.only not in (None, kind):
                continue
            print(f"{kind}:")
            if kind == "sqlite":
                urls = tuple(f"sqlite+aiosqlite:///{folder / name}.db" for name in ("small", "large"))
            else:
                data = folder / "postgres"
                data.mkdir()
                server = opened.enter_context(PostgresServer(data))
                urls = (server.new_database(), server.new_database())
            found = asyncio.run(measure((urls[0], urls[1]), sizes, given.rounds))
            show(kind, found, sizes)
            figures[kind] = {
                "worst_ratio": max(row["ratio"] for row in found.values()),
                "median_ratio": statistics.median(row["ratio"] for row in found.values()),
                "works": found,
            }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
