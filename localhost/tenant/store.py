"""Keeps the tenant's things: in memory to read, in an SQLite file so that they are there after a restart or a kill."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from localhost.tenant.things import Group, Label, Library, Site, Team, TeamOperation, Thing, User

SomeThing = TypeVar("SomeThing", bound=Thing)

KINDS: dict[str, type[Thing]] = {
    kind.kind: kind for kind in (User, Group, Team, TeamOperation, Site, Library, Label)
}


class Store:
    """Small and synchronous: a write takes well under a millisecond. Outside `at_once` each is kept by itself."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS things (kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
        )
        self._read()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """All that is written inside is kept, or, when it raises, none of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._read()
            raise
        self._db.execute("COMMIT")

    def put(self, thing: Thing) -> None:
        self._db.execute(
            "INSERT INTO things VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (thing.kind, thing.id, thing.model_dump_json()),
        )
        self._things[thing.kind][thing.id] = thing

    def remove(self, thing: Thing) -> None:
        self._db.execute("DELETE FROM things WHERE kind = ? AND id = ?", (thing.kind, thing.id))
        self._things[thing.kind].pop(thing.id, None)

    def get(self, kind: type[SomeThing], thing_id: str) -> SomeThing | None:
        found = self._things[kind.kind].get(thing_id)
        return found if isinstance(found, kind) else None

    def all(self, kind: type[SomeThing]) -> list[SomeThing]:
        """In the order in which they were made."""
        return [thing for thing in self._things[kind.kind].values() if isinstance(thing, kind)]

    def close(self) -> None:
        self._db.close()

    def _read(self) -> None:
        self._things: dict[str, dict[str, Thing]] = {kind: {} for kind in KINDS}
        for kind, thing_id, body in self._db.execute("SELECT kind, id, body FROM things ORDER BY rowid"):
            self._things[kind][thing_id] = KINDS[kind].model_validate_json(body)
