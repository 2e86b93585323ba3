"""The helpdesk's decisions, without a database or a clock: the life cycle, priority, and what a text may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Conflict, Invalid
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Priority, Urgency


class Kind(StrEnum):
    """What a ticket is. An incident disturbs something that used to work; a request is for something the desk
    offers as standard; a change asks for something new."""

    INCIDENT = "incident"
    REQUEST = "request"
    CHANGE = "change"

    @property
    def letter(self) -> str:
        """The first letter of its number, from the Dutch words incident, aanvraag and wijziging."""
        return {Kind.INCIDENT: "I", Kind.REQUEST: "A", Kind.CHANGE: "W"}[self]


class State(StrEnum):
    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def open(self) -> bool:
        return self in (State.NEW, State.ASSIGNED, State.IN_PROGRESS)


class Step(StrEnum):
    """What can be done to a ticket. Reporting it comes before all of these."""

    ASSIGN = "assign"
    ANSWER = "answer"
    REPLY = "reply"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"


class Party(StrEnum):
    """On which side of the desk somebody stands. An agent's own ticket has the agent on both."""

    DESK = "desk"
    REQUESTER = "requester"


STEPS: Mapping[Step, tuple[frozenset[Party], Mapping[State, State]]] = {
    # An answer to a ticket that nobody has makes it the answering agent's.
    Step.ASSIGN: (frozenset({Party.DESK}), {State.NEW: State.ASSIGNED}),
    Step.ANSWER: (
        frozenset({Party.DESK}),
        {
            State.NEW: State.IN_PROGRESS,
            State.ASSIGNED: State.IN_PROGRESS,
            State.IN_PROGRESS: State.IN_PROGRESS,
        },
    ),
    Step.REPLY: (
        frozenset({Party.REQUESTER}),
        {
            State.NEW: State.NEW,
            State.ASSIGNED: State.ASSIGNED,
            State.IN_PROGRESS: State.IN_PROGRESS,
        },
    ),
    Step.RESOLVE: (
        frozenset({Party.DESK}),
        {
            State.NEW: State.RESOLVED,
            State.ASSIGNED: State.RESOLVED,
            State.IN_PROGRESS: State.RESOLVED,
        },
    ),
    # Whoever resolved it goes on with it.
    Step.REOPEN: (
        frozenset({Party.DESK, Party.REQUESTER}),
        {State.RESOLVED: State.IN_PROGRESS, State.CLOSED: State.IN_PROGRESS},
    ),
    Step.CLOSE: (frozenset({Party.REQUESTER}), {State.RESOLVED: State.CLOSED}),
}
"""Who may take a step, and from which state to which."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the life cycle has to know of a ticket."""

    state: State
    resolved_at: datetime | None = None


def reopen_until(standing: Standing, policy: HelpdeskPolicy) -> datetime | None:
    """Until when a ticket that was resolved can be opened again."""
    if standing.state.open or standing.resolved_at is None:
        return None
    return standing.resolved_at + timedelta(days=policy.reopen_days)


def possible(
    standing: Standing, parties: frozenset[Party], now: datetime, policy: HelpdeskPolicy
) -> frozenset[Step]:
    """What these parties can do with the ticket now: the buttons they see, and what an action lets through."""
    until = reopen_until(standing, policy)
    return frozenset(
        step
        for step, (allowed, moves) in STEPS.items()
        if allowed & parties
        and standing.state in moves
        and (step is not Step.REOPEN or (until is not None and now <= until))
    )


def check_possible(
    step: Step, standing: Standing, parties: frozenset[Party], now: datetime, policy: HelpdeskPolicy
) -> State:
    """The state after the step. Raises `Conflict` when the ticket has moved on."""
    if step in possible(standing, parties, now, policy):
        return STEPS[step][1][standing.state]
    if standing.state.open:
        raise Conflict("That is not possible (any more): the ticket has moved on.")
    if step is Step.REOPEN:
        raise Conflict("This ticket was resolved too long ago to open it again. Report it anew, please.")
    raise Conflict("That is not possible any more: the ticket has been resolved.")


def priority_of(impact: Impact, urgency: Urgency, policy: HelpdeskPolicy) -> Priority:
    return policy.matrix[impact][urgency]


TEXT_LIMIT = 10_000
"""Characters of a ticket's text, an answer or a reply."""
TITLE_LIMIT = 120
GREETING = 12
"""A first sentence with fewer characters says hello, or help."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ])|\n")


def clean(text: str) -> str:
    """The text without what no database and no screen can do anything with, such as null characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def check_text(text: str, field: str) -> str:
    """The cleaned text. Raises `Invalid`, naming the field, when nothing is left of it or when it is too long."""
    text = clean(text)
    if not text:
        raise Invalid("Write something here, please.", field=field)
    if len(text) > TEXT_LIMIT:
        raise Invalid(
            "This is too long: at most {limit} characters, and these are {length}.",
            field=field,
            limit=TEXT_LIMIT,
            length=len(text),
        )
    return text


def title_of(text: str) -> str:
    """The title of a cleaned text: its first sentence, with the next one when it is no more than a greeting."""
    title, *rest = (piece.strip() for piece in _SENTENCE_END.split(text))
    while rest and len(title) < GREETING:
        title = f"{title} {rest.pop(0)}"
    return shorten_title(title)


def shorten_title(text: str) -> str:
    """On one line, and cut between words when it is too long."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LIMIT:
        return line
    cut = line[: TITLE_LIMIT - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[TITLE_LIMIT // 2 :] else cut).rstrip(" ,;:") + "…"
