"""The catalogue for flows: its items, their forms as schemas, and orders."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft4Validator

from adapters.database.engine import DatabaseUnits
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.catalogue.item import YES
from domain.catalogue.schema import answers_from, schema_of
from domain.organisation import Organisation
from tests.connector.conftest import Call

AMINA = "amina.elidrissi@vlaskerke.example"
LAPTOP = {"wie": "mij", "model": "licht", "oud": "geen", "waar": "Stadhuis"}
RESET = {
    "wie": "collega",
    "collega": "dirk.peeters@vlaskerke.example",
    "reden": "kwijt",
    "gestolen": False,
    "nummer": "0470 00 00 00",
}


def request(**changed: Any) -> dict[str, Any]:
    plain = {"itemId": "laptop", "onBehalfOf": AMINA, "answers": LAPTOP}
    return {name: value for name, value in (plain | changed).items() if value is not None}


# --- schemas ----------------------------------------------------------------------------------------------


def test_every_form_is_a_schema_that_the_platform_takes(organisation: Organisation) -> None:
    for item in organisation.catalogue.items:
        schema = schema_of(item)
        Draft4Validator.check_schema(schema)
        assert list(schema["properties"]) == [field.id for field in item.form]
        for name, one in schema["properties"].items():
            assert one["title"], name
            assert one["x-ms-summary"], name
            assert one["description"], name
            assert not one.keys() & {"oneOf", "anyOf", "const", "nullable", "$ref"}, name
            assert one["type"] != "array" or "items" in one, name
        hidden = {field.id for field in item.form if field.when}
        assert not hidden & set(schema.get("required", ()))


def test_what_fits_the_schema_is_what_the_form_reads(organisation: Organisation) -> None:
    item = organisation.catalogue.by_id["tweestaps"]
    Draft4Validator(schema_of(item)).validate(RESET)
    assert answers_from(item, RESET)["gestolen"] == "no"
    assert answers_from(item, RESET | {"gestolen": True})["gestolen"] == YES
    shared = organisation.catalogue.by_id["gedeelde-pc"]
    assert answers_from(shared, {"aantal": 3, "locatie": "Zwembad"}) == {"aantal": "3", "locatie": "Zwembad"}
    borrow = organisation.catalogue.by_id["lenen"]
    assert answers_from(borrow, {"wat": ["laptop", "webcam"]}) == {"wat": "laptop,webcam"}


# --- calls ------------------------------------------------------------------------------------------------


async def test_the_catalogue_is_listed_with_its_forms(call: Call, organisation: Organisation) -> None:
    listed = (await call("ListCatalogueItems")).body["value"]
    assert len(listed) == len(organisation.catalogue.items) >= 25
    laptop = next(item for item in listed if item["id"] == "laptop")
    assert (
        laptop.items()
        >= {
            "name": "Nieuwe laptop",
            "category": "Laptop, pc en scherm",
            "deliveryDays": 10,
            "needsApproval": True,
            "costs": "1150.00 once",
        }.items()
    )
    schema = (await call("GetCatalogueForm", None, "laptop")).body["schema"]
    assert schema["properties"]["model"]["enum"] == ["licht", "groot", "zwaar"]
    assert schema["required"] == ["wie", "model", "oud", "waar"]


async def test_an_order_of_a_flow_waits_for_the_supervisor_of_whom_it_is_for(call: Call) -> None:
    made = await call("OrderCatalogueItem", request(note="Voor het nieuwe project."), Idempotency_Key="run-1")
    assert made.status == 201
    assert (
        made.body.items()
        >= {
            "number": "A-2026-000001",
            "kind": "request",
            "state": "waiting_approval",
            "title": "Nieuwe laptop",
            "text": "Voor het nieuwe project.",
            "requesterEmail": AMINA,
            "itemId": "laptop",
            "needsApproval": True,
        }.items()
    )
    assert "dueOn" not in made.body
    again = await call(
        "OrderCatalogueItem", request(note="Voor het nieuwe project."), Idempotency_Key="run-1"
    )
    assert again.body == made.body


async def test_an_order_without_approval_says_when_it_is_there(call: Call) -> None:
    made = await call("OrderCatalogueItem", request(itemId="tweestaps", answers=RESET))
    assert (made.body["state"], made.body["dueOn"]) == ("new", "2026-11-23")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"answers": {}}, (400, "invalid", "answers.wie")),
        ({"answers": LAPTOP | {"model": "reus"}}, (400, "invalid", "answers.model")),
        ({"answers": LAPTOP | {"model": 3}}, (400, "invalid", "answers.model")),
        ({"answers": LAPTOP | {"kleur": "rood"}}, (400, "invalid", "answers.kleur")),
        ({"answers": "laptop"}, (400, "invalid", "answers")),
        ({"itemId": "vliegtuig"}, (404, "not_found", "itemId")),
        ({"itemId": None}, (400, "invalid", "itemId")),
        ({"onBehalfOf": None}, (400, "invalid", "onBehalfOf")),
        ({"onBehalfOf": "niemand@vlaskerke.example"}, (400, "invalid", "onBehalfOf")),
        ({"note": "x" * 2001}, (400, "invalid", "note")),
        ({"extra": 1}, (400, "invalid", "extra")),
        ({"itemId": "starter", "answers": {}}, (404, "not_found", None)),  # Amina may not order it
        (
            {"itemId": "tweestaps", "answers": RESET | {"collega": "x@y.z"}},
            (400, "invalid", "answers.collega"),
        ),
        (
            {"itemId": "tweestaps", "answers": RESET | {"gestolen": "ja"}},
            (400, "invalid", "answers.gestolen"),
        ),
        (
            {"itemId": "lenen", "answers": {"wat": "laptop", "aantal": "1"}},
            (400, "invalid", "answers.aantal"),
        ),
    ],
)
async def test_what_is_wrong_is_named(call: Call, changed: dict[str, Any], problem: tuple[Any, ...]) -> None:
    assert (await call("OrderCatalogueItem", request(**changed))).problem == problem


async def test_a_key_that_may_not_order_for_others_does_not(call: Call, units: DatabaseUnits) -> None:
    async with units() as unit:
        weak = await create_key(unit, "weak", [Scope.CREATE])
    assert (await call("OrderCatalogueItem", request(), X_API_Key=weak)).status == 403
    assert (await call("ListCatalogueItems", X_API_Key=weak)).status == 403
