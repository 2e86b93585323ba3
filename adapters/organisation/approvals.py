"""`approvals.yaml`: who approves what."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from adapters.organisation.files import Shape, read, wrong
from domain.actor import Role
from domain.approvals.policy import ApprovalPolicy, Stage


class StageShape(Shape):
    approvers: list[Literal["team_owner", "supervisor", "information_manager"]] = Field(min_length=1)


class PolicyShape(Shape):
    id: str = Field(pattern=r"^[a-z][a-z_]{1,29}$")
    stages: list[StageShape] = Field(min_length=1, max_length=1)


class ApprovalsFile(Shape):
    policies: list[PolicyShape] = Field(min_length=1)


def load_approvals(folder: Path) -> tuple[ApprovalPolicy, ...]:
    path = folder / "approvals.yaml"
    policies = read(path, ApprovalsFile).policies
    seen: set[str] = set()
    for index, policy in enumerate(policies):
        if policy.id in seen:
            raise wrong(path, ("policies", index, "id"), f"{policy.id!r} stands here twice")
        seen.add(policy.id)
    return tuple(
        ApprovalPolicy(
            id=policy.id,
            stages=tuple(Stage(tuple(Role(role) for role in stage.approvers)) for stage in policy.stages),
        )
        for policy in policies
    )
