"""An approval as everybody reads it: what was asked, whom, and the decision that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ApprovalState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """`comment` is never empty when the outcome is a refusal."""

    person_id: str
    outcome: ApprovalState
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """`decision` is the one that stands, None while it is pending. `number` and `title` name the subject."""

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

    @property
    def pending(self) -> bool:
        return self.state is ApprovalState.PENDING
