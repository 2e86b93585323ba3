"""What a question gets: a tip, a few to choose from, or the ways on when we do not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from urllib.parse import urlsplit

from microsoft_teams.cards import Action, CardElement, Container

from cards.kit import (
    Card,
    Plain,
    Spacing,
    buttons,
    card,
    facts,
    group,
    heading,
    kept,
    open_url,
    press,
    pressable,
    run,
    runs,
    text,
    text_input,
    user_text,
)
from domain.tips.feedback import WORDS_LIMIT
from domain.tips.rules import LONGEST_QUESTION, Secret
from domain.tips.tip import Link, Tip
from locales import N_, Translator

WARNINGS = {
    Secret.PASSWORD: N_(
        "Your question had a password in it. I did not keep it. Tell it to nobody, and change it."
    ),
    Secret.NATIONAL_NUMBER: N_("Your question had a national number in it. I did not keep it."),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, without the secrets that were in it. `id` is that of the question as it is stored."""

    id: str
    text: str
    secrets: frozenset[Secret] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggested:
    """A tip by its name."""

    id: str
    title: str


def tip(
    t: Translator,
    tip: Tip,
    related: Sequence[Suggested],
    question: Question,
    *,
    rated: bool = False,
    said: str = "",
) -> Card:
    """The answer. `rated`: the person already said that it helped; `said`: what an answer service makes of the tip."""
    shown = _shown(t, tip, tuple(related), rated)
    above = kept(*warnings(t, question.secrets), *_in_short(t, said))
    return {
        **shown,
        "body": [*above, *(_asked(question, element) for element in shown["body"])],
        "actions": [_asked(question, action) for action in shown["actions"]],
    }


@lru_cache(maxsize=1000)
def _shown(t: Translator, tip: Tip, related: Sequence[Suggested], rated: bool) -> Card:
    """The card as it is for whatever question. Kept: a quarter of a turn went into building it."""
    nothing = Question("", "")
    return card(
        *answer(t, tip),
        *([text(t("This goes with it:"), bold=True), *_rows(related, nothing)] if related else []),
        text(t("Good to hear. Thank you!") if rated else t("Did this help?"), bold=True),
        actions=[
            *([share(t, tip)] if rated else did_it_help(t, tip, nothing)),
            ask_the_desk(t, nothing, tip),
            *([open_url(t("Open the source"), tip.source.url)] if tip.source.url else []),
        ],
        speak=tip.title,
        language=t.language,
    )


def answer(t: Translator, tip: Tip) -> list[CardElement]:
    """What everybody sees of a tip."""
    return [
        text(tip.theme_name, subtle=True, size="Small"),
        heading(tip.title),
        text(tip.intro),
        *(runs(run(f"{number}. ", bold=True), run(step)) for number, step in enumerate(tip.steps, 1)),
        *([_labelled(t("On your phone:"), tip.phone)] if tip.phone else []),
        *([group(_labelled(t("Mind:"), tip.note), tone="emphasis")] if tip.note else []),
        *map(_link, tip.links),
        facts(t, [(t("Source"), tip.source.name), (t("Checked on"), t.day(_noon(tip)))]),
    ]


def _in_short(t: Translator, said: str) -> list[CardElement]:
    """A language model's words, as such and literally, above the tip that they are out of."""
    if not said:
        return []
    whose = text(t("Written by AI, out of the tip below. The tip itself counts."), subtle=True, size="Small")
    return [group(text(t("In short"), bold=True), user_text(t, said, spacing="None"), whose, tone="accent")]


def _link(link: Link) -> CardElement:
    """A page or file to open, with the site it is on: people see where it leads."""
    there = run(f"\n{urlsplit(link.url).hostname or link.url}", subtle=True, size="Small")
    return Container(
        items=[runs(run(link.name, bold=True, color="Accent"), there)],
        select_action=open_url(link.name, link.url),
        spacing="Small",
    )


def choose(t: Translator, suggested: Sequence[Suggested], question: Question) -> Card:
    return card(
        *warnings(t, question.secrets),
        heading(t("Which of these do you mean?")),
        *_your_question(t, question),
        *_rows(suggested, question),
        buttons(press(t("None of these"), "tips.none", {"question": question.id})),
        language=t.language,
    )


def unknown(t: Translator, question: Question, phone: str) -> Card:
    """We do not know, and say so, with who does."""
    return card(
        *warnings(t, question.secrets),
        heading(t("I do not know that")),
        *_your_question(t, question),
        text(t("I have no tip about this yet. Colleagues can help you. Your question goes along.")),
        text(t("Call the helpdesk: {phone}.", phone=phone)),
        actions=[
            ask_a_digicoach(t, question),
            ask_the_desk(t, question),
            *_ask_the_authors(t, question),
        ],
        language=t.language,
    )


def not_helped(t: Translator, tip: Tip, question: Question, phone: str) -> Card:
    return card(
        heading(t("Sorry that it did not help")),
        text(t("Thank you for saying so. Colleagues can help you. Your question and this tip go along.")),
        text(t("Call the helpdesk: {phone}.", phone=phone)),
        *missing(t, tip, question),
        actions=[
            ask_a_digicoach(t, question, tip),
            ask_the_desk(t, question, tip),
            *_ask_the_authors(t, question),
            press(
                t("Show the tip again"), "tips.show", {"id": tip.id, "question": question.id}, inputs=False
            ),
        ],
        language=t.language,
    )


def missing(
    t: Translator, tip: Tip, question: Question, *, typed: str = "", problem: str = ""
) -> list[CardElement]:
    """What was missing in a tip, in words: for the authors."""
    return [
        text_input(
            "words",
            t("What was missing, or not right?"),
            value=typed,
            multiline=True,
            max_length=WORDS_LIMIT,
            problem=problem,
        ),
        buttons(press(t("Tell the authors"), "tip_feedback.words", {"id": tip.id, "question": question.id})),
    ]


def did_it_help(t: Translator, tip: Tip, question: Question) -> list[Action]:
    data = {"id": tip.id, "question": question.id}
    return [press(t("Yes"), "tips.helped", data, style="positive"), press(t("No"), "tips.not_helped", data)]


def share(t: Translator, tip: Tip) -> Action:
    return press(t("Share it with a colleague"), "tip_sharing.form", {"id": tip.id})


def _ask_the_authors(t: Translator, question: Question) -> list[Action]:
    """Only what was written down can be put before them."""
    if not question.id:
        return []
    return [press(t("Ask the tip authors"), "tips.ask_authors", {"question": question.id}, inputs=False)]


def ask_a_digicoach(t: Translator, question: Question, tip: Tip | None = None) -> Action:
    return press(t("Ask a digicoach"), "digicoaches.ask", _handed_over(question, tip), inputs=False)


def ask_the_desk(t: Translator, question: Question, tip: Tip | None = None) -> Action:
    return press(
        t("Ask the helpdesk"),
        "helpdesk.form",
        {"kind": "request", **_handed_over(question, tip)},
        inputs=False,
    )


def _handed_over(question: Question, tip: Tip | None) -> dict[str, str]:
    """What was asked and the tip that was shown go along; tips to choose from are known by the question."""
    data = {"question": question.id, "text": question.text or (tip.title if tip else "")}
    return data | ({"tip": tip.id} if tip else {})


def _labelled(label: str, value: str) -> CardElement:
    return runs(run(f"{label} ", bold=True), run(value))


def _your_question(t: Translator, question: Question) -> list[CardElement]:
    if not question.text:
        return []
    return [text(t("Your question:"), subtle=True), asked(t, question.text, spacing="None")]


def asked(t: Translator, typed: str, *, bold: bool = False, spacing: Spacing | None = None) -> CardElement:
    """A question as it was typed; of a long one the beginning."""
    kept = len(typed) < LONGEST_QUESTION
    return user_text(t, typed, limit=300, bold=bold, spacing=spacing, whole=kept)


def _rows(suggested: Iterable[Suggested], question: Question) -> list[CardElement]:
    """A row per tip to press, each knowing for which question it is."""
    return [pressable(one.title, "tips.show", {"id": one.id, "question": question.id}) for one in suggested]


def _asked(question: Question, part: Plain) -> Plain:
    """A part of a kept card, for this question: what is pressed in it takes the question along."""
    if row := part.get("selectAction"):
        return {**part, "selectAction": _asked(question, row)}
    data = part.get("data")
    if not data or "question" not in data:
        return part
    text = {"text": question.text} if question.text and "text" in data else {}
    return {**part, "data": {**data, "question": question.id, **text}}


def warnings(t: Translator, secrets: frozenset[Secret]) -> list[CardElement]:
    """What somebody should know who typed a secret."""
    return [group(text(t(WARNINGS[secret])), tone="warning") for secret in sorted(secrets)]


def _noon(tip: Tip) -> datetime:
    """A date as a moment that is on that date in the city too."""
    return datetime.combine(tip.checked, time(12), UTC)
