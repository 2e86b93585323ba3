"""The schema of a database, brought to where the migrations say. Alembic is loaded only when this is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url

from adapters.database.engine import open_engine

ROOT = Path(__file__).resolve().parent.parent.parent

MIGRATING = 7700251842012311
"""The name, a number for PostgreSQL, under which one process at a time migrates. On SQLite every writer is alone."""


async def _run(url: str, step: Callable[[Config], object]) -> None:
    """Run an Alembic command in one transaction. A folder that SQLite needs is made."""
    file = make_url(url).database
    if url.startswith("sqlite") and file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)

    def on(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
        else:
            connection.execute(select(1))  # the first statement takes SQLite's write lock
        config = Config(ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        step(config)

    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(on)
    finally:
        await engine.dispose()


async def upgrade(url: str, to: str = "head") -> None:
    """Migrate up. Processes that start at once wait for each other."""
    await _run(url, lambda config: command.upgrade(config, to))


async def downgrade(url: str, to: str) -> None:
    await _run(url, lambda config: command.downgrade(config, to))


async def check(url: str) -> None:
    """Raises Alembic's `CommandError` when the tables in the code and in the database differ."""
    await _run(url, command.check)


async def revise(url: str, identifier: str, message: str) -> None:
    """Write a new migration with what the code has and the database has not."""
    await _run(url, lambda config: command.revision(config, message, autogenerate=True, rev_id=identifier))
