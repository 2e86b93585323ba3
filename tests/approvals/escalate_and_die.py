"""`python -m tests.approvals.escalate_and_die URL MOMENT` does what is due then, and dies with its first commit."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.organisation.loader import YamlDirectory
from domain.approvals.timers import sweep_approvals
from domain.desk import Desk
from tests.approvals.conftest import plan, with_policy
from tests.approvals.test_time import WITH_TIME
from tests.cast import demo_city


class Killer:
    """A doorbell that is rung for the first time: the commit is there, the ring is not."""

    async def ring(self, job_id: str, due: datetime) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, moment: str) -> None:
    units = DatabaseUnits(open_engine(url), Killer(), lambda: datetime.fromisoformat(moment))
    city = demo_city()
    desk = Desk(units, city, YamlDirectory(city), None, None)  # type: ignore[arg-type]  # time asks for neither
    await sweep_approvals(with_policy(desk, plan(WITH_TIME)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
