"""A process that dies between its commit and the doorbell: what it decided is done all the same, once."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from adapters.database import schema
from adapters.database.engine import DatabaseUnits, open_engine
from domain.chats.actions import SHOW
from domain.helpdesk.models import TicketRow
from domain.helpdesk.steps import CHANGED
from domain.jobs.models import Job, JobState
from tests.cast import demo_city
from tests.conftest import RungBells
from tests.servers.local_host import ROOT, LocalHostProcess

# The handler writes a job for the chat of each member of the ticket's group, and one for the requester's own.
SHOWN = len(next(group for group in demo_city().helpdesk.groups if group.id == "eerste_lijn").members) + 1


async def test_a_ticket_whose_reporter_was_killed_reaches_the_desk_once(tmp_path: Path) -> None:
    host = LocalHostProcess(tmp_path)
    await schema.upgrade(host.database_url)
    command = (sys.executable, "-m", "tests.jobs.report_and_die", host.database_url)
    reporter = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await reporter.wait() == -signal.SIGKILL
    engine = open_engine(host.database_url)
    units = DatabaseUnits(engine, RungBells())
    try:
        assert await states(units) == {(CHANGED, JobState.PENDING): 1}
        with host:
            until = time.monotonic() + 20
            while (found := await states(units)).get((CHANGED, JobState.DONE)) != 1:
                assert time.monotonic() < until, found
        assert sum(count for (kind, _), count in found.items() if kind == SHOW) == SHOWN
        async with units.read() as unit:
            assert (await unit.db.execute(select(func.count()).select_from(TicketRow))).scalar_one() == 1
            attempts = select(Job.attempts).where(Job.kind == CHANGED)
            assert (await unit.db.execute(attempts)).scalars().all() == [1]
    finally:
        await engine.dispose()


async def states(units: DatabaseUnits) -> dict[tuple[str, str], int]:
    async with units.read() as unit:
        counted = select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state)
        rows: list[Any] = list(await unit.db.execute(counted))
    return {(kind, state): count for kind, state, count in rows}
