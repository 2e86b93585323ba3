"""A tip and a question, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """Whom a tip is written for. It says who it is about; only `TEAM` hides it from the others."""

    EVERYONE = "everyone"
    TEAM_OWNERS = "team_owners"
    SUPERVISORS = "supervisors"
    FRONTLINE = "frontline"
    TEAM = "team"
    """One team, `Tip.team_id`: the others do not get to see it."""


class TipState(StrEnum):
    PUBLISHED = "published"
    RETIRED = "retired"


class Origin(StrEnum):
    """Who says what a tip says: the organisation's files, or the authors at the desk."""

    FILE = "file"
    DESK = "desk"


class Zone(StrEnum):
    """How sure we are of an answer, and so what the person sees."""

    ANSWER = "answer"
    CHOOSE = "choose"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the answer can be checked: a page, or a rule of the city itself (no address)."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A page or a file that goes with the answer, `https` only."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Tip:
    """`alternates` are other ways people ask for the title; `related` are ids of tips that follow on from this one.

    `translation_of` is the id of the tip that this one says in another language. People see it from `valid_from` up
    to and including `valid_until`; days begin at midnight in the city.
    """

    id: str
    language: str
    theme: str
    theme_name: str
    audience: Audience
    title: str
    alternates: tuple[str, ...]
    intro: str
    steps: tuple[str, ...]
    phone: str | None
    note: str | None
    source: Source
    related: tuple[str, ...]
    checked: date
    team_id: str | None = None
    translation_of: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    links: tuple[Link, ...] = ()

    @property
    def root(self) -> str:
        """The id of the tip that this one is a translation of, or its own."""
        return self.translation_of or self.id

    def is_for(self, team_id: str | None) -> bool:
        """Whether people of this team get to see it."""
        return self.audience is not Audience.TEAM or self.team_id == team_id

    @property
    def text(self) -> str:
        """The whole answer as one text, for the search index."""
        return " ".join(filter(None, (self.intro, *self.steps, self.phone, self.note)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what was answered. `text` has passed `rules.redact`; `shown` are the tips, the best first."""

    id: str
    person_id: str
    language: str
    text: str
    zone: Zone
    confidence: float
    shown: tuple[str, ...]
    team_id: str | None = None
