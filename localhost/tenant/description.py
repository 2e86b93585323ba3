"""Reads `calls.yaml`: which call a request is, what it may hold, and what may be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

CALLS = Path(__file__).parent / "calls.yaml"

_METHODS = {"get", "post", "patch", "delete"}
QUOTE, QUOTED, UNQUOTED = "'", "[^/']+", "[^/]+"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    required: bool
    check: Draft202012Validator


@dataclass(frozen=True, slots=True)
class Described:
    """An answer: its headers that have to be there, and its body, if it has one. `names` are the properties of the
    body, or of each thing that it lists."""

    headers: tuple[str, ...]
    body: Draft202012Validator | None
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Operation:
    """A call. `permissions` are app roles of which one is needed."""

    id: str
    method: str
    template: str
    permissions: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: Draft202012Validator | None
    body_required: bool
    answers: Mapping[str, Described]

    def wrong_with_request(
        self, parts: Mapping[str, str], query: Mapping[str, str], headers: Mapping[str, str], body: Any
    ) -> str | None:
        """What is not as described, None when all is well. `body` is None when nothing was sent."""
        wrong: list[str] = []
        given = {"path": parts, "query": query, "header": headers}
        for parameter in self.parameters:
            value = given[parameter.place].get(parameter.name)
            if value is not None:
                wrong += [f"{parameter.name}: {said}" for said in _problems(parameter.check, value)]
            elif parameter.required:
                wrong.append(f"{parameter.name} is missing")
        known = {parameter.name for parameter in self.parameters if parameter.place == "query"}
        wrong += [f"{name} is not taken here" for name in query if name not in known]
        if body is None:
            wrong += ["a body is missing"] if self.body_required else []
        elif self.body is None:
            wrong.append("no body is taken here")
        else:
            wrong += _problems(self.body, body)
        return "; ".join(wrong) or None

    def names(self, status: int) -> frozenset[str]:
        """The properties that this answer has, or each thing that it lists."""
        described = self._described(status)
        return described.names if described else frozenset()

    def wrong_with_answer(self, status: int, headers: Mapping[str, str], body: Any) -> str | None:
        described = self._described(status)
        if described is None:
            return f"{status} is not an answer of {self.id}"
        wrong = [f"the header {name} is missing" for name in described.headers if name not in headers]
        if described.body is not None:
            wrong += _problems(described.body, body)
        elif body is not None:
            wrong.append("it has no body")
        return "; ".join(wrong) or None

    def _described(self, status: int) -> Described | None:
        return self.answers.get(str(status)) or self.answers.get(f"{status // 100}XX")


class Description:
    """All calls. Raises `KeyError` when an operation is not complete."""

    def __init__(self, file: Path = CALLS) -> None:
        document = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
        self.operations = tuple(_operations(_followed(document, document)["paths"]))
        self._by_shape: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = {}
        for operation in sorted(self.operations, key=lambda one: one.template.count("{")):
            shape = (operation.method, operation.template.count("/"))
            self._by_shape.setdefault(shape, []).append((_pattern(operation.template), operation))

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The call that this is, with what stands in its places. The most literal one wins."""
        for pattern, operation in self._by_shape.get((method, path.count("/")), ()):
            if match := pattern.fullmatch(path):
                return operation, match.groupdict()
        return None


def _followed(node: Any, document: Mapping[str, Any]) -> Any:
    """With what each `$ref` means in its place: looking that up for every call takes longer than the rest."""
    if isinstance(node, list):
        return [_followed(one, document) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        meant: Any = document
        for name in node["$ref"].split("/")[1:]:
            meant = meant[name]
        return _followed(meant, document)
    return {name: _followed(one, document) for name, one in node.items()}


def _operations(paths: Mapping[str, Any]) -> Iterator[Operation]:
    for template, item in paths.items():
        for method in sorted(item.keys() & _METHODS):
            call = item[method]
            body = call.get("requestBody")
            given = (*item.get("parameters", ()), *call.get("parameters", ()))
            yield Operation(
                id=call["operationId"],
                method=method.upper(),
                template=template,
                permissions=tuple(call["x-permissions"]),
                parameters=tuple(map(_parameter, given)),
                body=Draft202012Validator(_schema(body)) if body else None,
                body_required=bool(body and body["required"]),
                answers={status: _described(answer) for status, answer in call["responses"].items()},
            )


def _parameter(given: Mapping[str, Any]) -> Parameter:
    check = Draft202012Validator(given["schema"])
    return Parameter(given["name"], given["in"], given.get("required", False), check)


def _described(answer: Mapping[str, Any]) -> Described:
    headers = (name for name, header in answer.get("headers", {}).items() if header.get("required"))
    if "content" not in answer:
        return Described(tuple(headers), None, frozenset())
    schema = _schema(answer)
    return Described(tuple(headers), Draft202012Validator(schema), frozenset(_names(schema)))


def _schema(owner: Mapping[str, Any]) -> dict[str, Any]:
    (content,) = owner["content"].values()
    schema: dict[str, Any] = content["schema"]
    return schema


def _names(schema: Mapping[str, Any]) -> set[str]:
    """The properties of what it describes, or of each thing in a list."""
    properties = schema.get("properties", {})
    if "value" in properties:
        return _names(properties["value"]["items"])
    return set(properties).union(*map(_names, schema.get("allOf", ())))


def _problems(check: Draft202012Validator, value: Any) -> list[str]:
    return [f"{error.json_path} {error.message[:200]}" for error in check.iter_errors(value)]


def _pattern(template: str) -> re.Pattern[str]:
    """Graph and SharePoint take capital letters for small ones."""
    literals = _PLACE.split(template)
    made = ""
    for index, text in enumerate(literals):
        if index % 2 == 0:
            made += re.escape(text)
        else:
            made += f"(?P<{text}>{QUOTED if made.endswith(QUOTE) else UNQUOTED})"
    return re.compile(made, re.IGNORECASE)
