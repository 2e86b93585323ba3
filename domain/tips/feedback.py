"""What people say of an answer: in words, and by who went on with their question."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select, update

from domain.actor import Actor
from domain.errors import Invalid, NotFound
from domain.helpdesk.texts import clean
from domain.tables import is_id
from domain.tips.models import QuestionRow, RatingRow
from domain.tips.rules import redact
from domain.unit import Unit

WORDS_LIMIT = 1000


class HandedTo(StrEnum):
    """Who goes on with a question that a tip did not answer."""

    HELPDESK = "helpdesk"
    DIGICOACH = "digicoach"
    AUTHORS = "authors"


async def say_more(unit: Unit, actor: Actor, tip_id: str, question_id: str, words: str) -> str:
    """Keep what was missing in a tip, beside the person's rating of it; the latest words stand. Returns what is kept:
    secrets are left out.

    Raises `Invalid` without words, `NotFound` when this person did not rate it.
    """
    said = redact(clean(words)[:WORDS_LIMIT]).text
    if not said:
        raise Invalid("Say in a few words what was missing, please.", field="words")
    mine = (RatingRow.tip_id == tip_id, RatingRow.person_id == actor.id)
    which = RatingRow.question_id == question_id if is_id(question_id) else RatingRow.question_id.is_(None)
    latest = select(RatingRow.id).where(*mine, which).order_by(RatingRow.id.desc()).limit(1).scalar_subquery()
    kept = await unit.db.execute(update(RatingRow).where(RatingRow.id == latest).values(words=said))
    if kept.rowcount != 1:
        raise NotFound("There is nothing here for you.")
    return said


async def hand_over(unit: Unit, actor: Actor, question_id: str, to: HandedTo) -> None:
    """Note who goes on with a question of this person: the first one counts. Unknown questions change nothing."""
    if is_id(question_id):
        mine = (QuestionRow.id == question_id, QuestionRow.person_id == actor.id)
        await unit.db.execute(
            update(QuestionRow).where(*mine, QuestionRow.handed_to.is_(None)).values(handed_to=to)
        )


async def ask_authors(unit: Unit, actor: Actor, question_id: str) -> tuple[str, str | None]:
    """Put a question before the tip authors. Its text, and the cluster it is in already, if any.

    Whoever went on with it before, the authors see it now. Raises `NotFound` for an unknown question and for somebody
    else's.
    """
    found = None
    if is_id(question_id):
        mine = (QuestionRow.id == question_id, QuestionRow.person_id == actor.id)
        asked = update(QuestionRow).where(*mine).values(handed_to=HandedTo.AUTHORS)
        found = (
            await unit.db.execute(asked.returning(QuestionRow.text, QuestionRow.cluster_id))
        ).one_or_none()
    if found is None:
        raise NotFound("I do not have this question any more. Please ask it again.")
    return found.text, found.cluster_id
