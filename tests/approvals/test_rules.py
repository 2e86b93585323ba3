"""Who is asked, and what a decision needs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.actor import Role
from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.policy import Stage
from domain.approvals.rules import COMMENT_LIMIT, check_comment, check_may_decide, choose_approvers
from domain.errors import Conflict, Invalid, NotFound

STAGE = Stage((Role.TEAM_OWNER, Role.SUPERVISOR, Role.INFORMATION_MANAGER))
OWNER, SUPERVISOR, MANAGER = STAGE.approvers


@pytest.mark.parametrize(
    ("owners", "supervisor", "managers", "chosen"),
    [
        (["bram", "carla"], ["fatima"], ["els"], (OWNER, ("bram", "carla"))),
        (["amina", "bram"], ["fatima"], ["els"], (OWNER, ("bram",))),
        (["amina"], ["fatima"], ["els"], (SUPERVISOR, ("fatima",))),
        ([], ["fatima"], ["els"], (SUPERVISOR, ("fatima",))),
        (["amina"], [], ["els"], (MANAGER, ("els",))),
        (["amina"], ["amina"], ["els", "els"], (MANAGER, ("els",))),
        (["amina"], ["amina"], ["amina"], None),
        ([], [], [], None),
    ],
)
def test_the_first_role_that_somebody_else_holds_decides(
    owners: list[str],
    supervisor: list[str],
    managers: list[str],
    chosen: tuple[Role, tuple[str, ...]] | None,
) -> None:
    holders = {OWNER: owners, SUPERVISOR: supervisor, MANAGER: managers}
    assert choose_approvers(STAGE, "amina", holders) == chosen


def approval(requester: str = "amina", *approvers: str) -> Approval:
    asked_at = datetime(2026, 11, 23, tzinfo=UTC)
    return Approval(
        "a1",
        "site",
        "s1",
        "S-2026-000001",
        "Markt",
        requester,
        OWNER,
        approvers,
        ApprovalState.PENDING,
        asked_at,
        None,
    )


def test_who_was_asked_may_decide() -> None:
    check_may_decide(approval("amina", "bram"), "bram")


def test_nobody_decides_on_their_own_request_even_when_they_were_asked() -> None:
    with pytest.raises(Conflict):
        check_may_decide(approval("amina", "amina"), "amina")


def test_for_somebody_who_was_not_asked_there_is_no_approval() -> None:
    with pytest.raises(NotFound):
        check_may_decide(approval("amina", "bram"), "dirk")


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "...", "🙅", "?!"])
def test_a_refusal_needs_words(reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_comment(ApprovalState.REFUSED, reason)
    assert refused.value.field == "comment"


@pytest.mark.parametrize("reason", ["Te duur", "3", "لا", "不行", " <b>nee</b> "])
def test_any_words_will_do(reason: str) -> None:
    assert check_comment(ApprovalState.REFUSED, reason) == reason.strip()


def test_an_approval_needs_no_comment_and_neither_takes_a_novel() -> None:
    assert check_comment(ApprovalState.APPROVED, "  ") == ""
    assert check_comment(ApprovalState.APPROVED, "x" * COMMENT_LIMIT) == "x" * COMMENT_LIMIT
    for outcome in (ApprovalState.APPROVED, ApprovalState.REFUSED):
        with pytest.raises(Invalid):
            check_comment(outcome, "x" * 10_000)
