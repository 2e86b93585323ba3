"""What a city decides about its helpdesk, read from `organisation/helpdesk.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Impact(StrEnum):
    """How far it reaches. People answer "how many colleagues does this touch?"."""

    HIGH = "high"  # several teams, or people at the counter
    MEDIUM = "medium"  # one team
    LOW = "low"  # one person


class Urgency(StrEnum):
    """How long it can wait. People answer "can you go on working?"."""

    HIGH = "high"  # not at all
    MEDIUM = "medium"  # with a detour
    LOW = "low"  # yes


class Priority(IntEnum):
    """What is handled first; 1 comes before 4."""

    CRITICAL = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4


class Sharing(StrEnum):
    """How a group's new tickets find an agent."""

    BY_HAND = "by_hand"  # whoever takes it
    LEAST_LOADED = "least_loaded"  # who has the fewest, and of those who waited longest


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who handle tickets together. `escalates_to` is the group behind this one."""

    id: str
    name: str
    members: frozenset[str]
    escalates_to: str | None = None
    sharing: Sharing = Sharing.BY_HAND
    lead_id: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """What a ticket is about. `words` start a word of its text, such as `print` in "printerpapier"."""

    id: str
    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """To which group a ticket goes. What is empty says nothing; the first route of which everything fits counts."""

    group: str
    kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    locations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StandardReply:
    """`text` has placeholders: {first_name}, {number}, {title}, {agent}, {desk} and {phone}."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpdeskPolicy:
    """`matrix` is complete: every impact has every urgency. A resolved ticket can be reopened for `reopen_days`
    calendar days. It closes by itself after `close_after_days` working days, which is announced `announce_days` before.

    `groups` has one at least: the first is the first line. `locations` is where a team works. `lead_id` leads the desk.
    """

    name: str
    phone: str
    lead_id: str
    matrix: Mapping[Impact, Mapping[Urgency, Priority]]
    reopen_days: int
    groups: tuple[Group, ...]
    close_after_days: int = 5
    announce_days: int = 1
    categories: tuple[Category, ...] = ()
    routes: tuple[Route, ...] = ()
    locations: Mapping[str, str] = field(default_factory=dict)
    standard_replies: tuple[StandardReply, ...] = ()

    def group(self, group_id: str | None) -> Group:
        """A group by its id; the first line for a ticket of no group, or of one that is there no more."""
        return next((group for group in self.groups if group.id == group_id), self.groups[0])

    def lead_of(self, group_id: str | None) -> str:
        """Who leads a group, or else the desk."""
        return self.group(group_id).lead_id or self.lead_id

    def groups_of(self, person_id: str) -> tuple[Group, ...]:
        """The groups a person is in. An agent of none works in the first line."""
        return tuple(group for group in self.groups if person_id in group.members) or self.groups[:1]

    def category_name(self, category_id: str | None) -> str:
        return next((category.name for category in self.categories if category.id == category_id), "")
