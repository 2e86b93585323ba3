"""A city with its desk, its jobs and the local tenant, in one process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from adapters.database.engine import DatabaseUnits
from domain import approvable
from domain.approvable import subjects
from domain.approvals import notify
from domain.approvals.actions import Decide, approval_of, approve
from domain.approvals.approval import Approval
from domain.building import provision
from domain.building.steps import KIND
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.people.models import Person
from domain.sites import perform
from domain.sites.actions import find_request, request_site
from domain.sites.checking import RequestSite
from domain.sites.ports import SitePlatform
from domain.sites.request import SiteRequest
from tests.cast import person
from tests.conftest import Clock, RungBells
from tests.servers.tenant import TenantServer, keys, tenant
from wiring.worker import Worker

__all__ = ["keys", "tenant"]

Shown = tuple[str, str, str]
"""View, subject, person."""


@dataclass(slots=True)
class Office:
    """Runs the jobs of the desk as the worker does, with the clock in the test's hand. Cards are noted, not posted."""

    desk: Desk
    units: DatabaseUnits
    bells: RungBells
    clock: Clock
    handlers: dict[str, JobHandler]
    shown: list[Shown] = field(default_factory=list)
    late: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        async def show(job: ClaimedJob) -> None:
            self.shown.append((job.payload["view"], job.payload["subject"], job.payload["person"]))

        self.handlers[SHOW] = show

    def worker(self) -> Worker:
        return Worker(self.units, self.bells, self.handlers, jitter=lambda: 0.0)

    async def run_due(self) -> None:
        """Every job that is due now, and what those ask for."""
        worker = self.worker()
        while self.bells.rung:
            job_id, due = self.bells.rung.pop(0)
            if due <= self.clock.now:
                await worker.run(job_id)
            else:
                self.late.append((due, job_id))

    async def run_all(self, rounds: int = 60) -> None:
        """Every job, also those planned for later: the clock goes there."""
        for _ in range(rounds):
            await self.run_due()
            if not self.late:
                return
            self.late.sort()
            due, job_id = self.late.pop(0)
            self.clock.now = max(self.clock.now, due)
            self.bells.rung.append((job_id, due))
        raise AssertionError("it never ends")

    async def after_a_crash(self) -> None:
        """A new worker, once the leases of the dead one are over; the sweep finds what nobody rings for."""
        self.clock.forward(minutes=3)
        self.bells.rung.clear()
        await self.worker().sweep()
        await self.run_all()

    async def request(
        self,
        who: str = "amina",
        scenario: str = "1",
        *,
        name: str = "Vlasmarkt",
        members: str = "",
        key: str = "k1",
        second: str = "els",
        **more: str,
    ) -> SiteRequest:
        """Owned by who asks and by `second`; `more` are other fields of the form."""
        command = RequestSite(
            scenario,
            name,
            "We plannen er samen de markt van 2027.",
            who,
            members,
            second_owner=second,
            **more,  # type: ignore[arg-type] # texts, all of them
        )
        async with self.units() as unit:
            return await request_site(unit, self.desk, person(who), command, key)

    async def approval(self, request: SiteRequest) -> Approval:
        async with self.units.read() as unit:
            return await approval_of(unit, KIND, request.id)

    async def approve(self, request: SiteRequest, who: str = "bram") -> None:
        """By `who`, and then by whoever is asked in each stage after that."""
        while (approval := await self.approval(request)).pending:
            by = who if who in approval.approver_ids else approval.approver_ids[0]
            command = Decide(approval.id, round=approval.round)
            async with self.units() as unit:
                await approve(unit, self.desk, person(by).as_actor(), command, subjects(self.desk))

    async def now(self, request: SiteRequest) -> SiteRequest:
        async with self.units.read() as unit:
            found = await find_request(unit, request.id)
        assert found is not None
        return found


def office_with(
    desk: Desk, units: DatabaseUnits, bells: RungBells, clock: Clock, platform: SitePlatform
) -> Office:
    handlers = {
        **notify.handlers(desk, approvable.RECEIPTS),
        **approvable.handlers(desk, subjects(desk)),
        **provision.handlers(desk, platform),
        **perform.handlers(desk, platform),
    }
    return Office(desk, units, bells, clock, handlers)


@pytest.fixture
def requester() -> Person:
    return person("amina")


@pytest.fixture
def office(desk: Desk, units: DatabaseUnits, bells: RungBells, clock: Clock, tenant: TenantServer) -> Office:
    return office_with(desk, units, bells, clock, tenant.platform)
