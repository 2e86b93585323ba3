"""Who is asked, who may decide what, and when a stage has passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from domain.approvals.approval import Approval, ApprovalState, Event, Seat, Why
from domain.approvals.policy import ALL, Circle, Condition, Stage
from domain.errors import Conflict, Invalid, NotFound
from domain.service_levels.calendar import WorkingTime

COMMENT_LIMIT = 1000
DEPUTIES_IN_A_ROW = 5
"""How far a deputy's deputy is followed."""

Attribute = str | int | float
"""What an `AskApproval` says about its subject for the conditions of a policy."""


class Act(StrEnum):
    """What somebody can do with an approval."""

    APPROVE = "approve"
    REFUSE = "refuse"
    SEND_BACK = "send_back"
    DELEGATE = "delegate"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"


DECIDE = frozenset({Act.APPROVE, Act.REFUSE, Act.SEND_BACK, Act.DELEGATE})


# --- who is asked -----------------------------------------------------------------------------------------


def choose_approvers(
    circles: Sequence[Circle], requester_id: str, holders: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[str, ...]] | None:
    """The first circle that has somebody other than the requester: its role, and who those are.

    `holders` says who has a role towards the requester. None when there is nobody: then nothing can be asked.
    """
    for circle in circles:
        people = circle.people or holders.get(circle.role, ())
        others = tuple(dict.fromkeys(person for person in people if person != requester_id))
        if others:
            return circle.role, others
    return None


def choose_deputy(
    person_id: str, deputies: Mapping[str, str], requester_id: str, seated: Collection[str]
) -> str | None:
    """Who decides in the place of somebody who is away, None when nobody can.

    `deputies` has everybody who is away now, and their deputy; a deputy who is away too has one of their own. Nobody
    decides their own request in another's name, and nobody gets a second vote.
    """
    tried = {person_id}
    deputy: str | None = person_id
    for _ in range(DEPUTIES_IN_A_ROW):
        deputy = deputies.get(deputy) if deputy else None
        if deputy is None or deputy in tried:
            return None
        tried.add(deputy)
        if deputy not in deputies:
            return None if deputy == requester_id or deputy in seated else deputy
    return None


def passes_by_itself(stage: Stage, attributes: Mapping[str, Attribute], roles: Collection[str]) -> bool:
    """Whether a condition of the stage's `auto_approve` holds. `requester_role` is any of the requester's `roles`."""
    return any(_holds(condition, attributes, roles) for condition in stage.auto_approve)


def _holds(condition: Condition, attributes: Mapping[str, Attribute], roles: Collection[str]) -> bool:
    def is_one_of(name: str, values: Sequence[str]) -> bool:
        if name == "requester_role":
            return any(role in values for role in roles)
        return name in attributes and str(attributes[name]) in values

    def is_at_most(name: str, limit: float) -> bool:
        value = attributes.get(name)
        return isinstance(value, int | float) and not isinstance(value, bool) and value <= limit

    return (
        bool(condition.one_of or condition.at_most)
        and all(is_one_of(name, values) for name, values in condition.one_of.items())
        and all(is_at_most(name, limit) for name, limit in condition.at_most.items())
    )


# --- when a stage has passed ------------------------------------------------------------------------------


def votes_needed(stage: Stage, places: int) -> int:
    """Of so many places in the stage; a smaller circle than the policy counted on needs everybody's."""
    return places if stage.needed == ALL else min(stage.needed, places)


def votes(seats: Iterable[Seat], approved_by: Collection[str]) -> tuple[int, int]:
    """How many places of a stage said yes, and how many places there are. A place is one vote, whoever sits there."""
    regular = [seat for seat in seats if seat.why is not Why.ESCALATED]
    yes = {seat.seat_of for seat in regular if seat.person_id in approved_by}
    return len(yes), len({seat.seat_of for seat in regular})


def has_passed(stage: Stage, seats: Sequence[Seat], approved_by: Collection[str]) -> bool:
    """`seats` are those of one stage in one round, `approved_by` who approved in that round, in whichever stage:
    nobody is asked the same twice. Somebody it was escalated to decides alone."""
    if any(seat.why is Why.ESCALATED and seat.person_id in approved_by for seat in seats):
        return True
    yes, places = votes(seats, approved_by)
    return places > 0 and yes >= votes_needed(stage, places)


# --- who may do what --------------------------------------------------------------------------------------


def may_see(approval: Approval, person_id: str) -> bool:
    asked = (*approval.asked_ids, *approval.approver_ids)
    return person_id == approval.requester_id or person_id in asked


def acts(approval: Approval, person_id: str) -> frozenset[Act]:
    """What this person can do now; the card offers it, and the actions check it."""
    if person_id == approval.requester_id:
        if approval.state is ApprovalState.SENT_BACK:
            return frozenset({Act.RESUBMIT, Act.WITHDRAW})
        return frozenset({Act.WITHDRAW}) if approval.pending else frozenset()
    seat = approval.seat(person_id)
    return DECIDE if approval.pending and seat is not None and seat.waiting else frozenset()


def approved_by(approval: Approval) -> frozenset[str]:
    """Who approved in this round, in whichever stage."""
    return frozenset(
        line.person_id
        for line in approval.log
        if line.round == approval.round and line.event is Event.APPROVED
    )


def check_may_decide(approval: Approval, person_id: str) -> None:
    """Refuses who may never decide this: `Conflict` for the requester, `NotFound` for who was not asked."""
    if person_id == approval.requester_id:
        raise Conflict("Nobody decides on their own request.")
    if not may_see(approval, person_id):
        raise NotFound("This approval is not there.")


def check_comment(event: Event, comment: str) -> str:
    """The comment as it is kept. Refusing, and asking for a change, need one."""
    comment = comment.strip()
    worded = any(character.isalnum() for character in comment)
    if event is Event.REFUSED and not worded:
        raise Invalid("Say why: the person who asked reads it.", field="comment")
    if event is Event.SENT_BACK and not worded:
        raise Invalid("Say what has to change: the person who asked reads it.", field="comment")
    if len(comment) > COMMENT_LIMIT:
        raise Invalid("At most {limit} characters.", field="comment", limit=COMMENT_LIMIT)
    return comment


def check_colleague(approval: Approval, actor_id: str, colleague_id: str) -> None:
    """Who can be given a decision: not the requester, and not somebody who has a say already."""
    if colleague_id == approval.requester_id:
        raise Invalid("Nobody decides on their own request.", field="colleague")
    if colleague_id == actor_id:
        raise Invalid("You are asked yourself already.", field="colleague")
    seat = approval.seat(colleague_id)
    if colleague_id in approved_by(approval) or (seat is not None and seat.waiting):
        raise Invalid("This colleague has a say in it already.", field="colleague")


# --- when somebody hears of it again ----------------------------------------------------------------------


def due(stage: Stage, began: datetime, calendar: WorkingTime) -> datetime | None:
    return None if stage.deadline is None else calendar.add_days(began, stage.deadline)


def next_moment(
    stage: Stage, began: datetime, due_at: datetime | None, after: datetime, calendar: WorkingTime
) -> datetime | None:
    """The first reminder, or the deadline, that comes later than `after`.

    Reminders come when the city opens on their day: whoever has several hears of them at once.
    """
    moments = [_opening(calendar.add_days(began, days), calendar) for days in stage.reminders]
    later = [moment for moment in (*moments, due_at) if moment is not None and moment > after]
    return min(later, default=None)


def _opening(moment: datetime, calendar: WorkingTime) -> datetime:
    """When the city opens on the day of this moment."""
    midnight = moment.astimezone(calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return next((part.start for part in calendar.stretches(midnight, midnight + timedelta(days=1))), moment)
