"""What an author may want to mend about a tip. It keeps nobody from publishing: people decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from domain.authoring.draft import OPEN
from domain.authoring.links import BrokenLink, broken_in
from domain.authoring.review import family_of, languages_of
from domain.authoring.rules import ENOUGH_WAYS, LANGUAGES
from domain.desk import Desk
from domain.tips.likeness import ALIKE, gist_of, likeness
from domain.tips.models import TipDraftRow
from domain.tips.tip import Audience, Tip
from domain.unit import Unit

LOOKED_AT = 5
"""Tips that the search finds for a title and that are compared with it."""
DRAFTS_LOOKED_AT = 100
"""The newest open drafts: there are seldom more."""


class Worry(StrEnum):
    FEW_WAYS = "few_ways"
    ALIKE = "alike"
    DUE = "due"
    UNTRANSLATED = "untranslated"
    OPEN_ELSEWHERE = "open_elsewhere"
    BROKEN_LINKS = "broken_links"


@dataclass(frozen=True, slots=True)
class Like:
    """A tip or draft with nearly the same title."""

    id: str
    title: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Concern:
    """`count` are the ways of asking there are, `like` what has nearly the same title, `languages` those without a
    translation, or in which others still read what is for one team, `since` the day it was last found right, `links`
    what leads nowhere any more."""

    worry: Worry
    count: int = 0
    like: tuple[Like, ...] = ()
    languages: tuple[str, ...] = ()
    since: date | None = None
    links: tuple[BrokenLink, ...] = ()


async def concerns_about(unit: Unit, desk: Desk, tip: Tip, *, published: bool) -> tuple[Concern, ...]:
    """What stands out about a tip as it is published, or about what a draft says."""
    found = []
    policy, today = desk.organisation.authoring, desk.organisation.day(unit.now)
    if published and tip.checked <= policy.due_if_checked_by(today):
        found.append(Concern(Worry.DUE, since=tip.checked))
    if published and (broken := await broken_in(unit, tip.id)):
        found.append(Concern(Worry.BROKEN_LINKS, links=tuple(broken)))
    if len(tip.alternates) < ENOUGH_WAYS:
        found.append(Concern(Worry.FEW_WAYS, count=len(tip.alternates)))
    if like := await _alike(unit, desk, tip):
        found.append(Concern(Worry.ALIKE, like=like))
    if tip.audience is Audience.TEAM:
        family = await family_of(unit, tip)
        if others := tuple(one.language for one in family if one.team_id != tip.team_id):
            found.append(Concern(Worry.OPEN_ELSEWHERE, languages=others))
    if published and tip.translation_of is None:
        there = await languages_of(unit, tip.id) | {tip.language}
        if missing := tuple(language for language in LANGUAGES if language not in there):
            found.append(Concern(Worry.UNTRANSLATED, languages=missing))
    return tuple(found)


async def _alike(unit: Unit, desk: Desk, tip: Tip) -> tuple[Like, ...]:
    """Published tips and open drafts in the same language with nearly the same title."""
    if not tip.title:
        return ()
    gist = gist_of(tip.title)
    hits = await desk.tips.search(tip.title, tip.language, limit=LOOKED_AT)
    found = {hit.tip_id: Like(hit.tip_id, hit.title, is_draft=False) for hit in hits}
    newest = (
        select(TipDraftRow.id, TipDraftRow.tip_id, TipDraftRow.title)
        .where(TipDraftRow.state.in_(OPEN))
        .order_by(TipDraftRow.id.desc())
        .limit(DRAFTS_LOOKED_AT)
    )
    for row in await unit.db.execute(newest):
        found.setdefault(row.tip_id, Like(row.id, row.title, is_draft=True))
    family = {tip.id, tip.translation_of}
    return tuple(
        one
        for tip_id, one in found.items()
        if tip_id not in family and likeness(gist, gist_of(one.title)) >= ALIKE
    )[:LOOKED_AT]
