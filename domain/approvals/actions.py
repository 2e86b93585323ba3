"""Asking for approval and deciding. The first decision stands, whoever else decides at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from domain.actor import Actor, Role
from domain.approvals import rules
from domain.approvals.approval import Approval, ApprovalState, Decision
from domain.approvals.models import ApprovalRow, ApproverRow, DecisionRow
from domain.approvals.notify import refresh_cards
from domain.approvals.policy import Stage
from domain.approvals.subjects import Subjects
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.models import Person
from domain.tables import is_id, new_id
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class AskApproval:
    """`kind` names the policy. `number` and `title` are what approvers know the subject by."""

    kind: str
    subject_id: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Decide:
    approval_id: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """`first` says whether the caller's own decision is the one that was made now; else `approval` shows what stood."""

    approval: Approval
    first: bool


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    approvals: tuple[Approval, ...]
    next_cursor: str | None


async def ask_approval(unit: Unit, desk: Desk, requester: Person, ask: AskApproval) -> Approval:
    """Ask whoever the policy of `ask.kind` names; their cards follow after the commit.

    Raises `Conflict` when there is nobody else to decide, or when it was asked before.
    """
    policy = next(policy for policy in desk.organisation.approvals if policy.id == ask.kind)
    role, approver_ids = await _approvers(desk, policy.stages[0], requester)
    row = {
        "id": new_id(),
        "kind": ask.kind,
        "subject_id": ask.subject_id,
        "number": ask.number,
        "title": ask.title,
        "requester_id": requester.id,
        "role": role.value,
        "state": ApprovalState.PENDING.value,
        "asked_at": unit.now,
    }
    if not await unit.insert_new(ApprovalRow, row):
        raise Conflict("Approval was asked for this already.")
    approval_id = str(row["id"])
    await unit.db.execute(
        insert(ApproverRow),
        [{"approval_id": approval_id, "person_id": person, "waiting": True} for person in approver_ids],
    )
    await refresh_cards(unit, approval_id)
    return await _load(unit, approval_id)


async def approve(unit: Unit, actor: Actor, command: Decide, subjects: Subjects) -> Decided:
    return await _decide(unit, actor, command, ApprovalState.APPROVED, subjects)


async def refuse(unit: Unit, actor: Actor, command: Decide, subjects: Subjects) -> Decided:
    """Final, and never without a reason: `Invalid` with field `comment` otherwise."""
    return await _decide(unit, actor, command, ApprovalState.REFUSED, subjects)


async def access_approval(unit: Unit, actor: Actor, approval_id: str) -> Approval:
    """For who asked and who was asked; `NotFound` for anybody else."""
    if is_id(approval_id):
        found = await _load_all(unit, [approval_id])
        if found and rules.may_see(found[0], actor.id):
            return found[0]
    raise NotFound("This approval is not there.")


async def approval_of(unit: Unit, kind: str, subject_id: str) -> Approval:
    """The approval of a subject the caller has access to already."""
    where = (ApprovalRow.kind == kind, ApprovalRow.subject_id == subject_id)
    return await _load(unit, (await unit.db.execute(select(ApprovalRow.id).where(*where))).scalar_one())


async def waiting_for(
    unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None
) -> ApprovalPage:
    """What waits for this person's decision, the oldest first. Raises `Invalid` for a cursor that is not ours."""
    limit = max(1, min(limit, 50))
    where = [ApproverRow.person_id == actor.id, ApproverRow.waiting.is_(True)]
    if cursor is not None:
        if not is_id(cursor):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        where.append(ApproverRow.approval_id > cursor)
    statement = (
        select(ApproverRow.approval_id).where(*where).order_by(ApproverRow.approval_id).limit(limit + 1)
    )
    ids = (await unit.db.execute(statement)).scalars().all()
    return ApprovalPage(
        tuple(await _load_all(unit, ids[:limit])), ids[limit - 1] if len(ids) > limit else None
    )


async def _decide(
    unit: Unit, actor: Actor, command: Decide, outcome: ApprovalState, subjects: Subjects
) -> Decided:
    approval = await access_approval(unit, actor, command.approval_id)
    rules.check_may_decide(approval, actor.id)
    if not approval.pending:
        return Decided(approval, first=False)
    comment = rules.check_comment(outcome, command.comment)
    pending = (ApprovalRow.id == approval.id, ApprovalRow.state == ApprovalState.PENDING)
    claimed = await unit.db.execute(
        update(ApprovalRow).where(*pending).values(state=outcome.value, decided_at=unit.now)
    )
    if claimed.rowcount != 1:  # somebody was first, between our look and now
        return Decided(await _load(unit, approval.id), first=False)
    await unit.db.execute(
        insert(DecisionRow).values(
            id=new_id(),
            approval_id=approval.id,
            person_id=actor.id,
            outcome=outcome.value,
            comment=comment,
            at=unit.now,
        )
    )
    await unit.db.execute(
        update(ApproverRow).where(ApproverRow.approval_id == approval.id).values(waiting=False)
    )
    approval = await _load(unit, approval.id)
    await subjects[approval.kind].decided(unit, approval)
    await refresh_cards(unit, approval.id)
    return Decided(approval, first=True)


async def _approvers(desk: Desk, stage: Stage, requester: Person) -> tuple[Role, tuple[str, ...]]:
    team = await desk.directory.team(requester.team_id)
    manager = team.information_manager_id if team else None
    everyone = [person.id for person in await desk.directory.with_role(Role.INFORMATION_MANAGER)]
    holders = {
        Role.TEAM_OWNER: team.owner_ids if team else (),
        Role.SUPERVISOR: (requester.supervisor_id,) if requester.supervisor_id else (),
        Role.INFORMATION_MANAGER: everyone if manager in (None, requester.id) else (manager,),
    }
    chosen = rules.choose_approvers(stage, requester.id, holders)
    if chosen is None:
        raise Conflict("There is nobody who can approve this for your team. Please ask the helpdesk.")
    return chosen


async def _load(unit: Unit, approval_id: str) -> Approval:
    return (await _load_all(unit, [approval_id]))[0]


async def _load_all(unit: Unit, ids: Sequence[str]) -> list[Approval]:
    """These approvals, the oldest first; ids that are not there are left out."""
    if not ids:
        return []
    rows = await unit.db.execute(select(ApprovalRow).where(ApprovalRow.id.in_(ids)).order_by(ApprovalRow.id))
    asked = await unit.db.execute(
        select(ApproverRow.approval_id, ApproverRow.person_id)
        .where(ApproverRow.approval_id.in_(ids))
        .order_by(ApproverRow.person_id)
    )
    approvers: dict[str, list[str]] = {}
    for approver in asked:
        approvers.setdefault(approver.approval_id, []).append(approver.person_id)
    decided = await unit.db.execute(select(DecisionRow).where(DecisionRow.approval_id.in_(ids)))
    decisions = {
        row.approval_id: Decision(row.person_id, ApprovalState(row.outcome), row.comment, row.at)
        for row in decided
    }
    return [
        Approval(
            id=row.id,
            kind=row.kind,
            subject_id=row.subject_id,
            number=row.number,
            title=row.title,
            requester_id=row.requester_id,
            role=row.role,
            approver_ids=tuple(approvers[row.id]),
            state=ApprovalState(row.state),
            asked_at=row.asked_at,
            decision=decisions.get(row.id),
        )
        for row in rows
    ]
