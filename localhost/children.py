"""Programs that run beside the host and end with it, also when the host itself is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp

from localhost.options import CannotStartError

TO_END = 5.0
TO_START = 30.0


class Child:
    """A child in a process group of its own, so that Ctrl-C reaches it through us and nothing of it is left.

    Its standard input is a pipe that we hold: a child that reads its end knows that we are gone.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        sockets: Sequence[socket.socket] = (),
    ) -> None:
        self.name = name
        self.log = log
        self._sockets = sockets
        self._command = command
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env={**os.environ, **self._environment},
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[one.fileno() for one in self._sockets],
            )

    async def answers(self, url: str) -> None:
        """Wait until the child answers at `url`. Raises `CannotStartError` when it ends or stays silent."""
        assert self._process is not None  # noqa: S101 - started before
        until = time.monotonic() + TO_START
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < until:
                if self._process.returncode is not None:
                    raise CannotStartError(f"{self.name} ended at once; {self.log} may say why.")
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(url, timeout=aiohttp.ClientTimeout(2)):
                        return
                await asyncio.sleep(0.05)
        raise CannotStartError(f"{self.name} does not answer at {url}; {self.log} may say why.")

    async def ended(self) -> int:
        """Wait until it ends by itself: its status."""
        assert self._process is not None  # noqa: S101 - started before
        return await self._process.wait()

    async def end(self) -> None:
        """Ask it to end, and end it when it does not."""
        process = self._process
        if process is None:
            return
        for how in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, how)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), TO_END)
                return


def python_module(module: str) -> list[str]:
    """A command that runs one of our modules and ends with us."""
    return [sys.executable, "-m", "localhost.leash", module]
