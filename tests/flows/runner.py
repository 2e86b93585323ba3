"""A small flow runner: it knows the connector from its Swagger document alone, as the platform does.

It fills in what the document gives a default, follows dynamic values, schemas and pages, subscribes triggers with the
field that is marked for the callback address, and tries again after 408, 429 and 5xx only. Whatever the document does
not promise is an error here: a status it does not list, an answer that does not fit its schema.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
import jsonschema

TRIES = 4
AGAIN = frozenset({408, 429})
Json = Any


class NotDescribedError(Exception):
    """The API does something that its document does not say."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Json


class FailedError(Exception):
    """The action failed: the flow stops here, with this answer."""

    def __init__(self, operation_id: str, answer: Answer) -> None:
        super().__init__(f"{operation_id}: {answer.status} {answer.body}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    described: Mapping[str, Json]
    path_item: Mapping[str, Json]

    @property
    def parameters(self) -> list[Json]:
        return [*self.path_item.get("parameters", ()), *self.described.get("parameters", ())]

    def parameter(self, name: str) -> Json:
        return next(one for one in self.parameters if one["name"] == name)

    @property
    def body(self) -> Json | None:
        return next((one for one in self.parameters if one["in"] == "body"), None)


@dataclass
class Runner:
    """`connection` are the headers that the connection adds to every call, such as its key."""

    definition: Mapping[str, Json]
    origin: str
    connection: Mapping[str, str]
    session: aiohttp.ClientSession
    seen: set[str] = field(default_factory=set)
    """Ids of the operations that were called."""

    def __post_init__(self) -> None:
        self.operations = {operation.id: operation for operation in self._operations()}

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.definition["paths"].items():
            for method, described in item.items():
                if isinstance(described, dict) and "operationId" in described:
                    yield Operation(described["operationId"], method, path, described, item)

    # --- actions ------------------------------------------------------------------------------------------

    async def run(self, operation_id: str, body: Mapping[str, Json] | None = None, **values: Json) -> Answer:
        """Call an operation; `values` by the names of its parameters, `$` and `-` written as `_`."""
        operation = self.operations[operation_id]
        path, query, headers = self._placed(operation, values)
        sent = self._completed(operation, body)
        address = f"{self.origin}{self.definition['basePath']}{path}"
        return await self._call(operation, address, query, headers, sent)

    async def items(self, operation_id: str, **values: Json) -> AsyncIterator[Json]:
        """Every item of a list, page after page, by the link in the page."""
        operation = self.operations[operation_id]
        link_name = operation.described["x-ms-pageable"]["nextLinkName"]
        answer = await self.run(operation_id, **values)
        while True:
            for item in answer.body["value"]:
                yield item
            link = answer.body.get(link_name)
            if not link:
                return
            if not link.startswith(self.origin):
                raise NotDescribedError(f"the next page of {operation_id} is elsewhere: {link}")
            answer = await self._call(operation, link, {}, {}, None)

    # --- what the designer shows --------------------------------------------------------------------------

    async def choices(self, operation_id: str, name: str, **given: Json) -> dict[str, str]:
        """What a person chooses from for a parameter, or for a field of the body: titles by value."""
        described = self._field(operation_id, name)
        rule, twin = described["x-ms-dynamic-values"], described["x-ms-dynamic-list"]
        if (rule["operationId"], rule["value-path"]) != (twin["operationId"], twin["itemValuePath"]):
            raise NotDescribedError(f"{operation_id}.{name}: the two ways to choose differ")
        answer = await self.run(rule["operationId"], **self._looked_up(rule, given))
        found = answer.body[rule["value-collection"]] if rule.get("value-collection") else answer.body
        return {item[rule["value-path"]]: item[rule["value-title"]] for item in found}

    async def form(self, operation_id: str, name: str, **given: Json) -> Json:
        """The schema of a field of the body that depends on what was chosen before."""
        rule = self._field(operation_id, name)["x-ms-dynamic-schema"]
        answer = await self.run(rule["operationId"], **self._looked_up(rule, given))
        schema = answer.body
        for step in filter(None, rule.get("value-path", "").split("/")):
            schema = schema[step]
        return schema

    def _looked_up(self, rule: Json, given: Mapping[str, Json]) -> dict[str, Json]:
        wanted = rule.get("parameters", {})
        return {
            _plain(name): given[_plain(source["parameter"].rpartition("/")[2])]
            if isinstance(source, dict)
            else source
            for name, source in wanted.items()
        }

    def _field(self, operation_id: str, name: str) -> Json:
        operation = self.operations[operation_id]
        for parameter in operation.parameters:
            if _plain(parameter["name"]) == name:
                return parameter
        body = operation.body
        fields = self.resolved(body["schema"])["properties"] if body else {}
        return self.resolved(fields[name])

    # --- triggers -----------------------------------------------------------------------------------------

    async def subscribe(self, operation_id: str, callback: str, **fields: Json) -> str:
        """Start a trigger; the address that ends it, as the platform keeps it."""
        operation = self.operations[operation_id]
        body = self.resolved(
            operation.parameters[-1]["schema"] if operation.body is None else operation.body["schema"]
        )
        (address,) = (name for name, one in body["properties"].items() if one.get("x-ms-notification-url"))
        answer = await self.run(operation_id, {address: callback, **fields})
        location = answer.headers.get("Location", "")
        if answer.status != 201 or not location.startswith(self.origin):
            raise NotDescribedError(f"{operation_id}: {answer.status}, Location {location!r}")
        return location

    async def unsubscribe(self, location: str) -> int:
        async with self.session.delete(location, headers=dict(self.connection)) as response:
            return response.status

    def check_notification(self, operation_id: str, sent: Json) -> None:
        """Raises when what arrived at a trigger is not what the designer was told."""
        told = self.operations[operation_id].path_item["x-ms-notification-content"]
        self._check(told["schema"], sent, f"the notification of {operation_id}")

    # --- inside -------------------------------------------------------------------------------------------

    def _placed(
        self, operation: Operation, values: Mapping[str, Json]
    ) -> tuple[str, dict[str, str], dict[str, str]]:
        path, query, headers = operation.path, {}, {}
        left = dict(values)
        for parameter in operation.parameters:
            name = parameter["name"]
            if parameter["in"] == "body":
                continue
            value = left.pop(_plain(name), parameter.get("default"))
            if value is None:
                if parameter.get("required"):
                    raise NotDescribedError(f"{operation.id} needs {name}")
                continue
            text = str(value).lower() if isinstance(value, bool) else str(value)
            match parameter["in"]:
                case "path":
                    path = path.replace(f"{{{name}}}", quote(text, safe=""))
                case "query":
                    query[name] = text
                case "header":
                    headers[name] = text
        if left:
            raise NotDescribedError(f"{operation.id} has no {', '.join(left)}")
        return path, query, headers

    def _completed(self, operation: Operation, given: Mapping[str, Json] | None) -> Json | None:
        """The body, with the defaults of the fields that nobody sees."""
        if operation.body is None:
            return None
        schema = self.resolved(operation.body["schema"])
        defaults = {
            name: described["default"]
            for name, described in schema.get("properties", {}).items()
            if described.get("x-ms-visibility") == "internal" and "default" in described
        }
        return {**defaults, **(given or {})}

    async def _call(
        self,
        operation: Operation,
        address: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Json | None,
    ) -> Answer:
        self.seen.add(operation.id)
        for attempt in range(1, TRIES + 1):
            async with self.session.request(
                operation.method,
                address,
                params=dict(query),
                headers={**self.connection, **headers},
                json=body,
            ) as response:
                read = await response.json() if response.content_type == "application/json" else None
                answer = Answer(response.status, dict(response.headers), read)
            again = answer.status in AGAIN or answer.status >= 500
            if not again or attempt == TRIES:
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", attempt)))
        return self._judged(operation, answer)

    def _judged(self, operation: Operation, answer: Answer) -> Answer:
        told = operation.described["responses"].get(str(answer.status))
        if told is None:
            raise NotDescribedError(f"{operation.id} answers {answer.status}: {answer.body}")
        if answer.status >= 400:
            raise FailedError(operation.id, answer)
        if "schema" in told:
            self._check(told["schema"], answer.body, operation.id)
        elif answer.body is not None:
            raise NotDescribedError(f"{operation.id} has no body by its document")
        return answer

    def _check(self, schema: Json, value: Json, where: str) -> None:
        whole = {**schema, "definitions": self.definition.get("definitions", {})}
        for error in jsonschema.Draft4Validator(whole).iter_errors(value):
            raise NotDescribedError(f"{where}: {error.json_path}: {error.message}")

    def resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self.definition["definitions"][schema["$ref"].rpartition("/")[2]]
        return schema


def _plain(name: str) -> str:
    """A parameter's name as Python can spell it."""
    return name.lstrip("$").replace("-", "_")
