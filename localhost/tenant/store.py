"""Keeps the tenant's things in an SQLite file, so that they are there after a restart."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TypeVar

from localhost.tenant.things import Thing

SomeThing = TypeVar("SomeThing", bound=Thing)


class Store:
    """Small and synchronous: a write takes well under a millisecond, and each is committed at once."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS things (kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
        )

    def put(self, thing: Thing) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO things VALUES (?, ?, ?)", (thing.kind, thing.id, thing.model_dump_json())
        )

    def remove(self, thing: Thing) -> None:
        self._db.execute("DELETE FROM things WHERE kind = ? AND id = ?", (thing.kind, thing.id))

    def get(self, kind: type[SomeThing], thing_id: str) -> SomeThing | None:
        row = self._db.execute(
            "SELECT body FROM things WHERE kind = ? AND id = ?", (kind.kind, thing_id)
        ).fetchone()
        return kind.model_validate_json(row[0]) if row else None

    def all(self, kind: type[SomeThing]) -> list[SomeThing]:
        rows = self._db.execute("SELECT body FROM things WHERE kind = ? ORDER BY rowid", (kind.kind,))
        return [kind.model_validate_json(row[0]) for row in rows]

    def close(self) -> None:
        self._db.close()
