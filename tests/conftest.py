"""What every test can use: a fresh database, on SQLite or PostgreSQL, and units of work on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.database.tables import METADATA
from scripts import texts
from tests.cast import amina, bram, carla, desk, directory, dirk, els, fatima, gust, organisation
from tests.servers.postgres import PostgresServer

# A busy machine is no finding: nothing here is about time.
settings.register_profile("wijzer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wijzer")

__all__ = ["amina", "bram", "carla", "desk", "directory", "dirk", "els", "fatima", "gust", "organisation"]


def pytest_configure() -> None:
    """Translations that were edited are read as they are now."""
    if texts.is_stale():
        texts.compile_all()


class Clock:
    """A clock the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


class RungBells:
    """A doorbell that keeps what was rung."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, datetime]] = []

    async def ring(self, job_id: str, due: datetime) -> None:
        self.rung.append((job_id, due))


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))  # a Monday, 9:30 in Brussels


@pytest.fixture
def bells() -> RungBells:
    return RungBells()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A real PostgreSQL server of our own, for the whole run."""
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database. Tests that use it, through `engine` or `units`, run once on each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.execute(text("SELECT 1"))
    yield engine
    await engine.dispose()


@pytest.fixture
def units(engine: AsyncEngine, bells: RungBells, clock: Clock) -> DatabaseUnits:
    return DatabaseUnits(engine, bells, clock)
