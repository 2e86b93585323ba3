from __future__ import annotations

from dataclasses import replace

from cards import extensions, quotes
from cards.extensions import MessageForm
from cards.helpdesk import requester as helpdesk
from cards.kit import Card
from domain.quotes.quote import Quote
from locales import Translator
from tests.cards.samples.helpdesk import AT, TICKET, face
from tests.cards.samples.home import DIFFICULT

QUOTE = Quote(
    "Dirk Peeters",
    "dirk",
    "De printer op het eerste verdiep doet weer niets.\nIemand een idee wie ik kan bellen?",
    "https://teams.microsoft.com/l/message/19:abc/1700000000000",
    AT,
)


def samples(t: Translator) -> dict[str, Card]:
    form = MessageForm("01a00000-0000-7000-8000-000000000080", QUOTE, left_behind=True)
    wrong = {"urgency": t("Choose what fits best.")}
    return {
        "form": extensions.form(t, form),
        "form_wrong": extensions.form(t, replace(form, words="Het is dringend", problems=wrong)),
        "form_without_message": extensions.form(t, MessageForm(form.form_id, None)),
        "form_difficult": extensions.form(t, replace(form, quote=replace(QUOTE, text=DIFFICULT * 20))),
        "reported": extensions.reported(t, TICKET),
        "ticket": extensions.found_ticket(t, TICKET, "Amina El Idrissi", "Bram De Smet"),
        "receipt": helpdesk.requester(t, replace(face(), section=quotes.on_ticket(t, QUOTE))),
    }
