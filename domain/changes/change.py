"""A planned change as everybody reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.changes.policy import ChangeType, Risk
from domain.changes.rules import ChangeState, Result, Window


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went, or what was learnt from it."""

    text: str
    by_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """`answers` are those to the risk questionnaire (question → option); `systems` the ids of what is changed."""

    ticket_id: str
    type: ChangeType
    standard_id: str | None
    systems: tuple[str, ...]
    answers: Mapping[str, str]
    risk: Risk
    plan: str
    back_out: str
    window: Window
    state: ChangeState
    needs_approval: bool
    planned_by_id: str
    result: Result | None = None
    outcome: Outcome | None = None
    review: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the change calendar."""

    ticket_id: str
    number: str
    title: str
    type: ChangeType
    risk: Risk
    systems: tuple[str, ...]
    window: Window
    state: ChangeState


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`next_cursor` asks for the next page; None when this is the last."""

    changes: tuple[Listed, ...]
    next_cursor: str | None
