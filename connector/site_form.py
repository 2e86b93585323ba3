"""What a site of a type can have besides its name and its purpose: as the schema of a form, and read from one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.errors import Invalid
from domain.organisation import Organisation
from domain.sites.checking import LANGUAGES
from domain.sites.policy import Scenario
from locales import Translator

FIELDS: Mapping[str, str] = {
    "members": "members",
    "guests": "guests",
    "libraries": "libraries",
    "retentionLabel": "retention_label",
    "hub": "hub",
    "language": "language",
    "endDate": "end_date",
}
"""The names in the form, each with the desk's own name for it."""
_LISTS = frozenset({"members", "guests", "libraries"})


def form_of(scenario: Scenario, organisation: Organisation, t: Translator) -> dict[str, Any]:
    """The form in the language of who fills it in, with only what this type of site can have."""
    text: dict[str, Any] = {"type": "string"}
    addresses = {"type": "array", "items": text}
    libraries = {
        one.id: one.name(t.language)
        for one in organisation.libraries
        if one.classification <= scenario.classification
    }
    labels = [label.name for label in organisation.retention.labels]
    fields: dict[str, dict[str, Any]] = {
        "members": {**addresses, "title": t("Which colleagues have to get in?")},
        "guests": {**addresses, "title": t("Which people outside the city?")},
        "libraries": {
            "type": "array",
            "items": {**text, **_options(libraries)},
            "title": t("Which libraries?"),
        },
        "retentionLabel": {
            **text,
            **_options({name: name for name in labels}),
            "title": t("How long are other documents kept?"),
        },
        "hub": {**text, "title": t("Under which hub?")},
        "language": {
            **text,
            "enum": list(LANGUAGES),
            "default": organisation.language,
            "title": t("Language of the site"),
        },
        "endDate": {
            **text,
            "format": "date",
            "title": t("Until when do you need it? (leave it open if you do not know)"),
        },
    }
    missing = {"guests"} if not scenario.guests else set()
    missing |= ({"libraries"} if not libraries else set()) | ({"retentionLabel"} if not labels else set())
    return {
        "type": "object",
        "title": scenario.name(t.language),
        "description": scenario.meaning(t.language),
        "properties": {
            name: {**one, "x-ms-summary": one["title"], "description": _sentence(name, t)}
            for name, one in fields.items()
            if name not in missing
        },
    }


def _options(names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "enum": list(names),
        "x-ms-enum-values": [{"value": value, "displayName": name} for value, name in names.items()],
    }


def _sentence(name: str, t: Translator) -> str:
    if name == "members":
        return t("Names or e-mail addresses, with a comma between them")
    return t("E-mail addresses, with a comma between them") if name == "guests" else t("This may stay empty.")


def read_details(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The form as the desk reads it from a card: all text. Raises `Invalid` with the field that has another type."""
    read = {}
    for name, value in sent.items():
        if name not in FIELDS:
            raise Invalid("There is no such field.", field=f"details.{name}")
        if name in _LISTS:
            if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
                raise Invalid("This has to be a list.", field=f"details.{name}")
            read[FIELDS[name]] = ", ".join(value)
        elif not isinstance(value, str):
            raise Invalid("This has to be text.", field=f"details.{name}")
        else:
            read[FIELDS[name]] = value
    return read
