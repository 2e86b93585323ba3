"""What changed about the tips that people can find, for an index that keeps up with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from domain.tips.models import TipRow
from domain.tips.reading import StoredTip, get_tips, visible
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class TipChanges:
    """`ids` are all tips that changed; `tips` those of them that can be found. `cursor` fetches the next page; None on
    the last one."""

    ids: tuple[str, ...]
    tips: tuple[StoredTip, ...]
    cursor: str | None


async def list_changes(
    unit: Unit, looked: datetime, since: datetime, *, limit: int = 50, cursor: str | None = None
) -> TipChanges:
    """The tips that were changed `since`, or that began or ended to be valid after the day of `looked`, by id."""
    before, today = unit.day(looked), unit.today
    changed = TipRow.changed_at >= since
    if before != today:
        changed = or_(
            changed,
            TipRow.valid_from.between(before, today),
            TipRow.valid_until.between(before, today),
        )
    query = select(TipRow.id).where(changed).order_by(TipRow.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(TipRow.id > cursor)
    ids = tuple((await unit.db.execute(query)).scalars())
    page = ids[:limit]
    return TipChanges(page, tuple(await get_tips(unit, page)), page[-1] if len(ids) > limit else None)


async def count_tips(unit: Unit) -> int:
    """How many tips people can find today."""
    return (
        await unit.db.execute(select(func.count()).select_from(TipRow).where(*visible(unit.today)))
    ).scalar_one()
