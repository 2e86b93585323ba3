"""Whom a question goes to: a digicoach of the asker's own service first, then nearby, each a fair share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, select

from domain.approvals.models import AbsenceRow
from domain.desk import Desk
from domain.digicoaches.coach import IDLE, Coach, Load
from domain.digicoaches.models import CoachHelpRow, CoachQuestionRow
from domain.digicoaches.register import coaches_of
from domain.digicoaches.rules import State, Wish, fairest, in_turn, is_free, monday
from domain.unit import Unit

LOOKS_BACK = timedelta(days=90)
"""Who was asked longer ago than this counts as never asked."""


async def choose_coach(
    unit: Unit, desk: Desk, service_id: str, wish: Wish, besides: Collection[str]
) -> Coach | None:
    """Who gets a question from this service; None when nobody is free. `besides` are not asked.

    Who speaks the asker's language goes before who is near. Nobody else chooses until this unit ends, so that two
    questions at once do not both go to who has room for one.
    """
    await unit.hold("digicoaches:choose")
    others: list[tuple[Coach, Load]] = []
    for ring in await _rings(desk, service_id):
        free = await _free(unit, desk, ring, wish, besides)
        chosen = fairest((one for one in free if wish.language in one[0].languages), wish)
        if chosen is not None:
            return chosen
        others = others or free  # the nearest who do not speak it
    return fairest(others, wish)


async def _rings(desk: Desk, service_id: str) -> list[list[str]]:
    """Services by distance: the own one, those of the cluster, all."""
    teams = await desk.directory.teams()
    home = next((team for team in teams if team.id == service_id), None)
    cluster = [team.id for team in teams if home is not None and team.cluster == home.cluster]
    return in_turn([[service_id], cluster, [team.id for team in teams]])


async def _free(
    unit: Unit, desk: Desk, service_ids: Sequence[str], wish: Wish, besides: Collection[str]
) -> list[tuple[Coach, Load]]:
    coaches = [one for one in await coaches_of(unit, desk, service_ids) if one.person_id not in besides]
    if not coaches:
        return []
    ids = [coach.person_id for coach in coaches]
    loads, away = await loads_of(unit, desk, ids), await away_of(unit, desk, ids)
    calendar = desk.organisation.calendar
    return [
        (coach, load)
        for coach in coaches
        for load in [loads.get(coach.person_id, IDLE)]
        if coach.person_id not in away and is_free(coach, load, wish, calendar)
    ]


async def away_of(unit: Unit, desk: Desk, person_ids: Sequence[str]) -> set[str]:
    """Who of these said that they are away today."""
    today = desk.organisation.day(unit.now)
    away = select(AbsenceRow.person_id).where(
        AbsenceRow.person_id.in_(person_ids), AbsenceRow.first_day <= today, AbsenceRow.last_day >= today
    )
    return set((await unit.db.execute(away)).scalars())


async def loads_of(unit: Unit, desk: Desk, person_ids: Sequence[str]) -> dict[str, Load]:
    """What these digicoaches had this week; who had nothing lately is not in it."""
    since = monday(unit.now, desk.organisation.calendar.zone)
    this_week = func.count().filter(
        CoachQuestionRow.offered_at >= since, CoachQuestionRow.state != State.WITHDRAWN.value
    )
    asked = (
        select(
            CoachQuestionRow.coach_id, this_week.label("n"), func.max(CoachQuestionRow.offered_at).label("at")
        )
        .where(
            CoachQuestionRow.coach_id.in_(person_ids), CoachQuestionRow.offered_at >= unit.now - LOOKS_BACK
        )
        .group_by(CoachQuestionRow.coach_id)
    )
    loads = {row.coach_id: Load(row.n, row.at) for row in await unit.db.execute(asked)}
    on_the_floor = (
        select(CoachHelpRow.coach_id, func.count().label("n"))
        .where(
            CoachHelpRow.coach_id.in_(person_ids),
            CoachHelpRow.at >= since,
            CoachHelpRow.question_id.is_(None),
        )
        .group_by(CoachHelpRow.coach_id)
    )
    for row in await unit.db.execute(on_the_floor):
        known = loads.get(row.coach_id, IDLE)
        loads[row.coach_id] = Load(known.this_week + row.n, known.last_at)
    return loads
