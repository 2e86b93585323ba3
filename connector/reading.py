"""Reading a call: what came in becomes the operation's own shapes, or an error that names the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from connector.operation import Operation
from domain.errors import DeskError, Invalid, InvalidForm, NotFound
from locales import N_

_SAID = {
    "missing": N_("This is needed."),
    "extra_forbidden": N_("There is no such field."),
    "string_too_short": N_("Write at least {min_length} characters."),
    "string_too_long": N_("Write at most {max_length} characters."),
    "too_short": N_("Send at least {min_length}."),
    "too_long": N_("Send at most {max_length}."),
    "enum": N_("This is one of {expected}."),
    "literal_error": N_("This is one of {expected}."),
    "greater_than_equal": N_("This is at least {ge}."),
    "less_than_equal": N_("This is at most {le}."),
    "json_invalid": N_("This is no JSON: {error}"),
}
"""What pydantic finds, in the desk's words; its own are in English only."""
_TYPES = {
    "string": N_("This has to be text."),
    "int": N_("This has to be a whole number."),
    "bool": N_("This has to be true or false."),
    "datetime": N_("This has to be a moment, such as 2026-11-22T09:30:00Z."),
    "date": N_("This has to be a day, such as 2026-11-22."),
    "timezone": N_("This has to be a moment, such as 2026-11-22T09:30:00Z."),
    "list": N_("This has to be a list."),
    "dict": N_("This has to be an object."),
    "model": N_("This has to be an object."),
    "base64": N_("This has to be base64."),
}
_OTHERWISE = N_("This will not do.")


def read_query(operation: Operation[Any, Any], given: Mapping[str, str]) -> Any:
    """The query in its shape; None for an operation without one, which nothing may be asked of. Raises `Invalid`."""
    if operation.query is None:
        if given:
            raise Invalid("There is no such field.", field=next(iter(given)))
        return None
    for name, value in given.items():
        if "\x00" in value:  # which no database takes
            raise Invalid(_OTHERWISE, field=name)
    return _read(operation.query, given)


def read_path(given: Mapping[str, str]) -> Mapping[str, str]:
    """The values in the path. Raises `NotFound` for what can be no key of anything."""
    if any("\x00" in value for value in given.values()):
        raise NotFound("There is nothing here.", field="id")
    return given


def read_body(operation: Operation[Any, Any], body: bytes) -> Any:
    """The body in its shape; None for an operation without one. Raises `Invalid`."""
    if operation.body is None:
        return None
    try:
        return operation.body.model_validate_json(body)
    except ValidationError as error:
        raise as_desk_error(error) from None


def read_values(operation: Operation[Any, Any], body: Mapping[str, Any]) -> Any:
    """As `read_body`, of what was parsed already."""
    return None if operation.body is None else _read(operation.body, body)


def _read(shape: Any, given: Mapping[str, Any]) -> Any:
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise as_desk_error(error) from None


def as_desk_error(error: ValidationError) -> DeskError:
    """Everything that is wrong, each with its field."""
    found = [_problem(one) for one in error.errors(include_url=False, include_input=False)]
    return found[0] if len(found) == 1 else InvalidForm(found)


def _problem(one: Any) -> Invalid:
    kind, details = one["type"], dict(one.get("ctx") or {})
    if details.get("field_type") == "Value":  # a text that is trimmed before it is measured
        kind = f"string_{kind}"
    if kind == "string_too_short" and details["min_length"] == 1:
        kind = "missing"
    if "expected" in details:  # 'a', 'b' or 'c': the list is for every language
        details["expected"] = details["expected"].replace(" or ", ", ").replace("'", "")
    message = _SAID.get(kind) or _TYPES.get(kind.split("_")[0], _OTHERWISE)
    named = {name: value for name, value in details.items() if f"{{{name}}}" in message}
    return Invalid(message, field=".".join(str(part) for part in one["loc"]) or None, **named)
