"""Dropping repeated deliveries: the channel sends an activity again when it had no answer in time."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from bot.bridge.answers import Answer

MAX_REMEMBERED = 2000
REMEMBER_FOR = 300.0
"""Seconds. The channel repeats within a minute."""


class Deliveries:
    """One turn per key in this process: a repeat gets the first one's turn, done or still busy.

    Another worker does not know of it: there the idempotency keys of the writes keep it from happening twice.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: OrderedDict[str, tuple[float, asyncio.Task[Answer]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._turns)

    def take(
        self, key: str, turn: Callable[[], Coroutine[Any, Any, Answer]]
    ) -> tuple[asyncio.Task[Answer], bool]:
        """The key's turn, started now if it is new. One that fails (a status of 500 and up) is forgotten."""
        known = self._turns.get(key)
        if known is not None:
            return known[1], False
        task = asyncio.create_task(turn())
        self._turns[key] = (self._clock(), task)
        task.add_done_callback(lambda done: self._forget_failed(key, done))
        self._forget_old()
        return task, True

    def _forget_failed(self, key: str, task: asyncio.Task[Answer]) -> None:
        if task.cancelled() or task.exception() is not None or task.result().status >= 500:
            self._turns.pop(key, None)

    def _forget_old(self) -> None:
        oldest = self._clock() - REMEMBER_FOR
        while self._turns:
            key, (at, _) = next(iter(self._turns.items()))
            if len(self._turns) <= MAX_REMEMBERED and at > oldest:
                return
            del self._turns[key]
