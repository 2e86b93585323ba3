"""The doorbell of one process: rings wait in memory, for the queue trigger of the local host to read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from adapters.clock import utc_now


class InProcessDoorbell:
    """Loses its rings when the process ends; the sweep finds those jobs again."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._due: asyncio.Queue[str] = asyncio.Queue()
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._queued: set[str] = set()

    async def ring(self, job_id: str, due: datetime) -> None:
        delay = (due - self._clock()).total_seconds()
        earlier = self._waiting.pop(job_id, None)
        loop = asyncio.get_running_loop()
        if earlier is not None:
            earlier.cancel()
            delay = min(delay, earlier.when() - loop.time())
        if delay > 0:
            # A timer may go off a hair early, and a job that is not due is not run.
            self._waiting[job_id] = loop.call_later(delay + 0.005, self._put, job_id)
        else:
            self._put(job_id)

    def _put(self, job_id: str) -> None:
        self._waiting.pop(job_id, None)
        if job_id not in self._queued:
            self._queued.add(job_id)
            self._due.put_nowait(job_id)

    async def next(self) -> str:
        """The next job that is due; waits for one."""
        job_id = await self._due.get()
        self._queued.discard(job_id)
        return job_id

    async def ready(self) -> bool:
        return True

    async def close(self) -> None:
        for timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()
