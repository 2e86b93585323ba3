"""What was asked of the tenant and what it said: for tests to check, and for people to see on its page."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Literal

KEPT = 60
"""Calls that are remembered, unless somebody wants all of them."""

Why = Literal[
    "not signed in", "not permitted", "not described", "not as described", "throttled", "our mistake"
]


@dataclass(slots=True)
class Call:
    """A call as it came in. `why` is set when the tenant refused it before it was looked at, or answered wrongly."""

    at: float
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int = 0
    answer: Any = None
    why: Why | None = None
    said: str = ""


@dataclass(slots=True)
class Watch:
    """The latest calls since the start, with `keeping` every one; and how many there were of each kind of trouble."""

    recent: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))
    every: list[Call] = field(default_factory=list)
    keeping: bool = False
    statuses: Counter[int] = field(default_factory=Counter)
    reasons: Counter[Why] = field(default_factory=Counter)

    @property
    def calls(self) -> list[Call]:
        return self.every if self.keeping else list(self.recent)

    def note(self, call: Call) -> None:
        self.recent.append(call)
        if self.keeping:
            self.every.append(call)

    def ended(self, call: Call) -> None:
        self.statuses[call.status] += 1
        if call.why:
            self.reasons[call.why] += 1
