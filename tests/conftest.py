"""What every test can use: a fresh database, on SQLite or PostgreSQL, and units of work on it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from xdist.scheduler.loadfile import LoadFileScheduling

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.database.tables import METADATA
from scripts import texts
from tests.cast import amina, bram, carla, desk, directory, dirk, els, fatima, gust, organisation
from tests.servers.postgres import EMPTY, PostgresServer

# A busy machine is no finding: nothing here is about time.
settings.register_profile("wijzer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wijzer")

HERE = Path(__file__).parent

__all__ = ["amina", "bram", "carla", "desk", "directory", "dirk", "els", "fatima", "gust", "organisation"]


def pytest_configure() -> None:
    """Translations that were edited are read as they are now."""
    if texts.is_stale():
        texts.compile_all()


LONG = (
    "browser",
    "approvals/test_races.py",
    "cards/test_drawing.py",
    "cards/test_samples.py",
    "host/test_local_host.py",
    "provisioning",
    "connector/test_fuzzing.py",
    "helpdesk",
)
"""What takes longest is begun first: what is begun last is waited for. The calls that are made up keep both
processors busy, and come when the browser has had its share."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(HERE)
    return next((turn for turn, long in enumerate(LONG) if path.is_relative_to(long)), len(LONG))


class FileByFile(LoadFileScheduling):
    """Two workers take turns file by file, but one browser at a time: people in a chat are not that quick."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "browser" if file.startswith("tests/browser/") else file


# Its own grouping, by a mark, does nothing with pytest 9.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    return FileByFile(config, log)


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


# Making all tables takes longer than most tests: it is done once. Every test gets a copy of the file of SQLite, and
# PostgreSQL's tables without their rows.


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "tables.db"
    make_tables(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_tables(postgres: PostgresServer) -> str:
    url = postgres.new_database()
    make_tables(url)
    return url


def make_tables(url: str) -> None:
    """In a thread, as the tests have the event loop of this one."""

    async def make() -> None:
        engine = open_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        await engine.dispose()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, make()).result()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, for migrations to make them."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where `engine` is; tests that use `engine` or `units` run once on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_tables")
    return url


def write_when_convenient(connection: Any, _record: object) -> None:
    """No test pulls the plug: the disk may take its time."""
    connection.execute("PRAGMA synchronous=OFF").close()


@pytest.fixture
async def engine(database_url: str, sqlite_tables: Path) -> AsyncIterator[AsyncEngine]:
    """A database without rows."""
    engine = open_engine(database_url)
    if engine.dialect.name == "sqlite":
        shutil.copyfile(sqlite_tables, str(engine.url.database))
        event.listen(engine.sync_engine, "connect", write_when_convenient)
    else:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(EMPTY)
    yield engine
    await engine.dispose()


@pytest.fixture
def units(engine: AsyncEngine, bells: RungBells, clock: Clock) -> DatabaseUnits:
    return DatabaseUnits(engine, bells, clock, zone=ZoneInfo("Europe/Brussels"))
