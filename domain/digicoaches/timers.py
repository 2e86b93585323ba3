"""What time does to questions that wait: a reminder, the next digicoach, and in the end the helpdesk."""

from __future__ import annotations

from sqlalchemy import select, update

from domain.desk import Desk
from domain.digicoaches.actions import offer_next
from domain.digicoaches.choosing import away_of
from domain.digicoaches.handover import hand_over
from domain.digicoaches.models import CoachQuestionRow
from domain.digicoaches.moves import COACH_NEWS_VIEW, move, tell
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import question_of
from domain.digicoaches.register import coach_of
from domain.digicoaches.rules import Due, Step, schedule
from domain.errors import Conflict
from domain.helpdesk.rules import Kind
from domain.unit import Unit

BITE = 100


async def sweep_questions(desk: Desk, limit: int = BITE) -> int:
    """Do what has come due, each question in a transaction of its own. How many there were."""
    async with desk.units.read() as unit:
        due = select(CoachQuestionRow.id).where(CoachQuestionRow.next_at <= unit.now)
        ids = (await unit.db.execute(due.order_by(CoachQuestionRow.next_at).limit(limit))).scalars().all()
    for question_id in ids:
        try:
            async with desk.units() as unit:
                await _come_due(unit, desk, question_id)
        except Conflict:
            continue  # somebody moved it on at this very moment
    return len(ids)


async def _come_due(unit: Unit, desk: Desk, question_id: str) -> None:
    """Nothing when another timer, or a person, was first."""
    row = (await unit.db.execute(select(CoachQuestionRow).where(CoachQuestionRow.id == question_id))).one()
    if row.next_at is None or row.next_at > unit.now:
        return
    question = question_of(row)
    organisation = desk.organisation
    soonest = schedule(
        question.state,
        question.offered_at,
        question.reminded_at,
        question.due_at,
        organisation.digicoaches,
        organisation.calendar,
    )
    if question.due_at <= unit.now:
        await hand_over(unit, desk, question, Kind.REQUEST, "", late=True)
    elif await coach_of(unit, desk, question.coach_id) is None:
        # Who is no digicoach any more cannot be waited for.
        if await offer_next(unit, desk, question, "") is None:
            await hand_over(unit, desk, question, Kind.REQUEST, "", late=True)
    elif soonest is not None and soonest[1] is Due.REMIND and not await _is_away(unit, desk, question):
        reminded = await move(unit, desk, question, Step.REMIND, question.state, "", reminded_at=unit.now)
        await tell(unit, COACH_NEWS_VIEW, reminded, question.coach_id)
    elif await offer_next(unit, desk, question, "") is None:
        # Too late, or who has it is away; but nobody else is free: it stays where it is, as long as it can.
        waits = update(CoachQuestionRow).where(CoachQuestionRow.id == question.id)
        await unit.db.execute(waits.values(next_at=question.due_at))


async def _is_away(unit: Unit, desk: Desk, question: CoachQuestion) -> bool:
    return bool(await away_of(unit, desk, [question.coach_id]))
