"""How much one app may ask of a tenant: the limits Microsoft publishes for a city of 1,000 to 5,000 licences."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` in any `seconds`. With `counts_refused`, what is refused uses it up as well."""

    amount: int
    seconds: float
    counts_refused: bool = False


DIRECTORY_WRITES = Limit(3000, 150)
INVITATIONS = Limit(150, 5)
TEAMS_POST = Limit(10, 1)
TEAMS_PUT = Limit(6, 1)
ONE_TEAM = Limit(4, 1)
SHAREPOINT = Limit(2400, 60, counts_refused=True)
"""In resource units: reading one thing is 1, a list or a write 2, who has access 5."""

_TEAM = re.compile(r"^/graph/v1\.0/teams(?:/([^/]+))?")
_SHAREPOINT = re.compile(r"/_api/|^/graph/v1\.0/(groups/[^/]+/)?sites(/|$)")
_PERMISSIONS = re.compile(r"/associated\w+group/users", re.IGNORECASE)
_SHAREPOINT_LIST = re.compile(r"/(lists|views|columns|contentTypes|operations)$", re.IGNORECASE)

Use = tuple[str, Limit, int]
"""What a call uses: whose limit, which one, and how much of it."""


def uses(method: str, path: str) -> Iterator[Use]:
    """The limits that a call counts against."""
    if _SHAREPOINT.search(path):
        yield "sharepoint", SHAREPOINT, _resource_units(method, path)
        return
    if team := _TEAM.match(path):
        if method == "POST":
            yield "teams_post", TEAMS_POST, 1
        elif method in ("PUT", "PATCH"):
            yield "teams_put", TEAMS_PUT, 1
        if team[1]:
            yield f"team {team[1]}", ONE_TEAM, 1
        return
    if path.endswith("/invitations"):
        yield "invitations", INVITATIONS, 1
    if method != "GET":
        yield "directory_writes", DIRECTORY_WRITES, 1


def _resource_units(method: str, path: str) -> int:
    if _PERMISSIONS.search(path):
        return 5
    return 2 if method != "GET" or _SHAREPOINT_LIST.search(path) else 1


@dataclass(slots=True)
class _Window:
    spent: deque[tuple[float, int]] = field(default_factory=deque)
    total: int = 0

    def forget_before(self, moment: float) -> None:
        while self.spent and self.spent[0][0] <= moment:
            self.total -= self.spent.popleft()[1]

    def spend(self, now: float, amount: int) -> None:
        self.spent.append((now, amount))
        self.total += amount

    def room_at(self, too_much: int, seconds: float) -> float:
        """When `too_much` of what was spent will be forgotten."""
        for moment, amount in self.spent:
            too_much -= amount
            if too_much <= 0:
                return moment + seconds
        return self.spent[-1][0] + seconds


class Throttle:
    """Counts over sliding windows."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def retry_after(self, method: str, path: str, now: float, time_scale: float = 1.0) -> str | None:
        """None lets the call through; otherwise what `Retry-After` has to say. Either way the call is counted.

        `now` is in seconds; `time_scale` is how long a second of the limits takes of those.
        """
        waits: list[float] = []
        counted: list[tuple[_Window, int, Limit]] = []
        for name, limit, amount in uses(method, path):
            window = self._windows.setdefault(name, _Window())
            seconds = limit.seconds * time_scale
            window.forget_before(now - seconds)
            counted.append((window, amount, limit))
            too_much = window.total + amount - limit.amount
            if too_much > 0:
                waits.append(window.room_at(too_much, seconds) - now)
        for window, amount, limit in counted:
            if not waits or limit.counts_refused:
                window.spend(now, amount)
        if not waits:
            return None
        return str(math.ceil(max(waits))) if time_scale >= 1 else f"{max(waits) + 0.001:.3f}"
