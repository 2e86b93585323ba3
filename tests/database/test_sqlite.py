"""Statements in few trips to SQLite's thread: what is put off still happens in its place, or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, none, timezones
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.sqlite.aiosqlite import dialect
from sqlalchemy.exc import IntegrityError

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.database.prepared import utc_text
from adapters.database.tables import METADATA
from domain.tables import UtcDateTime
from domain.unit import Counter, Unit
from tests.conftest import Clock, RungBells


@given(datetimes(timezones=timezones()) | none())
def test_times_are_written_as_sqlalchemy_writes_them(moment: datetime | None) -> None:
    write = UtcDateTime().dialect_impl(dialect()).bind_processor(dialect())
    assert write is not None
    try:
        theirs = write(moment)
    except OverflowError:  # the first and last hours of time have no UTC
        return
    assert utc_text(moment) == theirs


async def rows(units: DatabaseUnits) -> int:
    async with units.read() as unit:
        return (await unit.db.execute(select(func.count()).select_from(Counter))).scalar_one()


async def test_an_insert_is_seen_by_the_next_statement_and_committed_without_one(
    units: DatabaseUnits,
) -> None:
    async with units() as unit:
        await unit.db.execute(insert(Counter).values(series="I-2026", last=7))
        assert (await unit.db.execute(select(Counter.last))).scalar_one() == 7
    async with units() as unit:
        await unit.db.execute(insert(Counter).values(series="A-2026", last=1))

    assert await rows(units) == 2


async def test_an_insert_that_breaks_a_rule_breaks_its_own_unit_and_leaves_nothing(
    units: DatabaseUnits,
) -> None:
    async with units() as unit:
        await unit.db.execute(insert(Counter).values(series="I-2026", last=1))
    with pytest.raises(IntegrityError):
        async with units() as unit:
            await unit.db.execute(insert(Counter).values(series="A-2026", last=1))
            await unit.db.execute(insert(Counter).values(series="I-2026", last=2))
    assert await rows(units) == 1

    async with units() as unit:  # the same connection: nothing of the broken unit is left on it
        await unit.db.execute(insert(Counter).values(series="W-2026", last=1))
    assert await rows(units) == 2


async def test_a_rolled_back_insert_never_happens(units: DatabaseUnits) -> None:
    with pytest.raises(ZeroDivisionError):
        async with units() as unit:
            await unit.db.execute(insert(Counter).values(series="I-2026", last=1))
            _ = 1 / 0
    async with units() as unit:
        await unit.db.execute(insert(Counter).values(series="A-2026", last=1))

    assert await rows(units) == 1


async def test_two_processes_on_one_file_write_in_turns_and_none_is_told_to_wait(
    tmp_path: Path, clock: Clock, bells: RungBells
) -> None:
    """Engines stand for processes: a turn is its connection's, whoever has that."""
    engines = [open_engine(f"sqlite+aiosqlite:///{tmp_path / 'shared.db'}") for _ in range(2)]
    async with engines[0].begin() as connection:
        await connection.run_sync(METADATA.create_all)
    both = [DatabaseUnits(engine, bells, clock) for engine in engines]

    async def write(units: DatabaseUnits, number: int) -> None:
        async with units() as unit:
            # SQLite itself would refuse at once: only the turn makes a writer wait.
            await unit.db.execute(text("PRAGMA busy_timeout=0"))
            await unit.next_number("I")
            if number % 3 == 0:
                raise LookupError

    found = await asyncio.gather(
        *(write(both[number % 2], number) for number in range(30)), return_exceptions=True
    )
    assert [error for error in found if error is not None and not isinstance(error, LookupError)] == []
    assert await last(both[0]) == 20
    for engine in engines:
        await engine.dispose()


async def last(units: DatabaseUnits) -> int:
    async with units.read() as unit:
        return (await unit.db.execute(select(Counter.last))).scalar_one()


async def test_what_breaks_a_rule_at_the_commit_is_told_as_by_any_statement(units: DatabaseUnits) -> None:
    with pytest.raises(IntegrityError):
        async with units() as unit:
            for _ in range(2):
                await unit.add(insert(Counter), {"series": "I-2026", "last": 1})

    assert await rows(units) == 0


async def count_on(unit: Unit) -> None:
    await unit.next_number("I")


async def count_on_with_sqlalchemy(unit: Unit) -> None:
    await unit.db.execute(text("INSERT INTO counters (series, last) VALUES ('I-2026', 1) RETURNING last"))


@pytest.mark.parametrize("work", [count_on, count_on_with_sqlalchemy])
async def test_a_unit_that_is_cut_off_while_its_statement_waits_leaves_nothing(
    tmp_path: Path, clock: Clock, bells: RungBells, work: Callable[[Unit], Awaitable[None]]
) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'cut.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    units = DatabaseUnits(engine, bells, clock)
    busy = threading.Event()

    async def write() -> None:
        async with units() as unit:
            writer: Any = await unit.db.get_raw_connection()
            occupied = asyncio.ensure_future(writer.dbapi_connection.driver_connection.in_thread(busy.wait))
            await asyncio.sleep(0)
            await work(unit)
            await occupied

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.05)
    writing.cancel()
    await asyncio.sleep(0.05)  # it is told to roll back before its statement ran
    busy.set()
    with pytest.raises(asyncio.CancelledError):
        await writing

    async with units() as unit:
        assert await unit.next_number("I") == "I-2026-000001"
    await engine.dispose()
