"""The office: people who opened their chats."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bridge.authentication import UnsafeNoAuthentication
from bot.bridge.connector import Connector
from bot.bridge.endpoint import Bridge
from domain.desk import Desk
from domain.helpdesk import notify, work
from domain.organisation import Organisation
from domain.people.ports import Directory
from domain.unit import Units
from tests.bot.conftest import FirstWord, NoTips
from tests.cast import person
from tests.conftest import RungBells
from tests.helpdesk.chat.office import ELSE, FEATURES, Office
from tests.servers.connector import ConnectorServer
from tests.servers.teams import Teams
from wiring.worker import Worker

PEOPLE = ("amina", "bram", "carla", "dirk", "fatima", "stijn", "tine")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What depends on the kind of database is tested with the actions."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def desk(units: Units, organisation: Organisation, directory: Directory) -> Desk:
    return Desk(units, organisation, directory, FirstWord(), NoTips())


@pytest.fixture
async def office(desk: Desk, bells: RungBells) -> AsyncIterator[Office]:
    """`PEOPLE` have opened their chats."""
    async with ConnectorServer() as server:
        connector = Connector(None, first_wait=0.01)
        bridge = Bridge(desk, [*FEATURES, ELSE], UnsafeNoAuthentication(), connector)
        teams = {who: Teams(bridge, server.url, person(who), None) for who in PEOPLE}
        worker = Worker(
            desk.units, bells, {**bridge.handlers, **notify.handlers(desk), **work.handlers(desk)}
        )
        for chat in teams.values():
            await chat.say("help")
        server.standing.clear()
        yield Office(teams, server, worker, bells, desk)
        await bridge.close()
