"""Asking for the decision log of a period, and the link to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cards.inputs import choice_input, date_input
from cards.kit import Card, card, heading, open_url, press, text
from locales import Translator


@dataclass(frozen=True, slots=True)
class ExportForm:
    """As typed; `problems` by the name of the box."""

    first_day: str
    last_day: str
    file_type: str = "csv"
    problems: Mapping[str, str] = field(default_factory=dict)


def form(t: Translator, values: ExportForm) -> Card:
    types = [("csv", t("For a spreadsheet (CSV)")), ("json", t("For a program (JSON)"))]
    return card(
        heading(t("The decision log")),
        text(t("Who asked, approved, refused, passed on or withdrew what, when and why.")),
        date_input(
            "first_day",
            t("From"),
            value=values.first_day,
            required=True,
            error=t("Choose a day."),
            problem=values.problems.get("first_day", ""),
        ),
        date_input(
            "last_day",
            t("Until and including"),
            value=values.last_day,
            required=True,
            error=t("Choose a day."),
            problem=values.problems.get("last_day", ""),
        ),
        choice_input(
            "file_type",
            t("As which file?"),
            types,
            value=values.file_type,
            expanded=True,
            required=True,
            error=t("Choose one."),
        ),
        actions=[press(t("Make the file"), "decisions.export", style="positive")],
        language=t.language,
    )


def ready(t: Translator, name: str, url: str) -> Card:
    return card(
        heading(t("The decision log is ready")),
        text(name),
        text(t("The link works once, for an hour, and is for you alone."), subtle=True),
        actions=[open_url(t("Download"), url), press(t("Another period"), "decisions.form", inputs=False)],
        language=t.language,
    )
