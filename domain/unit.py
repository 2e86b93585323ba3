"""A unit of work: one transaction, one instant, and the jobs to wake once it has been committed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Any, Protocol, cast

from sqlalchemy import Delete, Insert, Row, Select, String, TextualSelect, Update, func, insert, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from domain.errors import Conflict
from domain.jobs.models import Job, JobState
from domain.tables import Table, new_id


class DoneAction(Table):
    """Which keys have been acted on, so that a repeated click, redelivery or retry finds the first result."""

    __tablename__ = "done_actions"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(index=True)


class Counter(Table):
    """The last number given out per series, such as `I-2026`."""

    __tablename__ = "counters"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


Selected = Select[Any] | TextualSelect | ReturningUpdate[Any]
NOTHING: Mapping[str, Any] = {}
"""No values: for a statement without parameters."""


@dataclass(slots=True)
class Unit:
    """What an action works in. `now` is the one instant of everything it decides and writes, `zone` the city's time."""

    db: AsyncConnection
    now: datetime
    zone: tzinfo = UTC
    rung: list[tuple[str, datetime]] = field(default_factory=list)
    """Ids of the jobs to ring the doorbell for after the commit, and when each is due."""

    @property
    def today(self) -> date:
        """The day it is in the city."""
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """The day it was in the city at this moment."""
        return moment.astimezone(self.zone).date()

    async def once(self, actor_id: str, key: str, command: object, result: str) -> str | None:
        """Claim `key` for this actor with the id the action is about to create.

        Returns None when the key is new (go on), else the result of the first time (stop and answer
        with that). Raises `Conflict` when the key was used before for a different command. A second
        transaction with the same key waits here until the first one ends.
        """
        claim = self._claim(actor_id, key, command, result)
        return None if await self.insert_new(DoneAction, claim) else await self._first_result(claim)

    async def once_numbered(
        self, actor_id: str, key: str, command: object, result: str, letter: str
    ) -> tuple[str | None, str]:
        """`once`, and `next_number` when the key is new: (the result of the first time, the new number or "")."""
        claim = self._claim(actor_id, key, command, result)
        series = f"{letter}-{self.today.year}"
        last = await self.insert_new_counting_on(DoneAction, claim, series)
        if last is None:
            return await self._first_result(claim), ""
        return None, _number(series, last)

    def _claim(self, actor_id: str, key: str, command: object, result: str) -> dict[str, Any]:
        fingerprint = hashlib.sha256(repr(command).encode()).hexdigest()
        return {
            "key": f"{actor_id}|{key}"[:300],
            "fingerprint": fingerprint,
            "result": result,
            "at": self.now,
        }

    async def _first_result(self, claim: Mapping[str, Any]) -> str:
        known = select(DoneAction.fingerprint, DoneAction.result).where(DoneAction.key == claim["key"])
        first = (await self.db.execute(known)).one()
        if first.fingerprint != claim["fingerprint"]:
            raise Conflict("This key was used before, for something else.", field="key")
        return str(first.result)

    async def done_before(self, actor_id: str, key: str) -> str | None:
        """What this actor made with `key`; None when the key is new."""
        known = select(DoneAction.result).where(DoneAction.key == f"{actor_id}|{key}"[:300])
        return (await self.db.execute(known)).scalar_one_or_none()

    async def insert_new(self, table: type[Table], row: Mapping[str, Any]) -> bool:
        """Insert unless a unique constraint has it already. True when the row is new."""
        return await self.insert_counting(insert_if_new(self.db.dialect.name, table), row) == 1

    async def insert_new_counting_on(
        self, table: type[Table], row: Mapping[str, Any], series: str
    ) -> int | None:
        """`insert_new`, and for a new row the next value of the counter `series`; None when the row is not new."""
        if not await self.insert_new(table, row):
            return None
        return await self._count_on(series)

    async def fetch(self, statement: Selected, given: Mapping[str, Any] = NOTHING) -> Sequence[Row[Any]]:
        """The rows of a SELECT that is built once, or of an UPDATE that returns them, with values for its parameters:
        for what is read often. An adapter may know a shorter way to its database."""
        return (await self.db.execute(statement, given)).all()

    async def change(self, statement: Update | Delete, given: Mapping[str, Any] = NOTHING) -> int:
        """How many rows a statement that is built once changed; as with `fetch`, there may be a shorter way."""
        return (await self.db.execute(statement, given)).rowcount

    # The three ways to run an INSERT on its own. An adapter may know a shorter way to its database; `statement` is
    # built once, see below, and `row` has all its columns.

    async def insert_counting(self, statement: Insert, row: Mapping[str, Any]) -> int:
        """How many rows it wrote."""
        return (await self.db.execute(statement, row)).rowcount

    async def insert_returning(self, statement: ReturningInsert[Any], row: Mapping[str, Any]) -> Any:
        """The one value that it returns, as the database has it; None when it wrote no row."""
        return (await self.db.execute(statement, row)).scalar_one_or_none()

    async def add(self, statement: Insert, row: Mapping[str, Any]) -> None:
        """Nothing is told back. What is wrong with it may come up later, by the commit at the latest, so that an
        adapter can send it along with what follows."""
        await self.db.execute(statement, row)

    async def hold(self, name: str) -> None:
        """Wait until no other unit holds `name`, and hold it until this one ends. A unit on SQLite is alone anyway."""
        if self.db.dialect.name == "postgresql":
            digest = hashlib.sha256(name.encode()).digest()
            await self.db.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest[:8], signed=True))))

    async def next_number(self, letter: str) -> str:
        """The next number people see, such as `I-2026-000001`, of the year it is in the city; without gaps, as the
        transaction carries it."""
        series = f"{letter}-{self.today.year}"
        return _number(series, await self._count_on(series))

    async def _count_on(self, series: str) -> int:
        last: int = await self.insert_returning(count_on(self.db.dialect.name), {"series": series, "last": 1})
        return last

    async def enqueue(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        key: str | None = None,
        lane: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Write a job in this transaction; the doorbell rings after the commit. A known `key` changes nothing."""
        row = {
            "id": new_id(),
            "kind": kind,
            "payload": payload,
            "key": key,
            "lane": lane,
            "state": JobState.PENDING,
            "attempts": 0,
            "next_attempt_at": at or self.now,
            "created_at": self.now,
        }
        if key is None:
            await self.add(_INSERT_JOB, row)
        elif not await self.insert_new(Job, row):
            return
        self.rung.append((str(row["id"]), at or self.now))


# Building a statement costs more than running it here: these are built once, and take their row as parameters.

_INSERT_JOB = insert(cast("SqlTable", Job.__table__))


def dialect_insert(dialect: str, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows the database's ON CONFLICT; `execute` gives it the row."""
    columns = cast("SqlTable", table.__table__)
    return postgresql.insert(columns) if dialect == "postgresql" else sqlite.insert(columns)


def _number(series: str, last: int) -> str:
    return f"{series}-{last:06d}"


@cache
def insert_if_new(dialect: str, table: type[Table]) -> Insert:
    return dialect_insert(dialect, table).on_conflict_do_nothing()


@cache
def count_on(dialect: str) -> ReturningInsert[Any]:
    last = Counter.__table__.c.last
    upsert = dialect_insert(dialect, Counter).on_conflict_do_update(
        index_elements=["series"], set_={"last": last + 1}
    )
    return upsert.returning(last)


class Units(Protocol):
    """Opens units of work: commits when the block ends well, rolls back when it raises."""

    def __call__(self) -> AbstractAsyncContextManager[Unit]:
        """A unit that writes."""
        ...

    def read(self) -> AbstractAsyncContextManager[Unit]:
        """A unit that only reads; it takes no write lock."""
        ...


class Doorbell(Protocol):
    """Wakes a worker for a job. It may lose or repeat a ring: the jobs table is the truth."""

    async def ring(self, job_id: str, due: datetime) -> None: ...
