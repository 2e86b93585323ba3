"""A question and the tips that were found for it, as chat and flows show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from domain.actor import Actor
from domain.errors import NotFound
from domain.tables import new_id
from domain.tips.contents import tip_of
from domain.tips.models import TipRow
from domain.tips.ports import Hit, TipSearch
from domain.tips.reading import get_tips, visible
from domain.tips.rules import Secret, redact, searchable, to_show, without_markup, zone_of
from domain.tips.tip import Asked, Tip, Zone
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked, without the secrets that were in it; and what the person gets to see of what was found."""

    text: str
    secrets: frozenset[Secret]
    zone: Zone
    confidence: float
    shown: tuple[Hit, ...]

    def asked_by(self, person_id: str, language: str, team_id: str | None) -> Asked:
        """The question, to be written down."""
        tip_ids = tuple(hit.tip_id for hit in self.shown)
        return Asked(new_id(), person_id, language, self.text, self.zone, self.confidence, tip_ids, team_id)


async def find_tips(
    tips: TipSearch, question: str, language: str, team_id: str | None, *, further: bool = True
) -> Found:
    """What answers a question of somebody of this team who reads `language`. `further`: also with a search outside,
    when there is one and our own is not sure."""
    redacted = redact(searchable(question))
    asked = without_markup(redacted.text)
    hits: Sequence[Hit] = await tips.search(asked, language, team_id=team_id)
    if further and zone_of(hits) is not Zone.ANSWER:
        hits = await tips.look_further(asked, language, hits, team_id=team_id)
    zone = zone_of(hits)
    confidence = hits[0].confidence if hits else 0.0
    return Found(redacted.text, redacted.found, zone, confidence, to_show(zone, hits))


async def tip_for(unit: Unit, actor: Actor, tip_id: str) -> Tip:
    """A tip as this person reads it best. Raises `NotFound` for one that is not published, or not for them."""
    found = await tips_for(unit, [tip_id], actor.language, actor.team_id)
    if tip_id not in found:
        raise NotFound("This tip does not exist (any more).")
    return found[tip_id]


async def tips_for(unit: Unit, tip_ids: Sequence[str], language: str, team_id: str | None) -> dict[str, Tip]:
    """What somebody of this team who reads `language` gets to see of a handful of tips: by the id that was asked for
    the tip, in that language when it is there. Unknown ids, and tips that are not for them, are left out."""
    found = {one.tip.id: one.tip for one in await get_tips(unit, tip_ids) if one.tip.is_for(team_id)}
    roots = {tip.root for tip in found.values() if tip.language != language}
    if not roots:
        return found
    translations = select(TipRow).where(
        or_(TipRow.id.in_(roots), TipRow.translation_of.in_(roots)),
        TipRow.language == language,
        *visible(unit.today),
    )
    said = {
        tip.root: tip for row in await unit.db.execute(translations) if (tip := tip_of(row)).is_for(team_id)
    }
    return {tip_id: said.get(tip.root, tip) for tip_id, tip in found.items()}
