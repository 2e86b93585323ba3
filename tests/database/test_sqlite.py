"""Statements in few trips to SQLite's thread: what is put off still happens in its place, or not at all."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, none, timezones
from sqlalchemy import func, insert, select
from sqlalchemy.dialects.sqlite.aiosqlite import dialect
from sqlalchemy.exc import IntegrityError

from adapters.database.engine import DatabaseUnits
from adapters.database.sqlite import utc_text
from domain.tables import UtcDateTime
from domain.unit import Counter


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
