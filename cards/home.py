"""The cards nobody gets lost with: welcome, "did I get that right?", and how to reach a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from microsoft_teams.cards import CardElement

from cards.kit import (
    Card,
    buttons,
    card,
    heading,
    markdown,
    open_url,
    press,
    row,
    text,
    text_input,
)
from domain.intents.models import Intent
from locales import N_, Translator

WORDS = {
    Intent.INCIDENT: N_("Something that used to work is broken"),
    Intent.REQUEST: N_("I want to ask for something the desk offers"),
    Intent.CHANGE: N_("I want something new that is not there yet"),
    Intent.SITE: N_("I want a site to work together on"),
    Intent.QUESTION: N_("I want to know how something works"),
    Intent.DIGICOACH: N_("I want somebody to show me"),
    Intent.MY_ITEMS: N_("Show my tickets and requests"),
    Intent.APPROVALS: N_("Show what waits for my approval"),
    Intent.HELP: N_("What can you do for me?"),
    Intent.HUMAN: N_("I want to talk to somebody"),
    Intent.THANKS: N_("I was only being friendly"),
}
"""Each intent in the words of the person who has it. Nobody means nonsense."""

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


def welcome(t: Translator, first_name: str, city: str) -> Card:
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
            press(t("Ask for something"), "helpdesk.form", {"kind": "request"}),
            press(t("A site"), "sites.form"),
            press(t("Ask a question"), "home.ask"),
            press(t("My tickets"), "items.list"),
        ],
        language=t.language,
    )


def choose(t: Translator, typed: str, offered: Sequence[Intent], tips: Sequence[Suggestion] = ()) -> Card:
    """What the person may have meant, in everyday words; the kinds of ticket and a person are always there."""
    intents = [intent for intent in offered if intent in WORDS]
    title = t("Did I get that right?") if intents else t("I do not understand that yet")
    more = [intent for intent in (*TICKET_KINDS, Intent.HUMAN) if intent not in intents]
    return card(
        heading(title),
        # Once in an input rather than in every button: a long text fits the card, and a slip can be mended.
        text_input("text", t("You typed"), value=typed, multiline=True),
        *_choices(t, t("What fits best?"), intents),
        *_tips(t, tips),
        *_choices(t, t("Or is it one of these?") if intents or tips else t("Is it one of these?"), more),
        language=t.language,
    )


def reach_a_person(t: Translator, desk_name: str, phone: str) -> Card:
    return card(
        heading(t("Talk to somebody")),
        text(t("Call {desk} on {phone}.", desk=desk_name, phone=phone)),
        text(t("Rather write? Make a ticket and somebody of the helpdesk answers you here, in this chat.")),
        text(t("Want somebody to sit beside you? A digicoach is a colleague who shows you how.")),
        actions=[
            press(t("Make a ticket"), "helpdesk.form", {"kind": "incident"}),
            press(t("Find a digicoach"), "home.digicoach"),
        ],
        language=t.language,
    )


def digicoaches(t: Translator, coaches: Sequence[Coach], typed: str, desk_name: str, phone: str) -> Card:
    """The nearest digicoaches, each with a button that opens a chat with what was typed."""
    if not coaches:
        return card(
            heading(t("No digicoach yet")),
            text(t("There is no digicoach near you. Call {desk} on {phone}.", desk=desk_name, phone=phone)),
            language=t.language,
        )
    return card(
        heading(t("A digicoach near you")),
        text(t("A digicoach is a colleague who shows you how, in 5 to 15 minutes. Just ask.")),
        *(
            row(
                [text(coach.name, bold=True), text(coach.team, subtle=True, spacing="None")],
                [
                    buttons(
                        open_url(t("Chat with {name}", name=coach.first_name), chat_link(coach.email, typed))
                    )
                ],
                separator=True,
            )
            for coach in coaches
        ),
        language=t.language,
    )


def chat_link(email: str, message: str = "") -> str:
    """Opens a chat in Teams with this person, with a message ready to send."""
    parameters = {"users": email} | ({"message": message[:200]} if message else {})
    return (
        f"https://teams.microsoft.com/l/chat/0/0?{urlencode(parameters, quote_via=quote, errors='replace')}"
    )


def _choices(t: Translator, title: str, intents: Sequence[Intent]) -> list[CardElement]:
    # One button a set: Teams puts the buttons of a set beside each other, where sentences do not fit.
    if not intents:
        return []
    return [
        text(title, bold=True),
        *(
            buttons(press(t(WORDS[intent]), "intent.choose", {"intent": intent.value}), spacing="Small")
            for intent in intents
        ),
    ]


def _tips(t: Translator, tips: Sequence[Suggestion]) -> list[CardElement]:
    if not tips:
        return []
    return [
        text(t("Maybe one of these tips helps:"), bold=True),
        *(buttons(press(tip.title, "tips.show", {"id": tip.tip_id}), spacing="Small") for tip in tips),
    ]
