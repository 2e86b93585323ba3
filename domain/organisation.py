"""A city as data: everything `organisation/` says, parsed and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.approvals.policy import ApprovalPolicy
from domain.attachments.rules import AttachmentPolicy
from domain.authoring.policy import AuthoringPolicy
from domain.building.policy import BuildingPolicy
from domain.catalogue.catalogue import Catalogue
from domain.changes.policy import ChangePolicy
from domain.digicoaches.policy import DigicoachPolicy
from domain.helpdesk.policy import HelpdeskPolicy
from domain.notifications.policy import NotificationPolicy
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
    notifications: NotificationPolicy
    helpdesk: HelpdeskPolicy
    approvals: tuple[ApprovalPolicy, ...]
    catalogue: Catalogue
    changes: ChangePolicy
    digicoaches: DigicoachPolicy
    scenarios: tuple[Scenario, ...]
    naming: SiteNaming = field(default_factory=SiteNaming)
    attachments: AttachmentPolicy = field(default_factory=AttachmentPolicy)
    advice: tuple[AdviceRule, ...] = ()
    life_cycle: LifeCycle = field(default_factory=LifeCycle)
    libraries: tuple[LibraryTemplate, ...] = ()
    retention: RetentionPlan = field(default_factory=RetentionPlan)
    building: BuildingPolicy = field(default_factory=BuildingPolicy)
    authoring: AuthoringPolicy = field(default_factory=AuthoringPolicy)

    def scenario(self, scenario_id: str) -> Scenario:
        """Raises `LookupError` when the city took a scenario out of its table that is still in use."""
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        raise LookupError(f"scenario {scenario_id} is not in the governance table")

    def day(self, moment: datetime) -> date:
        """The day it is in the city."""
        return moment.astimezone(self.calendar.zone).date()
