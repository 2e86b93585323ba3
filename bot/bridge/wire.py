"""botbuilder's models between Python and the wire: read strictly, written without loss.

The SDK's own serialiser takes over a millisecond per turn, builds a new one on every call, accepts almost anything
and turns what it does not know into its Python notation. Its models are good: here they are filled straight from
their attribute maps, after two mistakes in those have been mended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NoReturn, TypeVar

import botbuilder.schema as schema
from botbuilder.schema import Activity, AdaptiveCardInvokeResponse, ConversationAccount
from msrest.serialization import Model

from domain.errors import Invalid

# botbuilder-schema 4.17.1 has these wrong: the wire says `tenantId`, and an invoke's value may be a text.
ConversationAccount._attribute_map["tenant_id"] = {"key": "tenantId", "type": "str"}
AdaptiveCardInvokeResponse._attribute_map["value"] = {"key": "value", "type": "object"}
# An entity's own fields differ per kind (mention, place, clientInfo): kept as they come.
Activity._attribute_map["entities"] = {"key": "entities", "type": "[object]"}

AnyModel = TypeVar("AnyModel", bound=Model)
Reader = Callable[[Any, str], Any]


def _refuse(path: str, expected: str) -> NoReturn:
    raise Invalid("This has to be {expected}.", field=path or None, expected=expected)


def _read_text(value: Any, path: str) -> str:
    return value if isinstance(value, str) else _refuse(path, "text")


def _read_yes_or_no(value: Any, path: str) -> bool:
    return value if isinstance(value, bool) else _refuse(path, "true or false")


def _read_number(value: Any, path: str) -> float:
    return (
        value if isinstance(value, int | float) and not isinstance(value, bool) else _refuse(path, "a number")
    )


def _read_moment(value: Any, path: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return _refuse(path, "a date and time (ISO 8601)")


def _read_anything(value: Any, path: str) -> Any:
    return value


def _read_object(value: Any, path: str) -> Any:
    return value if isinstance(value, dict) else _refuse(path, "an object")


_PLAIN_READERS: Mapping[str, Reader] = {
    "str": _read_text,
    "bool": _read_yes_or_no,
    "int": _read_number,
    "float": _read_number,
    "long": _read_number,
    "iso-8601": _read_moment,
    "object": _read_anything,
    "{object}": _read_object,
    "{str}": _read_object,
}


@cache
def _reader(kind: str) -> Reader:
    """How to read one of the types that attribute maps name: `str`, `[Attachment]`, `ChannelAccount`, ..."""
    if kind in _PLAIN_READERS:
        return _PLAIN_READERS[kind]
    if kind.startswith("["):
        read_item = _reader(kind[1:-1])

        def read_list(value: Any, path: str) -> Any:
            if not isinstance(value, list):
                _refuse(path, "a list")
            return [read_item(item, f"{path}.{index}") for index, item in enumerate(value)]

        return read_list
    model = getattr(schema, kind, None)
    if not (isinstance(model, type) and issubclass(model, Model)):
        return _read_text  # the enums: they are written as text, and new values are no reason to refuse
    return lambda value, path: read(model, value, path)


_FIELDS: dict[Any, Mapping[str, tuple[str, str]]] = {}


def _fields(model: type[Model]) -> Mapping[str, tuple[str, str]]:
    """By name on the wire: the attribute and its type."""
    known = _FIELDS.get(model)
    if known is None:
        known = {
            spec["key"]: (name, spec["type"]) for name, spec in model._attribute_map.items() if spec["key"]
        }
        _FIELDS[model] = known
    return known


def read(model: type[AnyModel], data: object, path: str = "") -> AnyModel:
    """A model from JSON data; fields it does not know go to `additional_properties`.

    Raises `Invalid` with the path of the first field of a wrong type.
    """
    if not isinstance(data, dict):
        _refuse(path, "an object")
    fields = _fields(model)
    values: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    for key, value in data.items():
        known = fields.get(key)
        if known is None:
            unknown[key] = value
        elif value is not None:
            values[known[0]] = _reader(known[1])(value, f"{path}.{key}" if path else key)
    try:
        filled = model(**values)
    except TypeError:  # attribute maps name a few fields that constructors do not take
        filled = model()
        for name, value in values.items():
            setattr(filled, name, value)
    filled.additional_properties = unknown
    return filled


def write(value: Any) -> Any:
    """A model, or a list of them, as JSON data. What the SDK types as `object` goes along as it is: turning it into
    bytes (`json`) makes lists of tuples, texts of text enums, and refuses the rest."""
    if isinstance(value, Model):
        keys = _keys(type(value))
        written = dict(getattr(value, "additional_properties", None) or {})
        for name, item in vars(value).items():
            if item is not None and name in keys:
                key, is_plain = keys[name]
                written[key] = item if is_plain else write(item)
        return written
    if isinstance(value, list):
        return [write(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


_KEYS: dict[Any, Mapping[str, tuple[str, bool]]] = {}


def _keys(model: type[Model]) -> Mapping[str, tuple[str, bool]]:
    """By attribute: its name on the wire, and whether its values need no writing."""
    known = _KEYS.get(model)
    if known is None:
        plain = ("object", "str", "bool", "int")
        known = {name: (spec["key"], spec["type"] in plain) for name, spec in model._attribute_map.items()}
        _KEYS[model] = known
    return known
