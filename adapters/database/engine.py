"""The database: one engine, units of work on it, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from adapters.clock import utc_now
from adapters.database import sqlite
from domain.unit import Doorbell, Unit

log = logging.getLogger(__name__)


def open_engine(url: str) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///PATH` or `postgresql+asyncpg://…`; SQLite gets WAL and foreign keys."""
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=5,
        max_overflow=5,
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
        statement = connection.get_execution_options().get("begin", sqlite.WRITING)
        connection.connection.driver_connection.begin(statement)

    return engine


class DatabaseUnits:
    """Units of work on an engine. After a commit it rings the doorbell for the jobs that were written."""

    def __init__(
        self, engine: AsyncEngine, doorbell: Doorbell, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._engine = engine
        self._doorbell = doorbell
        self._clock = clock
        alone = engine.dialect.name == "sqlite"
        self._unit = sqlite.SqliteUnit if alone else Unit
        # On PostgreSQL every statement of ours sees what is committed by then, in a transaction or not: reading saves
        # itself the beginning and the end of one.
        self._reading = engine.execution_options(
            **({"begin": "BEGIN"} if alone else {"isolation_level": "AUTOCOMMIT"})
        )
        # SQLite has one writer at a time. Those of this process wait in line here: its own waiting is sleeping and
        # looking again, in no order.
        self._line: AbstractAsyncContextManager[None] = asyncio.Lock() if alone else nullcontext()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Unit]:
        async with self._line, self._engine.begin() as connection:
            unit = self._unit(connection, self._clock())
            yield unit
        for job_id, due in unit.rung:
            try:
                await self._doorbell.ring(job_id, due)
            except Exception:
                # The sweeper finds the job: a doorbell that is out of order delays it and loses nothing.
                log.exception("doorbell_failed", extra={"job_id": job_id})

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        async with self._reading.connect() as connection:
            yield Unit(connection, self._clock())

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
