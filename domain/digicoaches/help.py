"""Help as it was given: registered in one press, and counted per service, digicoach and year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from domain.actor import Actor
from domain.desk import Desk
from domain.digicoaches.models import CoachHelpRow
from domain.digicoaches.moves import check_possible, move
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import access_question
from domain.digicoaches.register import access_coach
from domain.digicoaches.rules import BY_COACH, MINUTES, OPEN, Outcome, State, Step
from domain.errors import Invalid, NotFound
from domain.tables import new_id
from domain.unit import Unit, dialect_insert


@dataclass(frozen=True, slots=True)
class Figures:
    """How often people were helped, and how it went. `minutes` is the sum."""

    helps: int = 0
    minutes: int = 0
    helped: int = 0
    practice: int = 0
    not_yet: int = 0


NONE = Figures()


async def note_help(
    unit: Unit, desk: Desk, actor: Actor, question_id: str, minutes: int, outcome: Outcome
) -> CoachQuestion:
    """Register how long a question took and how it went; the last word stands. What worked out is over.

    Raises `NotFound` for who does not have the question and `Conflict` when it was withdrawn.
    """
    _check_minutes(minutes)
    question = await access_question(unit, actor, question_id)
    if actor.id != question.coach_id:
        raise NotFound("There is no such question.")
    if question.state not in (State.DONE, State.TICKET):
        check_possible(question, Step.DONE, BY_COACH)
    row = _row(unit, actor.id, question.service_id, question.id, minutes, outcome)
    again = {name: row[name] for name in ("minutes", "outcome")}
    upsert = dialect_insert(unit.db.dialect.name, CoachHelpRow).values(row)
    await unit.db.execute(upsert.on_conflict_do_update(index_elements=["question_id"], set_=again))
    if outcome is Outcome.NOT_YET:
        # It waits on: for the digicoach, or for the helpdesk once it is too late.
        taken = question.state is State.OFFERED
        return (
            await move(unit, desk, question, Step.ACCEPT, State.ACCEPTED, actor.id, offered_at=unit.now)
            if taken
            else question
        )
    if question.state in (*OPEN, State.ANSWERED):
        return await move(unit, desk, question, Step.DONE, State.DONE, actor.id)
    return question


async def note_on_the_floor(
    unit: Unit, desk: Desk, actor: Actor, minutes: int, outcome: Outcome, *, key: str
) -> None:
    """Register help that did not come through Wijzer. Raises `NotFound` for who is no digicoach."""
    _check_minutes(minutes)
    coach = await access_coach(unit, desk, actor)
    row = _row(unit, actor.id, coach.service_id, None, minutes, outcome)
    if await unit.once(actor.id, key, (minutes, outcome), row["id"]) is None:
        await unit.insert_new(CoachHelpRow, row)


async def help_with(unit: Unit, question_id: str) -> tuple[int, Outcome] | None:
    """What was registered about a question: minutes, and how it went."""
    known = select(CoachHelpRow.minutes, CoachHelpRow.outcome).where(CoachHelpRow.question_id == question_id)
    row = (await unit.db.execute(known)).one_or_none()
    return (row.minutes, Outcome(row.outcome)) if row else None


async def figures_by_service(
    unit: Unit, start: datetime, end: datetime, service_ids: Sequence[str] | None = None
) -> dict[str, Figures]:
    """From `start` up to `end`; a service that nobody helped is not in it."""
    query = select(CoachHelpRow.service_id.label("id"), *_SUMS).where(
        CoachHelpRow.at >= start, CoachHelpRow.at < end
    )
    if service_ids is not None:
        query = query.where(CoachHelpRow.service_id.in_(service_ids))
    rows = await unit.db.execute(query.group_by(CoachHelpRow.service_id))
    return {row.id: _figures(row) for row in rows}


async def figures_by_coach(
    unit: Unit, start: datetime, end: datetime, coach_ids: Sequence[str]
) -> dict[str, Figures]:
    rows = await unit.db.execute(
        select(CoachHelpRow.coach_id.label("id"), *_SUMS)
        .where(CoachHelpRow.coach_id.in_(coach_ids), CoachHelpRow.at >= start, CoachHelpRow.at < end)
        .group_by(CoachHelpRow.coach_id)
    )
    return {row.id: _figures(row) for row in rows}


async def figures_of_all(unit: Unit, start: datetime, end: datetime) -> Figures:
    rows = await unit.db.execute(select(*_SUMS).where(CoachHelpRow.at >= start, CoachHelpRow.at < end))
    return _figures(rows.one())


_SUMS = (
    func.count().label("helps"),
    func.coalesce(func.sum(CoachHelpRow.minutes), 0).label("minutes"),
    *(func.count().filter(CoachHelpRow.outcome == outcome.value).label(outcome.value) for outcome in Outcome),
)


def _figures(row: Any) -> Figures:
    return Figures(row.helps, int(row.minutes), row.helped, row.practice, row.not_yet)


def _check_minutes(minutes: int) -> None:
    if minutes not in MINUTES:
        raise Invalid("Choose how long it took.", field="minutes")


def _row(
    unit: Unit, coach_id: str, service_id: str, question_id: str | None, minutes: int, outcome: Outcome
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "coach_id": coach_id,
        "service_id": service_id,
        "question_id": question_id,
        "minutes": minutes,
        "outcome": outcome.value,
        "at": unit.now,
    }
