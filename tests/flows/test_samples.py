"""The sample flows: workflow definitions that the platform takes, and that use the connector as its document says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from connector.documents import swagger

FLOWS = Path(__file__).parents[2] / "docs" / "flows"
SAMPLES = sorted(FLOWS.glob("*.json"))
OURS = "@parameters('$connections')['wijzer']['connectionId']"
FIELD = re.compile(r"triggerBody\(\)((?:\?\['\w+'\])+)")

ACTION = {"$ref": "#/definitions/action"}
ACTIONS = {
    "type": "object",
    "patternProperties": {r"^[A-Za-z0-9_]{1,80}$": ACTION},
    "additionalProperties": False,
}
WORKFLOW = {
    # What a workflow definition is made of, from Microsoft's reference of its language.
    "type": "object",
    "required": ["$schema", "contentVersion", "triggers", "actions"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"pattern": r"/Microsoft\.Logic/schemas/2016-06-01/workflowdefinition\.json#$"},
        "contentVersion": {"pattern": r"^\d+(\.\d+){3}$"},
        "parameters": {
            "additionalProperties": {
                "required": ["type"],
                "properties": {
                    "type": {"enum": ["String", "SecureString", "Int", "Bool", "Array", "Object"]}
                },
            }
        },
        "triggers": {
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {
                "required": ["type", "inputs"],
                "additionalProperties": False,
                "properties": {
                    "type": {"enum": ["ApiConnection", "ApiConnectionWebhook"]},
                    "inputs": {"type": "object", "required": ["host", "path"]},
                    "recurrence": {"required": ["frequency", "interval"]},
                    "splitOn": {"type": "string", "pattern": "^@"},
                },
                "if": {"properties": {"type": {"const": "ApiConnection"}}},
                "then": {"required": ["recurrence"]},
            },
        },
        "actions": ACTIONS,
        "outputs": {"type": "object"},
    },
    "definitions": {
        "action": {
            "required": ["type", "runAfter"],
            "properties": {
                "type": {"enum": ["ApiConnection", "If", "Query", "Terminate"]},
                "runAfter": {
                    "additionalProperties": {
                        "minItems": 1,
                        "items": {"enum": ["Succeeded", "Failed", "Skipped", "TimedOut"]},
                    }
                },
                "actions": ACTIONS,
                "else": {"required": ["actions"], "properties": {"actions": ACTIONS}},
            },
            "allOf": [
                {
                    "if": {"properties": {"type": {"const": "If"}}},
                    "then": {"required": ["expression", "actions"]},
                    "else": {"required": ["inputs"]},
                }
            ],
        }
    },
}


@pytest.fixture(params=SAMPLES, ids=lambda path: path.stem)
def flow(request: pytest.FixtureRequest) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return read


def groups(actions: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every set of actions that run beside or after each other."""
    yield actions
    for action in actions.values():
        for inner in (action.get("actions"), action.get("else", {}).get("actions")):
            if inner:
                yield from groups(inner)


def steps(flow: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from flow["triggers"].values()
    for group in groups(flow["actions"]):
        yield from group.values()


def ours(flow: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """What it asks of the connector: the inputs, and the operation of the document that they are for."""
    found = []
    for step in steps(flow):
        given = step.get("inputs", {})
        if step["type"].startswith("ApiConnection") and given["host"]["connection"]["name"] == OURS:
            path = re.sub(r"@\{.*?\}", "1", given["path"])
            found.append((given, operation(path, given.get("method", "post"))))
    return found


def operation(path: str, method: str) -> Mapping[str, Any]:
    for template, item in swagger()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method in item:
            one: Mapping[str, Any] = item[method]
            return one
    raise AssertionError(f"the connector has no {method} {path}")


def resolved(schema: Any) -> Any:
    return swagger()["definitions"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def test_there_are_three() -> None:
    assert [path.stem for path in SAMPLES] == ["approval-to-list", "at-risk-to-lead", "new-starter"]


def test_it_is_a_workflow_definition(flow: dict[str, Any]) -> None:
    assert [error.message for error in jsonschema.Draft7Validator(WORKFLOW).iter_errors(flow)] == []
    for group in groups(flow["actions"]):
        for action in group.values():
            assert action["runAfter"].keys() <= group.keys()
        assert any(not action["runAfter"] for action in group.values()), "something has to be the first"


def test_it_uses_the_connector_as_its_document_says(flow: dict[str, Any]) -> None:
    used = ours(flow)
    assert used
    for given, described in used:
        parameters = {(one["in"], one["name"]): one for one in described["parameters"]}
        for name in given.get("headers", {}):
            assert ("header", name) in parameters
        for name in given.get("queries", {}):
            assert ("query", name) in parameters
        if "body" in given:
            check_body(resolved(parameters["body", "body"]["schema"]), given["body"])


def check_body(schema: Any, body: Any) -> None:
    if isinstance(body, dict):
        assert set(schema.get("required", ())) <= body.keys() <= schema["properties"].keys()
        for name, value in body.items():
            check_body(resolved(schema["properties"][name]), value)
    elif isinstance(body, list):
        for value in body:
            check_body(resolved(schema["items"]), value)
    elif isinstance(body, str) and "@" not in body and "enum" in schema:
        assert body in schema["enum"]


def test_it_reads_only_what_its_trigger_tells(flow: dict[str, Any]) -> None:
    (trigger,) = flow["triggers"].values()
    if trigger["inputs"]["host"]["connection"]["name"] != OURS:
        return
    told = swagger()["paths"][trigger["inputs"]["path"]]["x-ms-notification-content"]["schema"]
    read = set(FIELD.findall(json.dumps(flow["actions"])))
    assert read
    for steps_to_it in read:
        schema = resolved(told)
        for name in re.findall(r"\w+", steps_to_it):
            schema = resolved(schema["properties"][name])
