"""What can be done with tips. Every list is keyset-paged; every change may be repeated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.actor import Actor
from domain.errors import NotFound
from domain.tables import new_id
from domain.tips.models import QuestionRow, RatingRow, SynonymRow, TipRow
from domain.tips.tip import Asked, Audience, Source, Tip, TipState, Zone
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words of one language that mean the same."""

    language: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many tips an import added, changed, left alone and retired."""

    added: int
    changed: int
    unchanged: int
    retired: int


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


def digest_of(tip: Tip) -> str:
    content = json.dumps(asdict(tip), default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


async def import_tips(unit: Unit, tips: Iterable[Tip], synonyms: Iterable[Synonyms] = ()) -> Imported:
    """Make the tips table say what `tips` say: new ones added, changed ones a version up, the ones gone retired.

    Importing the same again changes nothing. A retired tip that comes back is published again.
    """
    known = {row.id: row for row in await unit.db.execute(select(TipRow.id, TipRow.digest, TipRow.state))}
    rows: list[dict[str, Any]] = []
    added = changed = 0
    wanted = {tip.id: tip for tip in tips}
    for tip in wanted.values():
        digest, before = digest_of(tip), known.get(tip.id)
        if before and before.digest == digest and before.state == TipState.PUBLISHED:
            continue
        added, changed = added + (before is None), changed + (before is not None)
        rows.append(_columns(tip) | {"digest": digest, "version": 1, "changed_at": unit.now})
    await _upsert_tips(unit, rows)
    gone = [
        tip_id for tip_id, row in known.items() if tip_id not in wanted and row.state == TipState.PUBLISHED
    ]
    for start in range(0, len(gone), 500):
        await unit.db.execute(
            update(TipRow)
            .where(TipRow.id.in_(gone[start : start + 500]))
            .values(state=TipState.RETIRED, changed_at=unit.now)
        )
    await _replace_synonyms(unit, synonyms)
    return Imported(added, changed, len(wanted) - added - changed, len(gone))


async def _upsert_tips(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
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


async def _replace_synonyms(unit: Unit, groups: Iterable[Synonyms]) -> None:
    wanted = list(groups)
    if wanted == await list_synonyms(unit):
        return
    await unit.db.execute(delete(SynonymRow))
    rows = [
        {
            "id": f"{position:05d}",
            "language": group.language,
            "words": list(group.words),
            "changed_at": unit.now,
        }
        for position, group in enumerate(wanted)
    ]
    if rows:
        await unit.db.execute(insert(SynonymRow), rows)


def _columns(tip: Tip) -> dict[str, Any]:
    return {
        "id": tip.id,
        "state": TipState.PUBLISHED,
        "language": tip.language,
        "theme": tip.theme,
        "theme_name": tip.theme_name,
        "audience": tip.audience,
        "title": tip.title,
        "alternates": list(tip.alternates),
        "intro": tip.intro,
        "steps": list(tip.steps),
        "phone": tip.phone,
        "note": tip.note,
        "source_name": tip.source.name,
        "source_url": tip.source.url,
        "related": list(tip.related),
        "checked": tip.checked,
    }


def _stored(row: Row[Any]) -> StoredTip:
    tip = Tip(
        id=row.id,
        language=row.language,
        theme=row.theme,
        theme_name=row.theme_name,
        audience=Audience(row.audience),
        title=row.title,
        alternates=tuple(row.alternates),
        intro=row.intro,
        steps=tuple(row.steps),
        phone=row.phone,
        note=row.note,
        source=Source(row.source_name, row.source_url),
        related=tuple(row.related),
        checked=row.checked,
    )
    return StoredTip(tip, row.version, row.digest)


async def get_tip(unit: Unit, tip_id: str) -> StoredTip:
    """A published tip. Raises `NotFound` for one that is unknown or retired."""
    (stored,) = await get_tips(unit, [tip_id]) or (None,)
    if stored is None:
        raise NotFound("This tip does not exist (any more).")
    return stored


async def get_tips(unit: Unit, tip_ids: Sequence[str]) -> list[StoredTip]:
    """The published ones among a handful of ids, in the order of the ids."""
    rows = await unit.db.execute(
        select(TipRow).where(TipRow.id.in_(tip_ids), TipRow.state == TipState.PUBLISHED)
    )
    found = {row.id: _stored(row) for row in rows}
    return [found[tip_id] for tip_id in tip_ids if tip_id in found]


async def list_tips(
    unit: Unit, *, theme: str | None = None, limit: int = 50, cursor: str | None = None
) -> TipPage:
    """Published tips in the order of their ids, `limit` at a time."""
    query = select(TipRow).where(TipRow.state == TipState.PUBLISHED).order_by(TipRow.id).limit(limit + 1)
    if theme is not None:
        query = query.where(TipRow.theme == theme)
    if cursor is not None:
        query = query.where(TipRow.id > cursor)
    tips = [_stored(row) for row in await unit.db.execute(query)]
    more = len(tips) > limit
    return TipPage(tuple(tips[:limit]), tips[limit - 1].tip.id if more else None)


async def tips_stamp(unit: Unit) -> tuple[object, ...]:
    """Changes whenever a tip or the synonyms change; cheap to ask."""
    published = func.count().filter(TipRow.state == TipState.PUBLISHED)
    tips = select(published, func.sum(TipRow.version), func.max(TipRow.changed_at)).select_from(TipRow)
    synonyms = select(func.count(), func.max(SynonymRow.changed_at)).select_from(SynonymRow)
    return (*(await unit.db.execute(tips)).one(), *(await unit.db.execute(synonyms)).one())


async def list_synonyms(unit: Unit) -> list[Synonyms]:
    rows = await unit.db.execute(select(SynonymRow.language, SynonymRow.words).order_by(SynonymRow.id))
    return [Synonyms(row.language, tuple(row.words)) for row in rows]


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
        }
        for one in asked
    ]
    if rows:
        await unit.db.execute(dialect.insert(QuestionRow).on_conflict_do_nothing(), rows)


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
    await unit.db.execute(
        question.values(none_fitted=True) if tip_id is None else question.values(tip_id=tip_id)
    )


@dataclass(frozen=True, slots=True)
class RateTip:
    tip_id: str
    helped: bool
    question_id: str | None = None


async def rate_tip(unit: Unit, actor: Actor, command: RateTip, key: str) -> StoredTip:
    """Keep whether a tip helped, once per question and person; the first word stands. `key` makes a repeat harmless.

    Raises `NotFound` for a tip that is unknown or retired, `Conflict` when the key was used for something else.
    """
    stored = await get_tip(unit, command.tip_id)
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
    return stored
