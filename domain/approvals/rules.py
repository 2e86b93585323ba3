"""Who is asked, who may decide, and what a decision needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.actor import Role
from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.policy import Stage
from domain.errors import Conflict, Invalid, NotFound

COMMENT_LIMIT = 1000


def choose_approvers(
    stage: Stage, requester_id: str, holders: Mapping[Role, Sequence[str]]
) -> tuple[Role, tuple[str, ...]] | None:
    """The first role of the stage that somebody other than the requester holds, and who those are.

    None when there is nobody: then nothing can be asked.
    """
    for role in stage.approvers:
        others = tuple(dict.fromkeys(person for person in holders.get(role, ()) if person != requester_id))
        if others:
            return role, others
    return None


def may_see(approval: Approval, person_id: str) -> bool:
    return person_id == approval.requester_id or person_id in approval.approver_ids


def check_may_decide(approval: Approval, person_id: str) -> None:
    if person_id == approval.requester_id:
        raise Conflict("Nobody decides on their own request.")
    if person_id not in approval.approver_ids:
        raise NotFound("This approval is not there.")


def check_comment(outcome: ApprovalState, comment: str) -> str:
    """The comment as it is kept. A refusal without a reason is refused."""
    comment = comment.strip()
    if outcome is ApprovalState.REFUSED and not any(character.isalnum() for character in comment):
        raise Invalid("Say why: the person who asked reads it.", field="comment")
    if len(comment) > COMMENT_LIMIT:
        raise Invalid("At most {limit} characters.", field="comment", limit=COMMENT_LIMIT)
    return comment
