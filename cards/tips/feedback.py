"""What follows on an answer that was not enough: thanks for the words, and the answer that comes later after all."""

from __future__ import annotations

from cards.kit import Card, card, group, heading, press, text, user_text
from cards.tips.answers import Question, answer, ask_the_desk, asked, did_it_help, missing
from domain.tips.tip import Tip
from locales import Translator


def missing_again(t: Translator, tip: Tip, question: Question, typed: str, problem: str) -> Card:
    """The box for what was missing, with what is wrong with what was typed."""
    return card(
        heading(t("Sorry that it did not help")),
        *missing(t, tip, question, typed=typed, problem=problem),
        actions=[ask_the_desk(t, question, tip)],
        language=t.language,
    )


def words_kept(t: Translator, tip: Tip, question: Question, words: str) -> Card:
    return card(
        heading(t("Thank you, the authors read this")),
        text(tip.title, subtle=True, spacing="None"),
        group(user_text(t, words), tone="emphasis"),
        text(t("Are you not helped yet? Then ask the helpdesk.")),
        actions=[
            ask_the_desk(t, question, tip),
            press(t("Show the tip again"), "tips.show", {"id": tip.id, "question": question.id}),
        ],
        language=t.language,
    )


def authors_asked(t: Translator, question: Question) -> Card:
    return card(
        heading(t("I asked the tip authors")),
        asked(t, question.text),
        text(
            t(
                "As soon as there is a tip about this, you get it here. Can it not wait? Then ask the helpdesk."
            )
        ),
        actions=[ask_the_desk(t, question)],
        language=t.language,
    )


def late_answer(t: Translator, tip: Tip, question: Question) -> Card:
    """For who asked at the time: in the language of the tip, as every card with a tip."""
    return card(
        heading(t("There is an answer to your question now"), size="Medium"),
        text(t("You asked:"), subtle=True, spacing="Small"),
        asked(t, question.text, spacing="None"),
        *answer(t, tip),
        text(t("Did this help?"), bold=True),
        actions=[*did_it_help(t, tip, question), ask_the_desk(t, question, tip)],
        language=t.language,
    )
