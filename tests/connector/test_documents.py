"""The two documents, made from the table of operations."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import azure.functions as func
import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from connector import documents
from connector.documents import openapi, swagger
from connector.operations import OPERATIONS
from connector.schemas import SwaggerDefinitions, words
from localhost.triggers import triggers_of
from scripts.connector import DEFINITION, written

CHECKER = Path(__file__).parents[3] / "shared" / "tools" / "check_connector.py"


def test_the_definition_in_the_repository_is_the_one_that_is_made() -> None:
    assert DEFINITION.read_text(encoding="utf-8") == written(swagger()), "run python -m scripts.connector"


@pytest.mark.skipif(not CHECKER.exists(), reason="the checker of the platform's rules is not here")
def test_the_platforms_rules_find_nothing(tmp_path: Path) -> None:
    for file in DEFINITION.parent.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    run = subprocess.run(
        [sys.executable, CHECKER, tmp_path, "--fail-on", "warn", "--json", "--ignore", "DocumentMissing"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(run.stdout)
    assert found["findings"] == []
    assert found["stats"]["operations"] == len(OPERATIONS)


def test_every_operation_is_in_both_documents_with_what_it_can_answer() -> None:
    older, newer = swagger(), openapi()
    for operation in OPERATIONS:
        for document in (older, newer):
            said = document["paths"][operation.path][operation.method.lower()]
            assert said["operationId"] == operation.id
            assert {str(operation.status), *map(str, operation.statuses)} <= set(said["responses"])
    assert len({operation.id.lower() for operation in OPERATIONS}) == len(OPERATIONS)
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)


def test_every_operation_is_in_the_documentation_with_its_route() -> None:
    page = (DEFINITION.parents[1] / "docs" / "connector.md").read_text(encoding="utf-8")
    for operation in OPERATIONS:
        if operation.internal and operation.method == "GET":
            assert f"`{operation.id}` (`{operation.path}`)" in page
        elif operation.trigger is None and not operation.internal:
            row = next(line for line in page.splitlines() if line.startswith(f"| `{operation.id}` |"))
            assert f"`{operation.method} {operation.path}`" in row
            assert (f"`{operation.scope}`" if operation.scope else "any") in row


def test_every_reference_of_both_documents_leads_somewhere() -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            mine = [node["$ref"]] if "$ref" in node else []
            return mine + [one for value in node.values() for one in references(value)]
        return [one for value in node for one in references(value)] if isinstance(node, list) else []

    for document in (swagger(), openapi()):
        for reference in references(document):
            node = document
            for part in reference.removeprefix("#/").split("/"):
                node = node[part]
            assert "type" in node


async def test_the_documents_are_served_for_the_host_they_are_asked_of() -> None:
    from functions import connector

    app = func.FunctionApp()
    app.register_functions(connector.blueprint)
    run = {trigger.name: trigger.run for trigger in triggers_of(app)}
    root = "https://desk.city.example/api/connector/v1"
    request = func.HttpRequest("GET", f"{root}/apiDefinition.swagger.json", body=b"")
    assert json.loads((await run["swagger_document"](req=request)).get_body()) == swagger("desk.city.example")
    request = func.HttpRequest("GET", f"{root}/openapi.json", body=b"")
    assert json.loads((await run["openapi_document"](req=request)).get_body())["servers"] == [{"url": root}]


def test_what_swagger_has_no_word_for_is_an_error_of_ours() -> None:
    class Either(BaseModel):
        one: int | str

    with pytest.raises(ValueError, match="no word"):
        SwaggerDefinitions().add(Either, "validation")


def test_two_shapes_of_one_name_are_an_error_of_ours() -> None:
    def shape(kind: Any) -> Any:
        return TypedDict("Same", {"a": kind})  # type: ignore[operator]

    definitions = SwaggerDefinitions()
    definitions.add(shape(int), "serialization")
    definitions.add(shape(int), "serialization")
    with pytest.raises(ValueError, match="Same"):
        definitions.add(shape(str), "serialization")


def test_the_older_schema_says_the_same_in_its_own_words() -> None:
    class Thing(BaseModel):
        name: Literal["a"]
        size: int | None = None

    definitions = SwaggerDefinitions()
    assert definitions.add(Thing, "validation") == {"$ref": "#/definitions/Thing"}
    thing = definitions.found["Thing"]
    assert thing["required"] == ["name"]
    assert thing["properties"]["name"]["enum"] == ["a"]
    assert thing["properties"]["size"] == {"type": "integer", "format": "int32", "title": "Size"}
    assert "additionalProperties" not in thing
    assert (words("TicketPage"), documents.HOST in openapi()["servers"][0]["url"]) == ("Ticket Page", True)
