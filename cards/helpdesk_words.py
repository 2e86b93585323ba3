"""The helpdesk in everyday words: kinds, states, priorities and history, as people read them on cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.ticket import Event, Ticket
from locales import N_, Translator


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind means to somebody who has never heard of it, and the form's questions about it."""

    means: str
    what: str
    urgency: str
    impact: str


KIND_NAMES = {
    Kind.INCIDENT: N_("incident"),
    Kind.REQUEST: N_("request"),
    Kind.CHANGE: N_("change"),
}
KIND_TITLES = {
    Kind.INCIDENT: N_("Something does not work"),
    Kind.REQUEST: N_("Ask for something"),
    Kind.CHANGE: N_("Ask for something new"),
}
KIND_WORDS = {
    Kind.INCIDENT: Words(
        means=N_("Something that used to work is broken, and I cannot go on."),
        what=N_("What does not work?"),
        urgency=N_("Can you go on working?"),
        impact=N_("Who is affected?"),
    ),
    Kind.REQUEST: Words(
        means=N_("I need something the helpdesk offers, such as a licence or a screen."),
        what=N_("What do you need?"),
        urgency=N_("When do you need it?"),
        impact=N_("Who is it for?"),
    ),
    Kind.CHANGE: Words(
        means=N_("I want something new, or something to work differently."),
        what=N_("What has to change, and why?"),
        urgency=N_("When do you need it?"),
        impact=N_("Who is it for?"),
    ),
}
_NEEDED = {
    Urgency.HIGH: N_("Today: without it I cannot go on"),
    Urgency.MEDIUM: N_("This week"),
    Urgency.LOW: N_("It can wait"),
}
URGENCY_CHOICES: Mapping[Kind, Mapping[Urgency, str]] = {
    Kind.INCIDENT: {
        Urgency.HIGH: N_("No, I cannot go on"),
        Urgency.MEDIUM: N_("With difficulty, in a roundabout way"),
        Urgency.LOW: N_("Yes, it can wait"),
    },
    Kind.REQUEST: _NEEDED,
    Kind.CHANGE: _NEEDED,
}
IMPACT_CHOICES = {
    Impact.LOW: N_("Only me"),
    Impact.MEDIUM: N_("My team"),
    Impact.HIGH: N_("Several teams, or citizens at the counter"),
}

STATE_WORDS = {
    State.WAITING_APPROVAL: N_("waits for approval"),
    State.NEW: N_("new"),
    State.ASSIGNED: N_("assigned"),
    State.IN_PROGRESS: N_("in progress"),
    State.WAITING_REQUESTER: N_("waiting for the requester"),
    State.WAITING_SUPPLIER: N_("waiting for the supplier"),
    State.RESOLVED: N_("resolved"),
    State.CLOSED: N_("closed"),
    State.WITHDRAWN: N_("withdrawn"),
    State.REJECTED: N_("refused"),
    State.MERGED: N_("merged"),
}
"""Also for lists of tickets."""

NEXT = {
    State.WAITING_APPROVAL: N_("This has to be approved first. I let you know here."),
    State.NEW: N_(
        "Somebody of {desk} looks at it within {hours} working hours. You read the answer in this chat."
    ),
    State.ASSIGNED: N_("{name} takes care of it. You read the answer in this chat."),
    State.IN_PROGRESS: N_("{name} is working on it. You read the answer in this chat."),
    State.WAITING_REQUESTER: N_(
        "{name} needs something from you to go on: your reply goes straight to them."
    ),
    State.WAITING_SUPPLIER: N_("{name} waits for the supplier. You read in this chat how it goes on."),
    State.RESOLVED: N_("This is solved. Does it not work after all? You can say so until {until}."),
    State.CLOSED: N_("This is done."),
    State.WITHDRAWN: N_("You withdrew this. Do you need it after all? You can say so until {until}."),
    State.REJECTED: N_("{desk} cannot do this for you. The message below says why."),
    State.MERGED: N_("This goes on in another ticket of yours."),
}
"""What happens next, for the requester."""

PRIORITY_WORDS = {
    Priority.CRITICAL: N_("critical"),
    Priority.HIGH: N_("high"),
    Priority.NORMAL: N_("normal"),
    Priority.LOW: N_("low"),
}
_REACH = {
    Impact.LOW: N_("one person"),
    Impact.MEDIUM: N_("a whole team"),
    Impact.HIGH: N_("several teams or citizens"),
}
_HASTE = {
    Urgency.HIGH: N_("cannot wait"),
    Urgency.MEDIUM: N_("can wait a little"),
    Urgency.LOW: N_("can wait"),
}

WHAT = {
    "start": N_("It was approved"),
    "reword": N_("{name} changed what it says"),
    "report": N_("{name} reported it"),
    "assign": N_("{name} took it"),
    "answer": N_("{name} answered"),
    "reply": N_("{name} replied"),
    "resolve": N_("{name} resolved it"),
    "reopen": N_("{name} opened it again"),
    "close": N_("{name} confirmed that it works"),
    "hand_over": N_("{name} gave it to a colleague"),
    "move": N_("{name} gave it to another group"),
    "escalate": N_("{name} asked the next line"),
    "ask": N_("{name} asked something"),
    "await_supplier": N_("{name} waits for the supplier"),
    "resume": N_("{name} went on with it"),
    "withdraw": N_("{name} withdrew it"),
    "reject": N_("{name} refused it"),
    "merge": N_("{name} merged it"),
    "prioritise": N_("{name} changed the priority"),
    "change_kind": N_("{name} changed the kind"),
    "categorise": N_("{name} changed the category"),
    "declare_major": N_("{name} declared it a major incident"),
    "end_major": N_("{name} ended the major incident"),
    "join": N_("{name} made it part of a main ticket"),
    "leave": N_("{name} took it off the main ticket"),
}
"""A line of history, by what was done."""


def explain_priority(t: Translator, ticket: Ticket) -> str:
    """The priority and where it comes from, such as `normal: one person, cannot wait`."""
    return t(
        "{priority}: {reach}, {haste}",
        priority=t(PRIORITY_WORDS[ticket.priority]),
        reach=t(_REACH[ticket.impact]),
        haste=t(_HASTE[ticket.urgency]),
    )


def history_line(t: Translator, event: Event, names: Mapping[str, str]) -> str:
    return f"{t(WHAT[event.what], name=names[event.by_id])}, {t.moment(event.at)}"
