"""What time it is. Whoever needs to know is given a clock; this is the real one."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
