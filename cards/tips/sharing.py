"""Sending a tip to a colleague, and the tip as the colleague gets it."""

from __future__ import annotations

from cards.kit import Card, card, group, heading, open_url, press, text, text_input
from cards.tips.answers import Question, answer, ask_the_desk, did_it_help
from domain.people.colleagues import LONGEST
from domain.tips.tip import Tip
from locales import Translator

NO_QUESTION = Question("", "")


def form(t: Translator, tip: Tip, typed: str = "", problem: str = "") -> Card:
    return card(
        heading(t("Share a tip")),
        text(tip.title, bold=True),
        text_input(
            "colleague",
            t("With which colleague? A name or an e-mail address"),
            value=typed,
            max_length=LONGEST,
            problem=problem,
        ),
        text(
            t(
                "In a chat or channel: press the plus under your message, choose Wijzer, then Tips, and search it."
            ),
            subtle=True,
        ),
        actions=[
            press(t("Send it"), "tip_sharing.send", {"id": tip.id}, style="positive"),
            press(t("Back to the tip"), "tips.show", {"id": tip.id}, inputs=False),
        ],
        language=t.language,
    )


def sent(t: Translator, tip: Tip, name: str) -> Card:
    return card(
        heading(t("Share a tip")),
        group(text(t("{name} gets the tip from me.", name=name)), tone="good"),
        text(tip.title, bold=True),
        actions=[
            press(t("One more colleague"), "tip_sharing.form", {"id": tip.id}),
            press(t("Back to the tip"), "tips.show", {"id": tip.id}),
        ],
        language=t.language,
    )


def received(t: Translator, tip: Tip, name: str) -> Card:
    """In the chat of the colleague. `t` speaks the language of the tip."""
    return card(
        heading(t("{name} shares a tip with you", name=name), size="Medium"),
        *answer(t, tip),
        text(t("Did this help?"), bold=True),
        actions=[*did_it_help(t, tip, NO_QUESTION), ask_the_desk(t, NO_QUESTION, tip)],
        language=t.language,
    )


def in_conversation(t: Translator, tip: Tip, ask_url: str) -> Card:
    """For everybody in a chat or channel, put there with the message extension. Its buttons work where the bot is no
    member: `ask_url` opens the reader's own chat with it."""
    return card(
        *answer(t, tip),
        actions=[
            open_url(t("Ask Wijzer yourself"), ask_url),
            *([open_url(t("Open the source"), tip.source.url)] if tip.source.url else []),
        ],
        speak=tip.title,
        language=t.language,
    )
