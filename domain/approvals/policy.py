"""Who has to approve what, read from `organisation/approvals.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.actor import Role

ALL = 0
"""As the number of approvals a stage needs: everybody's."""
PEOPLE = "people"
"""The role of people who are named in the policy."""
ROLES = (Role.TEAM_OWNER, Role.SUPERVISOR, Role.INFORMATION_MANAGER)
"""The roles towards a requester that can decide."""


@dataclass(frozen=True, slots=True)
class Circle:
    """People who decide together. `role` is one of `ROLES`, the name of a board, or `PEOPLE`; a board and named
    people have their `people`, those of a role follow from the requester."""

    role: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when every fact that it names is one of its values, or a number that is not above its limit.

    A fact that is not there never fits.
    """

    one_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """`approvers` are in order: the first circle that has somebody other than the requester decides.

    `needed` approvals let it pass (`ALL`: everybody's); of a smaller circle, everybody's. `deadline` and `reminders`
    are working days after the stage began; when the deadline has passed, the first circle of `escalate_to` that
    has somebody may decide too, each of them alone. Any condition of `auto_approve` that holds lets it pass by itself.
    """

    approvers: tuple[Circle, ...]
    needed: int = 1
    deadline: int | None = None
    reminders: tuple[int, ...] = ()
    escalate_to: tuple[Circle, ...] = ()
    auto_approve: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an approval keeps of its policy: how it was asked is how it is decided, whatever the policy says by then.

    `restart` says that after a change the stages start over; else the stage that asked for it goes on. `bulk` says
    that it may be approved together with others, unopened.
    """

    stages: tuple[Stage, ...] = ()
    restart: bool = True
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """`id` is what a feature asks approval by, such as `site`; `name` says it in words, per language."""

    id: str
    name: Mapping[str, str]
    plan: Plan
