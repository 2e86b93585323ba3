"""Subscriptions, events and a courier that delivers them over real HTTP to receivers of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from adapters.webhooks.sender import HttpSender
from domain.actor import Actor
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.jobs.actions import due_jobs
from domain.jobs.models import Job
from domain.webhooks import actions, courier
from domain.webhooks.actions import Subscribe
from domain.webhooks.addresses import Addresses
from domain.webhooks.announcing import Happened, announce
from domain.webhooks.models import deliveries
from domain.webhooks.rules import EventType
from domain.webhooks.subscription import Subscription
from tests.conftest import Clock, RungBells
from tests.servers.receivers import Receivers
from wiring.worker import Worker

HERE = Addresses(unsafe_loopback=True)
FLOW = Actor("flow:intake", "intake")


class Post:
    """The whole way of an event: written down, given out, sent."""

    def __init__(self, units: DatabaseUnits, desk: Desk, clock: Clock, receivers: Receivers) -> None:
        self.units, self.desk, self.clock, self.receivers = units, desk, clock, receivers
        self.sender = HttpSender(HERE, "https://wijzer.vlaskerke.example", "Wijzer/test")
        handlers = courier.handlers(desk, self.sender, jitter=lambda: 1.0, linger=0.0)
        self.worker = Worker(units, RungBells(), handlers)
        self._numbers = count(1)

    async def subscribe(
        self,
        name: str,
        event: EventType = EventType.TICKET_CREATED,
        owner: Actor = FLOW,
        **wanted: str,
    ) -> Subscription:
        async with self.units() as unit:
            command = Subscribe(event, self.receivers.address_of(name), wanted)
            made = await actions.subscribe(unit, owner, command, HERE)
        self.receivers.secrets[name] = made.secret
        return made

    async def happen(self, times: int = 1, event: EventType = EventType.TICKET_CREATED, **given: Any) -> None:
        async with self.units() as unit:
            for _ in range(times):
                number = next(self._numbers)
                objects = {"number": number}
                happened = Happened(event, f"k{number}", f"t{number}", unit.now, objects, **given)
                assert await announce(unit, [happened]) == 1

    async def deliver(self) -> None:
        """Run what is due, as the sweep would, until nothing is."""
        for _ in range(20):
            async with self.units.read() as unit:
                due = await due_jobs(unit)
            if not due:
                return
            for job_id in due:
                await self.worker.run(job_id)
        raise AssertionError("there is always something due")

    async def now(self, subscription: Subscription) -> Subscription:
        async with self.units.read() as unit:
            return await actions.load_subscription(unit, subscription.id)

    async def counts(self, subscription: Subscription) -> tuple[int, int]:
        """How many letters wait, and how many are dead."""
        mine = deliveries.c.subscription_id == subscription.id
        dead = func.count(deliveries.c.dead_at)
        async with self.units.read() as unit:
            row = (await unit.db.execute(select(func.count(), dead).where(mine))).one()
        return row[0] - row[1], row[1]

    async def next_courier(self) -> float | None:
        """In how many seconds the next courier comes by itself."""
        async with self.units.read() as unit:
            pending = select(func.min(Job.next_attempt_at)).where(Job.state == "pending")
            at: datetime | None = (await unit.db.execute(pending)).scalar_one()
        return None if at is None else float((at - self.clock.now) / timedelta(seconds=1))


@pytest.fixture
async def receivers() -> AsyncIterator[Receivers]:
    async with Receivers() as running:
        yield running
        assert running.refused == []


@pytest.fixture
async def post(
    units: DatabaseUnits, desk: Desk, clock: Clock, receivers: Receivers, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Post]:
    monkeypatch.setattr(courier, "POLL", 0.01)
    async with units() as unit:
        await create_key(unit, "intake", Scope)
    made = Post(units, desk, clock, receivers)
    yield made
    await made.sender.close()
