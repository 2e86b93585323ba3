"""Statements prepared once: their text, how a row or parameters become what the driver takes, and how what the driver
gives becomes rows. SQLAlchemy makes all of it; only its execution, which costs several times what the database takes
for a small statement, is passed by.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Delete, Dialect, Insert, Row, Update, Uuid
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from domain.tables import UtcDateTime
from domain.unit import Selected

Write = Callable[[Any], Any] | None
Written = tuple[str, Sequence[Any]]
"""A statement and its parameters, as the driver takes them."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as the driver takes it: its text, and for each parameter how to get it from a row."""

    sql: str
    parameters: Sequence[Callable[[Mapping[str, Any]], Any]]

    def with_row(self, row: Mapping[str, Any]) -> Written:
        return self.sql, [parameter(row) for parameter in self.parameters]


@dataclass(frozen=True, slots=True)
class PreparedSelect(Prepared):
    shape: Callable[[Iterable[Any]], Any]
    reading: Sequence[tuple[int, Callable[[Any], Any]]]
    """The columns that the driver gives otherwise than we have them."""

    def rows(self, given: Iterable[Sequence[Any]]) -> list[Row[Any]]:
        """With the names of their columns, as SQLAlchemy's rows have them."""
        return [self.shape(self._read(values)) for values in given]

    def _read(self, given: Sequence[Any]) -> Iterable[Any]:
        values = list(given)
        for place, read in self.reading:
            if (value := values[place]) is not None:
                values[place] = read(value)
        return values


@lru_cache(maxsize=256)
def prepared(statement: Insert, columns: tuple[str, ...], dialect: Dialect) -> Prepared:
    """An INSERT of rows that have these columns."""
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    return Prepared(str(compiled), _parameters(compiled, columns, dialect))


@lru_cache(maxsize=512)
def prepared_select(statement: Selected | Update | Delete, dialect: Dialect) -> PreparedSelect:
    """Any statement but an INSERT. Raises `ValueError` for one whose text depends on its parameters, such as `IN` with
    a list."""
    compiled = statement.compile(dialect=dialect)
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise ValueError("Its text is not known before its parameters are.")
    named = tuple(name for name, bound in compiled.binds.items() if bound.required)
    columns = statement.exported_columns
    shape: Any = namedtuple("Row", [column.name for column in columns], rename=True)  # type: ignore[misc]
    reading = [(place, _read(column.type, dialect)) for place, column in enumerate(columns)]
    return PreparedSelect(
        str(compiled),
        _parameters(compiled, named, dialect),
        shape._make,
        [(place, read) for place, read in reading if read is not None],
    )


def _parameters(
    compiled: SQLCompiler, named: Sequence[str], dialect: Dialect
) -> Sequence[Callable[[Mapping[str, Any]], Any]]:
    def parameter(name: str) -> Callable[[Mapping[str, Any]], Any]:
        write = _write(compiled.binds[name].type, dialect)
        if name not in named:  # a constant in the statement itself
            constant = write(compiled.params[name]) if write else compiled.params[name]
            return lambda row: constant
        return (lambda row: write(row[name])) if write else itemgetter(name)

    return [parameter(name) for name in compiled.positiontup or ()]


def _write(kind: TypeEngine[Any], dialect: Dialect) -> Write:
    if isinstance(kind, UtcDateTime) and dialect.name == "sqlite":
        return utc_text
    return cast("Write", kind.dialect_impl(dialect).bind_processor(dialect))


def _read(kind: TypeEngine[Any], dialect: Dialect) -> Write:
    """What SQLAlchemy does with a value that is there; for times and ids, in a fraction of its time."""
    if isinstance(kind, UtcDateTime):
        return utc_time if dialect.name == "sqlite" else None  # asyncpg gives aware times, in UTC
    if isinstance(kind, Uuid):
        return dashed if dialect.name == "sqlite" else str
    return cast("Write", kind.dialect_impl(dialect).result_processor(dialect, None))


def utc_text(value: datetime | None) -> str | None:
    """How SQLite has a `UtcDateTime`."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a time without a time zone: {value!r}")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:-6]


def utc_time(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def dashed(digits: str) -> str:
    """How SQLite has an id, which is a UUID, and how we have it."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
