"""What colleagues said of a tip since its authors last looked at it: whether it helped, and what they missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.sql.selectable import Subquery

from domain.tips.models import RatingRow, TipRow
from domain.tips.tip import TipState
from domain.unit import Unit

LATEST = 500
"""Ratings of a tip that are looked at: enough to tell, however many there are."""
LATEST_OF_ALL = 2_000
"""Ratings of all tips together that are looked at for tips in which something was missed."""
WORDS = 5
"""How many remarks an author is shown."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody missed, or found not right. Nobody reads who it was."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opinion:
    """How often a tip helped and did not, and what was said of it, the latest first."""

    helped: int = 0
    not_helped: int = 0
    said: tuple[Said, ...] = ()


async def opinion_of(unit: Unit, tip_id: str) -> Opinion:
    """Since it was published, or found to be still right. For who was let in to it: nobody looks."""
    looked = select(TipRow.changed_at).where(TipRow.id == tip_id).scalar_subquery()
    latest = (
        select(RatingRow.id, RatingRow.helped, RatingRow.words, RatingRow.at)
        .where(RatingRow.tip_id == tip_id, RatingRow.at > looked)
        .order_by(RatingRow.id.desc())
        .limit(LATEST)
        .subquery()
    )
    counts = select(
        func.count().filter(latest.c.helped.is_(True)).label("helped"),
        func.count().filter(latest.c.helped.is_(False)).label("not_helped"),
    )
    row = (await unit.db.execute(counts)).one()
    words = (
        select(latest.c.words, latest.c.at)
        .where(latest.c.words.is_not(None))
        .order_by(latest.c.id.desc())
        .limit(WORDS)
    )
    said = tuple(Said(one.words, one.at) for one in await unit.db.execute(words))
    return Opinion(row.helped, row.not_helped, said)


def missed() -> Subquery:
    """The ids of published tips in which somebody missed something since their authors last looked at them."""
    latest = _latest().subquery()
    since = latest.join(TipRow, TipRow.id == latest.c.tip_id)
    return (
        select(latest.c.tip_id.label("id"))
        .select_from(since)
        .where(latest.c.words.is_not(None), latest.c.at > TipRow.changed_at)
        .where(latest.c.helped.is_(False), TipRow.state == TipState.PUBLISHED)
        .distinct()
        .subquery("missed")
    )


def _latest() -> Select[str, str | None, bool, datetime]:
    ratings = select(RatingRow.tip_id, RatingRow.words, RatingRow.helped, RatingRow.at)
    return ratings.order_by(RatingRow.id.desc()).limit(LATEST_OF_ALL)
