"""Who has to approve what, read from `organisation/approvals.yaml`."""

from __future__ import annotations

from dataclasses import dataclass

from domain.actor import Role


@dataclass(frozen=True, slots=True)
class Stage:
    """`approvers` are roles towards the requester, in order: the first one that somebody other than the requester
    holds decides. Of several people with that role, any one may."""

    approvers: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """`id` is the kind of subject it is for, such as `site`."""

    id: str
    stages: tuple[Stage, ...]
