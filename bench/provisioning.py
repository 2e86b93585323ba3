"""How fast approved sites are built when Microsoft 365 holds us to its published limits.

    python -m bench.provisioning [--sites 200] [--scale 2]

So many requests are approved at once. The local tenant, in a process of its own, enforces the limits that Microsoft
publishes for a city of 1,001 to 5,000 licences, with its time running `scale` times faster; the worker is the
product's, with as many jobs at once as in Azure. `share` is what was reached of what the limits allow: the time that
the scarcest of them needs at least for what was asked, by the time it took. Afterwards the tenant is searched for
anything that is there twice, and the desk for anything that is stuck. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from adapters.clock import utc_now
from adapters.database.engine import DatabaseUnits, open_engine
from adapters.database.tables import METADATA
from adapters.graph.pace import Limit, Pace, uses
from adapters.graph.platform import POLL_AFTER, GraphPlatform
from adapters.graph.tokens import MsalTokens
from adapters.intents.embedded import EmbeddedIntents
from adapters.organisation.loader import YamlDirectory, load_organisation
from adapters.queue.in_process import InProcessDoorbell
from adapters.search.embedded import EmbeddedSearch
from domain import approvable
from domain.approvals import notify
from domain.approvals.actions import Decide, approval_of, approve
from domain.building import actions as building
from domain.building import provision
from domain.building.steps import KIND
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob
from domain.sites.actions import request_site
from domain.sites.checking import RequestSite
from domain.sites.models import SiteRequestRow
from domain.sites.request import SiteState
from localhost.queue import AT_ONCE
from localhost.tenant.store import Store
from localhost.tenant.things import Group, Library, Site, Team
from tests.servers.tenant import addresses, registration
from wiring.settings import ROOT
from wiring.version import VERSION
from wiring.worker import Worker

ORGANISATION = ROOT / "organisation"
ORDERS = (("1", "publicaties"), ("2", ""), ("3", "publicaties,verslagen"), ("4", "contracten"), ("5", ""))
"""Scenario and libraries, in turn."""
PATIENCE = 900.0


@dataclass(slots=True)
class CountedPace(Pace):
    """Notes what was let through, by limit."""

    used: Counter[str] = field(default_factory=Counter)
    limits: dict[str, Limit] = field(default_factory=dict)
    calls: int = 0

    def wait(self, method: str, path: str, longest: float) -> float:
        wait = Pace.wait(self, method, path, longest)
        if wait <= longest:
            self.calls += 1
            for name, limit, amount in uses(method, path):
                self.used[name] += amount
                self.limits[name] = limit
        return wait

    def shortest(self) -> tuple[str, float]:
        """The scarcest limit, and the seconds it takes at least for what was used of it."""
        needs = {
            name: self.used[name] / limit.amount * limit.seconds / self.speed
            for name, limit in self.limits.items()
        }
        name = max(needs, key=lambda one: needs[one])
        return name, needs[name]


@asynccontextmanager
async def tenant_at(folder: Path, scale: float) -> AsyncIterator[str]:
    """The tenant as a process, throttled. Its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "localhost.tenant",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ
        | {
            "TENANT_PORT": str(port),
            "TENANT_FOLDER": str(folder),
            "TENANT_UNSAFE_TROUBLE_ON_DEMAND": "1",
        },
    )
    try:
        if process.stdout is None or not await process.stdout.readline():
            raise SystemExit("the tenant did not start")
        base = f"http://127.0.0.1:{port}"
        async with asked(folder) as session:
            trouble = {"throttled": True, "time_scale": 1 / scale}
            async with session.put(f"{base}/_tenant/trouble", json=trouble) as answer:
                answer.raise_for_status()
        yield base
    finally:
        process.terminate()
        await process.wait()


def asked(folder: Path) -> aiohttp.ClientSession:
    key = (folder / "control-key").read_text("utf-8")
    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"})


async def approved(desk: Desk, count: int) -> None:
    """Requests of one person, each approved by whoever is asked in each of its stages."""
    subjects = approvable.subjects(desk)
    requester = await desk.directory.person("amina")
    if requester is None:
        raise SystemExit("the demo city has no amina")
    for number in range(count):
        scenario, libraries = ORDERS[number % len(ORDERS)]
        command = RequestSite(
            scenario,
            f"Wijkwerking {number:03}",
            "We volgen er samen de werken in de wijk op.",
            "amina",
            "dirk.peeters@vlaskerke.example, fatima.benali@vlaskerke.example",
            "carla",
            libraries=libraries,
        )
        async with desk.units() as unit:
            request = await request_site(unit, desk, requester, command, f"bench-{number}")
        while True:
            async with desk.units() as unit:
                approval = await approval_of(unit, KIND, request.id)
                if not approval.pending:
                    break
                approver = await desk.directory.person(approval.approver_ids[0])
                if approver is None:
                    raise SystemExit("nobody approves")
                await approve(unit, desk, approver.as_actor(), Decide(approval.id), subjects)


async def work(worker: Worker, doorbell: InProcessDoorbell) -> None:
    """As the queue trigger does it: so many jobs at once."""
    places = asyncio.Semaphore(AT_ONCE)
    running: set[asyncio.Task[None]] = set()
    try:
        while True:
            await places.acquire()
            task = asyncio.create_task(worker.run(await doorbell.next()))
            running.add(task)
            task.add_done_callback(running.discard)
            task.add_done_callback(lambda _: places.release())
    finally:
        for task in running:
            task.cancel()


async def states(desk: Desk) -> Counter[str]:
    async with desk.units.read() as unit:
        counted = select(SiteRequestRow.state, func.count()).group_by(SiteRequestRow.state)
        return Counter({str(row.state): row[1] for row in await unit.db.execute(counted)})


async def until_built(desk: Desk, began: float) -> Counter[str]:
    """Looks at the database, as from outside: other processes build."""
    while (now := await states(desk))[SiteState.BUILDING] and time.monotonic() - began < PATIENCE:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    return now


def twice(folder: Path) -> dict[str, int]:
    """How many more there are than there should be, of each kind of thing."""
    store = Store(folder / "tenant.db")
    libraries = store.all(Library)
    named: dict[str, Sequence[object]] = {
        "groups": [group.unique_name for group in store.all(Group)],
        "teams": [team.id for team in store.all(Team)],
        "sites": [site.alias for site in store.all(Site)],
        "libraries": [(library.site_id, library.name) for library in libraries],
        "views": [(library.id, view.title) for library in libraries for view in library.views],
    }
    store.close()
    return {kind: len(names) - len(set(names)) for kind, names in named.items()}


async def measure(sites: int, scale: float, place: Path) -> dict[str, object]:
    folder = place / "tenant"
    engine = open_engine(f"sqlite+aiosqlite:///{place / 'bench.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    doorbell = InProcessDoorbell()
    units = DatabaseUnits(engine, doorbell, utc_now)
    city = load_organisation(ORGANISATION)
    desk = Desk(units, city, YamlDirectory(city), EmbeddedIntents(ORGANISATION), EmbeddedSearch(units))
    async with tenant_at(folder, scale) as base:
        pace = CountedPace(speed=scale)
        platform = GraphPlatform(
            MsalTokens(registration(base, folder)),
            addresses(base),
            city.name,
            VERSION,
            pace=pace,
            poll_after=POLL_AFTER / scale,
        )

        async def show(job: ClaimedJob) -> None:
            """Nobody looks."""

        handlers = {
            **notify.handlers(desk),
            **approvable.handlers(desk, approvable.subjects(desk)),
            **provision.handlers(desk, platform),
            **building.handlers(desk, platform),
            SHOW: show,
        }
        await approved(desk, sites)
        began = time.monotonic()
        worker = asyncio.create_task(work(Worker(units, doorbell, handlers), doorbell))
        now = await until_built(desk, began)
        took = time.monotonic() - began
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        await platform.close()
        async with asked(folder) as session, session.get(f"{base}/_tenant/calls") as answer:
            refused = (await answer.json())["reasons"]
    await engine.dispose()
    name, least = pace.shortest()
    return {
        "sites": sites,
        "scale": scale,
        "ready": now[SiteState.READY],
        "stuck": sites - now[SiteState.READY],
        "twice": twice(folder),
        "seconds": round(took, 1),
        "calls": pace.calls,
        "throttled": refused.get("throttled", 0),
        "wrong": sum(count for why, count in refused.items() if why != "throttled"),
        "scarcest": name,
        "used": pace.used[name],
        "least_seconds": round(least, 1),
        "share": round(least / took, 3),
        "sites_per_minute": round(sites / (took * scale) * 60, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.provisioning")
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--scale", type=float, default=2.0, help="how much faster the tenant's time runs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        found = asyncio.run(measure(given.sites, given.scale, Path(place)))
    print(f"{given.sites} approved at once, limits enforced, time {given.scale:g} times faster\n")
    rows = {
        "ready": f"{found['ready']} of {given.sites}, {found['stuck']} stuck",
        "there twice": ", ".join(f"{count} {kind}" for kind, count in dict(found["twice"]).items()),  # type: ignore[call-overload]
        "took": f"{found['seconds']} s, {found['calls']} calls, {found['throttled']} throttled",
        "scarcest limit": f"{found['scarcest']}: {found['used']} used, {found['least_seconds']} s at least",
        "share of the limit": f"{found['share']:.1%}",
        "for a city": f"{found['sites_per_minute']} sites a minute",
    }
    for label, value in rows.items():
        print(f"{label:<20}{value}")
    print()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
