"""Looking at approvals: one, those of a subject, and what waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from domain.actor import Actor
from domain.approvals import rules
from domain.approvals.approval import Approval, ApprovalState, Decision, Event, LogLine, Seat, Why
from domain.approvals.models import ApprovalRow, DecisionRow, SeatRow
from domain.approvals.snapshot import read_plan
from domain.errors import Invalid, NotFound
from domain.tables import is_id
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    approvals: tuple[Approval, ...]
    next_cursor: str | None


# Building a statement costs more than running it here: these are built once, and take the ids as a parameter.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_APPROVALS = select(ApprovalRow).where(ApprovalRow.id.in_(_IDS)).order_by(ApprovalRow.id)
_SEATS = select(SeatRow).where(SeatRow.approval_id.in_(_IDS)).order_by(SeatRow.person_id)
_LINES = select(DecisionRow).where(DecisionRow.approval_id.in_(_IDS)).order_by(DecisionRow.id)


async def access_approval(unit: Unit, actor: Actor, approval_id: str) -> Approval:
    """For who asked and who was asked; `NotFound` for anybody else."""
    found = await load_all(unit, [checked_id(approval_id)])
    if not found or not rules.may_see(found[0], actor.id):
        raise NotFound("This approval is not there.")
    return found[0]


def checked_id(approval_id: str) -> str:
    """Raises `NotFound` for what can be no id."""
    if not is_id(approval_id):
        raise NotFound("This approval is not there.")
    return approval_id


async def access_numbered(unit: Unit, actor: Actor, number: str) -> Approval:
    """The newest approval of what has this number. `NotFound` as `access_approval`."""
    where = select(ApprovalRow.id).where(ApprovalRow.number == number).order_by(ApprovalRow.id.desc())
    found = (await unit.db.execute(where.limit(1))).scalar_one_or_none()
    return await access_approval(unit, actor, found or "")


async def approval_of(unit: Unit, kind: str, subject_id: str) -> Approval:
    """The approval of a subject the caller has access to already."""
    where = (ApprovalRow.kind == kind, ApprovalRow.subject_id == subject_id)
    return await load(unit, (await unit.db.execute(select(ApprovalRow.id).where(*where))).scalar_one())


async def waiting_for(
    unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None
) -> ApprovalPage:
    """What waits for this person's decision, the oldest first. Raises `Invalid` for a cursor that is not ours."""
    limit = max(1, min(limit, 100))
    where = [SeatRow.person_id == actor.id, SeatRow.waiting.is_(True)]
    if cursor is not None:
        if not is_id(cursor):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        where.append(SeatRow.approval_id > cursor)
    statement = select(SeatRow.approval_id).where(*where).order_by(SeatRow.approval_id).limit(limit + 1)
    ids = (await unit.db.execute(statement)).scalars().all()
    return ApprovalPage(
        tuple(await load_all(unit, ids[:limit])), ids[limit - 1] if len(ids) > limit else None
    )


async def load(unit: Unit, approval_id: str) -> Approval:
    return (await load_all(unit, [approval_id]))[0]


async def load_all(unit: Unit, ids: Sequence[str]) -> list[Approval]:
    """These approvals, the oldest first; ids that are not there are left out."""
    if not ids:
        return []
    given = {"ids": list(ids)}
    rows = await unit.db.execute(_APPROVALS, given)
    seats: dict[str, list[Seat]] = defaultdict(list)
    for row in await unit.db.execute(_SEATS, given):
        seat = Seat(row.round, row.stage, row.person_id, row.seat_of, Why(row.why), row.waiting)
        seats[row.approval_id].append(seat)
    log: dict[str, list[LogLine]] = defaultdict(list)
    for line in await unit.db.execute(_LINES, given):
        log[line.approval_id].append(log_line(line))
    return [_approval(row, seats[row.id], log[row.id]) for row in rows]


def log_line(row: Any) -> LogLine:
    """A row of the decision log."""
    return LogLine(
        event=Event(row.outcome),
        person_id=row.person_id,
        comment=row.comment,
        at=row.at,
        round=row.round,
        stage=row.stage,
        for_id=row.for_id,
        to_ids=tuple(row.to_ids or ()),
    )


def _approval(row: Any, seats: Sequence[Seat], log: Sequence[LogLine]) -> Approval:
    state = ApprovalState(row.state)
    here = [seat for seat in seats if (seat.round, seat.stage) == (row.round, row.stage)]
    if state is ApprovalState.PENDING:
        here = [seat for seat in here if seat.waiting]
    return Approval(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        number=row.number,
        title=row.title,
        requester_id=row.requester_id,
        role=row.role,
        approver_ids=tuple(seat.person_id for seat in here),
        state=state,
        asked_at=row.asked_at,
        decision=_decision(state, log),
        asked_ids=tuple(dict.fromkeys(seat.person_id for seat in seats)),
        facts=tuple((str(label), str(value)) for label, value in row.facts or ()),
        round=row.round,
        stage=row.stage,
        due_at=row.due_at,
        plan=read_plan(row.plan, row.role),
        seats=tuple(seats),
        log=tuple(log),
        policy=row.policy or row.kind,
    )


_ENDS = {
    ApprovalState.APPROVED: (Event.APPROVED, Event.AUTO_APPROVED),
    ApprovalState.REFUSED: (Event.REFUSED,),
    ApprovalState.WITHDRAWN: (Event.WITHDRAWN,),
}


def _decision(state: ApprovalState, log: Sequence[LogLine]) -> Decision | None:
    """How it ended; an approval by a person goes before what the policy let through by itself."""
    for event in _ENDS.get(state, ()):
        for line in reversed(log):
            if line.event is event:
                return Decision(line.person_id, state, line.comment, line.at)
    return None
