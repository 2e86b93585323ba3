"""A ticket in its group's channel: what everybody of the desk may see of it, and what a reply in its thread is."""

from __future__ import annotations

from cards.helpdesk.requester import SHOWN_TEXT, Notice, TicketFace, latest, notice_of, own_text, state_of
from cards.helpdesk.words import KIND_NAMES, explain_priority
from cards.kit import (
    Card,
    Tone,
    card,
    facts,
    group,
    heading,
    press,
    pressable,
    text,
    typed_text,
    user_text,
)
from domain.helpdesk.rules import Step
from locales import Translator

VIEW = "ticket.channel"
"""How presses name this card."""


def ticket(t: Translator, face: TicketFace, group_name: str, notice: Notice | None = None) -> Card:
    """No messages and no notes: those stand in the thread, and in the agents' own chats."""
    shown = face.ticket
    who = face.names[shown.requester_id]
    data = {"id": shown.id, "seen": shown.version, "view": VIEW}
    return card(
        *notice_of(t, notice),
        heading(f"{shown.number} · {t(KIND_NAMES[shown.kind])}"),
        user_text(t, shown.title, bold=True),
        facts(
            t,
            [
                (t("For"), f"{who} ({face.team})" if face.team else who),
                (t("State"), state_of(t, face)),
                (t("Group"), group_name),
                (t("Priority"), explain_priority(t, shown)),
                (t("Latest"), latest(t, face)),
            ],
        ),
        *own_text(t, shown),
        *(
            [text(t("Reply in this thread, and I ask whether it is an answer or a note."), subtle=True)]
            if shown.state.open
            else []
        ),
        actions=[
            *(
                [press(t("Assign to me"), "helpdesk.assign", data, style="positive", inputs=False)]
                if Step.ASSIGN in face.possible
                else []
            ),
            press(t("Open in my chat"), "desk.show", data, inputs=False),
        ],
        language=t.language,
    )


def which(
    t: Translator, number: str, requester: str, typed: str, data: dict[str, str | int], *, is_open: bool
) -> Card:
    """What an agent typed in a thread: nothing leaves the desk before one of these is pressed."""
    answers = (
        [
            pressable(t("Answer {name}", name=requester), "desk.thread", {**data, "as": "answer"}),
            pressable(t("Answer, and resolve it with this"), "desk.thread", {**data, "as": "resolve"}),
        ]
        if is_open
        else []
    )
    return card(
        heading(t("What is this on {number}?", number=number)),
        typed_text(t, typed),
        *answers,
        pressable(
            t("A note for colleagues"),
            "desk.thread",
            {**data, "as": "note"},
            detail=t("{name} does not read this.", name=requester),
        ),
        pressable(t("Nothing: we only talk about it here"), "desk.thread", {**data, "as": "nothing"}),
        language=t.language,
    )


def said(t: Translator, what: str, requester: str, author: str, words: str) -> Card:
    """What has become of it, for everybody in the thread."""
    told = {
        "answer": t("{author} answered {name}:", author=author, name=requester),
        "resolve": t("{author} solved it for {name}:", author=author, name=requester),
        "note": t("{author} kept a note. {name} does not read this.", author=author, name=requester),
        "nothing": t("Only said here."),
    }[what]
    tone: Tone = "warning" if what == "note" else "default"
    return card(
        group(text(told, bold=True), *([user_text(t, words, limit=SHOWN_TEXT)] if words else []), tone=tone),
        language=t.language,
    )


def requester_said(t: Translator, name: str, words: str) -> Card:
    """A reply of the requester, brought into the thread."""
    return card(
        text(t("{name} replies", name=name), bold=True),
        user_text(t, words, limit=SHOWN_TEXT),
        language=t.language,
    )
