"""Who may be typing to an agent: known without a look at the database in nearly every turn."""

from __future__ import annotations

import time
from collections.abc import Callable

from domain.helpdesk.reading import people_with_pending_answers
from domain.unit import Units

FRESH_FOR = 2.0
"""Seconds. Nobody reads an answer and types a reply faster than this."""
MOST = 5000
"""People remembered. When more have an answer to react to, everybody is taken to have one."""


class PendingAnswers:
    """The people the desk answered lately, as the database had them `FRESH_FOR` seconds ago at most.

    Asked in every turn that starts with typed text, and right on every worker: the database is what it reads, one
    query for everybody, however many turns there are in between.
    """

    def __init__(
        self, units: Units, fresh_for: float = FRESH_FOR, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._units = units
        self._fresh_for = fresh_for
        self._clock = clock
        self._people: frozenset[str] = frozenset()
        self._read_at: float | None = None

    async def may_be(self, person_id: str) -> bool:
        """False when this person surely has no answer to react to."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= self._fresh_for:
            self._read_at = now
            async with self._units.read() as unit:
                self._people = await people_with_pending_answers(unit, MOST)
        return person_id in self._people or len(self._people) >= MOST
