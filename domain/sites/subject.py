"""Site requests as something that is approved."""

from __future__ import annotations

from domain.approvals.approval import Approval, ApprovalState
from domain.chats.actions import show
from domain.desk import Desk
from domain.sites.actions import start_building, turn_down
from domain.sites.steps import REQUESTER_VIEW
from domain.unit import Unit


class SiteSubject:
    """Implements `domain.approvals.subjects.Subject`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def decided(self, unit: Unit, approval: Approval) -> None:
        if approval.state is ApprovalState.APPROVED:
            await start_building(unit, self._desk, approval.subject_id)
        else:
            await turn_down(unit, approval.subject_id)

    async def sent_back(self, unit: Unit, approval: Approval) -> None:
        await show(unit, REQUESTER_VIEW, approval.subject_id, approval.requester_id, only_if_posted=True)
