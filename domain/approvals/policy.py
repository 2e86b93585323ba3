"""Who has to approve what, read from `organisation/approvals.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    id: str
