"""A ticket's cards for the desk: everything about it, with the buttons that are possible now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from microsoft_teams.cards import Action, CardElement, ExecuteAction, ShowCardAction

from cards.helpdesk.requester import (
    SHOWN_MESSAGE,
    Notice,
    Place,
    TicketFace,
    box,
    latest,
    messages_of,
    notice_of,
    own_text,
    since,
    state_of,
    write,
)
from cards.helpdesk.words import KIND_NAMES, explain_priority
from cards.kit import (
    INPUT_LIMIT,
    Card,
    card,
    facts,
    group,
    heading,
    press,
    pressable,
    run,
    runs,
    text,
    text_input,
    unfold,
    user_text,
)
from domain.helpdesk.majors import NO_PARTS, Major, Parts
from domain.helpdesk.notes import DeskFile, Note
from domain.helpdesk.notify import DESK, REPLY
from domain.helpdesk.relations import Link, Relation
from domain.helpdesk.rules import State, Step
from domain.helpdesk.ticket import Message, Ticket
from locales import N_, Translator

RELATION_WORDS = {
    Relation.RELATED: N_("Has to do with"),
    Relation.CAUSED_BY: N_("Caused by"),
    Relation.CAUSES: N_("Causes"),
}
SHOWN_LINKS = 5
MOST_BUTTONS = 6
"""Teams shows no more of them; the others go behind the three dots."""


@dataclass(frozen=True, slots=True)
class DeskFace:
    """A ticket with what the desk keeps beside it. `names` has everybody in it, those of the notes too."""

    face: TicketFace
    file: DeskFile
    names: Mapping[str, str]
    group: str
    category: str
    links: tuple[Link, ...] = ()
    watchers: tuple[str, ...] = ()
    parts: Parts = NO_PARTS
    looks_like: Major | None = None
    """A major incident that this ticket may be part of."""
    viewer_id: str = ""

    @property
    def ticket(self) -> Ticket:
        return self.face.ticket


def desk(t: Translator, there: DeskFace, notice: Notice | None = None) -> Card:
    """What an agent sees of a ticket, with what the agent can do about it now."""
    ticket, face = there.ticket, there.face
    place = Place(DESK, ticket)
    return card(
        *notice_of(t, notice),
        heading(f"{ticket.number} · {t(KIND_NAMES[ticket.kind])}"),
        user_text(t, ticket.title, bold=True),
        *_larger(t, there, place),
        facts(t, facts_of(t, there)),
        *face.section.elements,
        *own_text(t, ticket),
        *_links(t, there),
        *messages_of(t, face),
        *_notes(t, there),
        actions=_fitting([*_actions(t, there, place), *face.section.actions]),
        language=t.language,
    )


def reply(t: Translator, there: DeskFace, message: Message, notice: Notice | None = None) -> Card:
    """A message of the requester in an agent's chat, with what the agent can do now."""
    ticket, face = there.ticket, there.face
    return card(
        *notice_of(t, notice),
        heading(t("{name} replies", name=face.names[message.author_id])),
        text(f"{ticket.number} · {ticket.title}", subtle=True, spacing="None"),
        user_text(t, message.text),
        *since(t, face, message),
        facts(t, [(t("State"), state_of(t, face))]),
        actions=[
            *_actions(t, there, Place(REPLY, ticket, message)),
            press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id, "desk": "yes"}, inputs=False),
        ],
        language=t.language,
    )


def _fitting(actions: list[Action]) -> list[Action]:
    for action in actions[MOST_BUTTONS:]:
        if isinstance(action, ExecuteAction | ShowCardAction):
            action.mode = "secondary"
    return actions


def facts_of(t: Translator, there: DeskFace) -> list[tuple[str, str]]:
    """What stands on a ticket, label and value; what is not known is left out."""
    ticket, face = there.ticket, there.face
    who = face.names[ticket.requester_id]
    minutes = there.file.minutes
    given = [
        (t("For"), f"{who} ({face.team})" if face.team else who),
        (
            t("Reported by"),
            face.names[ticket.reporter_id] if ticket.reporter_id != ticket.requester_id else "",
        ),
        (t("State"), state_of(t, face)),
        (t("Goes on in"), face.goes_on_in),
        (t("Group"), there.group),
        (t("Category"), there.category),
        (t("Priority"), explain_priority(t, ticket)),
        (t("Followed by"), ", ".join(there.names[person] for person in there.watchers)),
        (t("Time spent"), t.plural("{n} minute", "{n} minutes", minutes) if minutes else ""),
        (t("Latest"), latest(t, face)),
    ]
    return [(label, value) for label, value in given if value]


def _larger(t: Translator, there: DeskFace, place: Place) -> list[CardElement]:
    """How it hangs together with a major incident or a main ticket."""
    ticket, face, parts = there.ticket, there.face, there.parts
    shown: list[CardElement] = []
    if ticket.major_since is not None:
        shown.append(group(text(t("Major incident"), bold=True), tone="attention"))
    if parts.all:
        open_ = t.plural("{n} of them is open", "{n} of them are open", parts.open)
        shown.append(
            text(
                t.plural("{n} ticket is part of this", "{n} tickets are part of this", parts.all)
                + f", {open_}."
            )
        )
    if parts.open and ticket.state is State.RESOLVED:
        title = t.plural(
            "Resolve that one ticket too, with the same words",
            "Resolve those {n} tickets too, with the same words",
            parts.open,
        )
        shown.append(pressable(title, "desk.resolve_parts", place.data))
    if face.part_of is not None:
        shown.append(
            text(t("Part of {number}: {title}", number=face.part_of.number, title=face.part_of.title))
        )
    elif there.looks_like is not None and Step.JOIN in face.possible:
        major = there.looks_like
        shown.append(
            pressable(
                t("Make it part of {number}", number=major.number),
                "desk.join",
                {**place.data, "main": major.ticket_id},
                detail=t("This looks like the major incident “{title}”.", title=major.title),
            )
        )
    return shown


def _links(t: Translator, there: DeskFace) -> list[CardElement]:
    lines = [
        f"{t(RELATION_WORDS[link.relation])} {link.number}: {link.title}"
        for link in there.links[:SHOWN_LINKS]
    ]
    return [text("\n".join(lines))] if lines else []


def _notes(t: Translator, there: DeskFace) -> list[CardElement]:
    if not there.file.notes:
        return []
    earlier = there.file.earlier
    before = t.plural("{n} earlier note", "{n} earlier notes", earlier) if earlier else ""
    return [
        group(
            text(t("Notes: only the helpdesk reads these"), bold=True),
            *([text(before, subtle=True, spacing="Small")] if before else []),
            *(
                element
                for note in there.file.notes
                for element in _note(t, there.names[note.author_id], note)
            ),
            tone="warning",
            spacing="Medium",
        )
    ]


def _note(t: Translator, who: str, note: Note) -> tuple[CardElement, ...]:
    return (
        runs(run(who, bold=True), run(f" · {t.moment(note.at)}"), spacing="Small"),
        user_text(t, note.text, limit=SHOWN_MESSAGE, spacing="None"),
    )


def _actions(t: Translator, there: DeskFace, place: Place) -> list[Action]:
    """The handful that is used all day; all others are one press further."""
    face, ticket = there.face, there.ticket
    actions: list[Action] = []
    if Step.ASSIGN in face.possible:
        actions.append(
            press(t("Assign to me"), "helpdesk.assign", place.data, style="positive", inputs=False)
        )
    if Step.ANSWER in face.possible:
        label = t("Your answer to {name}", name=face.names[ticket.requester_id])
        actions.append(
            unfold(
                t("Answer"),
                box(t, Step.ANSWER, label),
                actions=[
                    press(t("Send"), "helpdesk.answer", place.data, style="positive"),
                    press(t("Send as a question"), "helpdesk.ask", {**place.data, "box": "answer"}),
                ],
            )
        )
    for step, title, label, send in (
        (Step.RESOLVE, t("Resolve"), t("What did you do about it?"), t("Resolve")),
        (Step.REOPEN, t("Open again"), t("Why is it opened again?"), t("Open again")),
    ):
        if step in face.possible:
            actions.append(write(t, title, step, label, send, place))
    actions.append(
        unfold(
            t("Note"),
            text_input(
                "note",
                t(
                    "Note for your colleagues: {name} does not read this",
                    name=face.names[ticket.requester_id],
                ),
                multiline=True,
                required=True,
                error=t("Write something here, please."),
                max_length=INPUT_LIMIT,
            ),
            actions=[press(t("Keep this note"), "desk.note", place.data, style="positive")],
        )
    )
    actions.append(press(t("More"), "desk.more", place.data, inputs=False))
    return actions
