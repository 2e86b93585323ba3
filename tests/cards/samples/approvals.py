from __future__ import annotations

from dataclasses import replace

from cards import approvals, sites
from cards.approvals import ApprovalFace
from cards.kit import Card
from cards.sites import SiteFace
from domain.approvals.approval import Approval
from domain.sites.request import SiteState
from locales import Translator
from tests.cards.samples.home import DIFFICULT
from tests.cards.samples.sites import APPROVAL, APPROVED, NAMES, REFUSED, difficult, face


def shown(t: Translator, approval: Approval, site: SiteFace) -> ApprovalFace:
    details, outcome = sites.approval_details(t, site), sites.approval_outcome(t, site)
    return ApprovalFace(approval, NAMES, details, outcome)


def samples(t: Translator) -> dict[str, Card]:
    pending = shown(t, APPROVAL, face())
    titled = replace(APPROVAL, title=DIFFICULT[:60])
    return {
        "asked": approvals.approver(t, pending, "bram"),
        "asked_difficult": approvals.approver(t, shown(t, titled, difficult()), "bram"),
        "refusal_without_reason": approvals.approver(
            t, pending, "bram", problem=t("Say why: the person who asked reads it.")
        ),
        "approved": approvals.approver(t, shown(t, APPROVED, face(SiteState.BUILDING, APPROVED)), "bram"),
        "refused": approvals.approver(t, shown(t, REFUSED, face(SiteState.REFUSED, REFUSED)), "carla"),
        "waiting": approvals.waiting(t, [APPROVAL, titled], NAMES, APPROVAL.id),
        "waiting_none": approvals.waiting(t, [], NAMES, None),
    }
