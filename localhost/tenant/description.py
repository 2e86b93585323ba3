"""Reads `calls.yaml`: which call a request is, what it may hold, and what may be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

CALLS = Path(__file__).parent / "calls.yaml"

_METHODS = ("get", "post", "patch", "put", "delete")
_DOCUMENT = "urn:calls"
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
        self._document: dict[str, Any] = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, Resource.opaque(self._document))
        self.operations = tuple(self._read())
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

    def _read(self) -> Iterator[Operation]:
        for template, item in self._document["paths"].items():
            at = f"/paths/{_escaped(template)}"
            shared = list(self._parameters(item, at))
            for method in _METHODS:
                if method not in item:
                    continue
                call = item[method]
                body, body_at = self._followed(call.get("requestBody"), f"{at}/{method}/requestBody")
                yield Operation(
                    id=call["operationId"],
                    method=method.upper(),
                    template=template,
                    permissions=tuple(call["x-permissions"]),
                    parameters=(*shared, *self._parameters(call, f"{at}/{method}")),
                    body=self._body(body, body_at) if body else None,
                    body_required=bool(body and body["required"]),
                    answers=dict(self._answers(call, f"{at}/{method}")),
                )

    def _parameters(self, owner: Mapping[str, Any], at: str) -> Iterator[Parameter]:
        for index, given in enumerate(owner.get("parameters", ())):
            one, place = self._followed(given, f"{at}/parameters/{index}")
            assert one is not None  # noqa: S101 - it is in the list
            yield Parameter(
                one["name"], one["in"], one.get("required", False), self._check(f"{place}/schema")
            )

    def _answers(self, call: Mapping[str, Any], at: str) -> Iterator[tuple[str, Described]]:
        for status, given in call["responses"].items():
            one, place = self._followed(given, f"{at}/responses/{status}")
            assert one is not None  # noqa: S101 - it is in the list
            headers = (name for name, header in one.get("headers", {}).items() if header.get("required"))
            names: set[str] = set()
            if "content" in one:
                (content,) = one["content"].values()
                names = self._names(content["schema"])
            body = self._body(one, place) if "content" in one else None
            yield status, Described(tuple(headers), body, frozenset(names))

    def _names(self, schema: dict[str, Any]) -> set[str]:
        found, _ = self._followed(schema, "")
        properties = found.get("properties", {}) if found else {}
        if "value" in properties:
            return self._names(properties["value"]["items"])
        parts = found.get("allOf", ()) if found else ()
        return set(properties).union(*(self._names(part) for part in parts))

    def _body(self, owner: Mapping[str, Any], at: str) -> Draft202012Validator:
        (kind,) = owner["content"]
        return self._check(f"{at}/content/{_escaped(kind)}/schema")

    def _followed(self, node: dict[str, Any] | None, at: str) -> tuple[dict[str, Any] | None, str]:
        """What a `$ref` beside the schemas means, and where that stands."""
        if node is None or "$ref" not in node:
            return node, at
        pointer: str = node["$ref"].removeprefix("#")
        found = self._document
        for name in pointer.split("/")[1:]:
            found = found[name]
        return found, pointer

    def _check(self, pointer: str) -> Draft202012Validator:
        return Draft202012Validator(
            {"$ref": f"{_DOCUMENT}#{quote(pointer, safe='/~')}"}, registry=self._registry
        )


def _problems(check: Draft202012Validator, value: Any) -> list[str]:
    return [f"{error.json_path} {error.message[:200]}" for error in check.iter_errors(value)]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


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
