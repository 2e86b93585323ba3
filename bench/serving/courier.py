"""A process of the product as far as webhooks go: it writes events as the desk's jobs do, and delivers them.

`DATABASE_URL` says where, and the file that is its argument what to write: `{"first", "last", "rate", "to"}`, with the
name of the receiver of each, or null when they are for all. An event that is there already is not written again. For
each that is committed it prints `{"number", "began", "at"}`. It runs until it is killed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.queue.in_process import InProcessDoorbell
from adapters.webhooks.sender import HttpSender
from domain.desk import Desk
from domain.unit import Units
from domain.webhooks import courier
from domain.webhooks.addresses import Addresses
from domain.webhooks.announcing import Happened, announce
from domain.webhooks.rules import EventType
from domain.webhooks.upkeep import sweep_webhooks
from tests.cast import ORGANISATION
from wiring.worker import Worker

SWEEP = 60.0
"""Seconds, and once at the start: as the timers of the product."""
AT_ONCE = 16
"""Jobs that a worker has at once."""
TEXT = "Mijn laptop start niet meer op en ik kan niet verder. " * 20
"""A ticket as JSON is about a kilobyte."""


async def write_all(units: Units, first: int, last: int, rate: float, to: list[str] | None) -> None:
    """`rate` a second, each in a transaction of its own; with 0 one after the other."""
    began, writing, places = time.perf_counter(), set[asyncio.Task[None]](), asyncio.Semaphore(AT_ONCE)

    async def in_place(number: int, team: str | None) -> None:
        try:
            await write(units, number, team)
        finally:
            places.release()

    for number in range(first, last):
        team = to[number] if to is not None else None
        if not rate:
            await write(units, number, team)
            continue
        await asyncio.sleep(max(0.0, began + (number - first) / rate - time.perf_counter()))
        await places.acquire()
        task = asyncio.create_task(in_place(number, team))
        writing.add(task)
        task.add_done_callback(writing.discard)
    await asyncio.gather(*writing)


async def write(units: Units, number: int, team: str | None) -> None:
    key, objects, began = f"bench:{number}", {"number": number, "text": TEXT}, time.time()
    async with units() as unit:
        event = Happened(EventType.TICKET_CREATED, key, f"t{number}", unit.now, objects, {"team": team})
        await announce(unit, [event])
    print(json.dumps({"number": number, "began": began, "at": time.time()}), flush=True)


async def main(plan: dict[str, Any]) -> None:
    from adapters.intents.embedded import EmbeddedIntents
    from adapters.organisation.loader import YamlDirectory, load_organisation
    from adapters.search.embedded import EmbeddedSearch

    doorbell = InProcessDoorbell()
    units = DatabaseUnits(open_engine(os.environ["DATABASE_URL"]), doorbell)
    organisation = await asyncio.to_thread(load_organisation, ORGANISATION)
    directory = YamlDirectory(organisation)
    desk = Desk(units, organisation, directory, EmbeddedIntents(ORGANISATION), EmbeddedSearch(units))
    sender = HttpSender(Addresses(unsafe_loopback=True), "https://bench.example", "Wijzer/bench")
    worker = Worker(units, doorbell, courier.handlers(desk, sender))

    async def sweep() -> None:
        while True:
            await worker.sweep()
            await sweep_webhooks(desk)
            await asyncio.sleep(SWEEP)

    print(os.getpid(), flush=True)
    beside = [asyncio.create_task(sweep()), asyncio.create_task(write_all(units, **plan))]
    running: set[asyncio.Task[None]] = set()
    while True:
        task = asyncio.create_task(worker.run(await doorbell.next()))
        running.add(task)
        task.add_done_callback(running.discard)
        for one in beside:
            if one.done():
                one.result()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text())))
