"""A process that is really killed, again and again, while it builds: still exactly one of everything."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from domain.sites.request import SiteRequest, SiteState
from localhost.tenant.things import User
from tests.provisioning.conftest import Yard
from tests.provisioning.killed import LEASE
from tests.provisioning.test_provision import check_built, sqlite
from tests.servers.local_host import ROOT
from tests.servers.tenant import TenantServer

SITES = {
    "1": {"scenario": "1", "libraries": "publicaties", "guests": "jan@provincie.example"},
    "3": {"scenario": "3", "libraries": "publicaties,verslagen"},
}


class Mortal:
    """The process that forks the children that build."""

    def __init__(self, process: asyncio.subprocess.Process, now: datetime) -> None:
        self._process = process
        self._now = now
        self.ended: Counter[int] = Counter()

    async def attempt(self, when: str, count: int = 1) -> bool:
        """One life. True when it came to its end by itself."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"at": self._now.isoformat(), "when": when, "count": count}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()
        while line := await asyncio.wait_for(self._process.stdout.readline(), 60):
            said = json.loads(line)
            if "clock" in said:
                self._now = datetime.fromisoformat(said["clock"])
            else:
                self._now += LEASE
                self.ended[said["ended"]] += 1
                return bool(said["ended"] == 0)
        raise AssertionError("the process that forks has died")


@asynccontextmanager
async def mortal(database_url: str, tenant: TenantServer, yard: Yard) -> AsyncIterator[Mortal]:
    command = (sys.executable, "-m", "tests.provisioning.killed", database_url, tenant.tenant.base)
    process = await asyncio.create_subprocess_exec(
        *command,
        str(tenant.folder),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Mortal(process, yard.clock.now + LEASE)
    finally:
        process.kill()
        await process.wait()
        transport = process._transport  # type: ignore[attr-defined]
        transport.close()


@pytest.fixture
def own_clock(tenant: TenantServer) -> None:
    """The tenant's time goes by itself: the children have clocks of their own."""
    import time

    tenant.tenant.clock = time.time


async def approved(yard: Yard, scenario_id: str) -> SiteRequest:
    request = await yard.order(**SITES[scenario_id])
    yard.bells.rung.clear()  # nobody works here but the children
    return request


def check_one_of_everything(tenant: TenantServer, scenario_id: str) -> None:
    check_built(tenant, scenario_id, SITES[scenario_id]["libraries"])
    guests = [user for user in tenant.tenant.store.all(User) if user.guest]
    assert len(guests) == ("guests" in SITES[scenario_id])


@sqlite
@pytest.mark.usefixtures("own_clock")
@pytest.mark.parametrize(("scenario_id", "kills"), [("1", 11), ("3", 20)])
async def test_killed_after_every_single_change_it_is_built_once(
    yard: Yard, tenant: TenantServer, database_url: str, scenario_id: str, kills: int
) -> None:
    """Each life makes one change in the tenant and is killed before it can write that down."""
    request = await approved(yard, scenario_id)
    async with mortal(database_url, tenant, yard) as lives:
        for _ in range(80):
            if await lives.attempt("write"):
                break
    assert lives.ended[-signal.SIGKILL] >= kills
    assert (await yard.now(request)).state is SiteState.READY
    check_one_of_everything(tenant, scenario_id)


@sqlite
@pytest.mark.usefixtures("own_clock")
async def test_killed_after_every_step_is_written_down_it_is_built_once(
    yard: Yard, tenant: TenantServer, database_url: str
) -> None:
    request = await approved(yard, "3")
    async with mortal(database_url, tenant, yard) as lives:
        for _ in range(120):
            # The first look of a life may be of the job that was killed: it passes on what is left, and ends.
            if await lives.attempt("record", 3 if lives.ended else 2):
                break
    steps = (await yard.now(request)).steps
    assert lives.ended[-signal.SIGKILL] >= len(steps) - 1
    assert (await yard.now(request)).state is SiteState.READY
    check_one_of_everything(tenant, "3")


@sqlite
@pytest.mark.usefixtures("own_clock")
@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_at_any_moment_it_is_built_once(
    yard: Yard, tenant: TenantServer, database_url: str, seed: int
) -> None:
    """Also halfway through a change: while it is asked for, while it is made, while it is written down."""
    chance = random.Random(seed)  # noqa: S311 - to be able to repeat it
    request = await approved(yard, "3")
    async with mortal(database_url, tenant, yard) as lives:
        for _ in range(25):
            if await lives.attempt("moment", chance.randint(60, 600)):
                break
        assert await lives.attempt("never")
    assert lives.ended[-signal.SIGKILL] >= 3
    assert (await yard.now(request)).state is SiteState.READY
    check_one_of_everything(tenant, "3")
