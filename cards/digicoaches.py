"""A question for a digicoach: the form, and how it stands for who asked and for who is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action, CardElement, ExecuteAction

from cards.home import chat_link
from cards.inputs import choice_input, text_input
from cards.kit import (
    Card,
    buttons,
    card,
    facts,
    group,
    heading,
    open_url,
    press,
    pressable,
    run,
    runs,
    text,
    unfold,
    user_text,
)
from cards.tips import WARNINGS
from domain.digicoaches.question import CoachQuestion, Line
from domain.digicoaches.rules import (
    BY_ASKER,
    BY_COACH,
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    MINUTES,
    OPEN,
    SAID,
    Outcome,
    State,
    Step,
)
from domain.helpdesk.rules import Kind
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
KINDS = {
    Kind.REQUEST: N_("A question, or something that is needed"),
    Kind.INCIDENT: N_("Something does not work"),
    Kind.CHANGE: N_("Something new"),
}
SHOWN = 6
"""Messages of a conversation on a card, the newest."""


@dataclass(frozen=True, slots=True)
class AskForm:
    """What stands in the form. `tips` are the ids of tips that were shown, `question_id` the question to the tips."""

    form_id: str
    text: str = ""
    question_id: str = ""
    tips: tuple[str, ...] = ()
    place: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, str]:
        return {"form": self.form_id, "question": self.question_id, "tips": ",".join(self.tips)}


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


def ask(
    t: Translator,
    form: AskForm,
    places: Sequence[str],
    tips: Sequence[str],
    phone: str,
    menu: Sequence[tuple[str, str]] = (),
) -> Card:
    """The form; `places` are those of the person's service, `tips` the titles that go along. `menu` is what else the
    person has to do with digicoaches: titles and verbs."""
    return card(
        heading(t("Ask a digicoach")),
        text(t("A digicoach is a colleague who shows you how, in 5 to 15 minutes. Just ask.")),
        text_input(
            "text",
            t("What do you want to know?"),
            value=form.text,
            required=True,
            error=t("Write something here, please."),
            multiline=True,
            max_length=LONGEST_QUESTION,
            problem=form.problems.get("text", ""),
        ),
        *(
            [
                choice_input(
                    "place",
                    t("Where do you work? (not required)"),
                    [(place, place) for place in places],
                    value=form.place,
                )
            ]
            if places
            else []
        ),
        *_tips(t("These tips you saw already go along:"), tips),
        text(t("In a hurry? Call the helpdesk: {phone}.", phone=phone), subtle=True),
        buttons(
            press(t("Ask a digicoach"), "digicoaches.send", form.data, style="positive"),
            press(t("Ask the helpdesk"), "helpdesk.form", {"kind": "request"}),
        ),
        *([text(t("Or something else?"), bold=True)] if menu else []),
        *(pressable(title, verb) for title, verb in menu),
        language=t.language,
    )


def nobody(t: Translator, typed: str, phone: str) -> Card:
    return card(
        heading(t("No digicoach is free at the moment")),
        text(t("All of them have enough questions this week, or are away. The helpdesk helps you.")),
        text(t("Your question:"), subtle=True),
        user_text(t, typed, spacing="None"),
        text(t("Call the helpdesk: {phone}.", phone=phone)),
        actions=[_form_of_the_desk(t, typed)],
        language=t.language,
    )


# --- who asked --------------------------------------------------------------------------------------------


def asker(t: Translator, face: QuestionFace) -> Card:
    """How it stands, for who asked: the receipt that follows every step, and the answer."""
    question = face.question
    name, data = face.names[question.coach_id], {"id": question.id}
    title, said = _for_asker(t, face, name)
    due = t("Without an answer by {moment} it goes to the helpdesk.", moment=t.when(question.due_at))
    return card(
        *_warnings(t, face.secrets),
        heading(title),
        *([text(said)] if said else []),
        text(t("Your question:"), subtle=True),
        user_text(t, question.text, spacing="None"),
        *_conversation(t, face, question.asker_id),
        *([text(due, subtle=True)] if question.state in OPEN else []),
        *([text(t("Did this help?"), bold=True)] if question.state is State.ANSWERED else []),
        actions=_asker_actions(t, face, name, data),
        language=t.language,
    )


def _for_asker(t: Translator, face: QuestionFace, name: str) -> tuple[str, str]:
    match face.question.state:
        case State.OFFERED:
            return t("{name} gets your question", name=name), t(
                "Digicoach, {team}. Without time for it, another digicoach gets it. You read it here.",
                team=face.coach_service,
            )
        case State.ACCEPTED:
            return t("{name} takes your question", name=name), t(
                "Digicoach, {team}. You get an answer here, or a visit.", team=face.coach_service
            )
        case State.ANSWERED:
            return t("{name} answers your question", name=name), ""
        case State.DONE:
            return t("{name} helped you", name=name), t("Glad that it works.")
        case State.TICKET:
            number = face.ticket[1] if face.ticket else ""
            return t("The helpdesk has your question: {number}", number=number), t(
                "Everything that was said went along. The helpdesk answers you here."
            )
        case State.WITHDRAWN:
            return t("You do not need it any more"), ""


def _asker_actions(t: Translator, face: QuestionFace, name: str, data: dict[str, str]) -> list[Action]:
    question, actions = face.question, list[Action]()
    allowed = {step for step, states in BY_ASKER.items() if question.state in states}
    if question.state is State.ANSWERED:
        actions.append(press(t("Yes, it helped"), "digicoaches.helped", data, style="positive", inputs=False))
    if Step.ASK_ON in allowed:
        actions.append(
            unfold(
                t("Not quite yet"),
                text_input(
                    "words",
                    t("What is still not clear?"),
                    required=True,
                    error=t("Write something here, please."),
                    multiline=True,
                    max_length=LONGEST_ANSWER,
                ),
                actions=[press(t("Send to {name}", name=_first(name)), "digicoaches.ask_on", data)],
            )
        )
    if Step.TICKET in allowed:
        actions.append(press(t("Have the helpdesk do it"), "digicoaches.to_desk", data, inputs=False))
    if Step.WITHDRAW in allowed:
        actions.append(press(t("I do not need it any more"), "digicoaches.withdraw", data, inputs=False))
    if question.state is State.TICKET and face.ticket:
        actions.append(press(t("Open the ticket"), "helpdesk.open", {"id": face.ticket[0]}, inputs=False))
    elif question.state is not State.WITHDRAWN and question.coach_id in face.emails:
        actions.append(_chat(t, face.emails[question.coach_id], name, question.text))
    return actions


# --- who is asked -----------------------------------------------------------------------------------------


def coach(t: Translator, face: QuestionFace) -> Card:
    """The question for the digicoach who has it, with what can be done now and how to register it."""
    question, data = face.question, {"id": face.question.id}
    name = face.names[question.asker_id]
    registers = question.state not in (State.OFFERED, State.WITHDRAWN)
    return card(
        heading(_for_coach(t, face, name)),
        facts(
            [
                (t("From"), f"{name}, {face.service}" if face.service else name),
                *([(t("Place"), question.place)] if question.place else []),
                (t("Asked"), t.when(question.asked_at)),
                *([(t("Answer by"), t.when(question.due_at))] if question.state in OPEN else []),
            ]
        ),
        user_text(t, question.text),
        *_tips(t("These tips were not enough:"), face.tips),
        *_conversation(t, face, question.coach_id),
        *(_register(t, face) if registers else []),
        *([text(t("Proposed as a tip. Thank you!"))] if question.draft_id else []),
        actions=_coach_actions(t, face, name, data),
        language=t.language,
    )


def passed(t: Translator, face: QuestionFace) -> Card:
    """What a digicoach sees of a question that went on to another."""
    return card(
        heading(t("This question went to another digicoach")),
        user_text(t, face.question.text, limit=300),
        text(t("You do not have to do anything."), subtle=True),
        language=t.language,
    )


def _for_coach(t: Translator, face: QuestionFace, name: str) -> str:
    question = face.question
    match question.state:
        case State.OFFERED if question.reminded_at is not None:
            return t("{name} still waits: can you help?", name=name)
        case State.OFFERED:
            return t("{name} has a question for you", name=name)
        case State.ACCEPTED if face.lines and face.lines[-1].what is Step.ASK_ON:
            return t("{name} does not get there yet", name=name)
        case State.ACCEPTED if question.reminded_at is not None:
            return t("{name} still waits for your answer", name=name)
        case State.ACCEPTED:
            return t("You help {name}", name=name)
        case State.ANSWERED:
            return t("You answered {name}", name=name)
        case State.DONE:
            return t("You helped {name}", name=name)
        case State.TICKET:
            return t("The helpdesk has it: {number}", number=face.ticket[1] if face.ticket else "")
        case State.WITHDRAWN:
            return t("{name} does not need it any more", name=name)


def _coach_actions(t: Translator, face: QuestionFace, name: str, data: dict[str, str]) -> list[Action]:
    question, actions = face.question, list[Action]()
    allowed = {step for step, states in BY_COACH.items() if question.state in states}
    if Step.ACCEPT in allowed:
        actions.append(press(t("I take it"), "digicoaches.accept", data, style="positive", inputs=False))
    if Step.ANSWER in allowed:
        actions.append(
            unfold(
                t("Answer"),
                text_input(
                    "answer",
                    t("Your answer to {name}", name=_first(name)),
                    required=True,
                    error=t("Write something here, please."),
                    multiline=True,
                    max_length=LONGEST_ANSWER,
                    placeholder=t("One step per line reads well."),
                ),
                actions=[press(t("Send to {name}", name=_first(name)), "digicoaches.answer", data)],
            )
        )
    if question.asker_id in face.emails and question.state not in (State.TICKET, State.WITHDRAWN):
        actions.append(_chat(t, face.emails[question.asker_id], name, ""))
    if Step.PASS in allowed:
        actions.append(press(t("Pass it on"), "digicoaches.pass", data, inputs=False))
    if Step.TICKET in allowed:
        actions.append(_ticket(t, data))
    said = any(line.what is Step.ANSWER for line in face.lines)
    if said and question.draft_id is None:
        actions.append(press(t("Propose it as a tip"), "digicoaches.propose", data, inputs=False))
    return actions


def _ticket(t: Translator, data: dict[str, str]) -> Action:
    return unfold(
        t("Make it a ticket"),
        choice_input(
            "kind",
            t("What is it?"),
            [(kind.value, t(words)) for kind, words in KINDS.items()],
            value=Kind.REQUEST.value,
            expanded=True,
        ),
        text_input(
            "words",
            t("What does the helpdesk have to know? (not required)"),
            multiline=True,
            max_length=LONGEST_ANSWER,
        ),
        actions=[press(t("Send to the helpdesk"), "digicoaches.ticket", data)],
    )


def _register(t: Translator, face: QuestionFace) -> list[CardElement]:
    if face.noted is not None:
        minutes, outcome = face.noted
        said = t("Registered: {outcome}, {n} minutes.", outcome=t(OUTCOMES[outcome]), n=minutes)
        return [text(said, subtle=True)]
    return [
        text(t("How did it go, and how long did it take?"), bold=True),
        *register_rows(t, "digicoaches.note", {"id": face.question.id}),
    ]


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


# --- both -------------------------------------------------------------------------------------------------


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


def _conversation(t: Translator, face: QuestionFace, reader_id: str) -> list[CardElement]:
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


def _tips(title: str, tips: Collection[str]) -> list[CardElement]:
    if not tips:
        return []
    return [text(title, subtle=True), *(runs(run(f"• {tip}"), spacing="None") for tip in tips)]


def _form_of_the_desk(t: Translator, typed: str) -> Action:
    return press(t("Ask the helpdesk"), "helpdesk.form", {"kind": "request", "text": typed}, inputs=False)


def _chat(t: Translator, email: str, name: str, typed: str) -> Action:
    return open_url(t("Chat with {name}", name=_first(name)), chat_link(email, typed))


def _warnings(t: Translator, secrets: frozenset[Secret]) -> list[CardElement]:
    return [group(text(t(WARNINGS[secret])), tone="warning") for secret in sorted(secrets)]


def _first(name: str) -> str:
    return name.split()[0] if name else name
