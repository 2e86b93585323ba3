"""An item of the catalogue: something the desk offers as standard, and what it has to know to deliver it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.actor import Role
from domain.helpdesk.policy import Urgency


class FieldType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    PERSON = "person"
    NUMBER = "number"
    YES_NO = "yes_no"


YES, NO = "yes", "no"
"""The values of a `YES_NO` field."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Met when `field_id`, a field before this one, is shown and has one of `values`."""

    field_id: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormField:
    """A question of a form. `options` (value → title) belong to a choice, of which `multiple` may be ticked;
    `minimum` and `maximum` to a number; `longest` (characters) and `multiline` to a text. A date lies at least
    `earliest` days from today; None allows the past."""

    id: str
    type: FieldType
    label: str
    help: str = ""
    required: bool = True
    when: Condition | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    multiple: bool = False
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 200
    multiline: bool = False
    earliest: int | None = 0


class Per(StrEnum):
    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Costs:
    """What the requester's team pays, in euro cents."""

    cents: int
    per: Per


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may order: whoever is in one of these; everybody when all are empty."""

    roles: frozenset[Role] = frozenset()
    team_ids: frozenset[str] = frozenset()
    clusters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """Something to order. `approval` names the policy that has to approve it, if any. `title` is what the ticket
    is called, with the answers to fields in it as `{field}`. `words` are other words people use for it."""

    id: str
    category_id: str
    name: str
    summary: str
    words: tuple[str, ...]
    title: str
    form: tuple[FormField, ...]
    delivery_days: int
    """Working days, from the order or, with an approval, from that."""
    approval: str | None = None
    costs: Costs | None = None
    audience: Audience = Audience()
    urgency: Urgency = Urgency.MEDIUM
    desk_category: str | None = None
    """Under which category the helpdesk handles it; None leaves that to the ticket's words."""
