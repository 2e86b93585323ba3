"""Sending a tip to a colleague."""

from __future__ import annotations

from bot.turn import Card, Feature, Reply, Turn
from cards.tips import sharing as cards
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.people.models import Person
from domain.people.names import names_of
from domain.tips.finding import tip_for
from domain.tips.reading import access_tip
from domain.tips.sharing import SHARED, access_shared, share_tip
from domain.unit import Unit
from locales import translator


async def form(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        tip = (await access_tip(unit, turn.actor, turn.field("id"))).tip
    return Reply(cards.form(turn.t, tip))


async def send(turn: Turn) -> Reply:
    """That it is on its way, or the form again with what is wrong."""
    typed = turn.field("colleague")
    async with turn.desk.units() as unit:
        tip = (await access_tip(unit, turn.actor, turn.field("id"))).tip
        try:
            colleague = await share_tip(unit, turn.desk, turn.actor, tip.id, typed, turn.key)
        except Invalid as wrong:
            return Reply(cards.form(turn.t, tip, typed, turn.t.error(wrong)))
    return Reply(cards.sent(turn.t, tip, colleague.name))


async def show_shared(unit: Unit, desk: Desk, person: Person, share_id: str) -> Card | None:
    try:
        shared = await access_shared(unit, person.as_actor(), share_id)
        tip = await tip_for(unit, person.as_actor(), shared.tip_id)
    except NotFound:
        return None
    name = (await names_of(desk.directory, [shared.by_id]))[shared.by_id]
    return cards.received(translator(tip.language), tip, name)


FEATURE = Feature(
    name="tip_sharing",
    verbs={"tip_sharing.form": form, "tip_sharing.send": send},
    views={SHARED: show_shared},
)
