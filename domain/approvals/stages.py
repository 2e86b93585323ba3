"""Going through the stages: who gets a seat, which stages pass by themselves, and when people hear of it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from domain.actor import Role
from domain.approvals import rules
from domain.approvals.approval import Approval, ApprovalState, Event, Seat, Why
from domain.approvals.models import AbsenceRow, ApprovalRow, DecisionRow, SeatRow
from domain.approvals.policy import Circle, Plan, Stage
from domain.desk import Desk
from domain.errors import Conflict
from domain.tables import new_id
from domain.unit import Unit, dialect_insert

ASKED = "approvals.asked"
"""Job kind: a stage began. Payload `{approval, at}`; for whoever wants to hear of it, in order with the next."""
ENDED = "approvals.ended"
"""Job kind: it was decided or withdrawn. Payload as above."""

_INSERT_LINE = insert(DecisionRow)
NOBODY = ""
"""Who does what the policy does by itself."""


@dataclass(frozen=True, slots=True)
class Walk:
    """An approval on its way through its stages, for whoever holds its row."""

    approval_id: str
    requester_id: str
    team_id: str | None
    plan: Plan
    round: int
    attributes: Mapping[str, rules.Attribute] = field(default_factory=dict)


async def check_decidable(desk: Desk, walk: Walk) -> None:
    """Raises `Conflict` when some stage has nobody to decide, and does not pass by itself."""
    holders, roles = await _towards(desk, walk)
    for stage in walk.plan.stages:
        await _choose(desk, stage, walk, holders, roles)


async def enter(unit: Unit, desk: Desk, walk: Walk, index: int, approved_by: Collection[str] = ()) -> bool:
    """Begin the stage with this index; those that have passed already are gone through. True at the end of the last.

    Raises `Conflict` when there is nobody to decide.
    """
    holders, roles = await _towards(desk, walk)
    for number, stage in enumerate(walk.plan.stages[index:], index):
        chosen = await _choose(desk, stage, walk, holders, roles)
        if chosen is None:
            await record(unit, walk.approval_id, Event.AUTO_APPROVED, NOBODY, walk.round, number)
            continue
        role, people = chosen
        seats = await seat(unit, desk, walk, number, {person: person for person in people}, approved_by)
        if rules.has_passed(stage, seats, approved_by):
            await close_seats(unit, walk.approval_id)
            continue
        due_at = rules.due(stage, unit.now, desk.organisation.calendar)
        soonest = rules.next_moment(stage, unit.now, due_at, unit.now, desk.organisation.calendar)
        await _save(unit, walk, stage=number, role=role, stage_at=unit.now, due_at=due_at, next_at=soonest)
        await _announce(unit, ASKED, walk.approval_id)
        return False
    await _finish(unit, walk.approval_id, ApprovalState.APPROVED)
    return True


async def end(unit: Unit, approval_id: str, state: ApprovalState) -> None:
    """Nobody is asked any more: it is over, or it went back to the requester."""
    await _finish(unit, approval_id, state)
    await close_seats(unit, approval_id)


async def _finish(unit: Unit, approval_id: str, state: ApprovalState) -> None:
    over = None if state is ApprovalState.SENT_BACK else unit.now
    await unit.db.execute(
        update(ApprovalRow)
        .where(ApprovalRow.id == approval_id)
        .values(state=state.value, decided_at=over, due_at=None, next_at=None)
    )
    if over is not None:
        await _announce(unit, ENDED, approval_id)


async def _announce(unit: Unit, what: str, approval_id: str) -> None:
    payload = {"approval": approval_id, "at": unit.now.isoformat()}
    await unit.enqueue(what, payload, lane=f"approval:{approval_id}")


async def close_seats(unit: Unit, approval_id: str) -> None:
    waiting = (SeatRow.approval_id == approval_id, SeatRow.waiting.is_(True))
    await unit.db.execute(update(SeatRow).where(*waiting).values(waiting=False))


async def seat(
    unit: Unit,
    desk: Desk,
    walk: Walk,
    stage: int,
    places: Mapping[str, str],
    approved_by: Collection[str] = (),
    why: Why = Why.ASKED,
    seated: Collection[str] = (),
) -> list[Seat]:
    """Give people a seat, each in a place (their own, or who gave it to them), and their deputies when they are away.

    Who approved in this round already sits there without being asked again; `seated` have a seat in this stage.
    """
    seats = [
        Seat(walk.round, stage, person, place, why, waiting=person not in approved_by)
        for person, place in places.items()
    ]
    deputies = await who_are_away(unit, desk, list(places))
    for person, place in places.items():
        taken = {*seated, *(one.person_id for one in seats)}
        deputy = rules.choose_deputy(person, deputies, walk.requester_id, taken)
        if deputy is not None and await active(desk, [deputy]):
            as_what = Why.ESCALATED if why is Why.ESCALATED else Why.DEPUTY
            waiting = deputy not in approved_by
            seats.append(Seat(walk.round, stage, deputy, place, as_what, waiting))
            await record(unit, walk.approval_id, Event.DEPUTIZED, person, walk.round, stage, to_ids=[deputy])
    await _save_seats(unit, walk.approval_id, seats)
    return seats


async def _save_seats(unit: Unit, approval_id: str, seats: Sequence[Seat]) -> None:
    await unit.db.execute(
        insert(SeatRow),
        [
            {
                "approval_id": approval_id,
                "round": one.round,
                "stage": one.stage,
                "person_id": one.person_id,
                "seat_of": one.seat_of,
                "why": one.why.value,
                "waiting": one.waiting,
            }
            for one in seats
        ],
    )


async def put_seat(unit: Unit, approval: Approval, one: Seat) -> None:
    """Give somebody a seat in the current stage, or change the one they have or had."""
    values = {"seat_of": one.seat_of, "why": one.why.value, "waiting": one.waiting}
    row = {
        "approval_id": approval.id,
        "round": one.round,
        "stage": one.stage,
        "person_id": one.person_id,
        **values,
    }
    upsert = dialect_insert(unit.db.dialect.name, SeatRow).on_conflict_do_update(
        index_elements=["approval_id", "round", "stage", "person_id"], set_=values
    )
    await unit.db.execute(upsert, row)


async def who_are_away(unit: Unit, desk: Desk, people: Sequence[str]) -> dict[str, str]:
    """Of these people, their deputies and so on: who is away today, and who is their deputy."""
    today = unit.now.astimezone(desk.organisation.calendar.zone).date()
    away: dict[str, str] = {}
    asked = set(people)
    for _ in range(rules.DEPUTIES_IN_A_ROW):
        found = await unit.db.execute(
            select(AbsenceRow.person_id, AbsenceRow.deputy_id).where(
                AbsenceRow.person_id.in_(sorted(asked)),
                AbsenceRow.first_day <= today,
                AbsenceRow.last_day >= today,
            )
        )
        new = {row.person_id: row.deputy_id for row in found}
        away |= new
        asked = set(new.values()) - away.keys()
        if not asked:
            break
    return away


async def record(
    unit: Unit,
    approval_id: str,
    event: Event,
    person_id: str,
    round: int,  # noqa: A002 - the domain's own word
    stage: int,
    *,
    comment: str = "",
    for_id: str | None = None,
    to_ids: Sequence[str] = (),
) -> None:
    """A line of the decision log."""
    row = {
        "id": new_id(),
        "approval_id": approval_id,
        "person_id": person_id,
        "outcome": event.value,
        "comment": comment,
        "at": unit.now,
        "round": round,
        "stage": stage,
        "for_id": for_id,
        "to_ids": list(to_ids) or None,
    }
    await unit.db.execute(_INSERT_LINE, row)


async def active(desk: Desk, people: Sequence[str]) -> tuple[str, ...]:
    """Those of these people who work here (still)."""
    found = [await desk.directory.person(person_id) for person_id in people]
    return tuple(person.id for person in found if person is not None and person.active)


async def choose_circle(
    desk: Desk, walk: Walk, circles: Sequence[Circle]
) -> tuple[str, tuple[str, ...]] | None:
    """The first of these circles that has somebody other than the requester, and who those are."""
    holders, _ = await _towards(desk, walk)
    return await _first(desk, walk, circles, holders)


async def _choose(
    desk: Desk, stage: Stage, walk: Walk, holders: Mapping[str, Sequence[str]], roles: Collection[str]
) -> tuple[str, tuple[str, ...]] | None:
    """Who decides this stage; None when it passes by itself."""
    if rules.passes_by_itself(stage, walk.attributes, roles):
        return None
    chosen = await _first(desk, walk, stage.approvers, holders)
    if chosen is None:
        raise Conflict("There is nobody who can approve this for your team. Please ask the helpdesk.")
    return chosen


async def _first(
    desk: Desk, walk: Walk, circles: Sequence[Circle], holders: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[str, ...]] | None:
    named = [replace(circle, people=await active(desk, circle.people)) for circle in circles]
    working = {role: await active(desk, people) for role, people in holders.items()}
    return rules.choose_approvers(named, walk.requester_id, working)


async def _towards(desk: Desk, walk: Walk) -> tuple[dict[str, Sequence[str]], frozenset[str]]:
    """Who has which role towards the requester, and which roles the requester has."""
    requester = await desk.directory.person(walk.requester_id)
    team = await desk.directory.team(walk.team_id) if walk.team_id else None
    manager = team.information_manager_id if team else None
    everyone = [person.id for person in await desk.directory.with_role(Role.INFORMATION_MANAGER)]
    supervisor = requester.supervisor_id if requester else None
    holders: dict[str, Sequence[str]] = {
        Role.TEAM_OWNER: team.owner_ids if team else (),
        Role.SUPERVISOR: (supervisor,) if supervisor else (),
        Role.INFORMATION_MANAGER: everyone if manager in (None, walk.requester_id) else (manager,),
    }
    roles = {role.value for role in requester.roles} if requester else set()
    if team and walk.requester_id in team.owner_ids:
        roles.add(Role.TEAM_OWNER.value)
    return holders, frozenset(roles)


async def _save(unit: Unit, walk: Walk, **values: Any) -> None:
    await unit.db.execute(
        update(ApprovalRow)
        .where(ApprovalRow.id == walk.approval_id)
        .values(state=ApprovalState.PENDING.value, decided_at=None, round=walk.round, **values)
    )


async def claim(unit: Unit, approval_id: str, *states: ApprovalState, **seen: int | datetime | None) -> bool:
    """Have an approval to ourselves until the end of the transaction, if it is still in one of these states and has
    these `seen` values. Of several at once, each waits here for the one before."""
    values = [getattr(ApprovalRow, name) == value for name, value in seen.items()]
    claimed = await unit.db.execute(
        update(ApprovalRow)
        .where(ApprovalRow.id == approval_id, ApprovalRow.state.in_([s.value for s in states]), *values)
        .values(version=ApprovalRow.version + 1)
    )
    return bool(claimed.rowcount == 1)
