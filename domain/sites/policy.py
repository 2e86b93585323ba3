"""The governance table: what each site scenario means, read from `organisation/sites.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sharing(StrEnum):
    """With whom the members of a site may share its documents."""

    EXTERNALS = "externals"  # everyone: people outside the city too
    ORGANISATION = "organisation"  # everyone with an account of the city
    MEMBERS = "members"  # nobody beyond the members of the site


class Container(StrEnum):
    """What carries the site's membership."""

    SITE = "site"  # the site's own groups: no Microsoft 365 group
    GROUP = "group"  # a Microsoft 365 group; the site belongs to it


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of the city in its own languages; Dutch is always there."""

    nl: str
    others: Mapping[str, str]

    def __call__(self, language: str) -> str:
        return self.others.get(language, self.nl)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A row of the table. `service_account` is the sign-in name of the account that owns the group in place of
    people; `address_prefix` starts the web address of each of its sites; `classification` goes from 1, open, to 4."""

    id: str
    name: Wording
    meaning: Wording
    """When to choose it, in one sentence."""
    default_access: Wording
    access_decided_by: Wording
    shared_with: Wording
    examples: tuple[str, ...]
    keywords: tuple[str, ...]
    """Words in a message that point to this scenario."""
    sharing: Sharing
    container: Container
    hub: bool
    guests: bool
    service_account: str | None
    needs_completed_track: bool
    classification: int
    address_prefix: str


@dataclass(frozen=True, slots=True)
class SiteNaming:
    """`blocked_words` are compared as whole words, without capitals or accents."""

    blocked_words: tuple[str, ...] = ()


class Question(StrEnum):
    """What the desk asks before it advises a scenario. The first three are answered `yes` or `no`."""

    OUTSIDERS = "outsiders"  # people outside the city work along
    PERSONAL_DATA = "personal_data"
    CONFIDENTIAL = "confidential"
    AUDIENCE = "audience"  # `project`, `team` (its daily work) or `city` (the front page of the team)


YES, NO = "yes", "no"
AUDIENCES = ("project", "team", "city")


@dataclass(frozen=True, slots=True)
class AdviceRule:
    """Advises `scenario_id` to who gave all the answers of `when`; without any, to everybody."""

    scenario_id: str
    when: Mapping[Question, str]


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """How a site that stands is looked after.

    Its owners are asked every `review_months` whether it is still needed; `remind_after` days they are reminded, and
    `escalate_after` days without an answer the information manager takes it over. `warn_before` the end they are
    told, in days. An end date lies at most `longest_years` away.
    """

    review_months: int = 12
    remind_after: int = 14
    escalate_after: int = 28
    warn_before: tuple[int, ...] = (30, 7)
    longest_years: int = 3
