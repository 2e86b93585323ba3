"""PostgreSQL with few questions: a connection is not asked before each unit whether it is still there, and inserts that
tell nothing go along together.

asyncpg runs our statements; SQLAlchemy's way to it costs several times that. So transactions are ours to begin and to
end, as on SQLite.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Delete, Insert, Row, Update, event
from sqlalchemy.exc import DisconnectionError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolResetState

from adapters.database.prepared import Written, prepared, prepared_select
from adapters.database.reading import ASKED_AFTER
from domain.unit import NOTHING, Selected, Unit

TOGETHER = 6
"""Inserts that go along at most."""
_LATER = "later"
_INTEGRITY = "23"
"""How the states of errors begin that a constraint makes."""
_PARAMETER = re.compile(r"\$(\d+)")


def look_after(engine: AsyncEngine) -> None:
    """Have a connection that has ended, or does not answer, left for another one; and begin and end transactions. The
    engine is to do neither by itself: its isolation level is AUTOCOMMIT, and its pool resets nothing."""
    sync = engine.sync_engine

    @event.listens_for(sync, "checkin")
    def used(_connection: object, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(sync, "checkout")
    def look(connection: Any, record: Any, _pooled: object) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        if time.monotonic() - record.info.get("used_at", 0.0) > ASKED_AFTER:
            try:
                connection.ping()
            except Exception as error:
                raise DisconnectionError from error

    @event.listens_for(sync, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing", True):
            connection.info[_LATER] = []
            _run(connection, "BEGIN")

    @event.listens_for(sync, "before_cursor_execute")
    def before(connection: Connection, *_: object) -> None:
        if connection.info.get(_LATER):
            _driver(connection).run_async(lambda _: flush(connection))

    @event.listens_for(sync, "commit")
    def commit(connection: Connection) -> None:
        if connection.get_execution_options().get("writing", True):
            before(connection)
            _run(connection, "COMMIT")

    @event.listens_for(sync, "rollback")
    def rollback(connection: Connection) -> None:
        if connection.invalidated:
            return
        connection.info.pop(_LATER, None)
        driver = _driver(connection).driver_connection
        if driver.is_in_transaction() and not driver.is_closed():
            _run(connection, "ROLLBACK")

    @event.listens_for(sync, "reset")
    def finish(connection: Any, record: Any, state: PoolResetState) -> None:
        record.info.pop(_LATER, None)
        if connection.driver_connection.is_in_transaction() and not state.terminate_only:
            connection.run_async(lambda driver: driver.execute("ROLLBACK"))


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _run(connection: Connection, statement: str) -> None:
    _driver(connection).run_async(lambda driver: driver.execute(statement))


async def flush(connection: Connection) -> None:
    """Send what waited to go along with the next statement."""
    waiting: list[Written] = connection.info[_LATER]
    connection.info[_LATER] = []
    if waiting:
        values = [value for _, given in waiting for value in given]
        statement = together(tuple(sql for sql, _ in waiting))
        with _integrity(statement):
            await _driver(connection).driver_connection.execute(statement, *values)


@lru_cache(maxsize=256)
def together(inserts: tuple[str, ...]) -> str:
    """As one statement: all but the last are parts of its WITH. Keys to each other are judged when it ends."""
    numbered, before = [], 0
    for sql in inserts:
        # Every other piece is the number of a parameter.
        pieces = _PARAMETER.split(sql)
        numbers = [int(number) for number in pieces[1::2]]
        pieces[1::2] = [f"${before + number}" for number in numbers]
        numbered.append("".join(pieces))
        before += max(numbers, default=0)
    *parts, last = numbered
    named = ", ".join(f"part_{place} AS ({sql})" for place, sql in enumerate(parts))
    return f"WITH {named} {last}" if parts else last


@contextmanager
def _integrity(sql: str) -> Iterator[None]:
    """What breaks a constraint is raised as SQLAlchemy does."""
    try:
        yield
    except Exception as error:
        if getattr(error, "sqlstate", "").startswith(_INTEGRITY):
            raise IntegrityError(sql, None, error) from error
        raise


def _count(done: str) -> int:
    """Of what PostgreSQL says at the end of a statement, such as `UPDATE 1`."""
    return int(done.rpartition(" ")[2])


class PostgresUnit(Unit):
    """Runs what is built once past SQLAlchemy's execution, and inserts that tell nothing together."""

    async def fetch(self, statement: Selected, given: Mapping[str, Any] = NOTHING) -> Sequence[Row[Any]]:
        select = prepared_select(statement, self.db.dialect)
        sql, values = select.with_row(given)
        driver = await self._ready()
        with _integrity(sql):
            return select.rows(await driver.fetch(sql, *values))

    async def change(self, statement: Update | Delete, given: Mapping[str, Any] = NOTHING) -> int:
        sql, values = prepared_select(statement, self.db.dialect).with_row(given)
        return _count(await (await self._ready()).execute(sql, *values))

    async def insert_counting(self, statement: Insert, row: Mapping[str, Any]) -> int:
        sql, values = self._written(statement, row)
        return _count(await (await self._ready()).execute(sql, *values))

    async def insert_returning(self, statement: Insert, row: Mapping[str, Any]) -> Any:
        sql, values = self._written(statement, row)
        return await (await self._ready()).fetchval(sql, *values)

    async def add(self, statement: Insert, row: Mapping[str, Any]) -> None:
        waiting: list[Written] = self._connection.info[_LATER]
        waiting.append(self._written(statement, row))
        if len(waiting) == TOGETHER:
            await flush(self._connection)

    async def _ready(self) -> Any:
        """asyncpg's connection, with everything before done."""
        await flush(self._connection)
        return _driver(self._connection).driver_connection

    @property
    def _connection(self) -> Connection:
        return cast("Connection", self.db.sync_connection)

    def _written(self, statement: Insert, row: Mapping[str, Any]) -> Written:
        return prepared(statement, tuple(row), self.db.dialect).with_row(row)
