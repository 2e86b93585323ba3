"""What waits for tip authors, in piles: each is paged on an index, and counted up to a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.orm import aliased

from domain.actor import Actor
from domain.authoring.draft import DraftState
from domain.authoring.links import has_broken_links
from domain.authoring.rules import ENOUGH_WAYS, LANGUAGES
from domain.authoring.writing import check_author
from domain.errors import Invalid
from domain.tips.models import TipDraftRow, TipRow
from domain.tips.remarks import missed
from domain.tips.tip import TipState
from domain.unit import Unit

PAGE = 6
MOST_COUNTED = 100
"""Nobody needs to know whether 100 or 10,000 wait: a count stops here."""


class Pile(StrEnum):
    REVIEW = "review"
    """Drafts of colleagues that wait for somebody to look."""
    PROPOSED = "proposed"
    """What colleagues proposed and no author has taken up."""
    DRAFTS = "drafts"
    """The author's own, also those that wait to be looked at."""
    DUE = "due"
    """Published tips that nobody looked at for long."""
    MISSED = "missed"
    """Published tips in which a colleague missed something since they were last looked at."""
    BROKEN_LINKS = "broken_links"
    """Published tips with an address that leads nowhere any more."""
    FEW_WAYS = "few_ways"
    UNTRANSLATED = "untranslated"
    PUBLISHED = "published"
    RETIRED = "retired"


OF_DRAFTS = (Pile.REVIEW, Pile.PROPOSED, Pile.DRAFTS)


@dataclass(frozen=True, slots=True)
class Entry:
    """A draft or a tip in one line. `at` is when a draft changed, `checked` the day a tip was last found right.
    `who` wrote or proposed it, when that is known."""

    id: str
    title: str
    is_draft: bool
    language: str
    waits: bool = False
    """A draft that is being reviewed."""
    returned: bool = False
    """A draft that a colleague wants changed."""
    who: str | None = None
    at: datetime | None = None
    checked: date | None = None
    ways: int = 0
    theme: str = ""


@dataclass(frozen=True, slots=True)
class PilePage:
    """`cursor` fetches the next page; None on the last one."""

    entries: tuple[Entry, ...]
    cursor: str | None


async def list_pile(
    unit: Unit, actor: Actor, pile: Pile, due_by: date, *, limit: int = PAGE, cursor: str | None = None
) -> PilePage:
    """A page of a pile; drafts the newest first, due tips the longest waiting first, those with the fewest ways of
    asking first, other tips by id.

    `due_by` is the day of `AuthoringPolicy.due_if_checked_by`. Raises `Forbidden` for who is no author.
    """
    check_author(actor)
    if pile in OF_DRAFTS:
        drafts = _drafts(pile, actor).order_by(TipDraftRow.id.desc())
        if cursor:
            drafts = drafts.where(TipDraftRow.id < cursor)
        entries = [_draft(row) for row in await unit.db.execute(drafts.limit(limit + 1))]
        cursors = [entry.id for entry in entries]
    else:
        tips = _ordered(pile, due_by)
        if cursor:
            tips = tips.where(_after(pile, cursor))
        entries = [entry_of_tip(row) for row in await unit.db.execute(tips.limit(limit + 1))]
        first = {Pile.DUE: "checked", Pile.FEW_WAYS: "ways"}.get(pile)
        cursors = [f"{getattr(entry, first)}|{entry.id}" if first else entry.id for entry in entries]
    more = len(entries) > limit
    return PilePage(tuple(entries[:limit]), cursors[limit - 1] if more else None)


async def entries_of(unit: Unit, actor: Actor, tip_ids: Sequence[str]) -> list[Entry]:
    """These tips, in the order of the ids; unknown ones are passed over. Raises `Forbidden` for who is no author."""
    check_author(actor)
    rows = await unit.db.execute(select(*_tip_columns()).where(TipRow.id.in_(tip_ids)))
    found = {row.id: entry_of_tip(row) for row in rows}
    return [found[tip_id] for tip_id in tip_ids if tip_id in found]


async def count_piles(unit: Unit, actor: Actor, due_by: date) -> dict[Pile, int]:
    """How many are in each pile, up to `MOST_COUNTED`. Raises `Forbidden` for who is no author."""
    check_author(actor)
    counted = []
    for pile in Pile:
        # In order: without it a database may take a longer way to the first ones.
        wanted = _drafts(pile, actor) if pile in OF_DRAFTS else _ordered(pile, due_by)
        column = TipDraftRow.id if pile in OF_DRAFTS else TipRow.id
        some = wanted.with_only_columns(column).limit(MOST_COUNTED).subquery()
        counted.append(select(func.count()).select_from(some).scalar_subquery().label(pile.value))
    row = (await unit.db.execute(select(*counted))).one()
    return {pile: int(getattr(row, pile.value)) for pile in Pile}


def tips_due(due_by: date) -> Select[Any]:
    """Published tips that were last found right on this day or before, the longest ago first."""
    return _ordered(Pile.DUE, due_by)


def _ordered(pile: Pile, due_by: date) -> Select[Any]:
    """The tips of a pile: the longest waiting first, those with the fewest ways first, others by id."""
    tips = _tips(pile, due_by)
    if pile is Pile.DUE:
        return tips.order_by(TipRow.checked, TipRow.id)
    return tips.order_by(TipRow.ways, TipRow.id) if pile is Pile.FEW_WAYS else tips.order_by(TipRow.id)


def _after(pile: Pile, cursor: str) -> ColumnElement[bool]:
    if pile not in (Pile.DUE, Pile.FEW_WAYS):
        return TipRow.id > cursor
    place, _, tip_id = cursor.partition("|")
    try:
        if pile is Pile.DUE:
            return tuple_(TipRow.checked, TipRow.id) > (date.fromisoformat(place), tip_id)
        return tuple_(TipRow.ways, TipRow.id) > (int(place), tip_id)
    except ValueError:
        raise Invalid("This list was made in another way. Open it again.", field="cursor") from None


def _drafts(pile: Pile, actor: Actor) -> Select[Any]:
    draft, review = DraftState.DRAFT.value, DraftState.REVIEW.value
    conditions: tuple[ColumnElement[bool], ...]
    if pile is Pile.REVIEW:
        conditions = (TipDraftRow.state == review, TipDraftRow.author_id != actor.id)
    elif pile is Pile.PROPOSED:
        conditions = (TipDraftRow.author_id.is_(None), TipDraftRow.state == draft)
    else:
        conditions = (TipDraftRow.author_id == actor.id, TipDraftRow.state.in_((draft, review)))
    columns = (
        TipDraftRow.id,
        TipDraftRow.title,
        TipDraftRow.state,
        TipDraftRow.author_id,
        TipDraftRow.proposer_id,
        TipDraftRow.comment,
        TipDraftRow.changed_at,
        TipDraftRow.content["language"].as_string().label("language"),
    )
    return select(*columns).where(*conditions)


def _tips(pile: Pile, due_by: date) -> Select[Any]:
    if pile is Pile.MISSED:
        some = missed()
        return select(*_tip_columns()).join(some, some.c.id == TipRow.id)
    published = TipRow.state == TipState.PUBLISHED
    conditions: dict[Pile, ColumnElement[bool]] = {
        Pile.DUE: and_(published, TipRow.checked <= due_by),
        Pile.BROKEN_LINKS: and_(published, has_broken_links()),
        Pile.FEW_WAYS: and_(published, TipRow.ways < ENOUGH_WAYS),
        Pile.UNTRANSLATED: and_(published, TipRow.translation_of.is_(None), _lacks_a_language()),
        Pile.PUBLISHED: published,
        Pile.RETIRED: TipRow.state == TipState.RETIRED,
    }
    return select(*_tip_columns()).where(conditions[pile])


def _tip_columns() -> list[Any]:
    names = ("id", "title", "language", "author_id", "checked", "ways", "theme_name")
    return [getattr(TipRow, name) for name in names]


def _lacks_a_language() -> ColumnElement[bool]:
    """One of the languages is neither that of the tip nor that of a translation of it."""
    other = aliased(TipRow, name="translated")
    return or_(
        *(
            and_(
                TipRow.language != language,
                ~exists().where(
                    other.translation_of == TipRow.id,
                    other.language == language,
                    # In as many words: that is what the index on these rows is found by.
                    sql("translated.state = 'published'"),
                ),
            )
            for language in LANGUAGES
        )
    )


def _draft(row: Row[Any]) -> Entry:
    return Entry(
        row.id,
        row.title,
        is_draft=True,
        language=row.language,
        waits=row.state == DraftState.REVIEW,
        returned=row.state == DraftState.DRAFT and bool(row.comment),
        who=row.author_id or row.proposer_id,
        at=row.changed_at,
    )


def entry_of_tip(row: Row[Any]) -> Entry:
    return Entry(
        row.id,
        row.title,
        is_draft=False,
        language=row.language,
        who=row.author_id,
        checked=row.checked,
        ways=row.ways,
        theme=row.theme_name,
    )
