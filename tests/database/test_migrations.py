"""The migrations make exactly the code's tables, on SQLite and PostgreSQL, and take them away again."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from adapters.database import schema
from adapters.database.engine import open_engine
from adapters.database.tables import METADATA

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


async def tables_in(url: str) -> set[str]:
    def names(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    engine = open_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(names)
    await engine.dispose()
    return found


async def test_up_makes_every_table_and_the_check_agrees(database_url: str) -> None:
    await schema.upgrade(database_url)
    assert await tables_in(database_url) == {*METADATA.tables, "alembic_version"}
    await schema.check(database_url)
    await schema.upgrade(database_url)  # nothing more to do


async def test_down_takes_everything_away_and_up_brings_it_back(database_url: str) -> None:
    await schema.upgrade(database_url)
    await schema.downgrade(database_url, "base")
    assert await tables_in(database_url) == {"alembic_version"}
    await schema.upgrade(database_url)
    await schema.check(database_url)


async def test_the_check_sees_a_column_that_is_missing(database_url: str) -> None:
    await schema.upgrade(database_url)
    engine = open_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE jobs DROP COLUMN error"))
    await engine.dispose()
    with pytest.raises(CommandError):
        await schema.check(database_url)


async def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(asyncio.run, schema.upgrade(database_url)) for _ in range(3)))
    await schema.check(database_url)


def test_every_module_with_tables_is_known() -> None:
    modules = sorted((ROOT / "domain").glob("*/models.py"))
    for path in modules:
        import_module(f"domain.{path.parent.name}.models")
    known = (ROOT / "adapters" / "database" / "tables.py").read_text()
    declaring = {table.__module__ for table in schema_classes()}
    assert {module for module in declaring if f"import {module}" not in known} == set()


def schema_classes() -> list[type]:
    from domain.tables import Table

    return [mapper.class_ for mapper in Table.registry.mappers]


def run(*arguments: str, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.database", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_migrates_up_down_and_checks(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'wijzer.db'}"
    assert run("upgrade", url=url).returncode == 0
    assert run("check", url=url).returncode == 0
    assert run("downgrade", "base", url=url).returncode == 0
    unknown = run("downgrade", "9999", url=url)
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)
    behind = run("check", url=url)
    assert behind.returncode == 1
    assert "differ" in behind.stderr
