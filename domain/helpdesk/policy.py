"""What a city decides about its helpdesk, read from `organisation/helpdesk.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Impact(StrEnum):
    """How far it reaches. People answer "how many colleagues does this touch?"."""

    HIGH = "high"  # several teams, or people at the counter
    MEDIUM = "medium"  # one team
    LOW = "low"  # one person


class Urgency(StrEnum):
    """How long it can wait. People answer "can you go on working?"."""

    HIGH = "high"  # not at all
    MEDIUM = "medium"  # with a detour
    LOW = "low"  # yes


class Priority(IntEnum):
    """What is handled first; 1 comes before 4."""

    CRITICAL = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4


@dataclass(frozen=True, slots=True)
class HelpdeskPolicy:
    """`matrix` is complete: every impact has every urgency. `response_hours` are working hours until somebody of
    the desk looks at a ticket. A resolved ticket can be reopened for `reopen_days` calendar days."""

    name: str
    phone: str
    matrix: Mapping[Impact, Mapping[Urgency, Priority]]
    response_hours: Mapping[Priority, int]
    reopen_days: int
