"""What can be done with tips. Every list is keyset-paged; every change may be repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.actor import Actor
from domain.errors import NotFound
from domain.tables import new_id
from domain.tips.contents import columns_of, digest_of, tip_of
from domain.tips.models import QuestionRow, RatingRow, SynonymRow, TipRow, TipThemeRow
from domain.tips.tip import Asked, Origin, Tip, TipState, Zone
from domain.tips.versions import archive
from domain.unit import Unit

UNANSWERED = "tips.unanswered"
"""Job kind: nobody could answer a question. Payload `{question}`; for whoever wants to hear of it."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words of one language that mean the same."""

    language: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many tips an import added, changed, left alone and retired; `kept` are those that authors wrote or changed
    since: what they say stands."""

    added: int
    changed: int
    unchanged: int
    retired: int
    kept: int = 0


@dataclass(frozen=True, slots=True)
class StoredTip:
    """A tip with what the database knows about it."""

    tip: Tip
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class TipPage:
    """`cursor` fetches the next page; None on the last one."""

    tips: tuple[StoredTip, ...]
    cursor: str | None


async def import_tips(
    unit: Unit, tips: Iterable[Tip], synonyms: Iterable[Synonyms] | None = (), *, retire_others: bool = True
) -> Imported:
    """Make the tips table say what `tips` say: new ones added, changed ones a version up, the ones gone retired.

    Importing the same again changes nothing. A retired tip that comes back is published again. What authors wrote,
    changed or retired at the desk is theirs from then on, and an import leaves it as it is. Without `retire_others`
    tips that are not among these stay; with None for the synonyms those do.
    """
    columns = (TipRow.id, TipRow.digest, TipRow.state, TipRow.origin)
    known = {row.id: row for row in await unit.db.execute(select(*columns))}
    rows: list[dict[str, Any]] = []
    changed: list[str] = []
    kept = 0
    wanted = {tip.id: tip for tip in tips}
    for tip in wanted.values():
        before = known.get(tip.id)
        if before and before.origin == Origin.DESK:
            kept += 1
            continue
        if before and before.digest == digest_of(tip) and before.state == TipState.PUBLISHED:
            continue
        if before:
            changed.append(tip.id)
        rows.append(
            published_row(unit, tip) | {"origin": Origin.FILE, "author_id": None, "published_by": None}
        )
    await archive(unit, changed)
    await upsert_tips(unit, rows)
    await _keep_themes(unit, wanted.values())
    gone = [
        tip_id
        for tip_id, row in known.items()
        if retire_others
        and tip_id not in wanted
        and row.state == TipState.PUBLISHED
        and row.origin == Origin.FILE
    ]
    for start in range(0, len(gone), 500):
        await unit.db.execute(
            update(TipRow)
            .where(TipRow.id.in_(gone[start : start + 500]))
            .values(state=TipState.RETIRED, changed_at=unit.now)
        )
    if synonyms is not None:
        await _replace_synonyms(unit, synonyms)
    added = len(rows) - len(changed)
    return Imported(added, len(changed), len(wanted) - len(rows) - kept, len(gone), kept)


def published_row(unit: Unit, tip: Tip) -> dict[str, Any]:
    """A tip as it is published now: what `upsert_tips` takes, but for who wrote it."""
    moment = {"changed_at": unit.now, "published_at": unit.now, "reminded_at": None}
    return {**columns_of(tip), "state": TipState.PUBLISHED, "version": 1, **moment}


async def upsert_tips(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Add tips, or replace what they say: a version up."""
    if not rows:
        return
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(TipRow)
    newer = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "version")}
    await unit.db.execute(
        statement.on_conflict_do_update(
            index_elements=[TipRow.id], set_=newer | {"version": TipRow.version + 1}
        ),
        rows,
    )


async def _keep_themes(unit: Unit, tips: Iterable[Tip]) -> None:
    themes = {(tip.theme, tip.language): tip.theme_name for tip in tips}
    await keep_themes(
        unit, [{"id": theme, "language": code, "name": name} for (theme, code), name in themes.items()]
    )


async def keep_themes(unit: Unit, rows: Sequence[dict[str, str]]) -> None:
    """Themes that authors can choose from now on, by `id`, `language` and `name`."""
    if not rows:
        return
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(TipThemeRow)
    named = statement.on_conflict_do_update(
        index_elements=[TipThemeRow.id, TipThemeRow.language], set_={"name": statement.excluded.name}
    )
    await unit.db.execute(named, rows)


async def _replace_synonyms(unit: Unit, groups: Iterable[Synonyms]) -> None:
    """Those of the files, but for the ones that an author changed since."""
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    wanted = {_synonyms_id(group): group for group in groups}
    before = await unit.db.execute(select(SynonymRow.id, SynonymRow.author_id))
    known = {row.id: row.author_id for row in before}
    gone = [one for one, author_id in known.items() if author_id is None and one not in wanted]
    if gone:
        await unit.db.execute(delete(SynonymRow).where(SynonymRow.id.in_(gone)))
    rows = [
        {"id": one, "language": group.language, "words": list(group.words), "changed_at": unit.now}
        for one, group in wanted.items()
        if one not in known
    ]
    if rows:
        await unit.db.execute(dialect.insert(SynonymRow).on_conflict_do_nothing(), rows)


def _synonyms_id(group: Synonyms) -> str:
    """The same words are the same group, in every import."""
    said = "\n".join((group.language, *group.words))
    return f"file-{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def visible(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What employees get to see: published, and valid today."""
    day = now.date()
    return (
        TipRow.state == TipState.PUBLISHED,
        or_(TipRow.valid_from.is_(None), TipRow.valid_from <= day),
        or_(TipRow.valid_until.is_(None), TipRow.valid_until >= day),
    )


def _stored(row: Row[Any]) -> StoredTip:
    return StoredTip(tip_of(row), row.version, row.digest)


async def get_tip(unit: Unit, tip_id: str) -> StoredTip:
    """A published tip. Raises `NotFound` for one that is unknown, retired, or not valid today."""
    (stored,) = await get_tips(unit, [tip_id]) or (None,)
    if stored is None:
        raise NotFound("This tip does not exist (any more).")
    return stored


async def access_tip(unit: Unit, actor: Actor, tip_id: str) -> StoredTip:
    """A published tip that is for this person. Raises `NotFound` for any other, as for one that is not there."""
    stored = await get_tip(unit, tip_id)
    if not stored.tip.is_for(actor.team_id):
        raise NotFound("This tip does not exist (any more).")
    return stored


async def get_tips(unit: Unit, tip_ids: Sequence[str]) -> list[StoredTip]:
    """The published ones among a handful of ids, in the order of the ids."""
    rows = await unit.db.execute(select(TipRow).where(TipRow.id.in_(tip_ids), *visible(unit.now)))
    found = {row.id: _stored(row) for row in rows}
    return [found[tip_id] for tip_id in tip_ids if tip_id in found]


async def list_tips(
    unit: Unit, *, theme: str | None = None, limit: int = 50, cursor: str | None = None
) -> TipPage:
    """Published tips that are valid today, in the order of their ids, `limit` at a time."""
    query = select(TipRow).where(*visible(unit.now)).order_by(TipRow.id).limit(limit + 1)
    if theme is not None:
        query = query.where(TipRow.theme == theme)
    if cursor is not None:
        query = query.where(TipRow.id > cursor)
    tips = [_stored(row) for row in await unit.db.execute(query)]
    more = len(tips) > limit
    return TipPage(tuple(tips[:limit]), tips[limit - 1].tip.id if more else None)


async def tips_stamp(unit: Unit) -> tuple[object, ...]:
    """Changes whenever what people can find or the synonyms change; cheap to ask."""
    published = TipRow.state == TipState.PUBLISHED
    day = unit.now.date()
    tips = select(
        func.count().filter(published),
        func.count().filter(published, TipRow.valid_from <= day),
        func.count().filter(published, TipRow.valid_until < day),
        func.sum(TipRow.version),
        func.max(TipRow.changed_at),
    ).select_from(TipRow)
    synonyms = select(func.count(), func.max(SynonymRow.changed_at)).select_from(SynonymRow)
    return (*(await unit.db.execute(tips)).one(), *(await unit.db.execute(synonyms)).one())


async def list_synonyms(unit: Unit) -> list[Synonyms]:
    rows = await unit.db.execute(select(SynonymRow.language, SynonymRow.words).order_by(SynonymRow.id))
    return [Synonyms(row.language, tuple(row.words)) for row in rows if row.words]


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


async def question_text(unit: Unit, actor: Actor, question_id: str) -> str | None:
    """What this person asked, as it was stored. None for an unknown question or somebody else's."""
    found: str | None = (
        await unit.db.execute(
            select(QuestionRow.text).where(QuestionRow.id == question_id, QuestionRow.person_id == actor.id)
        )
    ).scalar_one_or_none()
    return found


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
