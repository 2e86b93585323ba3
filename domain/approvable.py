"""Everything that can be approved, by kind."""

from __future__ import annotations

from domain.approvals.approval import ApprovalState
from domain.approvals.notify import SETTLE
from domain.approvals.reading import load
from domain.approvals.subjects import Subjects
from domain.building.steps import KIND as SITE
from domain.building.steps import REQUESTER_VIEW as SITE_RECEIPT
from domain.catalogue.actions import KIND as ORDER
from domain.catalogue.subject import OrderSubject
from domain.changes.actions import KIND as CHANGE
from domain.changes.subject import ChangeSubject
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.sites.changes import change_subjects
from domain.sites.subject import SiteSubject

RECEIPTS = {SITE: SITE_RECEIPT}
"""By kind: the view of the requester's own card about a subject, which says who decides."""


def subjects(desk: Desk) -> Subjects:
    return {
        SITE: SiteSubject(desk),
        ORDER: OrderSubject(desk),
        CHANGE: ChangeSubject(desk),
        **change_subjects(),
    }


def handlers(desk: Desk, known: Subjects) -> dict[str, JobHandler]:
    async def settle(job: ClaimedJob) -> None:
        """Tell the subject that the policy approved it by itself, once."""
        approval_id = job.payload["approval"]
        async with desk.units() as unit:
            if await unit.once("approvals", f"{SETTLE}:{job.id}", approval_id, approval_id) is None:
                approval = await load(unit, approval_id)
                if approval.state is ApprovalState.APPROVED:
                    await known[approval.kind].decided(unit, approval)

    return {SETTLE: settle}
