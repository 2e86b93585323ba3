"""What a tip said before, what changes, and bringing an earlier version back."""

from __future__ import annotations

from bot.authoring.faces import called_in, draft_card
from bot.turn import Reply, Turn
from cards.authoring import versions as cards
from cards.authoring.versions import Compared, version_name
from cards.kit import press
from domain.authoring.differences import differences
from domain.authoring.news import DRAFT_VIEW
from domain.authoring.versions import current_version, earlier_version, list_versions, restore_version
from domain.authoring.writing import access_draft
from domain.errors import NotFound
from domain.people.names import names_of


async def versions(turn: Turn) -> Reply:
    before = turn.number("before") or None
    tip_id = turn.field("id")
    async with turn.desk.units.read() as unit:
        current = await current_version(unit, turn.actor, tip_id)
        page = await list_versions(unit, turn.actor, tip_id, before=before)
    people = [who for one in page.versions for who in (one.author_id, one.published_by) if who]
    names = await names_of(turn.desk.directory, people)
    return Reply(cards.versions(turn.t, current.tip, page.versions, names, current.version, page.cursor))


async def version(turn: Turn) -> Reply:
    """An earlier version beside what the tip says now."""
    t, tip_id = turn.t, turn.field("id")
    async with turn.desk.units.read() as unit:
        current = await current_version(unit, turn.actor, tip_id)
        earlier = await earlier_version(unit, turn.actor, tip_id, turn.number("version"))
        called = await called_in(unit, turn.desk, turn.person, earlier.tip, current.tip)
    shown = Compared(
        earlier.tip,
        version_name(t, earlier.version),
        t("{name}, as it is now", name=version_name(t, current.version)),
        differences(earlier.tip, current.tip, called),
        restore=earlier.version if earlier.version != current.version else None,
    )
    way_back = press(t("Versions"), "authoring.versions", {"id": tip_id})
    return Reply(cards.compared(t, shown, whole=True, way_back=way_back))


async def compare(turn: Turn) -> Reply:
    """A draft beside the tip it is the next version of."""
    t = turn.t
    async with turn.desk.units.read() as unit:
        draft = await access_draft(unit, turn.actor, turn.field("id"))
        if draft.is_new:
            raise NotFound("This is a new tip: there is nothing to compare it with.")
        current = await current_version(unit, turn.actor, draft.tip.id)
        called = await called_in(unit, turn.desk, turn.person, current.tip, draft.tip)
    older = version_name(t, current.version)
    shown = Compared(draft.tip, older, t("this draft"), differences(current.tip, draft.tip, called))
    way_back = press(t("Back to the draft"), "authoring.draft", {"id": draft.id})
    return Reply(cards.compared(t, shown, whole=False, way_back=way_back))


async def restore(turn: Turn) -> Reply:
    """An earlier version as a draft, to be looked at and published."""
    async with turn.desk.units() as unit:
        draft = await restore_version(unit, turn.actor, turn.field("id"), turn.number("version"))
        card = await draft_card(unit, turn.desk, turn.person, draft)
        await turn.keep(unit, DRAFT_VIEW, draft.id)
    return Reply(card, view=DRAFT_VIEW, subject=draft.id)


VERBS = {
    "authoring.versions": versions,
    "authoring.version": version,
    "authoring.compare": compare,
    "authoring.restore": restore,
}
