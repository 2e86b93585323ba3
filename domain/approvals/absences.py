"""Who is away, and who decides in their place: as people say it themselves. The timer follows the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, delete, or_, select, update

from domain.actor import Actor
from domain.approvals import rules
from domain.approvals.approval import Approval, ApprovalState, Event, Seat, Why
from domain.approvals.models import AbsenceRow, SeatRow
from domain.approvals.notify import refresh_cards
from domain.approvals.reading import load
from domain.approvals.stages import active, claim, put_seat, record, who_are_away
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Invalid
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.unit import Unit, dialect_insert

FOLLOW = "approvals.absence"
"""Job kind: payload `{person: id}`."""
DEPUTY_VIEW = "absence.deputy"
"""For who decides in somebody's place; its subject is who is away."""
LONGEST = timedelta(days=366)
BITE = 100


@dataclass(frozen=True, slots=True)
class Absence:
    """Away on these days, both included; `deputy_id` decides meanwhile."""

    person_id: str
    deputy_id: str
    first_day: date
    last_day: date


def today(unit: Unit, desk: Desk) -> date:
    return unit.now.astimezone(desk.organisation.calendar.zone).date()


async def set_absence(unit: Unit, desk: Desk, actor: Actor, absence: Absence) -> Absence:
    """Keep when the actor is away; the one that was set before goes. Raises `Invalid` with the field that is wrong:
    `first_day`, `last_day` or `deputy`."""
    if absence.last_day < absence.first_day:
        raise Invalid("The last day comes before the first.", field="last_day")
    if absence.last_day < today(unit, desk):
        raise Invalid("This day has passed.", field="last_day")
    if absence.last_day - absence.first_day > LONGEST:
        raise Invalid("Longer than a year: ask the helpdesk to have your approvals moved.", field="last_day")
    if absence.deputy_id == actor.id:
        raise Invalid("Somebody else has to decide in your place.", field="deputy")
    if not await active(desk, [absence.deputy_id]):
        raise Invalid("Choose a colleague.", field="deputy")
    row = {
        "person_id": actor.id,
        "deputy_id": absence.deputy_id,
        "first_day": absence.first_day,
        "last_day": absence.last_day,
        "active": False,
        "set_at": unit.now,
    }
    upsert = dialect_insert(unit.db.dialect.name, AbsenceRow).on_conflict_do_update(
        index_elements=["person_id"], set_={name: row[name] for name in row if name != "person_id"}
    )
    await unit.db.execute(upsert, row)
    await unit.enqueue(FOLLOW, {"person": actor.id})
    await show(unit, DEPUTY_VIEW, actor.id, absence.deputy_id)
    return Absence(actor.id, absence.deputy_id, absence.first_day, absence.last_day)


async def end_absence(unit: Unit, desk: Desk, actor: Actor) -> None:
    """The actor is back, or does not go. Doing so twice changes nothing more."""
    yesterday = today(unit, desk) - timedelta(days=1)
    mine = AbsenceRow.person_id == actor.id
    await unit.db.execute(update(AbsenceRow).where(mine).values(last_day=yesterday, active=True))
    await unit.enqueue(FOLLOW, {"person": actor.id})


async def absence_of(unit: Unit, desk: Desk, person_id: str) -> Absence | None:
    """When this person is away, now or later."""
    where = (AbsenceRow.person_id == person_id, AbsenceRow.last_day >= today(unit, desk))
    row = (await unit.db.execute(select(AbsenceRow).where(*where))).one_or_none()
    return Absence(row.person_id, row.deputy_id, row.first_day, row.last_day) if row else None


async def sweep_absences(desk: Desk, limit: int = BITE) -> int:
    """Follow who went away and who came back since the last time. How many there were."""
    async with desk.units.read() as unit:
        now = today(unit, desk)
        gone = and_(AbsenceRow.active.is_(False), AbsenceRow.first_day <= now)
        back = and_(AbsenceRow.active.is_(True), AbsenceRow.last_day < now)
        changed = select(AbsenceRow.person_id).where(or_(gone, back)).limit(limit)
        people = (await unit.db.execute(changed)).scalars().all()
    for person_id in people:
        await follow_absence(desk, person_id)
    return len(people)


async def follow_absence(desk: Desk, person_id: str) -> None:
    """Give what waits for a person to their deputy as well, or back to them alone, as it is on this day.

    Each approval in a transaction of its own, the absence itself last: cut off half-way, it is done again.
    """
    cursor: str | None = None
    while True:
        async with desk.units.read() as unit:
            where = [SeatRow.person_id == person_id, SeatRow.waiting.is_(True)]
            where += [SeatRow.approval_id > cursor] if cursor else []
            waiting = select(SeatRow.approval_id).where(*where).order_by(SeatRow.approval_id).limit(BITE)
            ids = (await unit.db.execute(waiting)).scalars().all()
        for approval_id in ids:
            async with desk.units() as unit:
                await seat_deputy(unit, desk, approval_id, person_id)
        if len(ids) < BITE:
            break
        cursor = ids[-1]
    async with desk.units() as unit:
        now = today(unit, desk)
        mine = AbsenceRow.person_id == person_id
        started = (AbsenceRow.first_day <= now, AbsenceRow.last_day >= now)
        await unit.db.execute(delete(AbsenceRow).where(mine, AbsenceRow.last_day < now))
        await unit.db.execute(update(AbsenceRow).where(mine, *started).values(active=True))


async def seat_deputy(unit: Unit, desk: Desk, approval_id: str, person_id: str) -> None:
    """When this person is away today, their deputy can decide too; otherwise nobody in their place."""
    if not await claim(unit, approval_id, ApprovalState.PENDING):
        return
    approval = await load(unit, approval_id)
    seat = approval.seat(person_id)
    if seat is None or not seat.waiting:
        return
    sits = _deputies(approval, person_id)
    away = await who_are_away(unit, desk, [person_id])
    taken = {one.person_id for one in approval.here if one.waiting} | rules.approved_by(approval)
    wanted = rules.choose_deputy(person_id, away, approval.requester_id, taken - sits)
    if wanted is not None and not await active(desk, [wanted]):
        wanted = None
    leaves = sits - {wanted}
    if not leaves and (wanted is None or wanted in sits):
        return
    for deputy in leaves:
        await put_seat(unit, approval, Seat(seat.round, seat.stage, deputy, seat.seat_of, Why.DEPUTY, False))
    if wanted is not None and wanted not in sits:
        why = Why.ESCALATED if seat.why is Why.ESCALATED else Why.DEPUTY
        await put_seat(unit, approval, Seat(seat.round, seat.stage, wanted, seat.seat_of, why))
        line = (approval.id, Event.DEPUTIZED, person_id, seat.round, seat.stage)
        await record(unit, *line, to_ids=[wanted])
    await refresh_cards(unit, approval.id)


def _deputies(approval: Approval, person_id: str) -> set[str]:
    """Who can decide now because this person was away."""
    given = {
        deputy
        for line in approval.log
        if line.event is Event.DEPUTIZED
        and line.person_id == person_id
        and (line.round, line.stage) == (approval.round, approval.stage)
        for deputy in line.to_ids
    }
    return {seat.person_id for seat in approval.here if seat.waiting and seat.person_id in given}


def handlers(desk: Desk) -> dict[str, JobHandler]:
    async def follow(job: ClaimedJob) -> None:
        await follow_absence(desk, job.payload["person"])

    return {FOLLOW: follow}
