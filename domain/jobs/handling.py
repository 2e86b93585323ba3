"""What a job handler is, and how it says that a job is not done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job this worker holds the lease of. The same job may come again after a crash: handlers repeat safely."""

    id: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    lane: str | None = None


JobHandler = Callable[[ClaimedJob], Awaitable[None]]
"""Returns when the job is done; raises one of the below, or anything else to be tried again with backoff."""


NOTHING_HEARD: Mapping[str, JobHandler] = MappingProxyType({})
"""The handlers of a feature whose news nobody wants to hear."""


async def nobody_hears(job: ClaimedJob) -> None:
    """For a job that only says that something happened, while nobody wants to hear of it."""


class RetryLaterError(Exception):
    """Not now. `after` is in seconds, as the other side asked (Retry-After), or None for the usual backoff."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class WaitForError(Exception):
    """Park the job until `what` happens, such as `chat:anna` when a person has no chat yet."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class PermanentFailureError(Exception):
    """Trying again cannot help: straight to poison, where an operator sees it."""
