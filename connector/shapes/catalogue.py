"""The catalogue as flows see it, and ordering from it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NotRequired

from typing_extensions import TypedDict

from connector.shapes.base import ExternalId, Shape, about, chosen_from
from connector.shapes.tickets import Ticket
from domain.helpdesk.texts import TEXT_LIMIT

ITEMS = chosen_from("ListCatalogueItems")


class CatalogueItem(TypedDict):
    """Something to order."""

    id: Annotated[str, about("Item ID", "The key of the item.", seen="important")]
    name: Annotated[str, about("Name", "What it is called.", seen="important")]
    summary: Annotated[str, about("Summary", "What it is, in a sentence.")]
    category: Annotated[str, about("Category", "Under which heading it is.")]
    deliveryDays: Annotated[int, about("Delivery Days", "Working days, from the order or from its approval.")]
    needsApproval: Annotated[bool, about("Needs Approval", "Whether somebody has to approve it first.")]
    costs: NotRequired[
        Annotated[
            str | None, about("Costs", "An amount in euro and how often it is paid: once, month or year.")
        ]
    ]


class CatalogueItems(TypedDict):
    """The whole catalogue."""

    value: Annotated[list[CatalogueItem], about("Items", "What can be ordered.")]


class FormSchema(TypedDict):
    """A form, as a schema."""

    schema: Annotated[dict[str, Any], about("Schema", "The fields of the form.")]


ANSWERS = {
    "x-ms-dynamic-schema": {
        "operationId": "GetCatalogueForm",
        "parameters": {"itemId": {"parameter": "itemId"}},
        "value-path": "schema",
    },
    "x-ms-dynamic-properties": {
        "operationId": "GetCatalogueForm",
        "parameters": {"itemId": {"parameterReference": "body/itemId"}},
        "itemValuePath": "schema",
    },
}


class NewOrder(Shape):
    """An order for a colleague."""

    item_id: Annotated[
        str,
        about("Item", "What to order.", seen="important", choices=ITEMS, min_length=1, max_length=60),
    ]
    on_behalf_of: Annotated[
        str | None,
        about(
            "On Behalf Of",
            "The e-mail address of the colleague it is for. Empty: for the person of the connection.",
            seen="important",
            min_length=1,
            max_length=200,
        ),
    ] = None
    answers: Annotated[
        dict[str, Any], about("Answers", "The form of the item, filled in.", choices=ANSWERS)
    ] = {}  # noqa: RUF012 - pydantic copies it
    note: Annotated[str, about("Note", "What there is to add.", max_length=TEXT_LIMIT)] = ""
    external_id: ExternalId = None


class Order(Ticket):
    """A ticket that was ordered from the catalogue."""

    itemId: Annotated[str, about("Item ID", "What was ordered.")]
    needsApproval: Annotated[bool, about("Needs Approval", "Whether somebody has to approve it first.")]
    dueOn: NotRequired[
        Annotated[date | None, about("Due On", "The day it is there; not known before it was approved.")]
    ]
