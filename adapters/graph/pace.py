"""Keeping within the limits that Microsoft publishes, so that it need not throttle us: a refused call costs as well."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` in any `seconds`."""

    amount: int
    seconds: float


DIRECTORY_WRITES = Limit(3000, 150)
INVITATIONS = Limit(150, 5)
TEAMS_POST = Limit(10, 1)
TEAMS_PUT = Limit(6, 1)
ONE_TEAM = Limit(4, 1)
SHAREPOINT = Limit(2400, 60)
"""In resource units, for a tenant of 1,001 to 5,000 licences."""

BURST = 0.03
"""The part of a limit that may be used at once. The rest is spread evenly, so that no window sees more."""

_TEAM = re.compile(r"/teams(?:/([^/?]+))?")
_SITES = re.compile(r"/sites(/|\?|$)")
_ACCESS = re.compile(r"/associated(owner|member)group/users", re.IGNORECASE)
_MANY = re.compile(r"/(lists|views|columns|contentTypes|operations)(\?|$)", re.IGNORECASE)

Use = tuple[str, Limit, int]
"""What a call uses: the name of what is limited, its limit, and how much of it."""


def uses(method: str, path: str) -> Iterator[Use]:
    """The limits a call counts against. `path` is what follows the service's address, with its query."""
    if "/_api/" in path or _SITES.search(path):
        units = 5 if _ACCESS.search(path) else 2 if method != "GET" or _MANY.search(path) else 1
        yield "sharepoint", SHAREPOINT, units
        return
    if team := _TEAM.match(path):
        if method == "POST":
            yield "teams_post", TEAMS_POST, 1
        elif method in ("PUT", "PATCH"):
            yield "teams_put", TEAMS_PUT, 1
        if team[1]:
            yield f"team {team[1]}", ONE_TEAM, 1
        return
    if path.startswith("/invitations"):
        yield "invitations", INVITATIONS, 1
    if method != "GET":
        yield "directory_writes", DIRECTORY_WRITES, 1


@dataclass(slots=True)
class _Bucket:
    """When all that was let through would have been spread out evenly, on the clock of `Pace`."""

    level: float = 0.0


@dataclass(slots=True)
class Pace:
    """`speed` multiplies the limits: below 1 when several processes share the tenant, or it is a smaller one."""

    speed: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def wait(self, method: str, path: str, longest: float) -> float:
        """Seconds to wait before this call. Its room is taken, first come first served, unless it is over `longest`."""
        now = self.clock()
        taken: list[tuple[_Bucket, float]] = []
        wait = 0.0
        for name, limit, amount in uses(method, path):
            if name not in self._buckets and len(self._buckets) > 1000:
                self._forget(now)
            bucket = self._buckets.setdefault(name, _Bucket())
            allowed = limit.amount * min(self.speed, 1.0)
            burst = max(1.0, allowed * BURST)
            rate = max(allowed - burst, allowed / 2) / limit.seconds * max(self.speed, 1.0)
            spent = max(bucket.level, now) + amount / rate
            taken.append((bucket, spent))
            wait = max(wait, spent - burst / rate - now)
        if wait <= longest:
            for bucket, spent in taken:
                bucket.level = spent
        return wait

    def pause(self, method: str, path: str, seconds: float) -> None:
        """We were throttled all the same: nothing of this kind goes out for so long."""
        until = self.clock() + seconds
        for name, _, _ in uses(method, path):
            bucket = self._buckets.setdefault(name, _Bucket())
            bucket.level = max(bucket.level, until)

    def _forget(self, now: float) -> None:
        """Teams we have not called for a while."""
        self._buckets = {name: bucket for name, bucket in self._buckets.items() if bucket.level > now}
