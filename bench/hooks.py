"""How soon events reach their receivers, and what is lost when the process is killed.

    python -m bench.hooks [--events 10000] [--rate 200] [--receivers 50] [--database sqlite|postgresql]

One process writes events, `rate` a second, each in a transaction of its own as the desk's jobs do, and delivers them.
Every receiver has a subscription with a filter of its own, so that each event is for one of them: 10,000 events are
10,000 deliveries, 200 a second. One receiver is dead (500), one is slow (two seconds for an answer), the rest healthy.

Halfway, that process is killed with -9 and started again. `p99_ms` is from the commit of an event until a healthy
receiver has it, without the time from the kill until the backlog after it was gone: `recovered_s` tells how long that
was, as the lease of the killed process has to run out first. `lost` counts events that a healthy or slow receiver never
got, `duplicates` those that came again, `disorder` those that came after one that was begun only when they were
committed. `to_all` is a second measurement: events that every subscription wants, as fast as they go.

The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import func, select

from adapters.database import schema
from adapters.database.engine import DatabaseUnits, open_engine
from domain.actor import Actor
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.unit import Units
from domain.webhooks.actions import Subscribe, subscribe
from domain.webhooks.addresses import Addresses
from domain.webhooks.models import deliveries, events
from domain.webhooks.rules import EventType
from tests.servers.postgres import PostgresServer
from wiring.settings import ROOT

FLOW = Actor("flow:bench", "bench")
HERE = Addresses(unsafe_loopback=True)
SLOW, DEAD = "slow", "dead"
SLOW_SECONDS = 2.0
PADDING = "Mijn laptop start niet meer op en ik kan niet verder. " * 20
"""A ticket as JSON is about a kilobyte."""


class Silent:
    """The process that delivers sweeps; nobody is rung here."""

    async def ring(self, job_id: str, due: object) -> None:
        return None


class Process:
    """A child that prints lines to a file: reading them while it runs takes no time from it."""

    def __init__(self, folder: Path, *command: str, **environment: str) -> None:
        self._output = folder / f"output-{time.time_ns()}"
        self._command = command
        self._environment = environment
        self._lines: list[str] = []

    async def start(self) -> Process:
        with self._output.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._command,
                cwd=ROOT,
                env=os.environ | self._environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
            )
        self._reading = self._output.open("rb")
        self._usage = psutil.Process(self._process.pid)
        while not self.lines:
            if self._process.returncode is not None:
                raise SystemExit(f"{self._command} did not start")
            await asyncio.sleep(0.02)
        return self

    @property
    def lines(self) -> list[str]:
        """Those printed so far, whole."""
        while line := self._reading.readline():
            if not line.endswith(b"\n"):
                self._reading.seek(-len(line), os.SEEK_CUR)
                break
            self._lines.append(line.decode())
        return self._lines

    @property
    def cpu(self) -> float:
        times = self._usage.cpu_times()
        return float(times.user + times.system)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()


class Measured:
    """The receivers, and the process that writes and delivers."""

    def __init__(self, units: Units, url: str, taken: Process, folder: Path) -> None:
        self.units, self.url, self.taken, self.folder = units, url, taken, folder
        self.began: dict[int, float] = {}
        self.committed: dict[int, float] = {}

    async def desk(self, first: int, last: int, rate: float, to: list[str] | None) -> Process:
        plan = self.folder / f"plan-{first}.json"
        plan.write_text(json.dumps({"first": first, "last": last, "rate": rate, "to": to}))
        return await Process(
            self.folder, "-m", "bench.serving.courier", str(plan), DATABASE_URL=self.url
        ).start()

    def note(self, desk: Process) -> None:
        """Keep what this process committed so far."""
        for line in desk.lines[1:]:
            one = json.loads(line)
            self.began.setdefault(one["number"], one["began"])
            self.committed.setdefault(one["number"], one["at"])

    def arrivals(self) -> dict[str, list[tuple[int, float]]]:
        """Number and time of everything taken so far, by receiver."""
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for line in self.taken.lines[1:]:
            one = json.loads(line)
            found[one["to"]].append((one["number"], one["at"]))
        return found

    async def drained(self, but: str, within: float) -> bool:
        """Wait until nothing waits for anybody but the subscription `but`."""
        left = select(func.count()).select_from(deliveries).where(deliveries.c.subscription_id != but)
        new = select(func.count()).select_from(events).where(events.c.routed_at.is_(None))
        until = time.monotonic() + within
        while time.monotonic() < until:
            async with self.units.read() as unit:
                if not any([(await unit.db.execute(count)).scalar_one() for count in (left, new)]):
                    return True
            await asyncio.sleep(0.5)
        return False


async def measure(given: argparse.Namespace, url: str, folder: Path) -> dict[str, Any]:
    await schema.upgrade(url)
    engine = open_engine(url)
    units = DatabaseUnits(engine, Silent())
    names = [SLOW, DEAD, *(f"healthy-{n}" for n in range(given.receivers - 2))]
    setup = folder / f"receivers-{time.time_ns()}.json"
    setup.write_text(json.dumps({"secrets": {}, "slow": {SLOW: SLOW_SECONDS}, "dead": {DEAD: 500}}))
    taken = await Process(folder, "-m", "tests.servers.receivers", str(setup)).start()
    port, dead_id = int(taken.lines[0]), ""
    async with units() as unit:
        await create_key(unit, "bench", Scope)
    for name in names:
        async with units() as unit:
            command = Subscribe(EventType.TICKET_CREATED, f"http://127.0.0.1:{port}/{name}", {"team": name})
            made = await subscribe(unit, FLOW, command, HERE)
            dead_id = made.id if name == DEAD else dead_id
    run = Measured(units, url, taken, folder)
    try:
        return await _run(run, given, names, dead_id)
    finally:
        await taken.end()
        await engine.dispose()


async def _run(run: Measured, given: argparse.Namespace, names: list[str], dead_id: str) -> dict[str, Any]:
    # The slow one gets half of what it can take in this time, the dead one its share, the healthy ones the rest.
    every = max(1, int(2 * SLOW_SECONDS * given.rate))
    healthy = names[2:]
    to = [
        SLOW if n % every == 0 else DEAD if n % given.receivers == 1 else healthy[n % len(healthy)]
        for n in range(given.events)
    ]
    half = given.events // 2
    desk = await run.desk(0, given.events, given.rate, to)
    began, cpu = time.time(), desk.cpu
    while len(desk.lines) <= half:  # noqa: ASYNC110 - its output is all there is to look at
        await asyncio.sleep(0.05)
    cpu = (desk.cpu - cpu) * 1000 / half
    killed_at = time.time()
    rate = half / (killed_at - began)
    await desk.end(signal.SIGKILL)
    run.note(desk)
    desk = await run.desk(
        half // 2, given.events, given.rate, to
    )  # what is there already is not written again
    try:
        while len(desk.lines) <= given.events - half // 2:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        run.note(desk)
        complete = await run.drained(dead_id, 300)
        await asyncio.sleep(0.5)
        figures = figures_of(run, run.arrivals(), to, killed_at)
    finally:
        await desk.end()
    figures |= {
        "events": given.events,
        "rate": round(rate, 1),
        "receivers": given.receivers,
        "drained": complete,
        "cpu_ms": round(cpu, 2),
    }
    return figures | {"to_all": await _to_all(run, given, names)}


def figures_of(
    run: Measured,
    arrived: dict[str, list[tuple[int, float]]],
    sent_to: list[str],
    killed_at: float,
) -> dict[str, Any]:
    first: dict[int, float] = {}
    times: Counter[int] = Counter()
    disorder = 0
    for taken in arrived.values():
        latest = 0.0
        for number, at in taken:
            times[number] += 1
            if number not in first:
                first[number] = at
                disorder += run.committed.get(number, killed_at) < latest
                latest = max(latest, run.began.get(number, 0.0))
    healthy = [number for number, name in enumerate(sent_to) if name not in (SLOW, DEAD)]
    waited = {number: (first[number] - run.committed[number]) * 1000 for number in healthy if number in first}
    behind = [number for number in waited if run.committed[number] >= killed_at - 1 and waited[number] > 1000]
    recovered = max((first[number] for number in behind), default=killed_at)
    calm = [ms for number, ms in waited.items() if not killed_at - 1 <= run.committed[number] <= recovered]
    cuts = statistics.quantiles(calm, n=100)
    return {
        "p50_ms": round(cuts[49], 1),
        "p99_ms": round(cuts[98], 1),
        "max_ms": round(max(calm), 1),
        "measured": len(calm),
        "recovered_s": round(recovered - killed_at, 1),
        "lost": sum(1 for number, name in enumerate(sent_to) if name != DEAD and number not in first),
        "duplicates": sum(count - 1 for count in times.values()),
        "disorder": disorder,
    }


async def _to_all(run: Measured, given: argparse.Namespace, names: list[str]) -> dict[str, float]:
    """Events without a team are for one subscription more per receiver, without a filter; the dead and the slow are
    left out of it."""
    port = int(run.taken.lines[0])
    for name in names[2:]:
        async with run.units() as unit:
            command = Subscribe(EventType.TICKET_CREATED, f"http://127.0.0.1:{port}/all-{name}", {})
            await subscribe(unit, FLOW, command, HERE)
    first = given.events
    desk = await run.desk(first, first + given.to_all, 0, None)
    began, wanted, ends = time.time(), given.to_all * (len(names) - 2), list[float]()
    while time.time() < began + 180 and len(ends) < wanted:
        await asyncio.sleep(0.5)
        ends = [at for name, taken in run.arrivals().items() if name.startswith("all-") for _, at in taken]
    await desk.end()
    seconds = max(ends) - min(ends)  # from the first one on: the lease of the process before has to run out
    return {"events": given.to_all, "deliveries": len(ends), "per_s": round(len(ends) / seconds, 1)}


async def main(given: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = PostgresServer(folder) if "postgresql" in given.database else nullcontext()
        running = stack.enter_context(server)
        for kind in given.database:
            url = f"sqlite+aiosqlite:///{folder}/bench.db"
            if isinstance(running, PostgresServer) and kind == "postgresql":
                url = running.new_database()
            found[kind] = await measure(given, url, folder)
    return found


def show(kind: str, row: dict[str, Any]) -> None:
    print(
        f"{kind}: {row['events']} events at {row['rate']}/s for {row['receivers']} receivers, one dead, one slow\n"
        f"  to a healthy receiver: p50 {row['p50_ms']} ms, p99 {row['p99_ms']} ms, longest {row['max_ms']} ms"
        f" ({row['measured']} events)\n"
        f"  {row['cpu_ms']} CPU ms per event, written and delivered\n"
        f"  kill -9 halfway: everything had arrived {row['recovered_s']} s later; {row['lost']} lost,"
        f" {row['duplicates']} came twice, {row['disorder']} out of order\n"
        f"  every event to all healthy receivers: {row['to_all']['per_s']} deliveries/s"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m bench.hooks", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--events", type=int, default=10_000, help="some seconds of them, or more (10000)")
    parser.add_argument("--rate", type=float, default=200.0, help="a second (200)")
    parser.add_argument("--receivers", type=int, default=50, help="one is dead, one is slow (50)")
    parser.add_argument("--to-all", type=int, default=200, help="events that everybody gets (200)")
    parser.add_argument(
        "--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"]
    )
    asked = parser.parse_args()
    if asked.receivers < 3:
        parser.error("--receivers: at least 3, as one is dead and one is slow")
    if asked.events < 4 * asked.rate:
        parser.error("--events: at least four seconds of them, as the process is killed halfway")
    figures = asyncio.run(main(asked))
    for kind, row in figures.items():
        show(kind, row)
    print(json.dumps(figures))
