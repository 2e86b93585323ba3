"""Writes questions down together, a moment after they were answered.

A question with an answer is the most frequent turn of all, and a transaction of its own would be most of its cost. A
question nobody could answer and every rating are written in their own turn: losing one of those would cost knowledge.
docs/decisions/0008-questions-are-written-together.md says what a killed process can lose.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from domain.tips.actions import record_questions
from domain.tips.tip import Asked
from domain.unit import Units

log = logging.getLogger(__name__)

WAIT = 1.0
"""Seconds between a question and the transaction that writes it, with all others of that moment."""
MOST = 10_000
"""Questions kept while the database does not take them; then the oldest go, and the log says how many."""


class QuestionLog:
    """One per process. `keep` never waits and never fails; `drain` before the process ends."""

    def __init__(self, units: Units, wait: float = WAIT, most: int = MOST) -> None:
        self._units = units
        self._wait = wait
        self._most = most
        self._kept: deque[Asked] = deque()
        self._writing = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None

    def keep(self, asked: Asked) -> None:
        self._kept.append(asked)
        if len(self._kept) > self._most:
            self._kept.popleft()
            log.error("question_dropped", extra={"kept": self._most})
        if self._soon is None or self._soon.done():
            self._soon = asyncio.create_task(self._write_soon())

    async def drain(self) -> None:
        """Returns when everything kept so far is in the database. Raises when the database does not take it."""
        if self._soon is not None and self._soon.get_loop() is asyncio.get_running_loop():
            self._soon.cancel()
        await self._write()

    async def _write_soon(self) -> None:
        while self._kept:
            await asyncio.sleep(self._wait)
            try:
                # A cancelled wait must not cancel a transaction that is under way.
                await asyncio.shield(self._write())
            except Exception:
                log.exception("questions_not_written", extra={"kept": len(self._kept)})

    async def _write(self) -> None:
        async with self._writing:
            batch = list(self._kept)
            if not batch:
                return
            async with self._units() as unit:
                await record_questions(unit, batch)
            written = {asked.id for asked in batch}
            while self._kept and self._kept[0].id in written:
                self._kept.popleft()
