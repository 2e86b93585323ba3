"""What approvals are about. A feature that asks for approval gives a `Subject`; approvals know nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from domain.approvals.approval import Approval
from domain.unit import Unit


class Subject(Protocol):
    """One kind of thing that is approved, such as a site request."""

    async def decided(self, unit: Unit, approval: Approval) -> None:
        """Called once per approval, in the transaction of the decision that stands: both happen, or neither."""
        ...


Subjects = Mapping[str, Subject]
"""By the approval's kind."""
