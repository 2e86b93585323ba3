"""Tickets whose clocks are kept, as the worker would."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.desk import Desk
from domain.helpdesk import actions, notify
from domain.helpdesk.actions import ReportTicket, Say
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.steps import CHANGED
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.service_levels.actions import WARN, Timekeeper
from domain.service_levels.models import ticket_clocks
from tests.conftest import Clock, RungBells

__all__ = ["RungBells"]

_keys = count(1)
Do = Callable[..., Awaitable[Ticket]]


class TicketDesk:
    """Acts on tickets, and runs the job that tells of each change at once."""

    def __init__(self, units: DatabaseUnits, desk: Desk, clock: Clock) -> None:
        self.units, self.desk, self.clock = units, desk, clock
        self._changed = notify.handlers(desk, [Timekeeper(desk)])[CHANGED]
        self._told: set[str] = set()

    @property
    def policy(self) -> HelpdeskPolicy:
        return self.desk.organisation.helpdesk

    async def report(
        self,
        actor: Actor,
        kind: Kind = Kind.INCIDENT,
        impact: Impact = Impact.LOW,
        urgency: Urgency = Urgency.HIGH,
    ) -> Ticket:
        """Of normal priority, unless something else is said."""
        command = ReportTicket(kind, "Mijn laptop start niet meer op.", impact, urgency)
        async with self.units() as unit:
            ticket = await actions.report_ticket(unit, actor, command, self.policy, key=f"r{next(_keys)}")
        await self.tell_changes()
        return ticket

    async def say(self, how: Do, actor: Actor, ticket: Ticket) -> None:
        async with self.units() as unit:
            await how(unit, actor, Say(ticket.id, "Tekst"), self.policy, key=f"s{next(_keys)}")
        await self.tell_changes()

    async def do(self, how: Do, actor: Actor, ticket: Ticket, *given: Any) -> None:
        async with self.units() as unit:
            await how(unit, actor, ticket.id, *given, self.policy, key=f"d{next(_keys)}")
        await self.tell_changes()

    async def jobs(self, kind: str) -> list[dict[str, Any]]:
        async with self.units.read() as unit:
            rows = await unit.db.execute(select(Job.id, Job.payload).where(Job.kind == kind).order_by(Job.id))
            return [{"id": row.id, **row.payload} for row in rows]

    async def tell_changes(self) -> None:
        for job in await self.jobs(CHANGED):
            job_id = job.pop("id")
            if job_id not in self._told:
                self._told.add(job_id)
                await self._changed(ClaimedJob(job_id, CHANGED, job, 1))

    async def warnings(self) -> list[tuple[str, str, int]]:
        return [(job["ticket"], job["measure"], job["level"]) for job in await self.jobs(WARN)]

    async def row(self, ticket: Ticket) -> Any:
        async with self.units.read() as unit:
            found = select(ticket_clocks).where(ticket_clocks.c.ticket_id == ticket.id)
            return (await unit.db.execute(found)).one()

    async def sweep(self) -> int:
        return await Timekeeper(self.desk).sweep()


@pytest.fixture
def at_desk(units: DatabaseUnits, desk: Desk, clock: Clock) -> TicketDesk:
    return TicketDesk(units, desk, clock)
