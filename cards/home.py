"""The cards nobody gets lost with: welcome, "did I get that right?", and how to reach a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from microsoft_teams.cards import CardElement

from cards.kit import (
    Card,
    card,
    heading,
    markdown,
    press,
    pressable,
    text,
    typed_text,
)
from cards.tips.answers import warnings
from domain.intents.models import Intent
from domain.tips.rules import Secret
from locales import N_, Translator

WORDS = {
    Intent.INCIDENT: (N_("Something is broken"), N_("It used to work, and now you cannot go on.")),
    Intent.REQUEST: (
        N_("Ask for something"),
        N_("Something the desk offers, such as a licence or a device."),
    ),
    Intent.CHANGE: (N_("Something new"), N_("Something the desk does not offer yet.")),
    Intent.SITE: (N_("A site"), N_("To work together on documents with your team or project.")),
    Intent.QUESTION: (N_("A question"), N_("How something works, or what is allowed.")),
    Intent.DIGICOACH: (N_("A digicoach"), N_("A colleague who shows you how.")),
    Intent.MY_ITEMS: (N_("My tickets"), N_("How far your tickets and requests are.")),
    Intent.APPROVALS: (N_("Approvals"), N_("What waits for you to approve.")),
    Intent.HELP: (N_("What Wijzer does"), N_("Everything you can ask me.")),
    Intent.HUMAN: (N_("Talk to somebody"), N_("By phone, or in this chat.")),
    Intent.THANKS: (N_("Nothing more"), N_("You only wanted to say hello or thank you.")),
}
"""Each intent in the words of the person who has it: what, and what that means. Nobody means nonsense."""

TICKET_KINDS = (Intent.INCIDENT, Intent.REQUEST, Intent.CHANGE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tip that may answer what was typed."""

    tip_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Coach:
    name: str
    team: str
    email: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


def welcome(t: Translator, first_name: str, city: str, *, author: bool = False) -> Card:
    """What Wijzer does; `author` is somebody who writes tips."""
    return card(
        heading(t("Hello {name}, I am Wijzer", name=first_name)),
        text(t("The digital desk of {city}. This is what I do for you:", city=city)),
        markdown(
            "\n".join(
                f"- {line}"
                for line in (
                    t("I report to the helpdesk what does not work."),
                    t("I ask for what you need, such as a licence or a second screen."),
                    t("I have a site made for your team or project."),
                    t("I answer questions about Teams, OneDrive and everything digital."),
                    t("I show how far your tickets and requests are."),
                )
            )
        ),
        text(t("Just type what is wrong, what you want or what you wonder. Or choose:")),
        actions=[
            press(t("Something does not work"), "helpdesk.form", {"kind": "incident"}),
            press(t("Ask for something"), "catalogue.open"),
            press(t("A site"), "sites.form"),
            press(t("Ask a question"), "home.ask"),
            press(t("My tickets"), "items.list"),
            *([press(t("My tips"), "authoring.home")] if author else []),
        ],
        language=t.language,
    )


def choose(
    t: Translator,
    typed: str,
    offered: Sequence[Intent],
    tips: Sequence[Suggestion] = (),
    secrets: frozenset[Secret] = frozenset(),
) -> Card:
    """What the person may have meant, in everyday words; the kinds of ticket and a person are always there. `secrets`
    are those in what they typed."""
    intents = [intent for intent in offered if intent in WORDS]
    title = t("Did I get that right?") if intents else t("I do not understand that yet")
    more = [intent for intent in (*TICKET_KINDS, Intent.HUMAN) if intent not in intents]
    return card(
        *warnings(t, secrets),
        heading(title),
        # Once in an input rather than in every button: a long text fits the card, and a slip can be mended.
        typed_text(t, typed),
        *_choices(t, t("What fits best?"), intents),
        *_tips(t, tips),
        *_choices(t, t("Or is it one of these?") if intents or tips else t("Is it one of these?"), more),
        language=t.language,
    )


def reach_a_person(t: Translator, phone: str) -> Card:
    return card(
        heading(t("Talk to somebody")),
        text(t("Call the helpdesk: {phone}.", phone=phone)),
        text(t("Rather write? Make a ticket and somebody of the helpdesk answers you here, in this chat.")),
        text(t("Want somebody to sit beside you? A digicoach is a colleague who shows you how.")),
        actions=[
            press(t("Make a ticket"), "helpdesk.form", {"kind": "incident"}),
            press(t("Ask a digicoach"), "digicoaches.ask"),
        ],
        language=t.language,
    )


def chat_link(email: str, message: str = "") -> str:
    """Opens a chat in Teams with this person, with a message ready to send."""
    parameters = {"users": email} | ({"message": message[:200]} if message else {})
    return (
        f"https://teams.microsoft.com/l/chat/0/0?{urlencode(parameters, quote_via=quote, errors='replace')}"
    )


def chat_with_bot(bot_id: str) -> str:
    """Opens the reader's own chat with the bot, by the id the channel gives it."""
    return f"https://teams.microsoft.com/l/chat/0/0?{urlencode({'users': bot_id}, quote_via=quote)}"


def _choices(t: Translator, title: str, intents: Sequence[Intent]) -> list[CardElement]:
    if not intents:
        return []
    rows = [
        pressable(t(what), "intent.choose", {"intent": intent.value}, detail=t(meaning))
        for intent in intents
        for what, meaning in [WORDS[intent]]
    ]
    return [text(title, bold=True), *rows]


def _tips(t: Translator, tips: Sequence[Suggestion]) -> list[CardElement]:
    if not tips:
        return []
    rows = [pressable(tip.title, "tips.show", {"id": tip.tip_id}) for tip in tips]
    return [text(t("Maybe one of these tips helps:"), bold=True), *rows]
