"""New systems in chat: announced to the digicoaches who want to know, and the list of what is coming."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.turn import NOTHING, Card, Feature, Reply, Turn
from cards.digicoaches import systems as cards
from cards.digicoaches.systems import SystemForm
from domain.desk import Desk
from domain.digicoaches.register import coach_of, subscribe
from domain.digicoaches.systems import (
    SYSTEM_VIEW,
    TellSystem,
    access_system,
    list_systems,
    may_tell,
    tell_system,
)
from domain.errors import Forbidden, InvalidForm, NotFound
from domain.people.models import Person
from domain.people.names import names_of
from domain.tables import is_id, new_id
from domain.unit import Unit
from locales import translator

PAGE = 6
ANNOUNCE = frozenset(
    {
        "nieuw systeem aankondigen",
        "systeem aankondigen",
        "announce a new system",
        "annoncer un nouveau système",
    }
)
COMING = frozenset({"nieuwe systemen", "new systems", "nouveaux systèmes"})


async def claims(turn: Turn) -> Reply:
    typed = turn.text.strip().rstrip(".!?").lower()
    if typed in ANNOUNCE:
        return await announce(turn)
    if typed in COMING:
        try:
            return await systems(turn)
        except NotFound:
            return NOTHING
    return NOTHING


async def announce(turn: Turn) -> Reply:
    if not may_tell(turn.actor):
        raise Forbidden("Only the helpdesk and the information managers announce new systems.")
    return Reply(await _form(turn, SystemForm(new_id())))


async def tell(turn: Turn) -> Reply:
    """What was announced, or the form again with what is wrong at its place."""
    given = turn.field("form")
    form = SystemForm(
        given if is_id(given) else new_id(),
        name=turn.field("name"),
        text=turn.field("text"),
        starts_on=turn.field("starts_on"),
        link=turn.field("link"),
    )
    try:
        starts_on = date.fromisoformat(form.starts_on)
    except ValueError:
        return Reply(await _form(turn, replace(form, problems={"starts_on": turn.t("Choose a day.")})))
    command = TellSystem(form.name, form.text, starts_on, form.link)
    try:
        async with turn.desk.units() as unit:
            system = await tell_system(unit, turn.desk, turn.actor, command, f"system:{form.form_id}")
            today = turn.desk.organisation.day(unit.now)
    except InvalidForm as error:
        return Reply(await _form(turn, replace(form, problems=turn.t.problems(error, "name"))))
    late_by = turn.desk.organisation.digicoaches.told_days_before - (starts_on - today).days
    return Reply(cards.told(turn.t, system, late_by=late_by))


async def systems(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        cursor = turn.field("cursor") or None
        page = await list_systems(unit, turn.desk, turn.actor, limit=PAGE, cursor=cursor)
        wants = await _wants(unit, turn.desk, turn.actor.id)
    told = may_tell(turn.actor)
    return Reply(cards.systems(turn.t, page.systems, page.cursor, wants=wants, tells=told))


async def subscription(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await subscribe(unit, turn.desk, turn.actor, wants=turn.field("wants") == "yes")
    return await systems(turn)


async def open_system(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        card = await _news(unit, turn.desk, turn.person, turn.field("id"))
    return Reply(card)


async def show_system(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    try:
        return await _news(unit, desk, person, subject)
    except NotFound:
        return None


async def _news(unit: Unit, desk: Desk, person: Person, system_id: str) -> Card:
    system = await access_system(unit, desk, person.as_actor(), system_id)
    names = await names_of(desk.directory, [system.told_by])
    wants = await _wants(unit, desk, person.id)
    return cards.news(translator(person.language), system, names[system.told_by], wants=wants)


async def _wants(unit: Unit, desk: Desk, person_id: str) -> bool | None:
    coach = await coach_of(unit, desk, person_id)
    return coach.wants_news if coach else None


async def _form(turn: Turn, form: SystemForm) -> Card:
    async with turn.desk.units.read() as unit:
        return cards.form(turn.t, form, turn.desk.organisation.day(unit.now) + timedelta(days=1))


FEATURE = Feature(
    name="digicoach_systems",
    verbs={
        "digicoaches.announce": announce,
        "digicoaches.tell": tell,
        "digicoaches.systems": systems,
        "digicoaches.system": open_system,
        "digicoaches.subscribe": subscription,
    },
    views={SYSTEM_VIEW: show_system},
    claims=claims,
)
