"""A question to the tips, which tip somebody took, and whether it helped. Every change may be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.actor import Actor
from domain.tables import new_id
from domain.tips.models import QuestionRow, RatingRow
from domain.tips.reading import StoredTip, access_tip
from domain.tips.tip import Asked, Zone
from domain.unit import Unit

UNANSWERED = "tips.unanswered"
"""Job kind: nobody could answer a question. Payload `{question}`; for whoever wants to hear of it."""


async def record_question(unit: Unit, actor: Actor, asked: Asked, key: str) -> str:
    """Write down a question of this person. Returns its id, or that of the first time when `key` was used before."""
    first = await unit.once(actor.id, key, asked.text, asked.id)
    if first is None:
        await record_questions(unit, [asked])
    return first or asked.id


async def record_questions(unit: Unit, asked: Sequence[Asked]) -> None:
    """Write down questions together. Writing one again changes nothing."""
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    rows = [
        {
            "id": one.id,
            "person_id": one.person_id,
            "language": one.language,
            "text": one.text,
            "zone": one.zone,
            "confidence": one.confidence,
            "shown": list(one.shown),
            "tip_id": one.shown[0] if one.zone is Zone.ANSWER else None,
            "none_fitted": False,
            "at": unit.now,
            "team_id": one.team_id,
        }
        for one in asked
    ]
    if rows:
        await unit.db.execute(dialect.insert(QuestionRow).on_conflict_do_nothing(), rows)
    for one in asked:
        if one.zone is Zone.UNKNOWN:
            await _not_answered(unit, one.id)


async def _not_answered(unit: Unit, question_id: str) -> None:
    await unit.enqueue(UNANSWERED, {"question": question_id}, key=f"{UNANSWERED}:{question_id}")


@dataclass(frozen=True, slots=True)
class Latest:
    """A question as it was stored, and the tip the person ended up with."""

    id: str
    text: str
    tip_id: str | None


async def question_text(unit: Unit, actor: Actor, question_id: str) -> str | None:
    """What this person asked, as it was stored. None for an unknown question or somebody else's."""
    found: str | None = (
        await unit.db.execute(
            select(QuestionRow.text).where(QuestionRow.id == question_id, QuestionRow.person_id == actor.id)
        )
    ).scalar_one_or_none()
    return found


async def latest_question(unit: Unit, actor: Actor, since: datetime) -> Latest | None:
    """What this person asked last; None when that was before `since`, or when a tip helped."""
    row = (
        await unit.db.execute(
            select(QuestionRow.id, QuestionRow.text, QuestionRow.tip_id, QuestionRow.helped)
            .where(QuestionRow.at >= since, QuestionRow.person_id == actor.id)
            .order_by(QuestionRow.at.desc(), QuestionRow.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None or row.helped else Latest(row.id, row.text, row.tip_id)


async def choose_tip(unit: Unit, actor: Actor, question_id: str, tip_id: str | None) -> None:
    """Note which of the offered tips the person took: the first choice stands. None: none of them fitted."""
    question = update(QuestionRow).where(
        QuestionRow.id == question_id, QuestionRow.person_id == actor.id, QuestionRow.tip_id.is_(None)
    )
    changed = await unit.db.execute(
        question.values(none_fitted=True) if tip_id is None else question.values(tip_id=tip_id)
    )
    if tip_id is None and changed.rowcount == 1:
        await _not_answered(unit, question_id)


@dataclass(frozen=True, slots=True)
class RateTip:
    tip_id: str
    helped: bool
    question_id: str | None = None


async def rate_tip(unit: Unit, actor: Actor, command: RateTip, key: str) -> StoredTip:
    """Keep whether a tip helped, once per question and person; the first word stands. `key` makes a repeat harmless.

    Raises `NotFound` for a tip that is unknown or not for them, `Conflict` when the key was used for something else.
    """
    stored = await access_tip(unit, actor, command.tip_id)
    rating_id = new_id()
    if await unit.once(actor.id, key, command, rating_id) is not None:
        return stored
    await unit.insert_new(
        RatingRow,
        {
            "id": rating_id,
            "tip_id": command.tip_id,
            "tip_version": stored.version,
            "question_id": command.question_id,
            "person_id": actor.id,
            "helped": command.helped,
            "at": unit.now,
        },
    )
    if command.question_id is not None:
        mine = (QuestionRow.id == command.question_id, QuestionRow.person_id == actor.id)
        await unit.db.execute(update(QuestionRow).where(*mine).values(helped=command.helped))
    return stored
