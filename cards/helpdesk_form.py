"""The form a ticket is reported with, and the question whether a message belongs to a ticket that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cards.helpdesk_words import IMPACT_CHOICES, KIND_TITLES, KIND_WORDS, URGENCY_CHOICES
from cards.kit import INPUT_LIMIT, Card, card, choice_input, heading, press, pressable, text, text_input
from domain.helpdesk.rules import Kind, Step
from domain.helpdesk.ticket import Ticket
from locales import Translator


@dataclass(frozen=True, slots=True)
class TicketForm:
    """What stands in the form. `problems` are sentences by field; sending one `form_id` twice reports once."""

    form_id: str
    kind: Kind
    text: str = ""
    impact: str = ""
    urgency: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def form(t: Translator, values: TicketForm) -> Card:
    """Nothing is required by the card itself, so that another kind can be chosen without losing what was typed."""
    ask = KIND_WORDS[values.kind]
    problem = values.problems.get
    others = [kind for kind in Kind if kind is not values.kind]
    return card(
        heading(t(KIND_TITLES[values.kind])),
        text(t(ask.means), subtle=True),
        text_input(
            "text",
            t(ask.what),
            value=values.text,
            multiline=True,
            max_length=INPUT_LIMIT,
            problem=problem("text", ""),
        ),
        choice_input(
            "urgency",
            t(ask.urgency),
            [(urgency.value, t(words)) for urgency, words in URGENCY_CHOICES[values.kind].items()],
            value=values.urgency,
            expanded=True,
            problem=problem("urgency", ""),
        ),
        choice_input(
            "impact",
            t(ask.impact),
            [(impact.value, t(words)) for impact, words in IMPACT_CHOICES.items()],
            value=values.impact,
            expanded=True,
            problem=problem("impact", ""),
        ),
        text(t("Is it something else?"), subtle=True),
        *(
            pressable(
                t(KIND_WORDS[kind].means), "helpdesk.form", {"kind": kind.value, "form": values.form_id}
            )
            for kind in others
        ),
        actions=[
            press(
                t("Send to the helpdesk"),
                "helpdesk.submit",
                {"kind": values.kind.value, "form": values.form_id},
                style="positive",
            )
        ],
        language=t.language,
    )


def belongs(t: Translator, ticket: Ticket, handler: str, possible: frozenset[Step], typed: str) -> Card:
    """Asks whether a typed message is meant for the agent who answered last. The text stands in it once."""

    def to(step: Step) -> dict[str, str | int]:
        return {"id": ticket.id, "seen": ticket.version, "step": step.value}

    choices = (
        (Step.REPLY, t("Yes, send it to {name}", name=handler)),
        (Step.CLOSE, t("Yes: it works, thank you")),
        (Step.REOPEN, t("Yes: it does not work yet")),
    )
    return card(
        heading(t("Does this belong to {number}?", number=ticket.number)),
        text(t("{name} answered you about “{title}”.", name=handler, title=ticket.title)),
        text_input("text", t("You typed"), value=typed, multiline=True),
        *(pressable(words, "helpdesk.belongs", to(step)) for step, words in choices if step in possible),
        pressable(t("No, it is about something new"), "helpdesk.aside", {"id": ticket.id}),
        language=t.language,
    )
