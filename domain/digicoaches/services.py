"""How a service stands: its digicoaches, who is missing, and what they did this year."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.chats.actions import show
from domain.desk import Desk
from domain.digicoaches.choosing import away_of, loads_of
from domain.digicoaches.coach import IDLE, Coach, Load
from domain.digicoaches.help import NONE, Figures, figures_by_coach, figures_by_service
from domain.digicoaches.models import CoachHelpRow
from domain.digicoaches.policy import Service
from domain.digicoaches.register import coaches_of, is_away
from domain.digicoaches.rules import is_thanks_time, places_without, thanked_for, wanted, year_of
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.unit import Unit

SHORT_VIEW = "digicoach.short"
"""For a contact person whose service lacks digicoaches; its subject is the service, a colon and the month."""
THANKS_VIEW = "digicoach.thanks"
"""For a digicoach; its subject is the year."""
THANK = "digicoaches.thank"
"""Job kind: payload `{person, year}`."""
REPORT_SHORT = "digicoaches.short"
"""Job kind: payload `{person, service, month}`."""
DAYS_TO_REPORT = 7
"""Of a month: for a night on which nothing ran."""
BITE = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A digicoach as the contact person sees them."""

    coach: Coach
    load: Load
    away: bool
    year: Figures


@dataclass(frozen=True, slots=True)
class Standing:
    """`people` work in the service, which should have `wanted` digicoaches; nobody comes to `places_without`."""

    service: Service
    name: str
    people: int
    wanted: int
    members: tuple[Member, ...]
    places_without: tuple[str, ...]
    year: Figures

    @property
    def missing(self) -> int:
        return max(self.wanted - len(self.members), len(self.places_without))

    @property
    def is_short(self) -> bool:
        return self.missing > 0


async def standing_of(unit: Unit, desk: Desk, service: Service) -> Standing:
    """How a service stands now, with this calendar year's figures."""
    coaches = await coaches_of(unit, desk, [service.team_id])
    ids = [coach.person_id for coach in coaches]
    today = desk.organisation.day(unit.now)
    start, end = year_of(today, desk.organisation.calendar.zone)
    loads = await loads_of(unit, desk, ids) if ids else {}
    away = await away_of(unit, desk, ids) if ids else set()
    years = await figures_by_coach(unit, start, end, ids) if ids else {}
    all_year = await figures_by_service(unit, start, end, [service.team_id])
    team = await desk.directory.team(service.team_id)
    people = len(await desk.directory.team_members(service.team_id))
    return Standing(
        service,
        team.name if team else service.team_id,
        people,
        wanted(service, people, desk.organisation.digicoaches),
        tuple(
            Member(
                coach,
                loads.get(coach.person_id, IDLE),
                coach.person_id in away or is_away(coach, today),
                years.get(coach.person_id, NONE),
            )
            for coach in coaches
        ),
        places_without(service, coaches),
        all_year.get(service.team_id, NONE),
    )


async def sweep_shortages(desk: Desk) -> int:
    """At the start of a month, show each contact person whose service lacks digicoaches which ones. How many."""
    async with desk.units.read() as unit:
        today = desk.organisation.day(unit.now)
    if today.day > DAYS_TO_REPORT:
        return 0
    told, month = 0, today.isoformat()[:7]
    for team in await desk.directory.teams():
        service = desk.organisation.digicoaches.service(team.id, team.owner_ids)
        async with desk.units() as unit:
            if not (await standing_of(unit, desk, service)).is_short:
                continue
            for person_id in service.contact_ids:
                payload = {"person": person_id, "service": team.id, "month": month}
                await unit.enqueue(REPORT_SHORT, payload, key=f"{REPORT_SHORT}:{team.id}:{person_id}:{month}")
        told += 1
    return told


async def sweep_thanks(desk: Desk) -> int:
    """Once a year, thank everybody who helped somebody since the last time. How many were found."""
    async with desk.units.read() as unit:
        today = desk.organisation.day(unit.now)
    thanks_on = desk.organisation.digicoaches.thanks_on
    if not is_thanks_time(today, thanks_on):
        return 0
    start, end = thanked_for(today.year, thanks_on, desk.organisation.calendar.zone)
    found, last = 0, ""
    while True:
        async with desk.units() as unit:
            page = (
                select(CoachHelpRow.coach_id)
                .where(CoachHelpRow.at >= start, CoachHelpRow.at < end, CoachHelpRow.coach_id > last)
                .distinct()
                .order_by(CoachHelpRow.coach_id)
                .limit(BITE)
            )
            people = (await unit.db.execute(page)).scalars().all()
            for person_id in people:
                payload = {"person": person_id, "year": today.year}
                await unit.enqueue(THANK, payload, key=f"{THANK}:{person_id}:{today.year}")
        found += len(people)
        if len(people) < BITE:
            return found
        last = people[-1]


def handlers(desk: Desk) -> dict[str, JobHandler]:
    async def thank(job: ClaimedJob) -> None:
        if await desk.directory.person(job.payload["person"]) is not None:
            async with desk.units() as unit:
                await show(unit, THANKS_VIEW, str(job.payload["year"]), job.payload["person"])

    async def report_short(job: ClaimedJob) -> None:
        subject = f"{job.payload['service']}:{job.payload['month']}"
        async with desk.units() as unit:
            await show(unit, SHORT_VIEW, subject, job.payload["person"])

    return {THANK: thank, REPORT_SHORT: report_short}
