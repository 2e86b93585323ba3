"""What flows send and get. The names on the wire are camelCase."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.texts import TEXT_LIMIT, TITLE_LIMIT

KEY_LIMIT = 200


class Shape(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class NewTicket(Shape):
    """A ticket to make. Sending one `externalId` again makes no second ticket: it answers with the first."""

    kind: Kind
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LIMIT)]
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=TITLE_LIMIT)] = ""
    impact: Impact = Impact.LOW
    urgency: Urgency = Urgency.MEDIUM
    on_behalf_of: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=KEY_LIMIT)] | None = None


class Ticket(Shape):
    """A ticket as flows see it. A requester without an e-mail address is a flow."""

    id: str
    number: str
    kind: Kind
    state: State
    title: str
    text: str
    impact: Impact
    urgency: Urgency
    priority: str = Field(description="critical, high, normal or low")
    requester_name: str
    requester_email: str | None
    assignee_name: str | None
    assignee_email: str | None
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    category: str | None = Field(description="What it is about, by its id in the helpdesk's list")
    group: str | None = Field(description="The group that handles it, by its id")
    priority_reason: str | None = Field(
        description="Why the helpdesk gave it another priority than impact and urgency do"
    )
    major_since: datetime | None = Field(description="When it was declared a major incident")
    main_ticket_id: str | None = Field(description="The main ticket it is part of")
    merged_into_id: str | None = Field(description="The ticket that goes on in its place")


class TicketList(Shape):
    """A page. `nextLink` is the address of the next one; it is not there on the last."""

    value: list[Ticket]
    next_link: str | None = None


class CatalogueItem(Shape):
    """Something to order. `deliveryDays` are working days, counted from the approval when it `needsApproval`."""

    id: str
    name: str
    summary: str
    category: str
    delivery_days: int
    needs_approval: bool
    costs: str | None = Field(
        None, description="An amount in euro and how often it is paid: once, month or year"
    )


class CatalogueList(Shape):
    value: list[CatalogueItem]


class ItemSchema(Shape):
    """The form of an item, as a JSON schema of `answers`. Named `fields`, as `schema` is a name of pydantic's own."""

    fields: dict[str, Any] = Field(alias="schema")


class NewRequest(Shape):
    """An order for a colleague. Sending one `externalId` again makes no second one: it answers with the first."""

    item_id: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    on_behalf_of: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    answers: dict[str, Any] = Field(default_factory=dict)
    note: Annotated[str, StringConstraints(max_length=TEXT_LIMIT)] = ""
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=KEY_LIMIT)] | None = None


class Request(Ticket):
    """A ticket that was ordered from the catalogue. Without `dueOn` its approval has not been given."""

    item_id: str
    needs_approval: bool
    due_on: date | None
