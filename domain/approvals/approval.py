"""An approval as everybody reads it: what was asked, whom, who answered what, and the decision that stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.approvals.policy import Plan


class ApprovalState(StrEnum):
    PENDING = "pending"
    SENT_BACK = "sent_back"
    """An approver asked for a change: the requester edits and sends it again, or withdraws it."""
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What a line of the decision log says. Those of `DECIDING` are somebody's own decision."""

    ASKED = "asked"
    APPROVED = "approved"
    AUTO_APPROVED = "auto_approved"
    """A stage that the policy lets through by itself."""
    REFUSED = "refused"
    SENT_BACK = "sent_back"
    RESUBMITTED = "resubmitted"
    WITHDRAWN = "withdrawn"
    DELEGATED = "delegated"
    DEPUTIZED = "deputized"
    REMINDED = "reminded"
    ESCALATED = "escalated"


DECIDING = (Event.APPROVED, Event.REFUSED, Event.SENT_BACK)


class Why(StrEnum):
    """As what somebody may decide."""

    ASKED = "asked"
    DEPUTY = "deputy"
    DELEGATE = "delegate"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's say in one stage of one round. A deputy and a delegate sit in the place of `seat_of`: however many
    sit in one place, it is one vote. `waiting` says that they can decide now."""

    round: int
    stage: int
    person_id: str
    seat_of: str
    why: Why = Why.ASKED
    waiting: bool = True


@dataclass(frozen=True, slots=True)
class LogLine:
    """`stage` counts from 0, `round` from 1: sending again after a change starts the next one. `for_id` is in whose
    place it was done, `to_ids` whom it went to. Nobody (an empty `person_id`) does what the policy does by itself."""

    event: Event
    person_id: str
    comment: str
    at: datetime
    round: int = 1
    stage: int = 0
    for_id: str | None = None
    to_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`comment` is never empty for a refusal. `person_id` is empty when the policy approved it by itself."""

    person_id: str
    outcome: ApprovalState
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """`number` and `title` name the subject, `facts` are labels and values about it.

    `decision` is how it ended, None until then. `approver_ids` are the people of the current stage (when it ended,
    the last one), and `asked_ids` everybody who was ever asked: they may see it.
    """

    id: str
    kind: str
    subject_id: str
    number: str
    title: str
    requester_id: str
    role: str
    approver_ids: tuple[str, ...]
    state: ApprovalState
    asked_at: datetime
    decision: Decision | None
    asked_ids: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    round: int = 1
    stage: int = 0
    due_at: datetime | None = None
    plan: Plan = field(default_factory=Plan)
    seats: tuple[Seat, ...] = ()
    log: tuple[LogLine, ...] = ()
    policy: str = ""

    @property
    def pending(self) -> bool:
        return self.state is ApprovalState.PENDING

    @property
    def open(self) -> bool:
        """Not ended: somebody can still do something."""
        return self.state in (ApprovalState.PENDING, ApprovalState.SENT_BACK)

    @property
    def here(self) -> tuple[Seat, ...]:
        """The seats of the current stage."""
        now = (self.round, self.stage)
        return tuple(seat for seat in self.seats if (seat.round, seat.stage) == now)

    def seat(self, person_id: str) -> Seat | None:
        """Their seat in the current stage."""
        return next((seat for seat in self.here if seat.person_id == person_id), None)
