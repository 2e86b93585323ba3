"""How the tenant misbehaves, as the real one does. Nothing of it happens unless somebody asks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from localhost.tenant.answers import Answer, Ask, Refusal


class Fault(BaseModel):
    """`times` calls that fit go wrong, of every `one_in` the first. `status` 0 breaks the connection. With `after_work`
    what was asked is done first, and only the answer is lost. `hold` keeps the answer back for so many seconds."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    times: int = 1
    one_in: int = Field(default=1, ge=1)
    status: int = 0
    retry_after: float | None = None
    after_work: bool = False
    hold: float = 0.0
    seen: int = 0

    def fits(self, ask: Ask) -> bool:
        """Whether it happens to this call; counts the calls that it could happen to."""
        if self.times <= 0 or self.method != ask.method or not re.search(self.path, ask.path):
            return False
        self.seen += 1
        if (self.seen - 1) % self.one_in:
            return False
        self.times -= 1
        return True


class Trouble(BaseModel):
    """How it misbehaves now. All times are in seconds of the tenant.

    `time_scale` is how long such a second takes here: with 0.01, what takes a city 100 seconds takes one. It goes for
    the limits and `Retry-After` too.
    """

    model_config = ConfigDict(extra="forbid")

    time_scale: float = Field(default=1.0, gt=0)
    throttled: bool = False
    """Hold the caller to the limits that Microsoft publishes."""
    read_lag: float = 0.0
    """What was written in the directory cannot be read for so long."""
    site_time: float = 0.0
    """Making a site takes so long."""
    team_lag: float = 0.0
    """Teams does not know a new group for so long."""
    team_time: float = 0.0
    """Making or archiving a team takes so long."""
    failing_teams: int = 0
    """So many of the next operations on teams start well and end badly."""
    content_type_time: float = 0.0
    """Copying a content type takes so long: 4200 in the worst case."""
    page_size: int = Field(default=100, ge=1)
    largest_sharing_capability: int = 1
    """What the tenant allows at most, whatever is asked for a site."""
    refuses_guests: bool = False
    """Nobody outside the city can be invited."""
    unlicensed: list[str] = []
    """Sign-in names of who has no licence."""
    withheld_roles: list[str] = []
    """App roles that the administrator has taken back."""
    faults: list[Fault] = []


class BrokenConnectionError(Exception):
    """The caller gets no answer at all."""


async def troubled(trouble: Trouble, ask: Ask, work: Callable[[Ask], Awaitable[Answer]]) -> Answer:
    """Let the first fault that fits happen, or let the call through."""
    fault = next((fault for fault in trouble.faults if fault.fits(ask)), None)
    if fault is None:
        return await work(ask)
    if fault.after_work:
        await work(ask)
    await asyncio.sleep(fault.hold * trouble.time_scale)
    if fault.status == 0:
        raise BrokenConnectionError
    headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
    code = "TooManyRequests" if fault.status == 429 else "ServiceUnavailable"
    return Refusal(fault.status, code, "Trouble, as asked.", headers).answer(ask)
