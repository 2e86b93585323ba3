"""A few turns start at a time: between them goes what is ready to be sent, answered or read."""

from __future__ import annotations

import asyncio
from collections import deque

TOGETHER = 4


class Turnstile:
    """Lets `together` turns through in a round of the event loop, in the order in which they came.

    A turn computes for some milliseconds before it first waits. When dozens come at once and all compute in the same
    round, the reply of the first is only sent when the last is done: they go on in step, and then this process waits
    for the channel, and the channel for this process.
    """

    def __init__(self, together: int = TOGETHER) -> None:
        self._together = together
        self._through = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def through(self) -> None:
        """Returns at once while there is room in this round."""
        if self._through == 0:
            asyncio.get_running_loop().call_soon(self._next_round)
        if self._through < self._together:
            self._through += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def _next_round(self) -> None:
        self._through = 0
        while self._waiting and self._through < self._together:
            turn = self._waiting.popleft()
            if not turn.done():  # who was cancelled goes nowhere
                turn.set_result(None)
                self._through += 1
        if self._through:
            asyncio.get_running_loop().call_soon(self._next_round)
