"""A form as a JSON schema with the platform's vocabulary: what a flow shows once an item was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.catalogue.item import FieldType, FormField, Item


def schema_of(item: Item) -> dict[str, Any]:
    """An object with a property per field. Fields with a condition are never required here: whether they are asked
    depends on another answer, which the order checks."""
    titles = {field.id: field.label for field in item.form}
    required = [field.id for field in item.form if field.required and field.when is None]
    schema: dict[str, Any] = {
        "type": "object",
        "title": item.name,
        "description": item.summary,
        "properties": {field.id: _property(field, titles, item.form) for field in item.form},
    }
    return schema | ({"required": required} if required else {})


def _property(field: FormField, titles: Mapping[str, str], form: Sequence[FormField]) -> dict[str, Any]:
    said = [field.help, _when(field, titles, form), _MEANS.get(field.type, "")]
    return {
        **_type(field),
        "title": field.label,
        "x-ms-summary": field.label,
        "description": " ".join(filter(None, said)) or field.label,
        "x-ms-visibility": "important" if field.required and field.when is None else "none",
    }


_MEANS = {
    FieldType.PERSON: "E-mail address of a colleague.",
    FieldType.DATE: "A day, as yyyy-MM-dd.",
}


def _when(field: FormField, titles: Mapping[str, str], form: Sequence[FormField]) -> str:
    """On which answer the field depends, in words; a flow sees all fields at once."""
    if field.when is None:
        return ""
    asked = next(one for one in form if one.id == field.when.field_id)
    values = ", ".join(asked.options.get(value, value) for value in sorted(field.when.values))
    return f"Only with “{titles[field.when.field_id]}”: {values}."


def _type(field: FormField) -> dict[str, Any]:
    match field.type:
        case FieldType.TEXT:
            return {"type": "string", "maxLength": field.longest}
        case FieldType.CHOICE:
            one = {
                "type": "string",
                "enum": list(field.options),
                "x-ms-enum-values": [
                    {"value": value, "displayName": title} for value, title in field.options.items()
                ],
            }
            return {"type": "array", "items": one} if field.multiple else one
        case FieldType.DATE:
            return {"type": "string", "format": "date"}
        case FieldType.PERSON:
            return {"type": "string", "format": "email"}
        case FieldType.NUMBER:
            limits = {"minimum": field.minimum, "maximum": field.maximum}
            return {"type": "integer"} | {name: value for name, value in limits.items() if value is not None}
        case FieldType.YES_NO:
            return {"type": "boolean"}


def answers_from(item: Item, sent: Mapping[str, Any]) -> dict[str, str]:
    """What a flow sent by this schema, as the form's text. What has another type than the schema says comes out as
    a text that only a text field accepts, so that the form's own check names it."""
    fields = {field.id: field for field in item.form}
    return {name: _text(fields[name], value) for name, value in sent.items() if name in fields}


def _text(field: FormField, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return (
                ("yes" if value else "no") if field.type is FieldType.YES_NO else "\N{REPLACEMENT CHARACTER}"
            )
        case int() if field.type is FieldType.NUMBER:
            return str(value)
        case str() if field.type not in (FieldType.NUMBER, FieldType.YES_NO):
            return value
        case list() if field.multiple and all(isinstance(one, str) for one in value):
            return ",".join(value)
        case _:
            return "\N{REPLACEMENT CHARACTER}"
