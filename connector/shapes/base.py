"""The parts that shapes are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from domain.helpdesk.texts import clean

KEY_LIMIT = 200
"""Characters of an idempotency key."""
PAGE, PAGE_LIMIT = 25, 100
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]")


class Shape(BaseModel):
    """What comes in. The names on the wire are camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


T = TypeVar("T", bound=Mapping[str, Any])


def present(shape: T) -> T:
    """The same, without what is not there: an answer has no nulls."""
    return {name: value for name, value in shape.items() if value is not None}  # type: ignore[return-value]


def chosen_from(
    operation_id: str, value: str = "id", title: str = "name", **parameters: str
) -> dict[str, Any]:
    """Where the platform finds the values to choose from, in its older and its newer way of saying so. `parameters`
    are the look-up's, each with the field that has its value."""
    return {
        "x-ms-dynamic-values": {
            "operationId": operation_id,
            "parameters": {name: {"parameter": given} for name, given in parameters.items()},
            "value-collection": "value",
            "value-path": value,
            "value-title": title,
        },
        "x-ms-dynamic-list": {
            "operationId": operation_id,
            "parameters": {name: {"parameterReference": given} for name, given in parameters.items()},
            "itemsPath": "value",
            "itemValuePath": value,
            "itemTitlePath": title,
        },
    }


def about(
    title: str,
    description: str,
    *,
    seen: Literal["important", "advanced", "internal"] | None = None,
    choices: Mapping[str, Any] | None = None,
    **constraints: Any,
) -> Any:
    """A field with its label (Title Case) and a sentence about it. `seen`: at once, behind a click, or never."""
    extra: dict[str, Any] = {"x-ms-summary": title, **(choices or {})}
    if seen is not None:
        extra["x-ms-visibility"] = seen
    return Field(title=title, description=description, json_schema_extra=extra, **constraints)


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_cleaned)]
"""What somebody typed, without what no database takes, such as null characters."""


def _written_out(value: object) -> object:
    """A number would be read as seconds since 1970, which no document promises."""
    if isinstance(value, str) and not _DATE.match(value):
        raise PydanticCustomError("datetime_written_out", "Write a moment as 2026-11-22T09:00:00Z.")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]

ExternalId = Annotated[
    str | None,
    about(
        "External ID",
        "A key of your own. Sending it again makes nothing new: it answers with the first.",
        seen="advanced",
        min_length=1,
        max_length=KEY_LIMIT,
    ),
]

OnBehalfOf = Annotated[
    str | None,
    about(
        "On Behalf Of",
        "The e-mail address of the colleague it is for. Empty: for the connection itself.",
        max_length=200,
    ),
]


class Page(Shape):
    """Part of a list: how many, from where."""

    top: Annotated[
        int, about("Page Size", "How many a page holds.", seen="advanced", alias="$top", ge=1, le=PAGE_LIMIT)
    ] = PAGE
    skiptoken: Annotated[
        str | None,
        about(
            "Page",
            "Where the page begins: from the link to it.",
            seen="internal",
            alias="$skiptoken",
            max_length=200,
        ),
    ] = None
