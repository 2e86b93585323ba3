"""What people find: tips that are published and valid today. Every list is keyset-paged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from domain.actor import Actor
from domain.errors import NotFound
from domain.tips.contents import tip_of
from domain.tips.models import SynonymRow, TipRow
from domain.tips.tip import Tip, TipState
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words of one language that mean the same."""

    language: str
    words: tuple[str, ...]


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


def visible(day: date) -> tuple[ColumnElement[bool], ...]:
    """What employees get to see on a day in the city: published, and valid."""
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
    rows = await unit.db.execute(select(TipRow).where(TipRow.id.in_(tip_ids), *visible(unit.today)))
    found = {row.id: _stored(row) for row in rows}
    return [found[tip_id] for tip_id in tip_ids if tip_id in found]


async def list_tips(
    unit: Unit,
    *,
    theme: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
    whenever: bool = False,
) -> TipPage:
    """Published tips that are valid today, in the order of their ids, `limit` at a time. `whenever`: also those that
    are valid on other days."""
    shown = (TipRow.state == TipState.PUBLISHED,) if whenever else visible(unit.today)
    query = select(TipRow).where(*shown).order_by(TipRow.id).limit(limit + 1)
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
    day = unit.today
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
