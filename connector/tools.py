"""The operations as tools for agents: what each takes, and an agent's arguments as a call of the operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import TypeAdapter

from connector.operation import ROOT, Call, Operation
from connector.reading import read_query, read_values
from domain.api_keys.models import Scope
from domain.errors import Invalid

CONFIRM, KEY, VERSION = "confirm", "idempotencyKey", "ifMatch"
NEXT, PAGE = "nextLink", "skiptoken"

_CONFIRM = {
    "type": "boolean",
    "default": False,
    "description": "True once the person has agreed to exactly this. Until then nothing is done.",
}
_KEY = {
    "type": "string",
    "description": "A key of your own: with the same one, a repeat does nothing new and answers with the first.",
}
_VERSION = {
    "type": "string",
    "description": "The version you read, in quotes: when it has changed since, nothing is done.",
}
_PAGE = {"type": "string", "description": "Where the next page begins; not there on the last."}


@dataclass(frozen=True, slots=True)
class Tool:
    """An operation as agents see it. Path, query and body are one object of arguments; `$` is not for their names."""

    operation: Operation[Any, Any]
    takes: Mapping[str, Any]
    """JSON schema of the arguments."""
    gives: Mapping[str, Any] | None
    """JSON schema of the answer; None for what may answer with a question first."""
    query: Mapping[str, str]
    """By the argument's name, the query's."""

    @property
    def name(self) -> str:
        return self.operation.id

    @property
    def arguments(self) -> Mapping[str, str]:
        """By the name that an error of the operation has for a field: the argument's, where that is another."""
        return {"If-Match": VERSION, **{original: name for name, original in self.query.items()}}

    @property
    def asks_first(self) -> bool:
        return asks_first(self.operation)

    def call(self, arguments: Mapping[str, Any], language: str) -> Call[Any, Any]:
        """Raises `Invalid` with the argument that is wrong."""
        given = dict(arguments)
        given.pop(CONFIRM, None)
        key, version = (_text(given, name) if self.operation.writes else None for name in (KEY, VERSION))
        path = {name: _text(given, name) or "" for name in self.operation.parameters}
        missing = [name for name, value in path.items() if not value]
        if missing:
            raise Invalid("This is needed.", field=missing[0])
        query = {self.query[name]: given.pop(name) for name in list(given) if name in self.query}
        written = {name: _written(value) for name, value in query.items() if value is not None}
        if self.operation.body is None and given:
            raise Invalid("There is no such field.", field=next(iter(given)))
        return Call(
            query=read_query(self.operation, written),
            body=read_values(self.operation, given),
            path=path,
            key=key,
            if_match=version,
            language=language,
            url=ROOT + self.operation.path,
            given={name: str(value) for name, value in query.items()},
        )

    def answer(self, body: Any) -> Any:
        """The operation's answer; instead of the address of the next page, what to ask it with."""
        if self.operation.pageable and NEXT in body:
            token = parse_qs(urlsplit(body[NEXT]).query)["$skiptoken"][0]
            return {**{name: value for name, value in body.items() if name != NEXT}, PAGE: token}
        return body


def asks_first(operation: Operation[Any, Any]) -> bool:
    """Whether it changes something for people. What a scope to read opens does not, such as asking a question."""
    return operation.writes and not (operation.scope is not None and operation.scope.value.endswith(".read"))


def tools_of(operations: Iterable[Operation[Any, Any]]) -> dict[str, Tool]:
    """By name: all but the webhooks, which an agent has no address for."""
    return {
        operation.id: tool_of(operation)
        for operation in operations
        if operation.trigger is None and operation.scope is not Scope.EVENTS
    }


def tool_of(operation: Operation[Any, Any]) -> Tool:
    """Raises `ValueError` when two arguments would have one name."""
    properties: dict[str, Any] = {
        name: {"type": "string", "title": one.title, "description": one.description}
        for name, one in operation.parameters.items()
    }
    required = list(properties)
    definitions: dict[str, Any] = {}
    query: dict[str, str] = {}
    for shape in (operation.query, operation.body):
        if shape is None:
            continue
        schema = _plain(shape.model_json_schema(by_alias=True))
        names = {name: name.removeprefix("$") for name in schema.get("properties", {})}
        if twice := properties.keys() & set(names.values()):
            raise ValueError(f"{operation.id}: two arguments named {', '.join(sorted(twice))}")
        properties |= {names[name]: one for name, one in schema.get("properties", {}).items()}
        required += [names[name] for name in schema.get("required", ())]
        definitions |= schema.get("$defs", {})
        if shape is operation.query:
            query = {name: original for original, name in names.items()}
    if asks_first(operation):
        properties |= {CONFIRM: _CONFIRM, KEY: _KEY} | ({VERSION: _VERSION} if operation.versioned else {})
    takes = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return Tool(operation, takes | ({"$defs": definitions} if definitions else {}), _gives(operation), query)


def _gives(operation: Operation[Any, Any]) -> dict[str, Any] | None:
    if asks_first(operation) or operation.answer is None:
        return None
    schema: dict[str, Any] = _plain(TypeAdapter(operation.answer).json_schema(mode="serialization"))
    if operation.pageable:
        schema["properties"] = {**schema["properties"], PAGE: _PAGE}
        del schema["properties"][NEXT]
    return schema


def _plain(schema: Any) -> Any:
    """Without what is for the Power Platform only."""
    if isinstance(schema, dict):
        return {name: _plain(value) for name, value in schema.items() if not name.startswith("x-ms-")}
    return [_plain(one) for one in schema] if isinstance(schema, list) else schema


def _written(value: object) -> str:
    """An argument as it would stand in an address."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(given: dict[str, Any], name: str) -> str | None:
    value = given.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise Invalid("This has to be text.", field=name)
    return value
