"""A ticket's cards: the requester's receipt, the desk's card, and what the two say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from microsoft_teams.cards import Action, CardElement

from cards.helpdesk_words import KIND_NAMES, NEXT, STATE_WORDS, explain_priority, history_line
from cards.kit import (
    INPUT_LIMIT,
    Card,
    card,
    facts,
    group,
    heading,
    press,
    run,
    runs,
    text,
    text_input,
    unfold,
    user_text,
)
from cards.sections import NO_SECTION, Section
from domain.helpdesk.notify import ANSWER, DESK, REPLY, REQUESTER
from domain.helpdesk.rules import State, Step
from domain.helpdesk.ticket import Conversation, Message, Ticket
from locales import Translator

SHOWN_TEXT = 1200
"""Characters of a ticket's own text, and of each earlier message, that a card with a conversation shows."""
SHOWN_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Notice:
    """Why the card is not what the person expected, and what they had typed, so that it is not lost."""

    why: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class TicketFace:
    """A ticket with what its cards show beside it: what its reader can do now, and the names of everybody in it."""

    conversation: Conversation
    names: Mapping[str, str]
    possible: frozenset[Step]
    team: str
    desk: str
    response_hours: int
    reopen_until: datetime | None
    section: Section = NO_SECTION
    """What other features know about it."""

    @property
    def ticket(self) -> Ticket:
        return self.conversation.ticket

    @property
    def handler(self) -> str:
        """The agent's name, or nothing."""
        return self.names[self.ticket.assignee_id] if self.ticket.assignee_id else ""


def requester(t: Translator, face: TicketFace, notice: Notice | None = None) -> Card:
    """The receipt, as the ticket stands now."""
    ticket = face.ticket
    return card(
        *_notice(t, notice),
        heading(f"{ticket.number} · {t(KIND_NAMES[ticket.kind])}"),
        user_text(t, ticket.title, bold=True),
        _next(t, face),
        facts(
            [
                (t("State"), _state(t, face)),
                (t("Priority"), explain_priority(t, ticket)),
                (t("Reported"), t.moment(ticket.created_at)),
            ]
        ),
        *face.section.elements,
        *_own_text(t, ticket),
        *_messages(t, face),
        actions=[*_requester_actions(t, face), *face.section.actions],
        language=t.language,
    )


def desk(t: Translator, face: TicketFace, notice: Notice | None = None) -> Card:
    """What an agent sees of a ticket, with what the agent can do about it now."""
    ticket = face.ticket
    who = face.names[ticket.requester_id]
    reporter = (
        [(t("Reported by"), face.names[ticket.reporter_id])]
        if ticket.reporter_id != ticket.requester_id
        else []
    )
    return card(
        *_notice(t, notice),
        heading(f"{ticket.number} · {t(KIND_NAMES[ticket.kind])}"),
        user_text(t, ticket.title, bold=True),
        facts(
            [
                (t("For"), f"{who} ({face.team})" if face.team else who),
                *reporter,
                (t("State"), _state(t, face)),
                (t("Priority"), explain_priority(t, ticket)),
                (t("Latest"), history_line(t, face.conversation.latest, face.names)),
            ]
        ),
        *face.section.elements,
        *_own_text(t, ticket),
        *_messages(t, face),
        actions=[*_desk_actions(t, face, _Place(DESK, ticket)), *face.section.actions],
        language=t.language,
    )


def answer(t: Translator, face: TicketFace, message: Message, notice: Notice | None = None) -> Card:
    """A message of the desk in the requester's chat, with a box to reply in."""
    ticket = face.ticket
    since = _since(t, face, message)
    who = face.names[message.author_id]
    solution = not ticket.state.open and not since
    place = _Place(ANSWER, ticket, message)
    return card(
        *_notice(t, notice),
        heading(t("{name} solved it", name=who) if solution else t("{name} answers you", name=who)),
        text(f"{ticket.number} · {ticket.title}", subtle=True, spacing="None"),
        user_text(t, message.text),
        *since,
        *([] if ticket.state.open else [_next(t, face)]),
        *([_box(t, Step.REPLY, t("Your reply"))] if Step.REPLY in face.possible else []),
        actions=[
            *(
                [press(t("Send"), "helpdesk.reply", place.data, style="positive")]
                if Step.REPLY in face.possible
                else _after_solution(t, face, place)
            ),
            press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id}, inputs=False),
        ],
        language=t.language,
    )


def reply(t: Translator, face: TicketFace, message: Message, notice: Notice | None = None) -> Card:
    """A message of the requester in an agent's chat, with what the agent can do now."""
    ticket = face.ticket
    return card(
        *_notice(t, notice),
        heading(t("{name} replies", name=face.names[message.author_id])),
        text(f"{ticket.number} · {ticket.title}", subtle=True, spacing="None"),
        user_text(t, message.text),
        *_since(t, face, message),
        facts([(t("State"), _state(t, face))]),
        actions=[
            *_desk_actions(t, face, _Place(REPLY, ticket, message)),
            press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id}, inputs=False),
        ],
        language=t.language,
    )


# --- parts ------------------------------------------------------------------------------------------------


def _notice(t: Translator, notice: Notice | None) -> list[CardElement]:
    if notice is None:
        return []
    typed = (
        [text(t("You typed"), subtle=True), user_text(t, notice.typed, limit=SHOWN_TEXT, spacing="Small")]
        if notice.typed
        else []
    )
    return [group(text(notice.why, bold=True), *typed, tone="warning")]


def _state(t: Translator, face: TicketFace) -> str:
    state = t(STATE_WORDS[face.ticket.state])
    return f"{state} ({face.handler})" if face.handler else state


def _next(t: Translator, face: TicketFace) -> CardElement:
    ticket = face.ticket
    told = face.section.next or t(
        NEXT[ticket.state],
        desk=face.desk,
        hours=face.response_hours,
        name=face.handler or face.desk,
        until=t.day(face.reopen_until) if face.reopen_until else "",
    )
    return group(text(told), tone="good") if ticket.state is State.RESOLVED else text(told)


def _own_text(t: Translator, ticket: Ticket) -> list[CardElement]:
    """What the requester wrote, without the sentence that stands above it as the title."""
    rest = ticket.text.removeprefix(ticket.title).lstrip()
    return [user_text(t, rest, limit=SHOWN_TEXT)] if rest else []


def _messages(t: Translator, face: TicketFace) -> list[CardElement]:
    """What was said, the latest last."""
    shown = face.conversation.messages
    if not shown:
        return []
    earlier = face.conversation.earlier
    before = t.plural("{n} earlier message", "{n} earlier messages", earlier) if earlier else ""
    return [
        text(t("Messages"), bold=True, spacing="Medium"),
        *([text(before, subtle=True, spacing="Small")] if before else []),
        *(_message(t, face, message) for message in shown),
    ]


def _since(t: Translator, face: TicketFace, message: Message) -> list[CardElement]:
    return [_message(t, face, later) for later in face.conversation.messages if later.id > message.id]


def _message(t: Translator, face: TicketFace, message: Message) -> CardElement:
    who = face.names[message.author_id]
    return group(
        runs(run(who, bold=True), run(f" · {t.moment(message.at)}", subtle=True)),
        user_text(t, message.text, limit=SHOWN_MESSAGE, spacing="Small"),
        tone="emphasis" if message.from_desk else "default",
        spacing="Small",
    )


# --- what can be done -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Which card a button stands on, so that a press gives that card back, of the same ticket or message."""

    view: str
    ticket: Ticket
    message: Message | None = None

    @property
    def data(self) -> dict[str, str | int]:
        """`seen` is the version of the ticket that the card shows: a second press on one card is no second step."""
        data: dict[str, str | int] = {"id": self.ticket.id, "seen": self.ticket.version, "view": self.view}
        return data | {"message": self.message.id} if self.message else data


def _write(t: Translator, title: str, step: Step, label: str, send: str, place: _Place) -> Action:
    """A button that unfolds a box to write in."""
    return unfold(
        title,
        _box(t, step, label),
        actions=[press(send, f"helpdesk.{step.value}", place.data, style="positive")],
    )


def _box(t: Translator, step: Step, label: str) -> CardElement:
    """Named after the step: ids are unique in a card."""
    error = t("Write something here, please.")
    return text_input(step.value, label, multiline=True, required=True, error=error, max_length=INPUT_LIMIT)


def _requester_actions(t: Translator, face: TicketFace) -> list[Action]:
    place = _Place(REQUESTER, face.ticket)
    write = (
        [_write(t, t("Write to the helpdesk"), Step.REPLY, t("Your message"), t("Send"), place)]
        if Step.REPLY in face.possible
        else []
    )
    return [*write, *_after_solution(t, face, place)]


def _after_solution(t: Translator, face: TicketFace, place: _Place) -> list[Action]:
    actions: list[Action] = []
    if Step.CLOSE in face.possible:
        works = t("It works, thank you")
        actions.append(press(works, "helpdesk.close", place.data, style="positive", inputs=False))
    if Step.REOPEN in face.possible:
        actions.append(
            _write(
                t,
                t("It does not work yet"),
                Step.REOPEN,
                t("What is still wrong?"),
                t("Send"),
                place,
            )
        )
    return actions


def _desk_actions(t: Translator, face: TicketFace, place: _Place) -> list[Action]:
    actions: list[Action] = []
    ticket = face.ticket
    if Step.ASSIGN in face.possible:
        actions.append(
            press(t("Assign to me"), "helpdesk.assign", place.data, style="positive", inputs=False)
        )
    for step, title, label, send in (
        (
            Step.ANSWER,
            t("Answer"),
            t("Your answer to {name}", name=face.names[ticket.requester_id]),
            t("Send"),
        ),
        (Step.RESOLVE, t("Resolve"), t("What did you do about it?"), t("Resolve")),
        (Step.REOPEN, t("Open again"), t("Why is it opened again?"), t("Open again")),
    ):
        if step in face.possible:
            actions.append(_write(t, title, step, label, send, place))
    return actions
