"""The local host as a user starts it: a process of its own, on free ports, with a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("PORT", "CHAT_PORT", "DESK_CHAT_PORT", "MANAGER_CHAT_PORT", "TENANT_PORT")
STARTS_WITHIN = 180.0
"""Seconds. It takes about eight on an idle machine."""


def free_ports(count: int) -> list[int]:
    """Ports that are free now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class LocalHostProcess:
    """`with LocalHostProcess(folder) as host` waits until it answers. `start` alone does not wait.

    It keeps everything in `folder`, and its output in `log`.
    """

    folder: Path
    chats: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.log = self.folder / "host.log"

    def start(self) -> subprocess.Popen[bytes]:
        ports = {name: str(port) for name, port in self.ports.items()}
        own = {"LOCAL_FOLDER": str(self.folder), "CHAT": "1" if self.chats else "0"}
        unset = {"DATABASE_URL", "HOST", *PORTS}
        inherited = {n: v for n, v in os.environ.items() if not n.startswith("WIJZER_") and n not in unset}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "localhost"],
                cwd=ROOT,
                env={**inherited, **ports, **own, **self.environment},
                stdout=log,
                stderr=log,
            )
        return self.process

    def __enter__(self) -> LocalHostProcess:
        self.start()
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            if "Ctrl-C" in self.said:
                return self
            time.sleep(0.05)
        self.process.kill()
        raise RuntimeError(f"the local host did not start: {self.said[-3000:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("Ctrl-C did not end the local host") from None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.ports['PORT']}"

    @property
    def tenant(self) -> str:
        """Where the local tenant answers."""
        return f"http://127.0.0.1:{self.ports['TENANT_PORT']}"

    @property
    def database_url(self) -> str:
        return f"sqlite+aiosqlite:///{self._database}"

    @property
    def _database(self) -> Path:
        return self.folder.resolve() / "wijzer.db"

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says now."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(statement, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        """Change the database behind the product's back, as when a year went by."""
        with closing(sqlite3.connect(self._database, timeout=10)) as connection, connection:
            assert connection.execute(statement, values).rowcount == 1

    def wait_for(
        self, statement: str, *values: object, rows: Sequence[tuple[Any, ...]], within: float = 20
    ) -> None:
        """Wait until the database answers `rows`."""
        end = time.monotonic() + within
        while (found := self.rows(statement, *values)) != list(rows):
            assert time.monotonic() < end, f"{statement}: {found}"
            time.sleep(0.05)

    def settle(self, still: float = 0.3, within: float = 30) -> None:
        """Wait until there is nothing to do for `still` seconds: a card that is filled in is not drawn anew then.
        What is for somebody who has no chat, waits for its hour, or is the webhooks' courier, who is always under way,
        is not waited for."""
        busy = (
            "SELECT kind, payload FROM jobs WHERE kind NOT LIKE 'webhooks.%' AND (state = 'running'"
            " OR state = 'pending' AND next_attempt_at <= strftime('%Y-%m-%d %H:%M:%f', 'now') AND NOT EXISTS"
            " (SELECT 1 FROM jobs ahead WHERE ahead.lane = jobs.lane AND ahead.state = 'waiting'))"
        )
        end, since = time.monotonic() + within, time.monotonic()
        while time.monotonic() - since < still:
            if found := self.rows(busy):
                since = time.monotonic()
                assert since < end, found
            time.sleep(0.05)

    @property
    def function_key(self) -> str:
        return str(json.loads((self.folder / "function-keys.json").read_text())["default"])

    @property
    def connector_key(self) -> str:
        return (self.folder / "connector-key").read_text().strip()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['PORT']}{path}", body, named, method=method
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as given:
                return Answer(given.status, dict(given.headers), given.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())
