"""What approvals are about. A feature that asks for approval gives a `Subject`; approvals know nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from domain.approvals.approval import Approval
from domain.unit import Unit


class Subject(Protocol):
    """One kind of thing that is approved, such as a site request."""

    async def decided(self, unit: Unit, approval: Approval) -> None:
        """Called when an approval ends, once in each round of asking: `approval.state` says approved, refused or
        withdrawn. It runs in the transaction of what ended it: both happen, or neither. What the policy approves by
        itself comes in a job."""
        ...

    async def sent_back(self, unit: Unit, approval: Approval) -> None:
        """Called each time an approver asks for a change, in the transaction of that; the last line of `approval.log`
        has the comment. The requester edits, and the feature calls `resubmit`; or they withdraw it."""
        ...


Subjects = Mapping[str, Subject]
"""By the approval's kind."""
