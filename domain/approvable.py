"""Everything that can be approved, by kind."""

from __future__ import annotations

from domain.approvals.subjects import Subjects
from domain.desk import Desk
from domain.sites.steps import KIND as SITE
from domain.sites.subject import SiteSubject


def subjects(desk: Desk) -> Subjects:
    return {SITE: SiteSubject(desk)}
