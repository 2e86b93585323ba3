"""A PostgreSQL server for tests: started in a folder of its own, on a socket there, and gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

EMPTY = """
DO $$
DECLARE filled text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SELECT string_agg(oid::regclass::text, ', ') INTO filled FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0;
    IF filled IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || filled || ' RESTART IDENTITY CASCADE';
    END IF;
END $$
"""
"""Takes all rows out of a database, and everybody who still uses it: a hundred times as quick as making a new one."""


def find_program(name: str) -> str:
    """`initdb` and `postgres`: on the PATH, or where Debian keeps them."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = [str(path) for path in newest_first] or [shutil.which(name) or ""]
    if not found[0]:
        raise RuntimeError(f"{name} not found: run `make setup`, or install Debian's package postgresql")
    return found[0]


class PostgresServer:
    def __init__(self, folder: Path) -> None:
        # A socket's path may have 107 characters at most, and pytest's folders are long.
        self._folder = Path("/tmp") / f"wijzer-postgres-{os.getpid()}"  # noqa: S108 - removed in __exit__
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700)
        self._log = folder / "postgres.log"
        self._numbers = itertools.count(1)
        self._user: str | None = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._user = "postgres" if any(u.pw_name == "postgres" for u in pwd.getpwall()) else "nobody"
            shutil.chown(self._folder, self._user)

    def __enter__(self) -> PostgresServer:
        data = self._folder / "data"
        subprocess.run(
            [find_program("initdb"), "-D", data, "-U", "wijzer", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            user=self._user,
            cwd=self._folder,
        )
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [find_program("postgres"), "-D", data, "-k", self._folder, "-F", "-N", "200", "-h", ""],
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self._folder,
            )
        self._ready()
        return self

    def _ready(self) -> None:
        check = [find_program("pg_isready"), "-h", str(self._folder), "-q", "-t", "30"]
        for _ in range(300):
            if subprocess.run(check, check=False).returncode == 0:
                return
            if self._process.poll() is not None:
                break
        raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text()[-2000:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self) -> str:
        """The URL of a new and empty database."""
        name = f"test{next(self._numbers)}"
        subprocess.run(
            [find_program("createdb"), "-h", str(self._folder), "-U", "wijzer", name],
            check=True,
            user=self._user,
        )
        return f"postgresql+asyncpg://wijzer@/{name}?host={self._folder}"
