"""What a city decides about changes, read from `organisation/changes.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class ChangeType(StrEnum):
    """A standard change was approved beforehand, as a way of working; an emergency cannot wait for the whole board."""

    STANDARD = "standard"
    NORMAL = "normal"
    EMERGENCY = "emergency"


class Risk(IntEnum):
    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class Question:
    """`options` are id → title, and `points` id → how much risk that adds."""

    id: str
    text: str
    options: Mapping[str, str]
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """From `medium_from` points on the risk is medium, from `high_from` on high."""

    questions: tuple[Question, ...]
    medium_from: int
    high_from: int


@dataclass(frozen=True, slots=True)
class StandardChange:
    """A change the board approved once and for all, with the way it is done and undone."""

    id: str
    name: str
    plan: str
    back_out: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """Days, the first and the last included, on which nothing should be changed."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ChangePolicy:
    """`systems` (id → name) are what changes are made to. `approvals` names the policy in `approvals.yaml` by type and
    risk; a standard change needs none."""

    questionnaire: Questionnaire
    systems: Mapping[str, str]
    standard: tuple[StandardChange, ...]
    approvals: Mapping[ChangeType, Mapping[Risk, str]]
    freezes: tuple[Freeze, ...] = field(default=())
