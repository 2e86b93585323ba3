"""A site request as everybody reads it, with how far its building is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SiteState(StrEnum):
    ASKED = "asked"  # waits for an approval
    REFUSED = "refused"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"  # a person has to look; an operator tries again


class Step(StrEnum):
    """The parts of building a site, in order. Which ones a site needs follows from its scenario."""

    ADDRESS = "address"  # nobody else has the web address
    GROUP = "group"
    SITE = "site"
    SHARING = "sharing"  # before anybody is in it
    GUESTS = "guests"  # the group is closed to guests
    HUB = "hub"
    PEOPLE = "people"
    VERIFY = "verify"  # every setting read back


class StepState(StrEnum):
    TODO = "todo"
    WAITING = "waiting"  # tried, and not there yet
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SiteStep:
    """`error` is what the platform last said, in its own words."""

    step: Step
    state: StepState
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """`owner_ids` and `member_ids` are people of the directory, `guests` addresses of people outside the city."""

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

    @property
    def failed_step(self) -> SiteStep | None:
        return next((step for step in self.steps if step.state is StepState.FAILED), None)
