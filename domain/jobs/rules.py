"""When a job is tried again, when it is given up, and what may be kept of its error."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

LEASE = timedelta(minutes=2)
"""How long a worker has a job to itself. A worker that died is followed up after this."""

TIME_LIMIT = timedelta(seconds=110)
"""A handler is stopped after this: shorter than the lease, so that no second worker starts meanwhile."""

MAX_ATTEMPTS = 20
"""With the waits below: about nine hours, so that a service may be away for a working day."""

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ASKED_WAIT = timedelta(days=1)


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th try failed: doubled each time, up to an hour.

    `jitter` from 0 to 1 spreads it over the upper half, so that jobs that failed together do not
    come back together.
    """
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 30)
    return min(doubled, LONGEST_WAIT) * (0.5 + jitter / 2)


def next_attempt(now: datetime, attempts: int, jitter: float, after: float | None = None) -> datetime | None:
    """When to try again, or None to give up.

    `after` is what the other side asked for in seconds: never sooner than that, however often we tried.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = backoff(attempts, jitter)
    if after is not None:
        asked = timedelta(seconds=min(max(after, 0), LONGEST_ASKED_WAIT.total_seconds()))
        wait = max(wait, asked + FIRST_WAIT * jitter)
    return now + wait


_NAMED = (
    r"""(?i)\b([\w-]*(?:key|secret|token|password|passwd|pwd|sig|signature)["']?\s*[=:]\s*["']?)[^\s"',;&]+"""
)
_SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic|sharedkey)\s+\S+"), r"\1 …"),
    (re.compile(_NAMED), r"\1…"),
    (re.compile(r"\beyJ[\w-]+\.[\w.-]+"), "…"),  # a JSON web token
    (re.compile(r"(\w+://)[^/\s@]+@"), r"\1…@"),  # user and password in an address
    (re.compile(r"(https?://[^\s?]+)\?\S+"), r"\1?…"),  # a query can carry a signature
    (re.compile(r"\b(?=[\w+-]*\d)[\w+-]{40,}={0,2}"), "…"),  # long and with digits: it can be a key
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def without_secrets(text: str) -> str:
    """The text with whatever looks like a key, token or password taken out."""
    for secret, kept in _SECRETS:
        text = secret.sub(kept, text)
    return text


def error_text(error: BaseException) -> str:
    """What an operator may read of an error: its kind and message on one line, without secrets, 500 characters."""
    return without_secrets(_CONTROL.sub(" ", f"{type(error).__name__}: {error}"))[:500]
