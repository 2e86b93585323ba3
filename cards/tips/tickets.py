"""For agents: a ticket solved with a tip, and a resolution proposed as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action, CardElement

from cards.kit import INPUT_LIMIT, Card, card, group, heading, press, pressable, text, text_input
from cards.tips.answers import Suggested
from domain.authoring.rules import LONGEST_TEXT, LONGEST_TITLE
from domain.helpdesk.ticket import Ticket
from domain.tips.tip import Tip
from locales import Translator

SEARCH_LIMIT = 200


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """As typed; `problems` by the name of the box."""

    title: str
    answer: str
    problems: Mapping[str, str] = field(default_factory=dict)


def search(t: Translator, ticket: Ticket, found: Sequence[Suggested], typed: str = "") -> Card:
    """Which tip solves it? Those that come nearest to the ticket, or to what was typed."""
    rows = [pressable(tip.title, "tip_tickets.choose", {"id": ticket.id, "tip": tip.id}) for tip in found]
    return card(
        heading(t("Solve it with a tip")),
        _which(ticket),
        text(t("Press the tip you mean:"), bold=True) if rows else text(t("I find no tip with these words.")),
        *rows,
        text_input("text", t("Search another tip"), value=typed, max_length=SEARCH_LIMIT),
        actions=[
            press(t("Search"), "tip_tickets.search", {"id": ticket.id}, style="positive"),
            _back(t, ticket),
        ],
        language=t.language,
    )


def solution(t: Translator, ticket: Ticket, tip: Tip, words: str, who: str, problem: str = "") -> Card:
    """The tip as text, to be changed where that is needed."""
    return card(
        heading(t("Solve it with a tip")),
        _which(ticket),
        text(tip.title, bold=True),
        text_input(
            "words",
            t("Your answer to {name}", name=who),
            value=words,
            multiline=True,
            max_length=INPUT_LIMIT,
            problem=problem,
        ),
        text(t("It counts for the tip as long as the ticket stays solved."), subtle=True),
        actions=[
            press(
                t("Resolve with this"),
                "tip_tickets.solve",
                {"id": ticket.id, "tip": tip.id, "seen": ticket.version},
                style="positive",
            ),
            press(t("Another tip"), "tip_tickets.search", {"id": ticket.id}, inputs=False),
            _back(t, ticket),
        ],
        language=t.language,
    )


def proposal(t: Translator, ticket: Ticket, values: ProposalForm) -> Card:
    problem = values.problems.get
    return card(
        heading(t("Propose the solution as a tip")),
        _which(ticket),
        text(t("The tip authors read it and finish it. Leave out names and what is about one person.")),
        text_input(
            "title",
            t("Which question does it answer?"),
            value=values.title,
            max_length=LONGEST_TITLE,
            problem=problem("title", ""),
        ),
        text_input(
            "answer",
            t("What helps? Begin each step with a dash or a number"),
            value=values.answer,
            multiline=True,
            max_length=LONGEST_TEXT,
            problem=problem("answer", ""),
        ),
        actions=[
            press(
                t("Propose it"),
                "tip_tickets.propose",
                {"id": ticket.id, "seen": ticket.version},
                style="positive",
            ),
            _back(t, ticket),
        ],
        language=t.language,
    )


def proposed(t: Translator, ticket: Ticket, title: str) -> Card:
    return card(
        heading(t("Proposed to the tip authors")),
        text(title, bold=True),
        group(text(t("You hear from me what becomes of it. Thank you!")), tone="good"),
        actions=[_back(t, ticket)],
        language=t.language,
    )


def drafted(t: Translator, ticket: Ticket, title: str, draft_id: str) -> Card:
    """For an agent who is a tip author as well: what they propose waits for nobody else."""
    return card(
        heading(t("This is your draft now")),
        text(title, bold=True),
        text(t("You write tips yourself. Finish it, and have it published.")),
        actions=[
            press(t("Open the draft"), "authoring.draft", {"id": draft_id}, style="positive", inputs=False),
            _back(t, ticket),
        ],
        language=t.language,
    )


def _which(ticket: Ticket) -> CardElement:
    return text(f"{ticket.number} · {ticket.title}", subtle=True, spacing="None")


def _back(t: Translator, ticket: Ticket) -> Action:
    return press(t("Back"), "desk.back", {"id": ticket.id}, inputs=False)
