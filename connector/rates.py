"""How much each connection may ask: so many calls a minute, and its turn among those that wait."""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from types import TracebackType

from domain.errors import TooMany

MINUTE = 60.0
MOST_REMEMBERED = 10_000
AT_ONCE = 32
"""Calls that run at the same time in this process; the others wait for their turn."""
MOST_WAITING = 100
"""Calls of one connection that wait; the next is refused."""


class Rates:
    """A bucket per connection: it holds a minute's calls and fills evenly. Each process counts by itself."""

    def __init__(self, calls_per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = calls_per_minute
        self._each = MINUTE / calls_per_minute
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()
        """When the bucket of a connection is full again: all that has to be known of it."""

    def take(self, connection: str) -> Mapping[str, str]:
        """One call of this connection: the headers that say how many are left. Raises `TooMany`, with the same."""
        now = self._clock()
        full_at = max(self._full_at.get(connection, now), now) + self._each
        to_full = full_at - now
        if to_full > MINUTE + 1e-6:
            wait = math.ceil(to_full - MINUTE)
            refused = TooMany("Too many calls. Try again in {seconds} seconds.", seconds=wait)
            refused.headers = {**refused.headers, **self._headers(0, to_full - self._each)}
            raise refused
        self._full_at[connection] = full_at
        self._full_at.move_to_end(connection)
        if len(self._full_at) > MOST_REMEMBERED:
            self._full_at.popitem(last=False)
        return self._headers(int((MINUTE - to_full) / self._each + 1e-6), to_full)

    def _headers(self, left: int, to_full: float) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self._most),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(math.ceil(to_full)),
        }


class FairTurns:
    """Places for calls that run at once. When all are taken, connections take turns: one that sends hundreds at a
    time waits for itself, and hardly delays another."""

    def __init__(self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._free = at_once
        self._most_waiting = most_waiting
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def of(self, connection: str) -> Place:
        """`async with turns.of(connection):` runs when it is this connection's turn. Raises `TooMany` when too many
        of it wait already."""
        return Place(self, connection)

    async def enter(self, connection: str) -> None:
        if self._free:
            self._free -= 1
            return
        line = self._waiting.setdefault(connection, deque())
        if len(line) >= self._most_waiting:
            raise TooMany("Too many calls at once. Try again in {seconds} seconds.", seconds=1)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()  # it was given to us just then
            raise

    def leave(self) -> None:
        """Give the place to the next connection in turn, or free it."""
        while self._waiting:
            connection, line = self._waiting.popitem(last=False)
            while line:
                place = line.popleft()
                if not place.done():
                    if line:
                        self._waiting[connection] = line  # behind the others
                    place.set_result(None)
                    return
        self._free += 1


class Place:
    __slots__ = ("_connection", "_turns")

    def __init__(self, turns: FairTurns, connection: str) -> None:
        self._turns = turns
        self._connection = connection

    async def __aenter__(self) -> None:
        await self._turns.enter(self._connection)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._turns.leave()
