"""A question for a digicoach, for who asks it: the form, how it stands, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from microsoft_teams.cards import Action

from cards.digicoaches.parts import QuestionFace, chat_with, conversation, first_name, tips_shown
from cards.helpdesk.requester import Notice, notice_of
from cards.inputs import choice_input, text_input
from cards.kit import Card, buttons, card, heading, press, pressable, text, unfold, user_text
from cards.tips.answers import warnings
from domain.digicoaches.rules import BY_ASKER, LONGEST_ANSWER, LONGEST_QUESTION, OPEN, State, Step
from locales import Translator


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
        *tips_shown(t("These tips you saw already go along:"), tips),
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


def asker(t: Translator, face: QuestionFace, notice: Notice | None = None) -> Card:
    """How it stands, for who asked: the receipt that follows every step, and the answer."""
    question = face.question
    name, data = face.names[question.coach_id], {"id": question.id}
    title, said = _for_asker(t, face, name)
    due = t("Without an answer by {moment} it goes to the helpdesk.", moment=t.when(question.due_at))
    return card(
        *notice_of(t, notice),
        *warnings(t, face.secrets),
        heading(title),
        *([text(said)] if said else []),
        text(t("Your question:"), subtle=True),
        user_text(t, question.text, spacing="None"),
        *conversation(t, face, question.asker_id),
        *([text(due, subtle=True)] if question.state in OPEN else []),
        *([text(t("Did this help?"), bold=True)] if question.state is State.ANSWERED else []),
        actions=_asker_actions(t, face, name, data),
        language=t.language,
    )


def _for_asker(t: Translator, face: QuestionFace, name: str) -> tuple[str, str]:
    match face.question.state:
        case State.OFFERED:
            return t("{name} gets your question", name=name), t(
                "Digicoach, {team}. Without time for it, another digicoach gets it. You will see that here.",
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
            title = t("The helpdesk has your question: {number}", number=number)
            said = t("Everything that was said went along. The helpdesk answers you here.")
            by = next((line.by_id for line in reversed(face.lines) if line.what is Step.TICKET), None)
            if by == "":  # time did it
                said = f"{t('No digicoach could answer in time.')} {said}"
            return title, said
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
                actions=[press(t("Send to {name}", name=first_name(name)), "digicoaches.ask_on", data)],
            )
        )
    if Step.TICKET in allowed:
        actions.append(press(t("Have the helpdesk do it"), "digicoaches.to_desk", data, inputs=False))
    if Step.WITHDRAW in allowed:
        actions.append(press(t("I do not need it any more"), "digicoaches.withdraw", data, inputs=False))
    if question.state is State.TICKET and face.ticket:
        actions.append(press(t("Open the ticket"), "helpdesk.open", {"id": face.ticket[0]}, inputs=False))
    elif question.state is not State.WITHDRAWN and question.coach_id in face.emails:
        actions.append(chat_with(t, face.emails[question.coach_id], name, question.text))
    return actions


def _form_of_the_desk(t: Translator, typed: str) -> Action:
    return press(t("Ask the helpdesk"), "helpdesk.form", {"kind": "request", "text": typed}, inputs=False)
