"""A question for the digicoach who has it: what was asked, what can be done with it, and how it went."""

from __future__ import annotations

from microsoft_teams.cards import Action, CardElement

from cards.digicoaches.parts import (
    OUTCOMES,
    QuestionFace,
    chat_with,
    conversation,
    first_name,
    register_rows,
    tips_shown,
)
from cards.helpdesk.requester import Notice, notice_of
from cards.inputs import choice_input, text_input
from cards.kit import Card, card, facts, heading, press, text, unfold, user_text
from domain.digicoaches.rules import BY_COACH, LONGEST_ANSWER, OPEN, Outcome, State, Step
from domain.helpdesk.rules import Kind
from locales import N_, Translator

KINDS = {
    Kind.REQUEST: N_("A question, or something that is needed"),
    Kind.INCIDENT: N_("Something does not work"),
    Kind.CHANGE: N_("Something new"),
}


def coach(t: Translator, face: QuestionFace, notice: Notice | None = None) -> Card:
    """The question for the digicoach who has it, with what can be done now and how to register it."""
    question, data = face.question, {"id": face.question.id}
    name = face.names[question.asker_id]
    registers = question.state not in (State.OFFERED, State.WITHDRAWN)
    return card(
        *notice_of(t, notice),
        heading(_for_coach(t, face, name)),
        facts(
            t,
            [
                (t("From"), f"{name}, {face.service}" if face.service else name),
                *([(t("Place"), question.place)] if question.place else []),
                (t("Asked"), t.when(question.asked_at)),
                *([(t("Answer by"), t.when(question.due_at))] if question.state in OPEN else []),
            ],
        ),
        user_text(t, question.text),
        *tips_shown(t("These tips were not enough:"), face.tips),
        *conversation(t, face, question.coach_id),
        *(_register(t, face) if registers else []),
        *([text(t("Proposed as a tip. Thank you!"))] if question.draft_id else []),
        actions=_coach_actions(t, face, name, data),
        language=t.language,
    )


def passed(t: Translator, face: QuestionFace, notice: Notice | None = None) -> Card:
    """What a digicoach sees of a question that went on to another."""
    return card(
        *notice_of(t, notice),
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
                    t("Your answer to {name}", name=first_name(name)),
                    required=True,
                    error=t("Write something here, please."),
                    multiline=True,
                    max_length=LONGEST_ANSWER,
                    placeholder=t("One step per line reads well."),
                ),
                actions=[press(t("Send to {name}", name=first_name(name)), "digicoaches.answer", data)],
            )
        )
    if question.asker_id in face.emails and question.state not in (State.TICKET, State.WITHDRAWN):
        actions.append(chat_with(t, face.emails[question.asker_id], name, ""))
    if Step.PASS in allowed:
        actions.append(press(t("Pass it on"), "digicoaches.pass", data, inputs=False))
    if Step.TICKET in allowed:
        actions.append(_ticket(t, data))
    if (
        face.noted is not None
        and face.noted[1] is not Outcome.NOT_YET
        and question.state is not State.WITHDRAWN
    ):
        actions.append(
            unfold(
                t("Correct what you registered"),
                *register_rows(t, "digicoaches.note", {"id": question.id}),
                actions=[],
            )
        )
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
    """What is registered, or the press that does; what did not work out yet can go better later."""
    said = []
    if face.noted is not None:
        minutes, outcome = face.noted
        noted = t("Registered: {outcome}, {n} minutes.", outcome=t(OUTCOMES[outcome]), n=minutes)
        said = [text(noted, subtle=True)]
        if outcome is not Outcome.NOT_YET:
            return said
    return [
        *said,
        text(t("How did it go, and how long did it take?"), bold=True),
        *register_rows(t, "digicoaches.note", {"id": face.question.id}),
    ]
