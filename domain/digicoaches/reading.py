"""Questions for digicoaches as they stand, for the two whom each concerns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from domain.actor import Actor
from domain.digicoaches.models import CoachQuestionRow, CoachStepRow
from domain.digicoaches.question import CoachQuestion, Line, QuestionPage
from domain.digicoaches.rules import CURRENT, State, Step
from domain.errors import NotFound
from domain.tables import is_id
from domain.unit import Unit

LINES = 50
"""Steps of one question that are read: nobody gets there by hand."""


async def load_question(unit: Unit, question_id: str) -> CoachQuestion:
    """For jobs and timers: nobody looks. Raises `NotFound`."""
    found = None
    if is_id(question_id):
        known = select(CoachQuestionRow).where(CoachQuestionRow.id == question_id)
        found = (await unit.db.execute(known)).one_or_none()
    if found is None:
        raise NotFound("There is no such question.")
    return question_of(found)


async def access_question(unit: Unit, actor: Actor, question_id: str) -> CoachQuestion:
    """For who asked it and for the digicoach who has it. Raises `NotFound` for everybody else."""
    question = await load_question(unit, question_id)
    if actor.id not in (question.asker_id, question.coach_id):
        raise NotFound("There is no such question.")
    return question


async def lines_of(unit: Unit, question_id: str) -> tuple[Line, ...]:
    """What happened to a question, the oldest first."""
    newest = select(CoachStepRow).where(CoachStepRow.question_id == question_id)
    rows = (await unit.db.execute(newest.order_by(CoachStepRow.id.desc()).limit(LINES))).all()
    return tuple(Line(Step(row.what), row.by_id, row.coach_id, row.text, row.at) for row in reversed(rows))


async def coaches_asked(unit: Unit, question_id: str) -> set[str]:
    """Everybody this question went to."""
    offers = select(CoachStepRow.coach_id).where(
        CoachStepRow.question_id == question_id, CoachStepRow.what == Step.OFFER.value
    )
    return {coach for coach in (await unit.db.execute(offers)).scalars() if coach}


async def questions_for(
    unit: Unit, coach_id: str, *, limit: int = 10, cursor: str | None = None
) -> QuestionPage:
    """What a digicoach has that is not over, the newest first."""
    mine = (CoachQuestionRow.coach_id == coach_id, CoachQuestionRow.state.in_(CURRENT))
    return await _page(unit, select(CoachQuestionRow).where(*mine), limit, cursor)


async def my_questions(
    unit: Unit, asker_id: str, *, limit: int = 10, cursor: str | None = None
) -> QuestionPage:
    """What somebody asked digicoaches, the newest first; without what became a ticket, which is in another list."""
    mine = (CoachQuestionRow.asker_id == asker_id, CoachQuestionRow.state != State.TICKET.value)
    return await _page(unit, select(CoachQuestionRow).where(*mine), limit, cursor)


async def _page(unit: Unit, query: Any, limit: int, cursor: str | None) -> QuestionPage:
    if cursor is not None and is_id(cursor):
        query = query.where(CoachQuestionRow.id < cursor)
    rows = (await unit.db.execute(query.order_by(CoachQuestionRow.id.desc()).limit(limit + 1))).all()
    questions = tuple(question_of(row) for row in rows[:limit])
    return QuestionPage(questions, questions[-1].id if len(rows) > limit else None)


def question_of(row: Row[Any]) -> CoachQuestion:
    return CoachQuestion(
        id=row.id,
        state=State(row.state),
        version=row.version,
        asker_id=row.asker_id,
        service_id=row.service_id,
        language=row.language,
        place=row.place,
        text=row.text,
        tips=tuple(row.tips),
        tip_question_id=row.tip_question_id,
        coach_id=row.coach_id,
        asked_at=row.asked_at,
        offered_at=row.offered_at,
        reminded_at=row.reminded_at,
        due_at=row.due_at,
        next_at=row.next_at,
        ticket_id=row.ticket_id,
        draft_id=row.draft_id,
    )
