"""SQLite off the event loop, one trip to its thread per statement.

aiosqlite runs every call in the connection's thread: making a cursor, executing, fetching and closing are four trips
where one will do, and the trips cost far more than the statements. Our statements are small and their results
short, so each is executed and fetched at once; BEGIN goes along with the first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import aiosqlite

Description = tuple[tuple[str, None, None, None, None, None, None], ...] | None


class Cursor:
    """What SQLAlchemy's adapter asks of an asynchronous cursor."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Description = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        await self._connection.in_thread(self._run, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Self:
        await self._connection.in_thread(self._run_many, sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _run(self, sql: str, parameters: Sequence[Any]) -> None:
        self._keep(self._connection.begun().execute(sql, parameters))

    def _run_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        self._keep(self._connection.begun().executemany(sql, parameters))

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    _begin: str | None = None

    def begin(self, statement: str) -> None:
        """Have the next statement start a transaction, in the same trip."""
        self._begin = statement

    def begun(self) -> sqlite3.Connection:
        """Within the thread: the connection, in its transaction."""
        if self._begin is not None:
            statement, self._begin = self._begin, None
            self._conn.execute(statement)
        return self._conn

    def cursor(self) -> Cursor:  # type: ignore[override]  # aiosqlite's has more to it than SQLAlchemy uses
        return Cursor(self)

    async def in_thread(self, run: Callable[..., None], *given: Any) -> None:
        await self._execute(run, *given)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        self._begin = None
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        self._begin = None
        if self.in_transaction:  # a pool rolls back whatever is given back to it
            await super().rollback()


async def connect(path: str, **options: Any) -> Connection:
    """Open a database file: an engine's `async_creator_fn`."""
    connection = Connection(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # a process may end without disposing of its engine
    await connection
    return connection
