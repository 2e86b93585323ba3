"""How the tenant misbehaves, as the real one does. Nothing of it happens unless somebody asks."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from localhost.tenant.answers import graph_error

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Fault(BaseModel):
    """The next `times` calls that fit go wrong. `status` 0 breaks the connection. With `after_work` what was asked is
    done first, and only the answer is lost."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    times: int = 1
    status: int = 0
    retry_after: float | None = None
    after_work: bool = False


class Trouble(BaseModel):
    """In seconds: `read_lag` is how long what was written cannot be read, `site_time` how long making a site takes.

    `throttled` holds the caller to the published limits. `time_scale` is how long a second of the tenant takes here: with
    0.01, what takes a city 100 seconds takes one. It goes for all times, also those of the limits and `Retry-After`.
    """

    model_config = ConfigDict(extra="forbid")

    time_scale: float = Field(default=1.0, gt=0)
    throttled: bool = False
    read_lag: float = 0.0
    site_time: float = 0.0
    largest_sharing_capability: int = 1
    faults: list[Fault] = []


@dataclass(slots=True)
class Call:
    """A call as it came in, for tests to check."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int = 0
    answer: Any = None


@dataclass(slots=True)
class Watch:
    """Every call since the start, when somebody wants to know."""

    calls: list[Call] = field(default_factory=list)
    keeping: bool = False


async def troubled(trouble: Trouble, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the first fault that fits happen, or let the call through."""
    for fault in trouble.faults:
        if fault.times > 0 and fault.method == request.method and re.search(fault.path, request.path):
            fault.times -= 1
            if fault.after_work:
                await handler(request)
            if fault.status == 0:
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=500)  # nobody reads it: the connection is broken
            headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
            return graph_error(
                fault.status,
                "TooManyRequests" if fault.status == 429 else "ServiceUnavailable",
                "Trouble, as asked.",
                headers,
            )
    return await handler(request)
