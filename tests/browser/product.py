"""The product as a person starts it: `python -m localhost` on ports and in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("PORT", "CHAT_PORT", "DESK_CHAT_PORT", "TENANT_PORT")
STARTS_WITHIN = 90.0
"""Seconds. It takes about eight on an idle machine."""


class Product:
    """Starts on entering, ends everything on leaving. Its output is kept in `log`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "local"
        self.log = folder / "product.log"
        self._ports = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._ports['PORT']}"

    @property
    def tenant(self) -> str:
        return f"http://127.0.0.1:{self._ports['TENANT_PORT']}"

    def __enter__(self) -> Self:
        ours = {name: str(port) for name, port in self._ports.items()} | {"LOCAL_FOLDER": str(self.folder)}
        unset = {"DATABASE_URL", "HOST", "CHAT", *PORTS}
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in unset and not name.startswith("WIJZER_")
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "localhost"],
                cwd=ROOT,
                env=inherited | ours,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says now."""
        database = self.folder / "wijzer.db"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(statement, values).fetchall()

    def wait_for(
        self, statement: str, *values: object, rows: Sequence[tuple[Any, ...]], within: float = 10
    ) -> None:
        """Wait until the database answers `rows`."""
        end = time.monotonic() + within
        while (found := self.rows(statement, *values)) != list(rows):
            assert time.monotonic() < end, f"{statement}: {found}"
            time.sleep(0.05)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + STARTS_WITHIN
        pages = (f"{self.address}/api/health/ready", *(f"http://127.0.0.1:{port}/" for port in self._chats))
        while not all(map(_answers, pages)):
            said = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
            assert self._process is not None
            assert self._process.poll() is None, f"the product ended:\n{said}"
            assert time.monotonic() < end, f"the product is not ready:\n{said}"
            time.sleep(0.2)

    @property
    def _chats(self) -> tuple[int, int]:
        return self._ports["CHAT_PORT"], self._ports["DESK_CHAT_PORT"]

    def _end(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError("Ctrl-C did not end the product") from None


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for listening in sockets:
            listening.bind(("127.0.0.1", 0))
        return [listening.getsockname()[1] for listening in sockets]


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback, ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
