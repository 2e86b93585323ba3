"""A question for a digicoach, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.digicoaches.rules import State, Step


@dataclass(frozen=True, slots=True)
class CoachQuestion:
    """`service_id` is the asker's; `coach_id` is who has it now, or had it last."""

    id: str
    state: State
    version: int
    asker_id: str
    service_id: str
    language: str
    place: str | None
    text: str
    tips: tuple[str, ...]
    tip_question_id: str | None
    coach_id: str
    asked_at: datetime
    offered_at: datetime
    reminded_at: datetime | None
    due_at: datetime
    next_at: datetime | None
    ticket_id: str | None
    draft_id: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened to a question. Time did it when `by_id` is empty."""

    what: Step
    by_id: str
    coach_id: str | None
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """`cursor` fetches the next page; None on the last one."""

    questions: tuple[CoachQuestion, ...]
    cursor: str | None
