"""What the cards about a question for a digicoach share: the words, the conversation, and the press that registers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from microsoft_teams.cards import Action, CardElement, ExecuteAction

from cards.home import chat_link
from cards.kit import buttons, group, open_url, press, pressable, run, runs, text, user_text
from domain.digicoaches.question import CoachQuestion, Line
from domain.digicoaches.rules import MINUTES, SAID, Outcome, State
from domain.tips.rules import Secret
from locales import N_, Translator

OUTCOMES = {
    Outcome.HELPED: N_("Helped"),
    Outcome.PRACTICE: N_("Helped, and wants to practise more"),
    Outcome.NOT_YET: N_("It did not work out yet"),
}
STATES = {
    State.OFFERED: N_("asked a digicoach"),
    State.ACCEPTED: N_("a digicoach takes it"),
    State.ANSWERED: N_("answered"),
    State.DONE: N_("helped"),
    State.TICKET: N_("with the helpdesk"),
    State.WITHDRAWN: N_("withdrawn"),
}
SHOWN = 6
"""Messages of a conversation on a card, the newest."""


@dataclass(frozen=True, slots=True)
class QuestionFace:
    """A question with what its cards say. `names` and `emails` by person id; `tips` are titles; `ticket` is the id and
    number of what became of it; `noted` is what was registered: minutes, and how it went."""

    question: CoachQuestion
    lines: Sequence[Line]
    names: Mapping[str, str]
    emails: Mapping[str, str]
    service: str
    coach_service: str
    tips: Sequence[str] = ()
    ticket: tuple[str, str] | None = None
    noted: tuple[int, Outcome] | None = None
    secrets: frozenset[Secret] = frozenset()


def register_rows(t: Translator, verb: str, data: Mapping[str, str]) -> list[CardElement]:
    """How it went and how long it took, in one press."""
    rows: list[CardElement] = []
    for outcome, words in OUTCOMES.items():
        presses = []
        for minutes in MINUTES:
            action = press(
                t("{n} min", n=minutes),
                verb,
                {**data, "outcome": outcome.value, "minutes": minutes},
                inputs=False,
            )
            assert isinstance(action, ExecuteAction)  # noqa: S101 - what `press` makes
            action.tooltip = t("{outcome}, {n} minutes", outcome=t(words), n=minutes)
            presses.append(action)
        rows += [text(t(words), spacing="Small"), buttons(*presses, spacing="None")]
    return rows


def questions(
    t: Translator,
    title: str,
    lines: Sequence[tuple[str, str, str]],
    *,
    more: tuple[str, str] | None = None,
) -> list[CardElement]:
    """Questions to press: `(id, text, detail)`. `more` is the verb and the cursor of the next page."""
    rows = [
        pressable(words, "digicoaches.open", {"id": question_id}, detail=detail)
        for question_id, words, detail in lines
    ]
    next_page = [buttons(press(t("More"), more[0], {"cursor": more[1]}, inputs=False))] if more else []
    return [text(title, bold=True), *rows, *next_page]


def conversation(t: Translator, face: QuestionFace, reader_id: str) -> list[CardElement]:
    said = [line for line in face.lines if line.what in SAID and line.text]
    elements: list[CardElement] = []
    for line in said[-SHOWN:]:
        who = t("You") if line.by_id == reader_id else face.names.get(line.by_id, line.by_id)
        elements.append(
            group(
                runs(run(who, bold=True), run(f" · {t.when(line.at)}", subtle=True)),
                user_text(t, line.text or "", spacing="None"),
                tone="default" if line.by_id == reader_id else "emphasis",
                spacing="Small",
            )
        )
    return elements


def tips_shown(title: str, tips: Collection[str]) -> list[CardElement]:
    if not tips:
        return []
    return [text(title, subtle=True), *(runs(run(f"• {tip}"), spacing="None") for tip in tips)]


def chat_with(t: Translator, email: str, name: str, typed: str) -> Action:
    return open_url(t("Chat with {name}", name=first_name(name)), chat_link(email, typed))


def first_name(name: str) -> str:
    return name.split()[0] if name else name
