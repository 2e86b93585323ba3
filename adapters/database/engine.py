"""The database: one engine, units of work on it, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolResetState

from adapters.clock import utc_now
from adapters.database import sqlite
from adapters.database.postgresql import PostgresUnit, look_after
from adapters.database.reading import LateConnection, ReadingUnit, readers_of
from adapters.database.writing import writers_of
from domain.unit import Doorbell, Unit

log = logging.getLogger(__name__)


def open_engine(url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///PATH` or `postgresql+asyncpg://…`; SQLite gets WAL and foreign keys."""
    if not url.startswith("sqlite"):
        engine = create_async_engine(
            url, pool_size=12, max_overflow=0, pool_reset_on_return=None, isolation_level="AUTOCOMMIT"
        )
        look_after(engine)
        return engine
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=10,
        max_overflow=0,
        pool_reset_on_return=None,  # but what is unfinished, see below
        pool_use_lifo=True,  # the connection used last has the pages and statements at hand
        connect_args={"async_creator_fn": sqlite.connect},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: IMMEDIATE for units that write
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred transaction that reads first and writes later is refused when another one wrote in between.
        if connection.get_execution_options().get("writing", True):
            connection.connection.driver_connection.begin(sqlite.WRITING)

    @event.listens_for(engine.sync_engine, "reset")
    def finish(connection: Any, _record: object, state: PoolResetState) -> None:
        # As a pool does by itself; but what only read is given back without waiting for anything.
        if connection.driver_connection.unfinished and not state.terminate_only:
            connection.rollback()

    return engine


class DatabaseUnits:
    """Units of work on an engine, in the time zone of the city. After a commit it rings the doorbell for the jobs that
    were written."""

    def __init__(
        self,
        engine: AsyncEngine,
        doorbell: Doorbell,
        clock: Callable[[], datetime] = utc_now,
        *,
        zone: tzinfo = UTC,
    ) -> None:
        self._engine = engine
        self._doorbell = doorbell
        self._clock = clock
        self._zone = zone
        self._unit: type[Unit] = sqlite.SqliteUnit if engine.dialect.name == "sqlite" else PostgresUnit
        # Every statement that only reads sees what is committed by then: it saves itself the beginning and the end of a
        # transaction.
        self._reading = engine.execution_options(writing=False)
        self._readers = readers_of(engine)
        self._writers = writers_of(engine)

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Unit]:
        connection = await self._writers.begin()
        try:
            unit = self._unit(connection, self._clock(), self._zone)
            yield unit
            await self._writers.commit(connection)
        except BaseException:
            # Also for who was cancelled and would not wait for it.
            await asyncio.shield(asyncio.create_task(self._writers.roll_back(connection)))
            raise
        for job_id, due in unit.rung:
            try:
                await self._doorbell.ring(job_id, due)
            except Exception:
                # The sweeper finds the job: a doorbell that is out of order delays it and loses nothing.
                log.exception("doorbell_failed", extra={"job_id": job_id})

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        connection = LateConnection(self._reading)
        try:
            yield ReadingUnit(connection, self._clock(), self._zone, readers=self._readers)
        finally:
            await connection.close_if_opened()

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
