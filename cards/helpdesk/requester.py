"""A ticket's cards for its requester and who follows it: the receipt, answers, and what they can do.

Nothing of the desk's own file can come here: these cards are made of a `TicketFace`, which has no place for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from microsoft_teams.cards import Action, CardElement

from cards.helpdesk.sections import NO_SECTION, Section
from cards.helpdesk.words import KIND_NAMES, NEXT, STATE_WORDS, explain_priority, history_line
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
from domain.helpdesk.closing import CLOSES_SOON
from domain.helpdesk.majors import Major
from domain.helpdesk.notify import ANSWER, REQUESTER
from domain.helpdesk.policy import HelpdeskPolicy
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
    reopen_until: datetime | None
    section: Section = NO_SECTION
    """What other features know about it."""
    closes_at: datetime | None = None
    """When it closes by itself, once it is resolved."""
    part_of: Major | None = None
    """The main ticket, with its latest news."""
    goes_on_in: str = ""
    """The number of the ticket it was merged into."""
    policy: HelpdeskPolicy | None = None
    """Names the groups and categories of the latest line of history."""

    @property
    def ticket(self) -> Ticket:
        return self.conversation.ticket

    @property
    def handler(self) -> str:
        """The agent's name, or nothing."""
        return self.names[self.ticket.assignee_id] if self.ticket.assignee_id else ""

    @property
    def who(self) -> str:
        """The agent's name, or the desk's."""
        return self.handler or self.desk


def requester(t: Translator, face: TicketFace, notice: Notice | None = None) -> Card:
    """The receipt, as the ticket stands now."""
    ticket = face.ticket
    return card(
        *notice_of(t, notice),
        heading(f"{ticket.number} · {t(KIND_NAMES[ticket.kind])}"),
        user_text(t, ticket.title, bold=True),
        *on_behalf(t, face),
        _next(t, face),
        *major_news(t, face.part_of),
        facts(
            t,
            [
                (t("State"), state_of(t, face)),
                (t("Priority"), explain_priority(t, ticket)),
                (t("Reported"), t.moment(ticket.created_at)),
            ],
        ),
        *face.section.elements,
        *own_text(t, ticket),
        *messages_of(t, face),
        actions=[*_requester_actions(t, face), *face.section.actions],
        language=t.language,
    )


def answer(t: Translator, face: TicketFace, message: Message, notice: Notice | None = None) -> Card:
    """A message of the desk in the requester's chat, with a box to reply in."""
    ticket = face.ticket
    later = since(t, face, message)
    place = Place(ANSWER, ticket, message)
    return card(
        *notice_of(t, notice),
        heading(_answer_heading(t, face, message, is_last=not later)),
        text(f"{ticket.number} · {ticket.title}", subtle=True, spacing="None"),
        user_text(t, message.text),
        *later,
        *([] if ticket.state.open else [_next(t, face)]),
        *([box(t, Step.REPLY, t("Your reply"))] if Step.REPLY in face.possible else []),
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


def _answer_heading(t: Translator, face: TicketFace, message: Message, *, is_last: bool) -> str:
    who, state = face.names[message.author_id], face.ticket.state
    if is_last and state is State.REJECTED:
        return t("{name} cannot do this for you", name=who)
    if is_last and state is State.WAITING_REQUESTER:
        return t("{name} needs something from you", name=who)
    if is_last and not state.open:
        return t("{name} solved it", name=who)
    if is_last and face.conversation.latest.what == Step.REOPEN:
        return t("{name} opened it again", name=who)
    return t("{name} answers you", name=who)


def closes_soon(t: Translator, face: TicketFace, notice: Notice | None = None) -> Card:
    """Before a ticket closes by itself."""
    ticket = face.ticket
    if ticket.state is not State.RESOLVED:
        return requester(t, face, notice)
    day = t.day(face.closes_at) if face.closes_at else ""
    return card(
        *notice_of(t, notice),
        heading(t("Does it work now?")),
        text(f"{ticket.number} · {ticket.title}", subtle=True, spacing="None"),
        text(
            t("{name} solved this. If you say nothing, it closes by itself on {day}.", name=face.who, day=day)
        ),
        actions=[
            *_after_solution(t, face, Place(CLOSES_SOON, ticket)),
            press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id}, inputs=False),
        ],
        language=t.language,
    )


# --- parts ------------------------------------------------------------------------------------------------


def notice_of(t: Translator, notice: Notice | None) -> list[CardElement]:
    if notice is None:
        return []
    typed = (
        [text(t("You typed"), subtle=True), user_text(t, notice.typed, limit=SHOWN_TEXT, spacing="Small")]
        if notice.typed
        else []
    )
    return [group(text(notice.why, bold=True), *typed, tone="warning")]


def latest(t: Translator, face: TicketFace) -> str:
    """The last thing that was done."""
    return history_line(t, face.conversation.latest, face.names, face.policy)


def state_of(t: Translator, face: TicketFace) -> str:
    state = t(STATE_WORDS[face.ticket.state])
    return f"{state} ({face.handler})" if face.handler else state


def on_behalf(t: Translator, face: TicketFace) -> list[CardElement]:
    """Somebody else reported it: that is how the person is told."""
    ticket = face.ticket
    if ticket.reporter_id == ticket.requester_id:
        return []
    return [text(t("{name} reported this for you.", name=face.names[ticket.reporter_id]), subtle=True)]


def major_news(t: Translator, major: Major | None) -> list[CardElement]:
    """That it is part of something larger, and the latest news of that."""
    if major is None:
        return []
    latest = major.news[:1]
    return [
        group(
            text(t("This is part of a known problem: {number}", number=major.number), bold=True),
            user_text(t, major.title, spacing="Small"),
            *(text(t.moment(news.at), subtle=True, spacing="Small") for news in latest),
            *(user_text(t, news.text, limit=SHOWN_MESSAGE, spacing="None") for news in latest),
            tone="accent",
        )
    ]


def _next(t: Translator, face: TicketFace) -> CardElement:
    ticket = face.ticket
    told = face.section.next or t(
        NEXT[ticket.state],
        desk=face.desk,
        name=face.who,
        until=t.day(face.reopen_until) if face.reopen_until else "",
        number=face.goes_on_in,
    )
    if face.closes_at is not None:
        told += " " + t("It closes by itself on {day}.", day=t.day(face.closes_at))
    return group(text(told), tone="good") if ticket.state is State.RESOLVED else text(told)


def own_text(t: Translator, ticket: Ticket) -> list[CardElement]:
    """What the requester wrote, without the sentence that stands above it as the title."""
    rest = ticket.text.removeprefix(ticket.title).lstrip()
    return [user_text(t, rest, limit=SHOWN_TEXT)] if rest else []


def messages_of(t: Translator, face: TicketFace) -> list[CardElement]:
    """What was said, the latest last."""
    shown = face.conversation.messages
    if not shown:
        return []
    earlier = face.conversation.earlier
    before = t.plural("{n} earlier message", "{n} earlier messages", earlier) if earlier else ""
    return [
        text(t("Messages"), bold=True, spacing="Medium"),
        *([text(before, subtle=True, spacing="Small")] if before else []),
        *(message_of(t, face, message) for message in shown),
    ]


def since(t: Translator, face: TicketFace, message: Message) -> list[CardElement]:
    return [message_of(t, face, later) for later in face.conversation.messages if later.id > message.id]


def message_of(t: Translator, face: TicketFace, message: Message) -> CardElement:
    who = face.names[message.author_id]
    return group(
        runs(run(who, bold=True), run(f" · {t.moment(message.at)}", subtle=True)),
        user_text(t, message.text, limit=SHOWN_MESSAGE, spacing="Small"),
        tone="emphasis" if message.from_desk else "default",
        spacing="Small",
    )


# --- what can be done -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Which card a button stands on, so that a press gives that card back, of the same ticket or message."""

    view: str
    ticket: Ticket
    message: Message | None = None

    @property
    def data(self) -> dict[str, str | int]:
        """`seen` is the version of the ticket that the card shows: a second press on one card is no second step."""
        data: dict[str, str | int] = {"id": self.ticket.id, "seen": self.ticket.version, "view": self.view}
        return data | {"message": self.message.id} if self.message else data


def write(t: Translator, title: str, step: Step, label: str, send: str, place: Place) -> Action:
    """A button that unfolds a box to write in."""
    return unfold(
        title,
        box(t, step, label),
        actions=[press(send, f"helpdesk.{step.value}", place.data, style="positive")],
    )


def box(t: Translator, step: Step, label: str) -> CardElement:
    """Named after the step: ids are unique in a card."""
    error = t("Write something here, please.")
    return text_input(step.value, label, multiline=True, required=True, error=error, max_length=INPUT_LIMIT)


def _requester_actions(t: Translator, face: TicketFace) -> list[Action]:
    place = Place(REQUESTER, face.ticket)
    reply = (
        [write(t, t("Write to the helpdesk"), Step.REPLY, t("Your message"), t("Send"), place)]
        if Step.REPLY in face.possible
        else []
    )
    more = (
        [press(t("More"), "helpdesk.more", {"id": face.ticket.id}, inputs=False)]
        if face.possible & {Step.WITHDRAW, Step.WATCH}
        else []
    )
    return [*reply, *_after_solution(t, face, place), *more]


def _after_solution(t: Translator, face: TicketFace, place: Place) -> list[Action]:
    actions: list[Action] = []
    if Step.CLOSE in face.possible:
        works = t("It works, thank you")
        actions.append(press(works, "helpdesk.close", place.data, style="positive", inputs=False))
    if Step.REOPEN in face.possible:
        withdrawn = face.ticket.state is State.WITHDRAWN
        title = t("I need it after all") if withdrawn else t("It does not work yet")
        ask = t("What do you still need?") if withdrawn else t("What is still wrong?")
        actions.append(write(t, title, Step.REOPEN, ask, t("Send"), place))
    return actions
