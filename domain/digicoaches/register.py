"""The register: who is digicoach of which service, and how they work.

Who has the role in the directory is a digicoach of their own team. What a contact person or the digicoach says in chat
is kept in a row, which goes before the directory and the files.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, time
from typing import Any

from sqlalchemy import Row, or_, select, update

from domain.actor import Actor, Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.digicoaches.coach import Coach
from domain.digicoaches.models import CoachQuestionRow, DigicoachRow
from domain.digicoaches.policy import Hours, Service
from domain.digicoaches.rules import OPEN
from domain.errors import Invalid, NotFound
from domain.people.models import Person
from domain.unit import Unit, dialect_insert

WELCOME_VIEW = "digicoach.welcome"
"""For who became a digicoach; its subject is the service."""
LANGUAGES = ("nl", "en", "fr")
MOST_PER_WEEK = 20
LOOKS_AFTER_ALL = frozenset({Role.INFORMATION_MANAGER, Role.ADMIN})
"""Who sees and changes the digicoaches of every service, beside its own contact persons."""


async def coaches_of(unit: Unit, desk: Desk, service_ids: Collection[str]) -> list[Coach]:
    """The digicoaches of these services, by id."""
    wanted = set(service_ids)
    base = {one.id: one for one in await desk.directory.with_role(Role.DIGICOACH) if one.team_id in wanted}
    said = select(DigicoachRow).where(
        or_(DigicoachRow.service_id.in_(sorted(wanted)), DigicoachRow.person_id.in_(sorted(base)))
    )
    coaches = {one.id: _from_files(desk, one) for one in base.values()}
    for row in await unit.db.execute(said):
        coaches[row.person_id] = _from_row(row)
    there = []
    for person_id in sorted(coaches):
        coach, person = coaches[person_id], await desk.directory.person(person_id)
        if coach.active and coach.service_id in wanted and person is not None and person.active:
            there.append(coach)
    return there


async def coach_of(unit: Unit, desk: Desk, person_id: str) -> Coach | None:
    """This person as a digicoach; None when they are none (any more)."""
    person = await desk.directory.person(person_id)
    if person is None or not person.active:
        return None
    known = select(DigicoachRow).where(DigicoachRow.person_id == person_id)
    row = (await unit.db.execute(known)).one_or_none()
    if row is not None:
        return _from_row(row) if row.active else None
    return _from_files(desk, person) if Role.DIGICOACH in person.roles else None


async def access_coach(unit: Unit, desk: Desk, actor: Actor) -> Coach:
    """The actor as a digicoach. Raises `NotFound` for who is none."""
    coach = await coach_of(unit, desk, actor.id)
    if coach is None:
        raise NotFound("You are not a digicoach.")
    return coach


async def service_of(desk: Desk, team_id: str) -> Service | None:
    team = await desk.directory.team(team_id)
    return desk.organisation.digicoaches.service(team.id, team.owner_ids) if team else None


async def services_for(desk: Desk, actor: Actor) -> list[Service]:
    """The services of which the actor is a contact person, in the order of their names."""
    teams = sorted(await desk.directory.teams(), key=lambda team: team.name)
    services = (desk.organisation.digicoaches.service(team.id, team.owner_ids) for team in teams)
    return [service for service in services if actor.id in service.contact_ids]


async def access_service(desk: Desk, actor: Actor, team_id: str) -> Service:
    """Raises `NotFound` when there is none, and for who is not its contact person and does not look after all."""
    service = await service_of(desk, team_id)
    if service is None or not (actor.id in service.contact_ids or LOOKS_AFTER_ALL & actor.roles):
        raise NotFound("There is no such service.")
    return service


async def add_coach(unit: Unit, desk: Desk, actor: Actor, team_id: str, person: Person) -> Coach:
    """Make somebody a digicoach of a service, and tell them. Doing so again changes nothing.

    Raises `NotFound` as `access_service` does, `Invalid` (field `colleague`) for who is one of another service.
    """
    service = await access_service(desk, actor, team_id)
    await unit.hold(f"digicoach:{person.id}")
    known = await coach_of(unit, desk, person.id)
    if known is not None and known.service_id == service.team_id:
        return known
    if known is not None:
        raise Invalid("{name} is a digicoach of another service.", field="colleague", name=person.name)
    coach = replace(_from_files(desk, person), service_id=service.team_id)
    await _save(unit, actor, coach)
    await show(unit, WELCOME_VIEW, service.team_id, person.id)
    return coach


async def remove_coach(unit: Unit, desk: Desk, actor: Actor, team_id: str, person_id: str) -> None:
    """Somebody is no digicoach of this service any more; what waited for them goes to another. It may be repeated."""
    service = await access_service(desk, actor, team_id)
    await unit.hold(f"digicoach:{person_id}")
    coach = await coach_of(unit, desk, person_id)
    if coach is None or coach.service_id != service.team_id:
        return
    await _save(unit, actor, replace(coach, active=False))
    waiting = (CoachQuestionRow.coach_id == person_id, CoachQuestionRow.state.in_(OPEN))
    await unit.db.execute(update(CoachQuestionRow).where(*waiting).values(next_at=unit.now))


async def save_profile(unit: Unit, desk: Desk, actor: Actor, wanted: Coach) -> Coach:
    """Keep how the actor wants to work as a digicoach; in which service is not theirs to say.

    Raises `NotFound` for who is no digicoach, `Invalid` with the field that is wrong: `languages`, `places`, `days`,
    `until`, `per_week` or `pause_until`.
    """
    await unit.hold(f"digicoach:{actor.id}")
    coach = await access_coach(unit, desk, actor)
    service = await service_of(desk, coach.service_id)
    if not wanted.languages or not wanted.languages <= set(LANGUAGES):
        raise Invalid("Choose a language at least.", field="languages")
    if not set(wanted.places) <= set(service.places if service else ()):
        raise Invalid("Choose among the places of your service.", field="places")
    if not wanted.hours.days or not wanted.hours.days <= set(range(7)):
        raise Invalid("Choose a day at least.", field="days")
    if wanted.hours.end <= wanted.hours.start:
        raise Invalid("The end has to be later than the start.", field="until")
    if not 1 <= wanted.per_week <= MOST_PER_WEEK:
        raise Invalid(
            "Choose a number from {least} to {most}.", field="per_week", least=1, most=MOST_PER_WEEK
        )
    today = desk.organisation.day(unit.now)
    if wanted.pause_until is not None and wanted.pause_until < today:
        wanted = replace(wanted, pause_until=None)
    kept = replace(wanted, person_id=actor.id, service_id=coach.service_id, active=True)
    await _save(unit, actor, kept)
    return kept


async def subscribe(unit: Unit, desk: Desk, actor: Actor, *, wants: bool) -> Coach:
    """Whether the actor, a digicoach, is told of new systems. Saying it twice changes nothing more."""
    await unit.hold(f"digicoach:{actor.id}")
    coach = replace(await access_coach(unit, desk, actor), wants_news=wants)
    await _save(unit, actor, coach)
    return coach


async def _save(unit: Unit, actor: Actor, coach: Coach) -> None:
    row = {
        "person_id": coach.person_id,
        "service_id": coach.service_id,
        "active": coach.active,
        "languages": sorted(coach.languages),
        "places": list(coach.places),
        "days": [str(day) for day in sorted(coach.hours.days)],
        "from_time": coach.hours.start.isoformat("minutes"),
        "until_time": coach.hours.end.isoformat("minutes"),
        "per_week": coach.per_week,
        "pause_until": coach.pause_until,
        "wants_news": coach.wants_news,
        "changed_at": unit.now,
        "changed_by": actor.id,
    }
    newest = {name: value for name, value in row.items() if name != "person_id"}
    upsert = dialect_insert(unit.db.dialect.name, DigicoachRow).values(row)
    await unit.db.execute(upsert.on_conflict_do_update(index_elements=["person_id"], set_=newest))


def is_away(coach: Coach, today: date) -> bool:
    return coach.pause_until is not None and coach.pause_until >= today


def _from_files(desk: Desk, person: Person) -> Coach:
    policy = desk.organisation.digicoaches
    profile = policy.profiles.get(person.id)
    return Coach(
        person_id=person.id,
        service_id=person.team_id,
        languages=profile.languages if profile else frozenset({person.language}),
        places=profile.places if profile else (),
        hours=(profile.hours if profile else None) or policy.usual_hours,
        per_week=(profile.per_week if profile else None) or policy.per_week,
    )


def _from_row(row: Row[Any]) -> Coach:
    return Coach(
        person_id=row.person_id,
        service_id=row.service_id,
        languages=frozenset(row.languages),
        places=tuple(row.places),
        hours=Hours(
            frozenset(int(day) for day in row.days),
            time.fromisoformat(row.from_time),
            time.fromisoformat(row.until_time),
        ),
        per_week=row.per_week,
        pause_until=row.pause_until,
        wants_news=row.wants_news,
        active=row.active,
    )
