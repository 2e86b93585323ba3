"""One step of a question: the state changes only from the version that was looked at, and what happened is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import insert, update

from domain.actor import Actor
from domain.chats.actions import posts_about, show
from domain.desk import Desk
from domain.digicoaches.models import CoachQuestionRow, CoachStepRow
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import LINES, access_question, coaches_asked, load_question
from domain.digicoaches.rules import BY_ASKER, BY_COACH, State, Step, schedule
from domain.errors import Conflict, NotFound
from domain.tables import new_id
from domain.unit import Unit

ASKER_VIEW = "digicoach.asker"
"""For who asked: how it stands. Its subject is the question."""
ASKER_NEWS_VIEW = "digicoach.answer"
"""For who asked: a new card, for an answer or for a ticket. Its subject is the question, a colon and a version."""
COACH_VIEW = "digicoach.question"
"""For the digicoach who is asked; who passed it on sees that. Its subject is the question."""
COACH_NEWS_VIEW = "digicoach.again"
"""For the digicoach: a new card, for a reminder or because the asker does not get there. Subject as above."""


async def access_as_coach(unit: Unit, actor: Actor, question_id: str, step: Step) -> CoachQuestion:
    """The question that this digicoach has. Raises `NotFound`, and `Conflict` when the step is not possible now."""
    question = await access_question(unit, actor, question_id)
    if actor.id != question.coach_id:
        raise NotFound("There is no such question.")
    check_possible(question, step, BY_COACH)
    return question


async def access_as_asker(unit: Unit, actor: Actor, question_id: str, step: Step) -> CoachQuestion:
    """The question that this person asked. Raises `NotFound`, and `Conflict` when the step is not possible now."""
    question = await access_question(unit, actor, question_id)
    if actor.id != question.asker_id:
        raise NotFound("There is no such question.")
    check_possible(question, step, BY_ASKER)
    return question


def check_possible(question: CoachQuestion, step: Step, moves: Mapping[Step, Collection[State]]) -> None:
    if question.state not in moves[step]:
        raise Conflict("This is not possible any more: the question has moved on.")


async def move(
    unit: Unit,
    desk: Desk,
    question: CoachQuestion,
    step: Step,
    to: State,
    by_id: str,
    *,
    whom: str | None = None,
    text: str | None = None,
    **values: Any,
) -> CoachQuestion:
    """Take a step and set columns to `values`; `whom` is the digicoach it is about, when that is not who takes it.

    Raises `Conflict` when somebody, or time, was first. All cards that stand follow.
    """
    offered_at = values.get("offered_at", question.offered_at)
    reminded_at = values.get("reminded_at", question.reminded_at)
    due = values.get("due_at", question.due_at)
    organisation = desk.organisation
    soonest = schedule(to, offered_at, reminded_at, due, organisation.digicoaches, organisation.calendar)
    changed = await unit.db.execute(
        update(CoachQuestionRow)
        .where(CoachQuestionRow.id == question.id, CoachQuestionRow.version == question.version)
        .values(
            state=to.value,
            version=question.version + 1,
            next_at=soonest[0] if soonest else None,
            changed_at=unit.now,
            **values,
        )
    )
    if changed.rowcount != 1:
        raise Conflict("This is not possible any more: the question has moved on.")
    await record(unit, question.id, step, by_id, whom=whom, text=text)
    await refresh_cards(unit, question)
    return await load_question(unit, question.id)


async def record(
    unit: Unit,
    question_id: str,
    step: Step,
    by_id: str,
    *,
    whom: str | None = None,
    text: str | None = None,
) -> None:
    await unit.db.execute(
        insert(CoachStepRow),
        {
            "id": new_id(),
            "question_id": question_id,
            "what": step.value,
            "by_id": by_id,
            "coach_id": whom,
            "text": text,
            "at": unit.now,
        },
    )


async def refresh_cards(unit: Unit, question: CoachQuestion) -> None:
    """Have the cards that stand in the chats follow, those of who passed it on and those that told something too."""
    await show(unit, ASKER_VIEW, question.id, question.asker_id, only_if_posted=True)
    for person_id in sorted(await coaches_asked(unit, question.id)):
        await show(unit, COACH_VIEW, question.id, person_id, only_if_posted=True)
    for post in await posts_about(unit, subjects_of(question)):
        await show(unit, post.view, post.subject, post.person_id, only_if_posted=True)


async def tell(unit: Unit, view: str, question: CoachQuestion, person_id: str) -> None:
    """A new card about a question as it is now: one far up in a chat that changes is seen by nobody."""
    await show(unit, view, _told(question.id, question.version), person_id)


def subjects_of(question: CoachQuestion) -> list[str]:
    """What the cards that told something new about a question are found by, the latest of them."""
    last = question.version
    return [_told(question.id, version) for version in range(max(1, last - LINES), last + 1)]


def _told(question_id: str, version: int) -> str:
    return f"{question_id}:{version}"
