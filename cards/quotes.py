"""The message that a ticket was made of: on the ticket's card, and in the form that makes it."""

from __future__ import annotations

from microsoft_teams.cards import CardElement

from cards.helpdesk.sections import NO_SECTION, Section
from cards.kit import group, open_url, run, runs, text, user_text
from domain.quotes.quote import Quote
from locales import Translator

SHOWN = 600
"""Characters of the message that a card shows; its link has the rest."""


def on_ticket(t: Translator, quote: Quote | None) -> Section:
    if quote is None:
        return NO_SECTION
    open_it = [open_url(t("Open the message"), quote.link)] if quote.link else []
    return Section([quoted(t, quote)], open_it)


def quoted(t: Translator, quote: Quote) -> CardElement:
    """Who wrote it and when, and what."""
    when = f" · {t.moment(quote.sent_at)}" if quote.sent_at else ""
    return group(
        runs(run(t("From a message of {name}", name=quote.author), bold=True), run(when, subtle=True)),
        user_text(t, quote.text, limit=SHOWN, spacing="Small")
        if quote.text
        else text(t("(There was no text in it.)"), subtle=True),
        tone="emphasis",
        spacing="Medium",
    )
