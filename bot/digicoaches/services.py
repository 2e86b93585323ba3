"""The digicoaches of a service, for its contact person; and of all services, for who looks after them."""

from __future__ import annotations

from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.digicoaches import services as cards
from cards.digicoaches.services import NOTHING_TYPED, AddForm, ServiceLine
from domain.desk import Desk
from domain.digicoaches.help import NONE, figures_by_service, figures_of_all
from domain.digicoaches.policy import Service
from domain.digicoaches.register import (
    LOOKS_AFTER_ALL,
    access_service,
    add_coach,
    coaches_of,
    remove_coach,
    services_for,
)
from domain.digicoaches.rules import wanted, year_of
from domain.digicoaches.services import SHORT_VIEW, standing_of
from domain.errors import Forbidden, Invalid, NotFound
from domain.people.colleagues import find_colleague
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit
from locales import Translator, translator

PAGE = 10
MINE = frozenset({"mijn digicoaches", "onze digicoaches", "my digicoaches", "mes digicoaches"})
ALL = frozenset(
    {
        "digicoaches",
        "alle digicoaches",
        "overzicht digicoaches",
        "digicoaches overzicht",
        "all digicoaches",
        "tous les digicoaches",
    }
)


async def claims(turn: Turn) -> Reply:
    """Whoever is no contact person looks for a digicoach with these words."""
    typed = turn.text.strip().rstrip(".!?").lower()
    if typed in ALL and LOOKS_AFTER_ALL & turn.actor.roles:
        return await overview(turn)
    if typed in MINE and await services_for(turn.desk, turn.actor):
        return await service(turn)
    return NOTHING


@own_chat_only
async def service(turn: Turn) -> Reply:
    """One service: the one that was pressed, or the first of this contact person."""
    return Reply(await _card(turn, await _service(turn)))


async def add(turn: Turn) -> Reply:
    """The service with its new digicoach, or with what is wrong with the name."""
    service = await access_service(turn.desk, turn.actor, turn.field("service"))
    typed = turn.field("colleague")
    try:
        person = await find_colleague(turn.desk.directory, typed)
        async with turn.desk.units() as unit:
            await add_coach(unit, turn.desk, turn.actor, service.team_id, person)
    except Invalid as error:
        return Reply(await _card(turn, service, AddForm(typed, turn.t.error(error))))
    return Reply(await _card(turn, service))


async def remove(turn: Turn) -> Reply:
    service = await access_service(turn.desk, turn.actor, turn.field("service"))
    async with turn.desk.units() as unit:
        await remove_coach(unit, turn.desk, turn.actor, service.team_id, turn.field("person"))
    return Reply(await _card(turn, service))


@own_chat_only
async def overview(turn: Turn) -> Reply:
    """All services by name, a page at a time; the cursor is the id of the last one."""
    if not LOOKS_AFTER_ALL & turn.actor.roles:
        raise Forbidden("Only information managers see the digicoaches of every service.")
    desk, policy = turn.desk, turn.desk.organisation.digicoaches
    teams = sorted(await desk.directory.teams(), key=lambda team: (team.name, team.id))
    cursor = turn.field("cursor")
    start_at = next((place for place, team in enumerate(teams, 1) if team.id == cursor), 0)
    shown = teams[start_at : start_at + PAGE]
    async with desk.units.read() as unit:
        today = desk.organisation.day(unit.now)
        start, end = year_of(today, desk.organisation.calendar.zone)
        figures = await figures_by_service(unit, start, end, [team.id for team in shown])
        everybody = await figures_of_all(unit, start, end)
        coaches = await coaches_of(unit, desk, [team.id for team in shown])
    lines = [
        ServiceLine(
            team.id,
            team.name,
            sum(coach.service_id == team.id for coach in coaches),
            wanted(
                policy.service(team.id, team.owner_ids),
                len(await desk.directory.team_members(team.id)),
                policy,
            ),
            figures.get(team.id, NONE),
        )
        for team in shown
    ]
    goes_on = start_at + PAGE < len(teams)
    return Reply(cards.overview(turn.t, today.year, everybody, lines, shown[-1].id if goes_on else None))


async def _service(turn: Turn) -> Service:
    asked = turn.field("service")
    if asked:
        return await access_service(turn.desk, turn.actor, asked)
    mine = await services_for(turn.desk, turn.actor)
    if not mine:
        raise NotFound("There is no such service.")
    return mine[0]


async def _card(turn: Turn, service: Service, form: AddForm = NOTHING_TYPED) -> Card:
    async with turn.desk.units.read() as unit:
        return await _render(unit, turn.desk, turn.t, turn.person, service, form)


async def _render(
    unit: Unit, desk: Desk, t: Translator, person: Person, service: Service, form: AddForm = NOTHING_TYPED
) -> Card:
    standing = await standing_of(unit, desk, service)
    names = await names_of(desk.directory, [member.coach.person_id for member in standing.members])
    others = []
    for other in await services_for(desk, person.as_actor()):
        team = await desk.directory.team(other.team_id)
        if team is not None and team.id != service.team_id:
            others.append((team.id, team.name))
    return cards.service(t, standing, names, form, others=others)


async def show_short(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """`subject` is the service and the month; None when enough digicoaches were found meanwhile."""
    try:
        service = await access_service(desk, person.as_actor(), subject.partition(":")[0])
    except NotFound:
        return None
    if not (await standing_of(unit, desk, service)).is_short:
        return None
    return await _render(unit, desk, translator(person.language), person, service)


FEATURE = Feature(
    name="digicoach_services",
    verbs={
        "digicoaches.service": service,
        "digicoaches.add": add,
        "digicoaches.remove": remove,
        "digicoaches.overview": overview,
    },
    views={SHORT_VIEW: show_short},
    claims=claims,
)
