"""What a city decides about building: which sites get a team, and what people have to do by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.sites.policy import Wording


class Doer(StrEnum):
    """Who gets a task."""

    OWNER = "owner"  # of the site
    INFORMATION_MANAGER = "information_manager"  # of the team; all of them for a team without
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class PersonTask:
    """Something for which no app has the right or the call, such as a sensitivity label."""

    id: str
    scenario_ids: frozenset[str]
    who: Doer
    title: Wording
    how: Wording
    team_only: bool = False
    """Only for a site with a team."""


@dataclass(frozen=True, slots=True)
class BuildingPolicy:
    """`team_scenario_ids` are the scenarios whose sites get a team in Teams. `check_days` is how often a site that
    stands is compared with its scenario."""

    team_scenario_ids: frozenset[str] = frozenset()
    tasks: tuple[PersonTask, ...] = ()
    check_days: int = 30
