"""Registering a call: who is on the phone, what it is, and whether it is solved already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cards.helpdesk.words import KIND_NAMES
from cards.kit import INPUT_LIMIT, Card, card, choice_input, heading, press, text, text_input
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from locales import N_, Translator

NEXT = {
    "queue": N_("To the group"),
    "mine": N_("I take care of it"),
    "solved": N_("It is solved already"),
}
"""What happens with it after the call."""
_URGENCY = {
    Urgency.HIGH: N_("No, not at all"),
    Urgency.MEDIUM: N_("With difficulty"),
    Urgency.LOW: N_("Yes, it can wait"),
}
_IMPACT = {
    Impact.LOW: N_("One person"),
    Impact.MEDIUM: N_("A whole team"),
    Impact.HIGH: N_("Several teams, or citizens at the counter"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """What stands in the form. `person` is who is calling, as typed or found; `problems` are sentences by field."""

    form_id: str
    person: str = ""
    text: str = ""
    kind: Kind = Kind.INCIDENT
    urgency: str = "medium"
    impact: str = "low"
    next: str = "queue"
    solution: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def call(t: Translator, values: Call) -> Card:
    problem = values.problems.get
    return card(
        heading(t("A ticket for a colleague")),
        text_input(
            "person",
            t("For whom? A name or an e-mail address"),
            value=values.person,
            max_length=120,
            problem=problem("person", ""),
        ),
        text_input(
            "text",
            t("What is it about?"),
            value=values.text,
            multiline=True,
            max_length=INPUT_LIMIT,
            problem=problem("text", ""),
        ),
        choice_input(
            "kind",
            t("Kind"),
            [(kind.value, t(words)) for kind, words in KIND_NAMES.items()],
            value=values.kind.value,
        ),
        choice_input(
            "urgency",
            t("Can they go on working?"),
            [(one.value, t(words)) for one, words in _URGENCY.items()],
            value=values.urgency,
        ),
        choice_input(
            "impact",
            t("Who is affected?"),
            [(one.value, t(words)) for one, words in _IMPACT.items()],
            value=values.impact,
        ),
        choice_input(
            "next", t("And then?"), [(name, t(words)) for name, words in NEXT.items()], value=values.next
        ),
        text_input(
            "solution",
            t("What did you do about it? (When it is solved already.)"),
            value=values.solution,
            max_length=INPUT_LIMIT,
            problem=problem("solution", ""),
        ),
        text(t("Your colleague reads in the chat that you reported this, and how it goes."), subtle=True),
        actions=[
            press(t("Register"), "helpdesk.register", {"form": values.form_id}, style="positive"),
        ],
        language=t.language,
    )
