"""Tip authors in chat: what waits for them, a tip as they look after it, and what becomes of a draft."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from bot.authoring import form as authoring_form
from bot.authoring import synonyms as authoring_synonyms
from bot.authoring import versions as authoring_versions
from bot.authoring.faces import draft_card, draft_face, found_from_now, tip_card
from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.authoring import authors as cards
from cards.authoring import draft as draft_cards
from domain.actor import Role
from domain.authoring import review
from domain.authoring.draft import Draft
from domain.authoring.links import LINKS_VIEW, broken_for
from domain.authoring.news import (
    DRAFT_VIEW,
    DUE_VIEW,
    PROPOSAL_VIEW,
    RESULT_VIEW,
    REVIEW_VIEW,
    authors,
    draft_id_of,
    due_for,
)
from domain.authoring.piles import Entry, Pile, count_piles, entries_of, list_pile
from domain.authoring.review import DecideDraft
from domain.authoring.writing import access_draft, check_author, load_draft
from domain.desk import Desk
from domain.errors import Conflict, Invalid, InvalidForm, NotFound
from domain.people.models import Person
from domain.people.names import names_of
from domain.tips.rules import searchable, to_show, zone_of
from domain.tips.tip import Zone
from domain.unit import Unit
from locales import translator

FIRST = 3
"""Entries of a pile on the overview."""
DUE_SHOWN = 5
LINKS_SHOWN = 8
FOUND = 8

_MINE = re.compile(
    r"\s*(?:mijn tips|tips (?:schrijven|nakijken|beheren)|(?:nieuwe|een) tip (?:schrijven|maken)|nieuwe tip"
    r"|my tips|(?:a )?new tip|write (?:a )?tips?"
    r"|mes conseils|(?:un )?nouveau conseil|[ée]crire (?:un )?conseils?)\s*[.!]?\s*",
    re.IGNORECASE,
)

Decision = Callable[..., Awaitable[Draft]]


async def claims(turn: Turn) -> Reply:
    """`mijn tips`, from an author; anybody else hears whose work that is."""
    if _MINE.fullmatch(turn.text) is None:
        return NOTHING
    if not turn.actor.has(Role.TIP_AUTHOR):
        return Reply(
            text=turn.t("The tip authors write the tips. Type your question, and I look for its tip.")
        )
    return await home(turn)


@own_chat_only
async def home(turn: Turn) -> Reply:
    check_author(turn.actor)
    async with turn.desk.units.read() as unit:
        due_by = _due_by(turn.desk, unit)
        counts = await count_piles(unit, turn.actor, due_by)
        first = {
            pile: (await list_pile(unit, turn.actor, pile, due_by, limit=FIRST)).entries
            for pile in cards.WORK
            if counts[pile]
        }
    names = await _names(turn.desk, (entry for entries in first.values() for entry in entries))
    return Reply(cards.overview(turn.t, cards.Overview(counts, first, names)))


async def pile(turn: Turn) -> Reply:
    try:
        which = Pile(turn.field("pile"))
    except ValueError:
        raise NotFound("This list is not there (any more).") from None
    cursor = turn.field("cursor") or None
    async with turn.desk.units.read() as unit:
        page = await list_pile(unit, turn.actor, which, _due_by(turn.desk, unit), cursor=cursor)
    names = await _names(turn.desk, page.entries)
    return Reply(cards.pile(turn.t, which, page.entries, names, page.cursor, first=cursor is None))


async def find(turn: Turn) -> Reply:
    """Tips that people can find, by what an author types."""
    check_author(turn.actor)
    typed = searchable(turn.field("text"))[:200]
    if not typed:
        return await home(turn)
    person = turn.person
    hits = await turn.desk.tips.search(typed, person.language, limit=FOUND, team_id=person.team_id)
    if zone_of(hits) is Zone.UNKNOWN:
        hits = ()
    hits = to_show(Zone.CHOOSE, hits, FOUND)
    async with turn.desk.units.read() as unit:
        entries = await entries_of(unit, turn.actor, [hit.tip_id for hit in hits])
    return Reply(cards.found(turn.t, typed, entries, await _names(turn.desk, entries)))


async def open_tip(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        return Reply(await tip_card(unit, turn.desk, turn.person, turn.field("id")))


async def open_draft(turn: Turn) -> Reply:
    """The draft as it stands; from now on this card follows it."""
    async with turn.desk.units() as unit:
        draft = await access_draft(unit, turn.actor, turn.field("id"))
        card = await draft_card(unit, turn.desk, turn.person, draft)
        await turn.keep(unit, DRAFT_VIEW, draft.id)
    return Reply(card, view=DRAFT_VIEW, subject=draft.id)


# --- what becomes of a draft ------------------------------------------------------------------------------


def _decides(decision: Decision) -> Callable[[Turn], Awaitable[Reply]]:
    async def decide(turn: Turn) -> Reply:
        """The draft as it stands afterwards; when it could not be, with what stood in the way at its place."""
        command = DecideDraft(turn.field("id"), turn.number("revision"), turn.field("comment"))
        problems: list[str] = []
        comment_problem = ""
        try:
            async with turn.desk.units() as unit:
                await decision(unit, turn.desk, turn.actor, command, turn.key)
        except InvalidForm as error:
            problems = [turn.t.error(problem) for problem in error.problems]
        except Invalid as error:
            comment_problem = turn.t.error(error)
        except Conflict as error:
            problems = [turn.t.error(error)]
        if decision is review.publish_draft:
            await found_from_now(turn.desk)
        async with turn.desk.units() as unit:
            draft = await access_draft(unit, turn.actor, command.draft_id)
            said = {"comment": command.comment, "comment_problem": comment_problem}
            card = await draft_card(unit, turn.desk, turn.person, draft, problems=problems, **said)
            await turn.keep(unit, DRAFT_VIEW, draft.id)
        return Reply(card, view=DRAFT_VIEW, subject=draft.id)

    return decide


# --- what becomes of a tip --------------------------------------------------------------------------------


async def confirm(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await review.confirm_tip(unit, turn.desk, turn.actor, turn.field("id"), turn.number("version"))
    return await open_tip(turn)


async def retire(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await review.retire_tip(unit, turn.actor, turn.field("id"), turn.number("version"))
    await found_from_now(turn.desk)
    return await open_tip(turn)


# --- news -------------------------------------------------------------------------------------------------


async def show_draft(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    if Role.TIP_AUTHOR not in person.roles:
        return None
    return await draft_card(unit, desk, person, await load_draft(unit, subject))


async def show_proposal(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    if Role.TIP_AUTHOR not in person.roles:
        return None
    face = await draft_face(unit, desk, person, await load_draft(unit, subject))
    return draft_cards.proposed(translator(person.language), face)


async def show_review(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    if Role.TIP_AUTHOR not in person.roles:
        return None
    face = await draft_face(unit, desk, person, await load_draft(unit, draft_id_of(subject)))
    return draft_cards.review(translator(person.language), face)


async def show_result(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """For its author, and for who proposed it; nobody else."""
    draft = await load_draft(unit, draft_id_of(subject))
    if person.id not in (draft.author_id, draft.proposer_id):
        return None
    author = Role.TIP_AUTHOR in person.roles
    face = await draft_face(unit, desk, person, draft)
    return draft_cards.result(translator(person.language), face, author=author)


async def show_due(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """What waits now, whatever did on the day of the subject; None when nothing does any more."""
    if Role.TIP_AUTHOR not in person.roles:
        return None
    entries = await due_for(unit, desk, person.id, DUE_SHOWN + 1)
    if not entries:
        return None
    names = await _names(desk, entries)
    return cards.due(translator(person.language), entries[:DUE_SHOWN], names, more=len(entries) > DUE_SHOWN)


async def show_links(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """What is broken now, whatever was in the week of the subject; None when all are mended."""
    if Role.TIP_AUTHOR not in person.roles:
        return None
    found = await broken_for(unit, person.id, await authors(desk), limit=LINKS_SHOWN + 1)
    if not found:
        return None
    return cards.links(translator(person.language), found[:LINKS_SHOWN], more=len(found) > LINKS_SHOWN)


def _due_by(desk: Desk, unit: Unit) -> date:
    return desk.organisation.authoring.due_if_checked_by(desk.organisation.day(unit.now))


async def _names(desk: Desk, entries: Iterable[Entry]) -> dict[str, str]:
    return await names_of(desk.directory, [entry.who for entry in entries if entry.who])


FEATURE = Feature(
    name="authoring",
    verbs={
        "authoring.home": home,
        "authoring.pile": pile,
        "authoring.find": find,
        "authoring.tip": open_tip,
        "authoring.draft": open_draft,
        "authoring.submit": _decides(review.submit_draft),
        "authoring.take_back": _decides(review.take_back),
        "authoring.send_back": _decides(review.send_back),
        "authoring.publish": _decides(review.publish_draft),
        "authoring.discard": _decides(review.discard_draft),
        "authoring.confirm": confirm,
        "authoring.retire": retire,
        **authoring_form.VERBS,
        **authoring_versions.VERBS,
        **authoring_synonyms.VERBS,
    },
    views={
        DRAFT_VIEW: show_draft,
        PROPOSAL_VIEW: show_proposal,
        REVIEW_VIEW: show_review,
        RESULT_VIEW: show_result,
        DUE_VIEW: show_due,
        LINKS_VIEW: show_links,
    },
    invokes=authoring_form.INVOKES,
    claims=claims,
)
