"""`python -m tests.jobs.report_and_die URL` reports an incident, and is killed after the commit, before the ring."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime

from adapters.database.engine import DatabaseUnits, open_engine
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from tests.cast import demo_city, person


class Killer:
    """A doorbell that is rung for the first time: the commit is there, the ring is not."""

    async def ring(self, job_id: str, due: datetime) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str) -> None:
    units = DatabaseUnits(open_engine(url), Killer())
    async with units() as unit:
        command = ReportTicket(Kind.INCIDENT, "Mijn laptop start niet meer op", Impact.LOW, Urgency.HIGH)
        await report_ticket(unit, person("amina").as_actor(), command, demo_city().helpdesk, key="k1")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
