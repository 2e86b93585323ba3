"""Being away: the form, what was kept, and the word to whoever decides meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from cards.inputs import date_input, text_input
from cards.kit import Card, card, facts, heading, press, text
from locales import N_, Translator

NO_QUESTIONS = N_("As a digicoach you get no questions either meanwhile.")


@dataclass(frozen=True, slots=True)
class AbsenceForm:
    """As typed: days as ISO text, a colleague as a name or address. `problems` by the name of the box."""

    first_day: str = ""
    last_day: str = ""
    deputy: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    is_digicoach: bool = False


def form(t: Translator, values: AbsenceForm, *, earliest: date) -> Card:
    problems = values.problems
    return card(
        heading(t("When are you away?")),
        text(t("What you have to approve then, your colleague can decide too.")),
        *([text(t(NO_QUESTIONS))] if values.is_digicoach else []),
        date_input(
            "first_day",
            t("First day"),
            value=values.first_day,
            required=True,
            error=t("Choose a day."),
            problem=problems.get("first_day", ""),
        ),
        date_input(
            "last_day",
            t("Last day"),
            value=values.last_day,
            required=True,
            error=t("Choose a day."),
            earliest=earliest,
            problem=problems.get("last_day", ""),
        ),
        text_input(
            "deputy",
            t("Who decides in your place?"),
            value=values.deputy,
            required=True,
            error=t("Type a name or an e-mail address."),
            problem=problems.get("deputy", ""),
            max_length=120,
            placeholder=t("A name or an e-mail address"),
        ),
        actions=[press(t("Keep"), "absence.save", style="positive")],
        language=t.language,
    )


def kept(t: Translator, first: date, last: date, deputy: str, *, is_digicoach: bool = False) -> Card:
    """What was kept; the button ends it."""
    return card(
        heading(t("You are away")),
        facts(
            t, [(t("From"), day(t, first)), (t("Until"), day(t, last)), (t("Decides in your place"), deputy)]
        ),
        text(t("That day included. What waits for you, you can still decide yourself.")),
        *([text(t(NO_QUESTIONS))] if is_digicoach else []),
        actions=[
            press(t("I am back, or not going"), "absence.end", inputs=False),
            press(t("Change"), "absence.form", inputs=False),
        ],
        language=t.language,
    )


def ended(t: Translator) -> Card:
    return card(
        heading(t("You are not away")),
        text(t("You alone decide what is asked of you.")),
        actions=[press(t("Say when you are away"), "absence.form", inputs=False)],
        language=t.language,
    )


def deputy(t: Translator, name: str, first: date, last: date) -> Card:
    """For who decides meanwhile."""
    return card(
        heading(t("You replace {name}", name=name)),
        text(t("What {name} has to approve, you can decide too.", name=name)),
        facts(t, [(t("From"), day(t, first)), (t("Until"), day(t, last))]),
        language=t.language,
    )


def day(t: Translator, value: date) -> str:
    """A day as people here write it; noon is in the same day wherever the city is."""
    return t.day(datetime.combine(value, time(12), UTC))
