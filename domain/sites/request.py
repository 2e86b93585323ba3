"""A site request as everybody reads it, with how far its building is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.building.plan import SiteStep, StepState


class SiteState(StrEnum):
    ASKED = "asked"  # waits for an approval
    SENT_BACK = "sent_back"  # an approver asked for a change; the requester edits it and sends it again
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"  # a person has to look; an operator tries again


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """`owner_ids` (the first answers for it) and `member_ids` are people of the directory, `guests` addresses of
    people outside the city.

    `hub_id` is the site it comes under: a hub we built, by the id of its request. `library_ids` are templates, in
    the order to make them. `retention_label` is a label's name, for libraries that bring none. `end_date` is its last
    day. `answers` are what the requester said before choosing; `scenario_reason` why not what was advised.
    """

    id: str
    number: str
    requester_id: str
    team_id: str
    scenario_id: str
    name: str
    alias: str
    purpose: str
    owner_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    guests: tuple[str, ...]
    state: SiteState
    group_id: str | None
    site_id: str | None
    url: str | None
    created_at: datetime
    finished_at: datetime | None
    steps: tuple[SiteStep, ...]
    hub_id: str | None = None
    language: str = "nl"
    library_ids: tuple[str, ...] = ()
    retention_label: str | None = None
    end_date: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    advised_id: str | None = None
    scenario_reason: str = ""

    @property
    def failed_step(self) -> SiteStep | None:
        return next((step for step in self.steps if step.state is StepState.FAILED), None)
