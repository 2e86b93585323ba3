"""Keeping where people can be reached and when they were here last, at no cost in nearly all turns."""

from __future__ import annotations

import time
from collections.abc import Callable

from domain.chats import actions
from domain.chats.actions import Address
from domain.unit import Units

SEEN_FOR = 300.0
"""Seconds for which a person who was here counts as here, without writing that down again."""


class KnownChats:
    """What this process knows to be in the chats table already: at most one address per person."""

    def __init__(self, units: Units, clock: Callable[[], float] = time.monotonic) -> None:
        self._units = units
        self._clock = clock
        self._known: dict[str, tuple[Address, float]] = {}

    async def remember(self, address: Address) -> None:
        now = self._clock()
        known, seen = self._known.get(address.person_id, (None, now))
        if known == address and now - seen < SEEN_FOR:
            return
        async with self._units.read() as unit:
            stored = await actions.chat_of(unit, address.person_id)
            at = await actions.seen_at(unit, address.person_id)
            fresh = at is not None and (unit.now - at).total_seconds() < SEEN_FOR
        if stored != address or not fresh:
            async with self._units() as unit:
                await actions.remember_chat(unit, address)
        self._known[address.person_id] = (address, now)
