"""Asking for approval and deciding. Whoever decides at the same moment, one outcome stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select, update

from domain.actor import Actor
from domain.approvals import rules
from domain.approvals.absences import seat_deputy
from domain.approvals.approval import Approval, ApprovalState, Event, Seat, Why
from domain.approvals.models import ApprovalRow, SeatRow
from domain.approvals.notify import refresh_cards, settle_later
from domain.approvals.policy import ApprovalPolicy
from domain.approvals.reading import (
    ApprovalPage,
    access_approval,
    approval_of,
    checked_id,
    load,
    waiting_for,
)
from domain.approvals.snapshot import write_plan
from domain.approvals.stages import Walk, check_decidable, claim, close_seats, end, enter, put_seat, record
from domain.approvals.subjects import Subjects
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.models import Person
from domain.tables import new_id
from domain.unit import Unit

__all__ = [
    "ApprovalPage",
    "AskApproval",
    "Decide",
    "Decided",
    "Delegate",
    "access_approval",
    "approval_of",
    "approve",
    "ask_again",
    "ask_approval",
    "asked_before",
    "delegate",
    "refuse",
    "resubmit",
    "send_back",
    "waiting_for",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class AskApproval:
    """`number` and `title` are what approvers know the subject by, `facts` labels and values for their card.

    `kind` says which feature it is about, and names the policy unless `policy` does. `attributes` are what the
    conditions of a policy look at, such as `{"scenario": "1", "cost": 120}`; the roles of the requester are known.
    """

    kind: str
    subject_id: str
    number: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    attributes: Mapping[str, rules.Attribute] = field(default_factory=dict)
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Decide:
    """`round` is the one the person looked at: after a change they look again. Cards of before there were rounds
    have none: those are of the first."""

    approval_id: str
    comment: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True)
class Delegate:
    approval_id: str
    colleague_id: str
    comment: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True)
class Decided:
    """`first` says whether what the caller did counts; else `approval` shows what stood already."""

    approval: Approval
    first: bool


async def ask_approval(unit: Unit, desk: Desk, requester: Person, ask: AskApproval) -> Approval:
    """Ask whoever the policy names; their cards follow after the commit.

    When the policy approves it by itself, the answer is approved and the subject hears of it in a job. Raises
    `Conflict` when there is nobody else to decide, or when it was asked before, and `LookupError` without a policy.
    """
    policy = _policy(desk, ask)
    row = {
        "id": new_id(),
        "kind": ask.kind,
        "subject_id": ask.subject_id,
        "number": ask.number,
        "title": ask.title,
        "requester_id": requester.id,
        "role": "",
        "state": ApprovalState.PENDING.value,
        "asked_at": unit.now,
        "policy": policy.id,
        "team_id": requester.team_id,
        "plan": write_plan(policy.plan),
        "facts": [list(fact) for fact in ask.facts] or None,
        "attributes": dict(ask.attributes) or None,
    }
    walk = Walk(str(row["id"]), requester.id, requester.team_id, policy.plan, 1, ask.attributes)
    await check_decidable(desk, walk)
    if not await unit.insert_new(ApprovalRow, row):
        raise Conflict("Approval was asked for this already.")
    await record(unit, walk.approval_id, Event.ASKED, requester.id, 1, 0)
    return await _go_on(unit, desk, walk, 0)


async def resubmit(unit: Unit, desk: Desk, actor: Actor, ask: AskApproval, comment: str = "") -> Approval:
    """Send a subject again after an approver asked for a change, with its title, facts and attributes as they are now.

    `kind` and `subject_id` say which. By its policy the stages start over, or the one that sent it back goes on.
    Raises `NotFound` for anybody but the requester, and `Conflict` when it does not wait for a change (any more).
    """
    comment = rules.check_comment(Event.RESUBMITTED, comment)
    where = (ApprovalRow.kind == ask.kind, ApprovalRow.subject_id == ask.subject_id)
    row = (await unit.db.execute(select(ApprovalRow).where(*where))).one_or_none()
    if row is None or row.requester_id != actor.id:
        raise NotFound("This approval is not there.")
    if not await claim(unit, row.id, ApprovalState.SENT_BACK, round=row.round):
        raise Conflict("This does not wait for a change from you (any more).")
    approval = await load(unit, row.id)
    return await _next_round(
        unit, desk, actor, approval, ask, comment, 0 if approval.plan.restart else approval.stage
    )


async def ask_again(unit: Unit, desk: Desk, actor: Actor, ask: AskApproval, why: str) -> Approval:
    """Ask from the first stage on, also what was decided: what it is about has changed, and nobody has seen it so.

    `kind` and `subject_id` say which; the subject hears of the new outcome as it did of the one before. Whoever may
    change the subject may have it asked: the caller checks that. Raises `Conflict` when nobody can decide (any more).
    """
    comment = rules.check_comment(Event.RESUBMITTED, why)
    approval = await approval_of(unit, ask.kind, ask.subject_id)
    await claim(unit, approval.id, *ApprovalState)
    approval = await load(unit, approval.id)  # as it stands now that it is ours
    await close_seats(unit, approval.id)
    return await _next_round(unit, desk, actor, approval, ask, comment, 0)


async def asked_before(unit: Unit, approval: Approval) -> AskApproval:
    """What was asked, to be asked again unchanged."""
    attributes = select(ApprovalRow.attributes).where(ApprovalRow.id == approval.id)
    return AskApproval(
        kind=approval.kind,
        subject_id=approval.subject_id,
        number=approval.number,
        title=approval.title,
        facts=approval.facts,
        attributes=(await unit.db.execute(attributes)).scalar_one() or {},
        policy=approval.policy,
    )


async def approve(unit: Unit, desk: Desk, actor: Actor, command: Decide, subjects: Subjects) -> Decided:
    """With the last approval that a stage needs the next one begins; after the last stage the subject hears of it."""
    approval, mine = await _claim_seat(unit, actor, command, Event.APPROVED)
    if mine is None:
        return Decided(approval, first=False)
    await _record_vote(unit, actor, approval, mine, Event.APPROVED, command.comment)
    approved_by = {actor.id, *rules.approved_by(approval)}
    ended = False
    if rules.has_passed(approval.plan.stages[approval.stage], approval.here, approved_by):
        await close_seats(unit, approval.id)
        ended = await enter(unit, desk, await _walk(unit, approval), approval.stage + 1, approved_by)
    else:
        place = (SeatRow.round == mine.round, SeatRow.stage == mine.stage, SeatRow.seat_of == mine.seat_of)
        seats = update(SeatRow).where(SeatRow.approval_id == approval.id, *place)
        await unit.db.execute(seats.values(waiting=False))
    approval = await load(unit, approval.id)
    if ended:
        await subjects[approval.kind].decided(unit, approval)
    await refresh_cards(unit, approval.id)
    return Decided(approval, first=True)


async def refuse(unit: Unit, desk: Desk, actor: Actor, command: Decide, subjects: Subjects) -> Decided:
    """Final, whatever the others think, and never without a reason: `Invalid` with field `comment` otherwise."""
    return await _stop(unit, actor, command, Event.REFUSED, ApprovalState.REFUSED, subjects)


async def send_back(unit: Unit, desk: Desk, actor: Actor, command: Decide, subjects: Subjects) -> Decided:
    """Ask the requester for a change; the comment says which, `Invalid` with field `comment` otherwise."""
    return await _stop(unit, actor, command, Event.SENT_BACK, ApprovalState.SENT_BACK, subjects)


async def withdraw(unit: Unit, actor: Actor, command: Decide, subjects: Subjects) -> Decided:
    """The requester takes it back, at any time before the decision. Raises `Conflict` for who only decides on it."""
    open_states = (ApprovalState.PENDING, ApprovalState.SENT_BACK)
    held = await claim(unit, checked_id(command.approval_id), *open_states)
    approval = await access_approval(unit, actor, command.approval_id)
    if approval.requester_id != actor.id:
        raise Conflict("Only who asked for this can withdraw it.")
    if not held:
        return Decided(approval, first=False)
    comment = rules.check_comment(Event.WITHDRAWN, command.comment)
    here = (approval.round, approval.stage)
    await record(unit, approval.id, Event.WITHDRAWN, actor.id, *here, comment=comment)
    return await _ended(unit, approval.id, ApprovalState.WITHDRAWN, subjects)


async def delegate(unit: Unit, desk: Desk, actor: Actor, command: Delegate) -> Decided:
    """Give the decision to a colleague, who then sits in the same place. Raises `Invalid` (field `colleague`)."""
    colleague = await desk.directory.person(command.colleague_id)
    if colleague is None or not colleague.active:
        raise Invalid("Choose a colleague.", field="colleague")
    wanted = Decide(command.approval_id, command.comment, command.round)
    approval, mine = await _claim_seat(unit, actor, wanted, Event.DELEGATED)
    if mine is None:
        return Decided(approval, first=False)
    rules.check_colleague(approval, actor.id, colleague.id)
    why = Why.ESCALATED if mine.why is Why.ESCALATED else Why.DELEGATE
    await put_seat(unit, approval, replace(mine, waiting=False))
    await put_seat(unit, approval, replace(mine, person_id=colleague.id, why=why))
    comment = rules.check_comment(Event.DELEGATED, command.comment)
    line = (approval.id, Event.DELEGATED, actor.id, mine.round, mine.stage)
    await record(unit, *line, comment=comment, for_id=_in_place_of(actor, mine), to_ids=[colleague.id])
    await seat_deputy(unit, desk, approval.id, colleague.id)
    await refresh_cards(unit, approval.id)
    return Decided(await load(unit, approval.id), first=True)


async def _stop(
    unit: Unit, actor: Actor, command: Decide, event: Event, state: ApprovalState, subjects: Subjects
) -> Decided:
    approval, mine = await _claim_seat(unit, actor, command, event)
    if mine is None:
        return Decided(approval, first=False)
    await _record_vote(unit, actor, approval, mine, event, command.comment)
    return await _ended(unit, approval.id, state, subjects)


async def _ended(unit: Unit, approval_id: str, state: ApprovalState, subjects: Subjects) -> Decided:
    await end(unit, approval_id, state)
    approval = await load(unit, approval_id)
    subject = subjects[approval.kind]
    if state is ApprovalState.SENT_BACK:
        await subject.sent_back(unit, approval)
    else:
        await subject.decided(unit, approval)
    await refresh_cards(unit, approval_id)
    return Decided(approval, first=True)


async def _claim_seat(
    unit: Unit, actor: Actor, command: Decide, event: Event
) -> tuple[Approval, Seat | None]:
    """The approval, held until the end of the transaction, and the actor's seat in it.

    Without a seat they are late: somebody decided, it was withdrawn, or it changed since they looked. Raises
    `Conflict` for the requester, `NotFound` for who was never asked, `Invalid` for a comment that will not do.
    """
    held = await claim(unit, checked_id(command.approval_id), ApprovalState.PENDING)
    approval = await access_approval(unit, actor, command.approval_id)  # as it stands now that it is ours
    rules.check_may_decide(approval, actor.id)
    if not held or not _can_act(approval, actor, command):
        return approval, None
    rules.check_comment(event, command.comment)
    return approval, approval.seat(actor.id)


def _can_act(approval: Approval, actor: Actor, command: Decide) -> bool:
    return command.round == approval.round and bool(rules.acts(approval, actor.id) & rules.DECIDE)


async def _record_vote(
    unit: Unit, actor: Actor, approval: Approval, mine: Seat, event: Event, comment: str
) -> None:
    here = (approval.id, event, actor.id, mine.round, mine.stage)
    await record(unit, *here, comment=comment.strip(), for_id=_in_place_of(actor, mine))


def _in_place_of(actor: Actor, mine: Seat) -> str | None:
    return mine.seat_of if mine.seat_of != actor.id else None


async def _go_on(unit: Unit, desk: Desk, walk: Walk, stage: int) -> Approval:
    """After asking: begin the stage, and tell whom it concerns."""
    if await enter(unit, desk, walk, stage):
        await settle_later(unit, walk.approval_id)
    await refresh_cards(unit, walk.approval_id)
    return await load(unit, walk.approval_id)


async def _next_round(
    unit: Unit, desk: Desk, actor: Actor, approval: Approval, ask: AskApproval, comment: str, stage: int
) -> Approval:
    """With the subject as it is now; for whoever holds the approval."""
    changed = {
        "title": ask.title,
        "facts": [list(fact) for fact in ask.facts] or None,
        "attributes": dict(ask.attributes) or None,
    }
    await unit.db.execute(update(ApprovalRow).where(ApprovalRow.id == approval.id).values(**changed))
    walk = replace(await _walk(unit, approval), round=approval.round + 1)
    await record(unit, approval.id, Event.RESUBMITTED, actor.id, walk.round, stage, comment=comment)
    return await _go_on(unit, desk, walk, stage)


async def _walk(unit: Unit, approval: Approval) -> Walk:
    columns = (ApprovalRow.team_id, ApprovalRow.attributes)
    row = (await unit.db.execute(select(*columns).where(ApprovalRow.id == approval.id))).one()
    return Walk(
        approval.id, approval.requester_id, row.team_id, approval.plan, approval.round, row.attributes or {}
    )


def _policy(desk: Desk, ask: AskApproval) -> ApprovalPolicy:
    wanted = ask.policy or ask.kind
    for policy in desk.organisation.approvals:
        if policy.id == wanted:
            return policy
    raise LookupError(f"approvals.yaml has no policy {wanted}")
