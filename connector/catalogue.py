"""The catalogue for flows: what there is, the form of an item as a schema, and ordering by it."""

from __future__ import annotations

from connector.acting import key_of, named, person_of
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation, Parameter
from connector.shapes import catalogue as shapes
from connector.shapes.base import present
from connector.tickets import shape_of
from domain.api_keys.models import Scope
from domain.catalogue.actions import OrderItem, order_item
from domain.catalogue.item import Costs, Item
from domain.catalogue.schema import answers_from, schema_of
from domain.desk import Desk
from domain.errors import Invalid, NotFound


async def list_items(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    """The whole catalogue: a flow acts for whoever may order an item."""
    names = {category.id: category.name for category in desk.organisation.catalogue.categories}
    return Answer(
        shapes.CatalogueItems(
            value=[
                present(
                    shapes.CatalogueItem(
                        id=item.id,
                        name=item.name,
                        summary=item.summary,
                        category=names[item.category_id],
                        deliveryDays=item.delivery_days,
                        needsApproval=item.approval is not None,
                        costs=_costs(item.costs) if item.costs else None,
                    )
                )
                for item in desk.organisation.catalogue.items
            ]
        )
    )


async def form(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    return Answer(shapes.FormSchema(schema=schema_of(_item(desk, call.path["itemId"], "itemId"))))


async def order(desk: Desk, caller: Caller, call: Call[None, shapes.NewOrder]) -> Answer:
    """The order; the first one when the key was used before for the same.

    Raises `InvalidForm` with the fields of the answers that will not do, such as `answers.colleague`.
    """
    wanted = call.body
    requester = await person_of(desk, caller, wanted.on_behalf_of)
    item = _item(desk, wanted.item_id, "itemId")
    unknown = sorted(wanted.answers.keys() - {field.id for field in item.form})
    if unknown:
        raise Invalid("The form has no such field.", field=f"answers.{unknown[0]}")
    key = key_of("request", call.key, wanted.external_id)
    command = OrderItem(item.id, answers_from(item, wanted.answers), wanted.note)
    with named(**{field.id: f"answers.{field.id}" for field in item.form}):
        async with desk.units() as unit:
            made = await order_item(unit, desk, caller.actor, requester, command, key=key)
    ticket = await shape_of(desk, made.ticket)
    placed = shapes.Order(
        **ticket,
        itemId=made.order.item_id,
        needsApproval=made.order.needs_approval,
        dueOn=made.order.due_on,
    )
    return Answer(present(placed), version=made.ticket.version, location=f"/tickets/{made.ticket.id}")


def _item(desk: Desk, item_id: str, field: str) -> Item:
    item = desk.organisation.catalogue.by_id.get(item_id)
    if item is None:
        raise NotFound("There is no such item.", field=field)
    return item


def _costs(costs: Costs) -> str:
    return f"{costs.cents / 100:.2f} {costs.per}"


OPERATIONS = (
    Operation(
        id="ListCatalogueItems",
        method="GET",
        path="/catalogue",
        summary="List catalogue items",
        description="Gets everything that can be ordered at the helpdesk.",
        scope=Scope.READ,
        handler=list_items,
        answer=shapes.CatalogueItems,
    ),
    Operation(
        id="GetCatalogueForm",
        method="GET",
        path="/catalogue/{itemId}/schema",
        summary="Get the form of a catalogue item",
        description="Gets the fields that have to be filled in to order an item.",
        scope=Scope.READ,
        handler=form,
        parameters={"itemId": Parameter("Item ID", "The key of the item.", shapes.ITEMS)},
        answer=shapes.FormSchema,
        internal=True,
    ),
    Operation(
        id="OrderCatalogueItem",
        method="POST",
        path="/requests",
        summary="Order a catalogue item",
        description="Orders something from the catalogue for a colleague, and asks for approval where that is needed.",
        scope=Scope.CREATE,
        handler=order,
        body=shapes.NewOrder,
        answer=shapes.Order,
        status=201,
        located=True,
        important=True,
        errors=frozenset({404}),
    ),
)
