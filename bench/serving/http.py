"""A load of HTTP calls from one process: little of its own, since it runs beside what it measures."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a round: calls a second, CPU milliseconds of all serving processes per call, and how long calls took."""

    rps: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float


class Connection(asyncio.Protocol):
    """Sends a request when the last one was answered, and reads answers that say their length."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what TCP gives
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._received.find(b"\r\nContent-Length: ", 0, head + 2)
        length = int(self._received[at + 18 : self._received.find(b"\r\n", at + 18)]) if at >= 0 else 0
        if len(self._received) < head + 4 + length:
            return
        answer, self._received = self._received, b""
        if self._answer is not None:
            self._answer.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up"))

    async def ask(self, request: bytes) -> bytes:
        """The whole answer. Raises when it is not of the 200s."""
        if self._transport is None:
            raise ConnectionError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        answer = await self._answer
        if answer[9:10] != b"2":
            raise RuntimeError(f"{request[:200]!r} was answered with {answer[:1000]!r}")
        return answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    @property
    def port(self) -> int:
        if self._transport is None:
            raise ConnectionError("not connected")
        return int(self._transport.get_extra_info("sockname")[1])


class Load(AbstractAsyncContextManager["Load"]):
    """Connections to a server of several processes, as many to each."""

    def __init__(self, port: int, processes: list[psutil.Process], at_once: int) -> None:
        self._port = port
        self._processes = processes
        self._at_once = at_once
        self._connections: list[Connection] = []

    async def __aenter__(self) -> Self:
        """The kernel deals connections out by chance: those that one process has too many of are closed again."""
        each = self._at_once // len(self._processes)
        lacking = {process.pid: each for process in self._processes}
        while any(lacking.values()):
            _, made = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", self._port)
            await made.ask(b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            pid = next(p.pid for p in self._processes if made.port in _peers(p))
            if lacking[pid]:
                lacking[pid] -= 1
                self._connections.append(made)
            else:
                made.close()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections:
            connection.close()

    async def round(self, requests: Iterator[bytes], seconds: float) -> Figures:
        took_ms: list[float] = []
        began, cpu = time.perf_counter(), self._cpu()
        until = began + seconds

        async def one_after_another(connection: Connection) -> None:
            while (start := time.perf_counter()) < until:
                await connection.ask(next(requests))
                took_ms.append((time.perf_counter() - start) * 1000)

        await asyncio.gather(*(one_after_another(connection) for connection in self._connections))
        took, calls = time.perf_counter() - began, len(took_ms)
        cuts = statistics.quantiles(took_ms, n=100)
        return Figures(calls / took, (self._cpu() - cpu) * 1000 / calls, cuts[49], cuts[98])

    def _cpu(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self._processes)


def _peers(process: psutil.Process) -> set[int]:
    return {one.raddr[1] for one in process.net_connections("tcp") if one.status == psutil.CONN_ESTABLISHED}


Requests = Callable[[], Iterator[bytes]]


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
