"""A city as data: everything `organisation/` says, parsed and checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.approvals.policy import ApprovalPolicy
from domain.catalogue.item import Catalogue
from domain.helpdesk.policy import HelpdeskPolicy
from domain.people.models import Person, Team
from domain.service_levels.calendar import WorkingTime
from domain.service_levels.policy import ServiceLevels
from domain.sites.library import LibraryTemplate, RetentionPlan
from domain.sites.policy import AdviceRule, LifeCycle, Scenario, SiteNaming


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str
    domain: str
    time_zone: str
    language: str
    people: tuple[Person, ...]
    teams: tuple[Team, ...]
    calendar: WorkingTime
    service_levels: ServiceLevels
    helpdesk: HelpdeskPolicy
    approvals: tuple[ApprovalPolicy, ...]
    catalogue: Catalogue
    scenarios: tuple[Scenario, ...]
    naming: SiteNaming = field(default_factory=SiteNaming)
    advice: tuple[AdviceRule, ...] = ()
    life_cycle: LifeCycle = field(default_factory=LifeCycle)
    libraries: tuple[LibraryTemplate, ...] = ()
    retention: RetentionPlan = field(default_factory=RetentionPlan)
