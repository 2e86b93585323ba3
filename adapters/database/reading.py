"""Units that only read. Every statement sees what is committed by then, on both databases: reading needs no
transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Dialect, Row, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.database.prepared import prepared_select
from domain.unit import NOTHING, Selected, Unit

ASKED_AFTER = 10.0
"""Seconds unused, after which a server is asked whether it is still there: a firewall forgets quietly."""
AT_ONCE = 8
"""Connections of a process to PostgreSQL that fetch."""

Values = Sequence[Sequence[Any]]


class Readers(Protocol):
    """Connections of their own for statements that are short and often: taking one from the pool each time would cost
    as much as the statement. They close with the engine."""

    async def fetch(self, sql: str, values: Sequence[Any]) -> Values: ...


def readers_of(engine: AsyncEngine) -> Readers:
    return OneReader(engine) if engine.dialect.name == "sqlite" else SomeReaders(engine)


async def _opened(engine: AsyncEngine) -> Any:
    """A connection made as the pool makes its own, outside of it."""
    pooled = await engine.raw_connection()
    pooled.detach()
    return pooled.dbapi_connection


class OneReader:
    """SQLite: one connection, in whose thread the statements of all wait in line. Each takes some microseconds there,
    and waking one thread costs less than waking several."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: Any = None
        self._opening = asyncio.Lock()
        event.listen(engine.sync_engine, "engine_disposed", self._close)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Values:
        if self._connection is None:
            async with self._opening:
                if self._connection is None:
                    self._connection = await _opened(self._engine)
        cursor = await self._connection.driver_connection.cursor().execute(sql, values)
        found: Values = await cursor.fetchall()
        return found

    def _close(self, _engine: object) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class SomeReaders:
    """PostgreSQL: as many as run at once, the one used last first."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._places = asyncio.Semaphore(AT_ONCE)
        self._idle: list[tuple[Any, float]] = []
        event.listen(engine.sync_engine, "engine_disposed", self._close)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Values:
        async with self._places:
            connection = await self._taken()
            try:
                found: Values = await connection.driver_connection.fetch(sql, *values)
            finally:
                self._idle.append((connection, time.monotonic()))
            return found

    async def _taken(self) -> Any:
        while self._idle:
            connection, used_at = self._idle.pop()
            if await self._is_there(connection.driver_connection, used_at):
                return connection
        return await _opened(self._engine)

    async def _is_there(self, driver: Any, used_at: float) -> bool:
        if not driver.is_closed() and time.monotonic() - used_at > ASKED_AFTER:
            try:
                await driver.execute("SELECT 1")
            except Exception:
                driver.terminate()
        return not driver.is_closed()

    def _close(self, _engine: object) -> None:
        while self._idle:
            connection, _ = self._idle.pop()
            connection.close()


class LateConnection(AsyncConnection):
    """Opened by the first statement that is run on it: what a unit fetches by itself does not need it."""

    __slots__ = ()

    async def execute(self, *given: Any, **options: Any) -> Any:
        if self.sync_connection is None:
            await self.start()
        return await super().execute(*given, **options)

    @property  # type: ignore[misc]  # nobody sets it
    def dialect(self) -> Dialect:
        return self.engine.dialect

    async def close_if_opened(self) -> None:
        if self.sync_connection is not None:
            await self.close()


@dataclass(slots=True)
class ReadingUnit(Unit):
    """Fetches past SQLAlchemy's execution, which costs several times what the database takes for a small statement."""

    readers: Readers = field(kw_only=True)

    async def fetch(self, statement: Selected, given: Mapping[str, Any] = NOTHING) -> Sequence[Row[Any]]:
        select = prepared_select(statement, self.db.dialect)
        return select.rows(await self.readers.fetch(*select.with_row(given)))
