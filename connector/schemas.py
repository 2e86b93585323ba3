"""The shapes as JSON schema, and as the older schema of Swagger 2.0 that the platform reads.

The platform knows no `anyOf`, `const` or `$defs`, wants nothing beside a `$ref`, and a title and a sentence on every
property. What cannot be said in it raises `ValueError`: the documents are made when they are asked for and in a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]
"""Of what comes in, and of what goes out."""

_KEPT = frozenset(
    {
        "additionalProperties",
        "default",
        "description",
        "enum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "properties",
        "required",
        "title",
        "type",
    }
)
_FORMATS = {"base64": "byte", "base64url": "byte", "date-time": "date-time", "date": "date", "email": "email"}
_NUMBERS = {"integer": "int32", "number": "double"}


@cache
def json_schema(shape: Any, mode: Mode) -> Schema:
    """As pydantic has it, with its `$defs`."""
    return TypeAdapter(shape).json_schema(mode=mode, by_alias=True)


class Definitions:
    """Collects the schemas of objects by name, in the form of one kind of document."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.found: dict[str, Schema] = {}

    def add(self, shape: Any, mode: Mode) -> Schema:
        """A reference to the shape."""
        schema = json_schema(shape, mode)
        return self.refer(str(schema["title"]), schema, schema.get("$defs", {}), mode)

    def inline(self, shape: Any, mode: Mode) -> Schema:
        """The shape itself, such as a query whose properties become parameters."""
        schema = json_schema(shape, mode)
        return self.convert(schema, schema.get("$defs", {}), mode)

    def refer(self, name: str, schema: Schema, defs: Mapping[str, Schema], mode: Mode) -> Schema:
        made = self.convert({**schema, "title": words(name)}, defs, mode)
        if self.found.setdefault(name, made) != made:
            raise ValueError(f"two different shapes are called {name}")
        return {"$ref": f"{self._prefix}{name}"}

    def convert(self, schema: Schema, defs: Mapping[str, Schema], mode: Mode) -> Schema:
        raise NotImplementedError


class SwaggerDefinitions(Definitions):
    """In the words of Swagger 2.0."""

    def __init__(self) -> None:
        super().__init__("#/definitions/")

    def convert(self, schema: Schema, defs: Mapping[str, Schema], mode: Mode) -> Schema:
        schema = _without_null(schema)
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if set(schema) == {"$ref"} and defs[name].get("type") == "object":
                return self.refer(name, defs[name], defs, mode)
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            return self.convert({**_untitled(defs[name]), **beside}, defs, mode)
        if "anyOf" in schema or "oneOf" in schema:
            raise ValueError(f"Swagger 2.0 has no word for {schema}")
        made = {key: value for key, value in schema.items() if key in _KEPT or key.startswith("x-")}
        if "const" in schema:
            made["enum"] = [schema["const"]]
        self._format(made)
        if "properties" in made:
            made["properties"] = {
                name: self._property(one, defs, mode) for name, one in made["properties"].items()
            }
        if "items" in made:
            made["items"] = self.convert(made["items"], defs, mode)
            made["items"].pop("title", None)
        if isinstance(made.get("additionalProperties"), bool):
            anything = made.pop("additionalProperties") and "properties" not in made
            if anything and "x-ms-dynamic-schema" not in made:
                made["additionalProperties"] = {}
        if mode == "serialization":
            made.pop("required", None)
            made.pop("default", None)
        if made.get("default", "") in (None, {}, []):
            del made["default"]
        return made

    def _property(self, schema: Schema, defs: Mapping[str, Schema], mode: Mode) -> Schema:
        made = self.convert(schema, defs, mode)
        if "x-ms-summary" in made:
            made.pop("title", None)  # one label is enough
        return made

    def _format(self, made: Schema) -> None:
        if "format" in made:
            known = _FORMATS.get(made.pop("format"))
            made |= {"format": known} if known else {}
        if made.get("type") in _NUMBERS:
            made.setdefault("format", _NUMBERS[made["type"]])
        if "enum" in made and made.get("type") == "string":
            made["x-ms-enum-values"] = [
                {"value": value, "displayName": str(value).replace("_", " ").replace(".", " ").capitalize()}
                for value in made["enum"]
            ]


class OpenApiDefinitions(Definitions):
    """In the words of JSON schema, as OpenAPI 3.1 has them."""

    def __init__(self) -> None:
        super().__init__("#/components/schemas/")

    def convert(self, schema: Schema, defs: Mapping[str, Schema], mode: Mode) -> Schema:
        if mode == "serialization":
            schema = _without_null(schema)
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            return {**self.refer(name, defs[name], defs, mode), **self._plain(beside, defs, mode)}
        return self._plain(schema, defs, mode)

    def _plain(self, schema: Schema, defs: Mapping[str, Schema], mode: Mode) -> Schema:
        made = {key: value for key, value in schema.items() if key != "$defs" and not key.startswith("x-ms-")}
        if "properties" in made:
            made["properties"] = {
                name: self.convert(one, defs, mode) for name, one in made["properties"].items()
            }
        if "items" in made:
            made["items"] = self.convert(made["items"], defs, mode)
        if "anyOf" in made:
            made["anyOf"] = [self.convert(one, defs, mode) for one in made["anyOf"]]
        return made


def _without_null(schema: Schema) -> Schema:
    """What may be nothing is what it is otherwise: nothing is left out."""
    options = schema.get("anyOf", ())
    some = [one for one in options if one.get("type") != "null"]
    if len(some) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**some[0], **rest}


def _untitled(schema: Schema) -> Schema:
    """The name of a class is no label."""
    return {key: value for key, value in schema.items() if key != "title"}


def words(name: str) -> str:
    """`TicketPage` as `Ticket Page`."""
    return "".join(f" {sign}" if sign.isupper() and place else sign for place, sign in enumerate(name))
