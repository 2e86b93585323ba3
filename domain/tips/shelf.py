"""The tips that were shown lately, in memory: nearly every answer is one of a few."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from domain.tips.reading import StoredTip, get_tip, get_tips
from domain.tips.tip import Tip
from domain.unit import Units

MOST = 500
"""Tips kept; then all are forgotten."""
FRESH_FOR = 60.0
"""Seconds. As long as the index may show a tip that was changed on another worker."""


@dataclass(frozen=True, slots=True)
class ShelvedTip:
    """A tip with those that follow on from it, as they stood when it was read."""

    stored: StoredTip
    related: tuple[Tip, ...]
    """Whoever they are for: who shows them looks."""

    @property
    def tip(self) -> Tip:
        return self.stored.tip


class Shelf:
    def __init__(self, units: Units, clock: Callable[[], float] = time.monotonic) -> None:
        self._units = units
        self._clock = clock
        self._tips: dict[str, tuple[float, ShelvedTip]] = {}

    async def tip(self, tip_id: str) -> ShelvedTip:
        """A published tip. Raises `NotFound` for one that is unknown or retired."""
        now = self._clock()
        known = self._tips.get(tip_id)
        if known is not None and now - known[0] < FRESH_FOR:
            return known[1]
        async with self._units.read() as unit:
            stored = await get_tip(unit, tip_id)
            others = await get_tips(unit, stored.tip.related)
        spoken = stored.tip.language  # a card speaks one
        if len(self._tips) >= MOST:
            self._tips.clear()
        shelved = ShelvedTip(stored, tuple(other.tip for other in others if other.tip.language == spoken))
        self._tips[tip_id] = (now, shelved)
        return shelved
