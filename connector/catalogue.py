"""The catalogue for flows: what there is, the form of an item as a schema, and ordering by it."""

from __future__ import annotations

from connector import shapes
from connector.tickets import checked_key, requester_of, shape_of
from domain.api_keys.models import ApiKey
from domain.catalogue.actions import OrderItem, order_item
from domain.catalogue.item import Costs, Item
from domain.catalogue.schema import answers_from, schema_of
from domain.desk import Desk
from domain.errors import Invalid, InvalidForm, NotFound

NOTE = "note"


def list_items(desk: Desk) -> shapes.CatalogueList:
    """The whole catalogue: a flow acts for whoever may order an item."""
    names = {category.id: category.name for category in desk.organisation.catalogue.categories}
    return shapes.CatalogueList(
        value=[
            shapes.CatalogueItem(
                id=item.id,
                name=item.name,
                summary=item.summary,
                category=names[item.category_id],
                delivery_days=item.delivery_days,
                needs_approval=item.approval is not None,
                costs=_costs(item.costs) if item.costs else None,
            )
            for item in desk.organisation.catalogue.items
        ]
    )


def item_schema(desk: Desk, item_id: str) -> shapes.ItemSchema:
    return shapes.ItemSchema.model_validate({"schema": schema_of(_item(desk, item_id))})


async def create_request(
    desk: Desk, caller: ApiKey, wanted: shapes.NewRequest, idempotency_key: str | None
) -> shapes.Request:
    """The order; the first one when the key, or else the external id, was used before for the same.

    Raises `Invalid` with the field of the first answer that will not do, such as `answers.colleague`.
    """
    requester = await requester_of(desk, caller, wanted.on_behalf_of)
    item = _item(desk, wanted.item_id)
    unknown = sorted(wanted.answers.keys() - {field.id for field in item.form})
    if unknown:
        raise Invalid("The form has no such field.", field=f"answers.{unknown[0]}")
    key = checked_key(wanted.external_id, idempotency_key)
    command = OrderItem(item.id, answers_from(item, wanted.answers), wanted.note)
    try:
        async with desk.units() as unit:
            made = await order_item(unit, desk, caller.as_actor(), requester, command, key=f"request:{key}")
    except InvalidForm as wrong:
        first = wrong.problems[0]
        raise Invalid(first.message, field=f"answers.{first.field}", **first.details) from None
    ticket = await shape_of(desk, made.ticket)
    return shapes.Request(
        **dict(ticket),
        item_id=made.order.item_id,
        needs_approval=made.order.needs_approval,
        due_on=made.order.due_on,
    )


def _item(desk: Desk, item_id: str) -> Item:
    item = desk.organisation.catalogue.by_id.get(item_id)
    if item is None:
        raise NotFound("There is no such item.", field="itemId")
    return item


def _costs(costs: Costs) -> str:
    return f"{costs.cents / 100:.2f} {costs.per}"
