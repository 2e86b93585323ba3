"""Gathers what the cards of tips and drafts show to an author."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.tips.questions import look_again
from bot.turn import Card
from cards.authoring import draft as draft_cards
from cards.authoring import tip as cards
from cards.authoring.draft import DraftFace
from cards.authoring.parts import AUDIENCE_WORDS, LANGUAGE_WORDS
from cards.authoring.tip import TipFace
from domain.authoring.concerns import Worry, concerns_about
from domain.authoring.draft import Draft, DraftState
from domain.authoring.piles import entries_of
from domain.authoring.review import family_of, works_alone
from domain.authoring.rules import acts
from domain.authoring.versions import current_version
from domain.authoring.writing import open_draft_of
from domain.desk import Desk
from domain.helpdesk.reading import load_ticket
from domain.people.models import Person
from domain.people.names import names_of
from domain.tips.remarks import opinion_of
from domain.tips.tip import Tip, TipState
from domain.unit import Unit
from locales import translator

log = logging.getLogger(__name__)


async def found_from_now(desk: Desk) -> None:
    """After the commit of what people find: this worker knows it at once, the others within a minute."""
    look_again(desk.units)
    try:
        await desk.tips.refresh()
    except Exception:
        log.exception("tips_refresh_failed")  # the next question looks again


async def draft_card(
    unit: Unit,
    desk: Desk,
    person: Person,
    draft: Draft,
    *,
    problems: Sequence[str] = (),
    comment: str = "",
    comment_problem: str = "",
) -> Card:
    """A draft with all that stands out about it, for an author."""
    concerns = await concerns_about(unit, desk, draft.tip, published=False) if draft.open else ()
    face = await draft_face(unit, desk, person, draft)
    said = replace(
        face, concerns=concerns, problems=problems, comment=comment, comment_problem=comment_problem
    )
    return draft_cards.draft(translator(person.language), said)


async def draft_face(unit: Unit, desk: Desk, person: Person, draft: Draft) -> DraftFace:
    people = (draft.author_id, draft.proposer_id, draft.reviewer_id)
    return DraftFace(
        draft,
        acts(draft, person.id, alone=await works_alone(desk)),
        await names_of(desk.directory, filter(None, people)),
        team=await _team(desk, draft.tip),
        later=_later(desk, draft),
        ticket=await _ticket(unit, person, draft),
    )


def _later(desk: Desk, draft: Draft) -> date | None:
    first = draft.tip.valid_from
    published_on = desk.organisation.day(draft.changed_at)
    return first if draft.state is DraftState.PUBLISHED and first and first > published_on else None


async def _ticket(unit: Unit, person: Person, draft: Draft) -> tuple[str, str] | None:
    kind, _, ticket_id = (draft.origin or "").partition(":")
    if kind != "ticket":
        return None
    number = (await load_ticket(unit, ticket_id)).number
    return ticket_id if person.as_actor().is_agent else "", number


async def tip_card(unit: Unit, desk: Desk, person: Person, tip_id: str) -> Card:
    """A tip as its authors look after it. Raises `NotFound`, and for who is no author too."""
    current = await current_version(unit, person.as_actor(), tip_id)
    tip, state = current.tip, current.state or TipState.RETIRED
    drafted = await open_draft_of(unit, tip_id) or ""
    published = state is TipState.PUBLISHED
    concerns = await concerns_about(unit, desk, tip, published=True) if published else ()
    names = await names_of(desk.directory, filter(None, (current.author_id, current.published_by)))
    face = TipFace(
        tip,
        state,
        current.version,
        names.get(current.author_id or "", ""),
        names.get(current.published_by or "", "") if current.published_by != current.author_id else "",
        concerns,
        await _team(desk, tip),
        drafted,
        next((one.languages for one in concerns if one.worry is Worry.UNTRANSLATED), ()),
        await family_of(unit, tip),
        await opinion_of(unit, tip_id),
    )
    return cards.tip(translator(person.language), face)


async def called_in(unit: Unit, desk: Desk, person: Person, *tips: Tip) -> dict[str, str]:
    """What an author calls the ids and codes in these tips: teams, tips that follow, for whom, languages."""
    t = translator(person.language)
    words = {**{one.value: said for one, said in AUDIENCE_WORDS.items()}, **LANGUAGE_WORDS}
    called = {code: t(said) for code, said in words.items()}
    related = {tip_id for tip in tips for tip_id in tip.related}
    called |= {entry.id: entry.title for entry in await entries_of(unit, person.as_actor(), list(related))}
    return called | {tip.team_id: await _team(desk, tip) or tip.team_id for tip in tips if tip.team_id}


async def _team(desk: Desk, tip: Tip) -> str:
    team = await desk.directory.team(tip.team_id) if tip.team_id else None
    return team.name if team else ""
