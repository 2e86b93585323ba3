"""The way in of every call, whichever protocol brought it: who it is, whether there is room, and what is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from connector.authentication import Caller, Callers
from connector.rates import FairTurns, Rates
from domain.errors import DeskError

Done = TypeVar("Done")


class Door:
    def __init__(self, callers: Callers, rates: Rates, turns: FairTurns | None = None) -> None:
        self._callers = callers
        self._rates = rates
        self._turns = turns or FairTurns()

    async def call(
        self, headers: Mapping[str, str], run: Callable[[Caller], Awaitable[Done]]
    ) -> tuple[Done, Mapping[str, str]]:
        """What `run` gives for who sent these headers, and the headers of the answer that say how many calls are left;
        an error has them too. Raises what `Callers.caller` and `run` raise, and `TooMany`."""
        caller = await self._callers.caller(headers)
        left = self._rates.take(caller.connection)
        try:
            async with self._turns.of(caller.connection):
                return await run(caller), left
        except DeskError as error:
            error.headers = {**left, **error.headers}
            raise
