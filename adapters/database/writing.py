"""Connections to write on, one transaction at a time: taken with its beginning, given back with its end."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any, Protocol

from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.database.sqlite import WRITING, Connection


class Writers(Protocol):
    async def begin(self) -> AsyncConnection: ...

    async def commit(self, connection: AsyncConnection) -> None: ...

    async def roll_back(self, connection: AsyncConnection) -> None:
        """For any connection that was begun on and is not committed, even when its commit failed."""
        ...


def writers_of(engine: AsyncEngine) -> Writers:
    return OneWriter(engine) if engine.dialect.name == "sqlite" else PooledWriters(engine)


class PooledWriters:
    """PostgreSQL: any connection of the pool."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def begin(self) -> AsyncConnection:
        connection = await self._engine.connect()
        try:
            await connection.begin()
        except BaseException:
            await asyncio.shield(asyncio.create_task(connection.close()))
            raise
        return connection

    async def commit(self, connection: AsyncConnection) -> None:
        await connection.commit()
        await connection.close()

    async def roll_back(self, connection: AsyncConnection) -> None:
        await connection.close()


class OneWriter:
    """SQLite: it has one writer at a time, so one connection will do, and those who want it wait in line here: SQLite's
    own waiting is sleeping and looking again, in no order. Taking one from the pool, and having SQLAlchemy begin and
    commit, would cost as much as a small transaction. It closes with the engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(writing=False)  # we say ourselves when a transaction begins
        self._line = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        event.listen(engine.sync_engine, "engine_disposed", self._close)

    async def begin(self) -> AsyncConnection:
        await self._line.acquire()
        try:
            if self._connection is None:
                self._connection = await self._opened()
            self._driver.begin(WRITING)
        except BaseException:
            self._line.release()
            raise
        return self._connection

    async def commit(self, connection: AsyncConnection) -> None:
        if connection.in_transaction():  # SQLAlchemy executed something
            await connection.commit()
        else:
            try:
                await self._driver.commit()
            except sqlite3.IntegrityError as error:
                raise IntegrityError("COMMIT", None, error) from error
        self._line.release()

    async def roll_back(self, connection: AsyncConnection) -> None:
        try:
            await self._driver.rollback()
            await connection.rollback()  # also SQLAlchemy's view of it
            if connection.invalidated:  # SQLAlchemy lets go of one whose statement was cut off
                await self._driver.close()
                self._connection = None
        except BaseException:
            self._connection = None
            raise
        finally:
            self._line.release()

    async def _opened(self) -> AsyncConnection:
        connection = await self._engine.connect()
        pooled: Any = await connection.get_raw_connection()
        pooled.detach()
        self._adapted = pooled.dbapi_connection
        self._driver: Connection = self._adapted.driver_connection
        return connection

    def _close(self, _engine: object) -> None:
        if self._connection is not None:
            self._connection = None
            self._adapted.close()
