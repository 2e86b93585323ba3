"""People with chats, cards that say their subject, and a worker that does what is due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from adapters.database.engine import DatabaseUnits
from bot import notifications
from bot.bridge.connector import Connector
from bot.bridge.proactive import ShowCard
from bot.turn import Card, Feature, Place, Turn
from cards.kit import card, heading, text
from domain.chats.actions import SHOW, Address, remember_chat, show
from domain.desk import Desk
from domain.jobs.actions import due_jobs
from domain.notifications.actions import sweep_held
from domain.people.models import Person
from domain.unit import Unit
from locales import translator
from tests.cards.reading import texts
from tests.cast import person
from tests.conftest import Clock, RungBells
from tests.servers.connector import ConnectorServer
from tests.servers.teams import BOT_ID
from wiring.worker import Worker

URGENT, RESULT, NEWS = "ticket.answer", "order.result", "ticket.closes_soon"
"""Views that are told always, at once and bundled, when nobody chose anything."""


@dataclass
class Chats:
    """What people see. A subject in `passed` has nothing to show any more."""

    units: DatabaseUnits
    desk: Desk
    clock: Clock
    server: ConnectorServer
    passed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        shown = dict.fromkeys((URGENT, RESULT, NEWS), self._view)
        self.feature = notifications.feature([Feature(name="news", views=shown)])
        views = {**shown, **self.feature.views}
        self.connector = Connector(None)
        self.handler = ShowCard(self.desk, self.connector, views)
        self.worker = Worker(self.units, RungBells(), {SHOW: self.handler})

    async def _view(self, unit: Unit, desk: Desk, who: Person, subject: str) -> Card | None:
        return None if subject in self.passed else card(heading(f"Over {subject}"), text("Lees meer"))

    async def opens(self, person_id: str, *, hours_ago: float = 8) -> None:
        """The person typed something so long ago."""
        now = self.clock.now
        self.clock.forward(hours=-hours_ago)
        address = Address(
            person_id, self.server.url, f"a:{person_id}", "msteams", "t", BOT_ID, f"29:{person_id}"
        )
        async with self.units() as unit:
            await remember_chat(unit, address)
        self.clock.now = now

    async def tell(self, view: str, *subjects: str, to: str = "amina") -> None:
        """Have these shown, and do what is due."""
        for subject in subjects:
            async with self.units() as unit:
                await show(unit, view, subject, to)
        await self.work()

    async def work(self) -> None:
        """Sweep, and run jobs until none is due."""
        await sweep_held(self.desk)
        while True:
            async with self.units.read() as unit:
                due = await due_jobs(unit)
            if not due:
                return
            for job_id in due:
                await self.worker.run(job_id)

    @property
    def seen(self) -> list[list[str]]:
        """The texts of every message there was, updates of one that stands apart."""
        return [texts(call.card) for call in self.server.calls if call.method == "POST"]

    @property
    def heard(self) -> list[str]:
        """The first line of each message."""
        return [said[0] for said in self.seen]

    def turn(self, person_id: str, **data: str) -> Turn:
        who = person(person_id)
        place = Place(self.server.url, f"a:{person_id}", "msteams", "t", BOT_ID, f"29:{person_id}")
        return Turn(who.as_actor(), who, self.desk, translator(who.language), "k", place, data=data)


@pytest.fixture
async def chats(units: DatabaseUnits, desk: Desk, clock: Clock) -> AsyncIterator[Chats]:
    async with ConnectorServer() as server:
        made = Chats(units, desk, clock, server)
        await made.opens("amina")
        yield made
        await made.connector.close()
