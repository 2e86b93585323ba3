"""SQLite off the event loop, one trip to its thread per statement.

aiosqlite runs every call in the connection's thread: making a cursor, executing, fetching and closing are four trips
where one will do, and the trips cost far more than the statements. Our statements are small and their results
short, so each is executed and fetched at once. BEGIN goes along with the first; and a plain insert, which tells
nothing that its caller waits for, goes along with the statement or the commit after it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import aiosqlite
from sqlalchemy import Delete, Insert, Row, Update

from adapters.database.prepared import Written, prepared, prepared_select
from domain.tables import Table
from domain.unit import NOTHING, Selected, Unit, count_on, insert_if_new

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")
WRITING = "BEGIN IMMEDIATE"

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
        if _tells_nothing(sql):
            self._connection.later(sql, parameters)
        else:
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


def _tells_nothing(sql: str) -> bool:
    """An insert without rows or a count to read. What is wrong with it comes up one trip later, in its transaction."""
    return sql.startswith("INSERT INTO") and "RETURNING" not in sql and "DO NOTHING" not in sql


class Turn:
    """The turn to write, among all processes on a file. SQLite lets a second writer sleep and look again, longer each
    time; here it waits in the kernel, and goes on when the first is done. Whoever ends loses the turn.

    Windows has no such lock, and no workers that share a port either: there SQLite's own waiting has to do."""

    def __init__(self, database: str) -> None:
        self._file = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT, 0o600)
        self.held = False

    def take(self) -> None:
        if sys.platform != "win32":
            fcntl.flock(self._file, fcntl.LOCK_EX)
        self.held = True

    def give(self) -> None:
        if self.held:
            self.held = False
            if sys.platform != "win32":
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)


class Connection(aiosqlite.Connection):
    _begin: str | None = None
    _later: tuple[Written, ...] = ()
    turn: Turn | None = None

    def begin(self, statement: str) -> None:
        """Have the next statement start a transaction, in the same trip."""
        self._begin = statement

    def begun(self) -> sqlite3.Connection:
        """Within the thread: the connection, in its transaction, with everything before done."""
        if self._begin is not None:
            statement, self._begin = self._begin, None
            if self.turn is not None and statement == WRITING:
                self.turn.take()
            self._conn.execute(statement)
        waiting, self._later = self._later, ()
        for sql, parameters in waiting:
            self._conn.execute(sql, parameters)
        return self._conn

    def later(self, sql: str, parameters: Sequence[Any]) -> None:
        """Have this go along with the next trip."""
        self._later += ((sql, parameters),)

    def cursor(self) -> Cursor:  # type: ignore[override]  # aiosqlite's has more to it than SQLAlchemy uses
        return Cursor(self)

    async def in_thread(self, run: Callable[..., T], *given: Any) -> T:
        done: T = await self._execute(run, *given)  # type: ignore[no-untyped-call]
        return done

    async def count_if_new(self, insert: Written, count: Written) -> int | None:
        """The second statement runs, and tells its one value, when the first one wrote a row: both in one trip."""

        def run() -> int | None:
            connection = self.begun()
            if connection.execute(*insert).rowcount != 1:
                return None
            ((last,),) = connection.execute(*count).fetchall()
            return cast("int", last)

        return await self.in_thread(run)

    async def commit(self) -> None:
        if self._later or self.in_transaction:
            await self.in_thread(self._commit)
        self._begin = None

    def _commit(self) -> None:
        self.begun().commit()
        self._give_turn()

    async def rollback(self) -> None:
        if self.unfinished:
            await self.in_thread(self._rollback)

    @property
    def unfinished(self) -> bool:
        """Whether there is anything to roll back."""
        waiting = self._begin is not None or bool(self._later)
        return waiting or self.in_transaction or (self.turn is not None and self.turn.held)

    def _rollback(self) -> None:
        # In the thread: a statement that nobody waits for any more may stand before this one, and needs its beginning.
        self._begin, self._later = None, ()
        try:
            self._conn.rollback()
        finally:
            self._give_turn()

    async def close(self) -> None:
        await super().close()
        if self.turn is not None:
            self.turn.close()
            self.turn = None

    def _give_turn(self) -> None:
        if self.turn is not None:
            self.turn.give()


async def connect(path: str, **options: Any) -> Connection:
    """Open a database file: an engine's `async_creator_fn`."""
    connection = Connection(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # a process may end without disposing of its engine
    await connection
    if Path(path).is_absolute():  # a file, and none in memory
        connection.turn = Turn(path)
    return connection


class SqliteUnit(Unit):
    """Runs what is built once past SQLAlchemy's execution, which costs several times what SQLite takes."""

    async def fetch(self, statement: Selected, given: Mapping[str, Any] = NOTHING) -> Sequence[Row[Any]]:
        select = prepared_select(statement, self.db.dialect)
        cursor = await self._connection.cursor().execute(*select.with_row(given))
        return select.rows(await cursor.fetchall())

    async def change(self, statement: Update | Delete, given: Mapping[str, Any] = NOTHING) -> int:
        changing = prepared_select(statement, self.db.dialect)
        return (await self._connection.cursor().execute(*changing.with_row(given))).rowcount

    async def insert_counting(self, statement: Insert, row: Mapping[str, Any]) -> int:
        return (await self._connection.cursor().execute(*self._written(statement, row))).rowcount

    async def insert_returning(self, statement: Insert, row: Mapping[str, Any]) -> Any:
        cursor = await self._connection.cursor().execute(*self._written(statement, row))
        rows = await cursor.fetchall()
        return rows[0][0] if rows else None

    async def insert_new_counting_on(
        self, table: type[Table], row: Mapping[str, Any], series: str
    ) -> int | None:
        new = self._written(insert_if_new(self.db.dialect.name, table), row)
        count = self._written(count_on(self.db.dialect.name), {"series": series, "last": 1})
        return await self._connection.count_if_new(new, count)

    async def add(self, statement: Insert, row: Mapping[str, Any]) -> None:
        self._connection.later(*self._written(statement, row))

    @property
    def _connection(self) -> Connection:
        pooled = cast("Any", self.db.sync_connection).connection
        return cast("Connection", pooled.dbapi_connection.driver_connection)

    def _written(self, statement: Insert, row: Mapping[str, Any]) -> Written:
        return prepared(statement, tuple(row), self.db.dialect).with_row(row)
