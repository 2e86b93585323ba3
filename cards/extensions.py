"""Cards of the message extension: the form beside a message, and what a search puts into a chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from microsoft_teams.cards import Action, SubmitAction

from cards.helpdesk.words import IMPACT_CHOICES, KIND_NAMES, KIND_WORDS, STATE_WORDS
from cards.kit import (
    Card,
    card,
    choice_input,
    facts,
    heading,
    text,
    text_input,
    user_text,
)
from cards.literal import literal, shorten
from cards.quotes import quoted
from domain.helpdesk.policy import Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.quotes.quote import Quote
from locales import N_, Translator

URGENCY = {
    Urgency.HIGH: N_("It cannot wait: somebody cannot go on"),
    Urgency.MEDIUM: N_("This week, or as soon as it fits"),
    Urgency.LOW: N_("It can wait"),
}
WORDS_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class MessageForm:
    """What stands in the form beside a message. `problems` are sentences by field; sending one `form_id` twice reports
    once. `left_behind`: the message has pictures or files, which cannot come along."""

    form_id: str
    quote: Quote | None
    left_behind: bool = False
    kind: str = Kind.INCIDENT.value
    words: str = ""
    urgency: str = ""
    impact: str = "low"
    problems: Mapping[str, str] = field(default_factory=dict)


def form(t: Translator, values: MessageForm) -> Card:
    """In a dialog, which has no other buttons than those that submit it."""
    problem = values.problems.get
    missing = t("Its pictures and files do not come along: send those to me in our own chat, please.")
    return card(
        quoted(t, values.quote) if values.quote else heading(t("Report to the helpdesk"), size="Medium"),
        *([text(missing, subtle=True)] if values.left_behind else []),
        choice_input(
            "kind",
            t("What is it?"),
            [(kind.value, t(KIND_WORDS[kind].means)) for kind in Kind],
            value=values.kind,
            expanded=True,
        ),
        text_input(
            "text",
            t("What has the helpdesk to know besides? (may stay empty)")
            if values.quote
            else t("What is it about?"),
            value=values.words,
            multiline=True,
            max_length=WORDS_LIMIT,
            problem=problem("text", ""),
        ),
        choice_input(
            "urgency",
            t("How urgent is it?"),
            [(urgency.value, t(words)) for urgency, words in URGENCY.items()],
            value=values.urgency,
            expanded=True,
            problem=problem("urgency", ""),
        ),
        choice_input(
            "impact",
            t("Who is affected?"),
            [(impact.value, t(words)) for impact, words in IMPACT_CHOICES.items()],
            value=values.impact,
            problem=problem("impact", ""),
        ),
        actions=[_submit(t("Send to the helpdesk"), {"form": values.form_id})],
        language=t.language,
    )


def reported(t: Translator, ticket: Ticket) -> Card:
    """For the chat the message is in, when the person sends it there: that it was reported, and no more."""
    return card(
        heading(t("Reported to the helpdesk: {number}", number=ticket.number), size="Medium"),
        user_text(t, ticket.title),
        language=t.language,
    )


def found_ticket(t: Translator, ticket: Ticket, requester: str, handler: str) -> Card:
    """A ticket that somebody searched, to put into a chat."""
    state = t(STATE_WORDS[ticket.state])
    return card(
        heading(f"{ticket.number} · {t(KIND_NAMES[ticket.kind])}", size="Medium"),
        user_text(t, ticket.title, bold=True),
        facts(
            t,
            [
                (t("For"), requester),
                (t("State"), f"{state} ({handler})" if handler else state),
                (t("Reported"), t.moment(ticket.created_at)),
            ],
        ),
        language=t.language,
    )


def preview_of(title: str, detail: str) -> dict[str, str]:
    """A line in the list of results. Teams reads it as HTML, so that its marks are replaced."""
    return {"title": _no_html(shorten(title, 100)), "text": _no_html(detail)}


def _no_html(value: str) -> str:
    return literal(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _submit(title: str, data: Mapping[str, str]) -> Action:
    return SubmitAction(title=title, data=dict(data), style="positive")
