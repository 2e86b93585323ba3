"""The plan of a building: which steps a site needs, in what order, how long each may take, and which can be skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.sites.library import LibraryTemplate
from domain.sites.policy import Container, Scenario


class Step(StrEnum):
    """The parts of building a site, in order. Which ones a site needs follows from its scenario and its libraries."""

    PREPARE = "prepare"  # everybody has an account, the hub is one, the retention labels are published
    ADDRESS = "address"  # nobody else has the web address
    GROUP = "group"
    PEOPLE = "people"  # owners and members of the group
    GUESTS = "guests"  # the group is closed to guests
    SITE = "site"
    TEAM = "team"
    SHARING = "sharing"  # before there is anything to share
    CLASSIFICATION = "classification"
    ACCESS = "access"  # who is in the site's own groups
    LIBRARIES = "libraries"
    CONTENT_TYPES = "content_types"  # copied by Microsoft in its own time, up to 70 minutes
    VIEWS = "views"
    LABELS = "labels"
    HUB = "hub"
    TABS = "tabs"
    VERIFY = "verify"  # every setting read back
    HAND_OVER = "hand_over"  # to its owners; from here on it is theirs


class StepState(StrEnum):
    TODO = "todo"
    WAITING = "waiting"  # tried, and not there yet
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"  # by an administrator, with a reason


CLOSED = (StepState.DONE, StepState.SKIPPED)
OPEN = (StepState.TODO, StepState.WAITING)


@dataclass(frozen=True, slots=True)
class SiteStep:
    """`error` is what the platform last said, in its own words. `next_at` is when a waiting step is tried again."""

    step: Step
    state: StepState
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    next_at: datetime | None = None


NEVER_SKIPPED = frozenset({Step.ADDRESS, Step.GROUP, Step.SITE, Step.HAND_OVER})
"""Nothing after them can be done without them."""


def steps_for(
    scenario: Scenario,
    *,
    libraries: Sequence[LibraryTemplate] = (),
    retention_label: str | None = None,
    joins_hub: bool = False,
    team: bool = False,
) -> tuple[Step, ...]:
    """What has to be done, in order: closed before there is anything in it. Never empty."""
    group = scenario.container is Container.GROUP
    wanted: Mapping[Step, bool] = {
        Step.GROUP: group,
        Step.PEOPLE: group,
        Step.GUESTS: group and not scenario.guests,
        Step.TEAM: group and team,
        Step.ACCESS: not group or scenario.service_account is not None,
        Step.LIBRARIES: bool(libraries),
        Step.CONTENT_TYPES: any(library.document_set for library in libraries),
        Step.VIEWS: any(library.views for library in libraries),
        Step.LABELS: any(library.retention_label or retention_label for library in libraries),
        Step.HUB: scenario.hub or joins_hub,
        Step.TABS: group and team and bool(libraries),
    }
    return tuple(step for step in Step if wanted.get(step, True))


def may_be_skipped(step: Step) -> bool:
    return step not in NEVER_SKIPPED


PATIENCE_FOR_MISSING = timedelta(minutes=20)
"""How long something new may stay unreadable: a group up to 15 minutes, says Microsoft."""
PATIENCE: Mapping[Step, timedelta] = {
    Step.CONTENT_TYPES: timedelta(
        hours=3
    ),  # a copy takes up to 70 minutes, and may have to be asked for again
    Step.TEAM: timedelta(hours=1),
    Step.SITE: timedelta(hours=2),
}
PATIENCE_FOR_BUSY = timedelta(hours=24)
"""How long the platform may be out of order or throttled before a person looks."""
LONGEST_WAIT = timedelta(minutes=5)


def patience_for_missing(step: Step) -> timedelta:
    """The budget of a step for what was made and cannot be read yet."""
    return PATIENCE.get(step, PATIENCE_FOR_MISSING)


def next_try(
    now: datetime, started_at: datetime, attempts: int, patience: timedelta, asked: float | None
) -> datetime | None:
    """When to look again, or None when it has taken too long.

    `asked` is what the platform wants us to wait, in seconds: never sooner than that.
    """
    if now - started_at >= patience:
        return None
    wait = min(timedelta(seconds=0.5 * 2 ** min(attempts, 20)), LONGEST_WAIT)
    return now + max(wait, timedelta(seconds=asked or 0))
