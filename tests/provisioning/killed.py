"""`python -m tests.provisioning.killed DATABASE TENANT KEYS`: builds sites, and dies where it is told to.

A line on stdin is an attempt: JSON with `at` (the time, ISO), `when` and `count`. A child is forked that runs the jobs
that are due, and kills itself with SIGKILL: `write` after the count-th change that the tenant answered, `record` before
it looks for the count-th time what to do, `moment` after so many milliseconds, wherever it is then; `never` lets it
finish.

On stdout follow, as JSON lines, the clock of the child each time it moves, and at the end how the child ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.graph.http import Answer, Http
from adapters.intents.embedded import EmbeddedIntents
from adapters.organisation.loader import YamlDirectory
from adapters.search.embedded import EmbeddedSearch
from domain import approvable
from domain.approvals import notify
from domain.building import actions as building
from domain.building import provision
from domain.building.build import Build
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob
from domain.unit import Unit
from tests.cast import ORGANISATION, demo_city
from tests.servers.tenant import platform_at
from wiring.worker import Worker


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say(**words: object) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


class Life:
    """A child: a worker with its own clock and bells."""

    def __init__(self, database: str, tenant: str, keys: Path, order: Mapping[str, Any]) -> None:
        self.now = datetime.fromisoformat(order["at"])
        self._when, self._left = order["when"], order["count"]
        self._bells: list[tuple[datetime, str]] = []
        self._engine = open_engine(database)
        units = DatabaseUnits(self._engine, self, lambda: self.now)
        desk = Desk(
            units,
            demo_city(),
            YamlDirectory(demo_city()),
            EmbeddedIntents(ORGANISATION),
            EmbeddedSearch(units),
        )
        self._platform = platform_at(tenant, keys)
        handlers = {
            **notify.handlers(desk),
            **approvable.handlers(desk, approvable.subjects(desk)),
            **provision.handlers(desk, self._platform),
            **building.handlers(desk, self._platform),
            SHOW: _no_chat,
        }
        if self._when == "record":
            self._die_after_records()
        self._worker = Worker(units, self, handlers, jitter=lambda: 0.0)
        self._die_after_writes()

    async def ring(self, job_id: str, due: datetime) -> None:
        self._bells.append((due, job_id))

    async def run(self) -> None:
        """Everything that is due, and what comes later: the clock goes there."""
        if self._when == "moment":
            asyncio.get_running_loop().call_later(self._left / 1000, die)
        await self._worker.sweep()
        while self._bells:
            self._bells.sort()
            due, job_id = self._bells.pop(0)
            if due > self.now:
                self.now = due
                say(clock=self.now.isoformat())
            await self._worker.run(job_id)
        await self._platform.close()
        await self._engine.dispose()

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            die()

    def _die_after_records(self) -> None:
        """Looking where a build stands is the first thing done for a step, so also right after one was written down."""
        look = provision._build

        async def dying(unit: Unit, job: ClaimedJob) -> Build | None:
            self._count()
            return await look(unit, job)

        provision._build = dying

    def _die_after_writes(self) -> None:
        if self._when != "write":
            return
        call = Http.call

        async def dying(http: Http, method: str, url: str, *given: Any, **named: Any) -> Answer:
            answer = await call(http, method, url, *given, **named)
            if method != "GET" and not url.endswith("_GetListComplianceTag"):  # reading, by POST
                self._count()
            return answer

        Http.call = dying  # type: ignore[method-assign,assignment] # only in this child


async def _no_chat(job: ClaimedJob) -> None:
    """Cards are not what this is about."""


def main() -> None:
    database, tenant, keys = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    demo_city()
    import msal.application  # noqa: F401
    import requests  # noqa: F401 - slow to import: both are done once, before the forks

    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            asyncio.run(Life(database, tenant, keys, order).run())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(ended=os.waitstatus_to_exitcode(status))


LEASE = timedelta(minutes=3)
"""After this a dead worker's job may be taken."""


if __name__ == "__main__":
    main()
