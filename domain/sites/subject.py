"""Site requests as something that is approved."""

from __future__ import annotations

from domain.approvals.approval import Approval, ApprovalState
from domain.desk import Desk
from domain.sites.actions import return_request, start_building, stop_request
from domain.sites.request import SiteState
from domain.unit import Unit


class SiteSubject:
    """Implements `domain.approvals.subjects.Subject`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def decided(self, unit: Unit, approval: Approval) -> None:
        if approval.state is ApprovalState.APPROVED:
            await start_building(unit, self._desk, approval.subject_id)
        elif approval.state is ApprovalState.WITHDRAWN:
            await stop_request(unit, approval.subject_id, SiteState.WITHDRAWN)
        else:
            await stop_request(unit, approval.subject_id, SiteState.REFUSED)

    async def sent_back(self, unit: Unit, approval: Approval) -> None:
        await return_request(unit, approval.subject_id)
