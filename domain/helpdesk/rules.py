"""The life of a ticket: its kinds, its states, and who may take which step from where to where.

`MOVES` is the whole machine. Actions ask `check_possible`, cards ask `possible`: both read this one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Conflict
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
    WAITING_APPROVAL = "waiting_approval"
    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_SUPPLIER = "waiting_supplier"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    MERGED = "merged"

    @property
    def open(self) -> bool:
        """Whether the desk still has to do something about it, or waits to do so."""
        return self in OPEN or self is State.WAITING_APPROVAL

    @property
    def waiting(self) -> bool:
        """Whether somebody else than the desk is to move first."""
        return self in (State.WAITING_APPROVAL, State.WAITING_REQUESTER, State.WAITING_SUPPLIER)


OPEN = frozenset(
    {State.NEW, State.ASSIGNED, State.IN_PROGRESS, State.WAITING_REQUESTER, State.WAITING_SUPPLIER}
)
"""What the desk can work on. A ticket that waits for an approval is not the desk's yet."""
ENDED = frozenset({State.CLOSED, State.WITHDRAWN, State.REJECTED, State.MERGED})
"""What sets `closed_at`. A resolved ticket has not ended: it waits for a word, or for some working days."""


class Step(StrEnum):
    """What can be done to a ticket. Reporting it comes before all of these."""

    START = "start"  # the approval it waited for was given
    REWORD = "reword"  # an approver asked for a change of what it says
    ASSIGN = "assign"  # an agent takes it
    HAND_OVER = "hand_over"  # to a colleague, or from one
    RELEASE = "release"  # back to the group
    MOVE = "move"  # to another group
    ESCALATE = "escalate"  # to the line behind this group
    ANSWER = "answer"
    ASK = "ask"  # a question to the requester: the ticket waits
    AWAIT_SUPPLIER = "await_supplier"
    RESUME = "resume"  # go on without waiting longer
    REPLY = "reply"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REJECT = "reject"
    MERGE = "merge"  # into another
    ABSORB = "absorb"  # another was merged into it
    PRIORITISE = "prioritise"
    CHANGE_KIND = "change_kind"
    CATEGORISE = "categorise"
    DECLARE_MAJOR = "declare_major"
    END_MAJOR = "end_major"
    INFORM = "inform"  # everybody whom a major incident touches
    JOIN = "join"  # becomes part of a main ticket
    LEAVE = "leave"
    LINK = "link"  # to a ticket that has to do with it
    UNLINK = "unlink"
    PLAN = "plan"  # a change got its plan
    MOVE_WINDOW = "move_window"  # a planned change got another moment
    RESULT = "result"  # how the change went
    REVIEW = "review"  # what was learnt from it
    WATCH = "watch"  # a colleague follows it
    UNWATCH = "unwatch"


class Party(StrEnum):
    """On which side of the desk somebody stands. An agent's own ticket has the agent on both."""

    DESK = "desk"
    REQUESTER = "requester"
    CLOCK = "clock"  # what happens by itself, when it is time


@dataclass(frozen=True, slots=True)
class Move:
    """`to` is the state after the step; None leaves the ticket in the state it was in."""

    by: frozenset[Party]
    from_: frozenset[State]
    to: State | None = None


_DESK = frozenset({Party.DESK})
_BOTH = frozenset({Party.DESK, Party.REQUESTER})
_HELD = frozenset({State.WAITING_APPROVAL})
_ACTIVE = frozenset({State.NEW, State.ASSIGNED, State.IN_PROGRESS})
_WAITING = frozenset({State.WAITING_REQUESTER, State.WAITING_SUPPLIER})

MOVES: Mapping[Step, tuple[Move, ...]] = {
    Step.START: (Move(frozenset({Party.CLOCK}), _HELD, State.NEW),),
    Step.REWORD: (Move(frozenset({Party.REQUESTER}), _HELD),),
    Step.ASSIGN: (
        Move(_DESK, frozenset({State.NEW}), State.ASSIGNED),
        Move(_DESK, _WAITING | {State.IN_PROGRESS}),  # nobody's, after its agent left
    ),
    Step.HAND_OVER: (
        Move(_DESK, frozenset({State.NEW}), State.ASSIGNED),
        Move(_DESK, OPEN - {State.NEW}),
    ),
    Step.RELEASE: (
        Move(_DESK, frozenset({State.ASSIGNED, State.IN_PROGRESS}), State.NEW),
        Move(_DESK, _WAITING),
    ),
    # Nobody of the other group has looked yet: for the requester too, that is where it is again.
    Step.MOVE: (Move(_DESK, OPEN, State.NEW),),
    Step.ESCALATE: (Move(_DESK, OPEN, State.NEW),),
    # An answer to a ticket that nobody has makes it the answering agent's.
    Step.ANSWER: (Move(_DESK, _ACTIVE, State.IN_PROGRESS), Move(_DESK, _WAITING)),
    Step.ASK: (Move(_DESK, OPEN, State.WAITING_REQUESTER),),
    Step.AWAIT_SUPPLIER: (Move(_DESK, OPEN, State.WAITING_SUPPLIER),),
    Step.RESUME: (Move(_DESK, _WAITING, State.IN_PROGRESS),),
    Step.REPLY: (
        Move(frozenset({Party.REQUESTER}), frozenset({State.WAITING_REQUESTER}), State.IN_PROGRESS),
        Move(frozenset({Party.REQUESTER}), OPEN - {State.WAITING_REQUESTER}),
    ),
    Step.RESOLVE: (Move(_DESK, OPEN, State.RESOLVED),),
    # Whoever resolved it goes on with it. What the desk refused, only the desk takes up again.
    Step.REOPEN: (
        Move(_BOTH, frozenset({State.RESOLVED, State.CLOSED, State.WITHDRAWN}), State.IN_PROGRESS),
        Move(_DESK, frozenset({State.REJECTED}), State.IN_PROGRESS),
    ),
    Step.CLOSE: (Move(frozenset({Party.REQUESTER, Party.CLOCK}), frozenset({State.RESOLVED}), State.CLOSED),),
    Step.WITHDRAW: (Move(frozenset({Party.REQUESTER}), OPEN | _HELD, State.WITHDRAWN),),
    Step.REJECT: (Move(_DESK, OPEN | _HELD, State.REJECTED),),
    Step.MERGE: (Move(_DESK, OPEN, State.MERGED),),
    **{
        step: (Move(_DESK, OPEN),)
        for step in (
            Step.ABSORB,
            Step.PRIORITISE,
            Step.CHANGE_KIND,
            Step.CATEGORISE,
            Step.DECLARE_MAJOR,
            Step.JOIN,
        )
    },
    **{
        step: (Move(_DESK, OPEN | {State.RESOLVED}),)
        for step in (Step.END_MAJOR, Step.INFORM, Step.LEAVE, Step.LINK, Step.UNLINK)
    },
    **{step: (Move(_BOTH, OPEN | {State.RESOLVED}),) for step in (Step.WATCH, Step.UNWATCH)},
    Step.PLAN: (Move(_DESK, OPEN),),
    Step.MOVE_WINDOW: (Move(_DESK, OPEN | _HELD),),
    Step.RESULT: (Move(_DESK, OPEN | {State.RESOLVED}),),
    Step.REVIEW: (Move(_DESK, OPEN | {State.RESOLVED, State.CLOSED}),),
}
"""Who may take a step, and from which states to which."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the life cycle has to know of a ticket. `ended_at` is when it was resolved, or else closed."""

    state: State
    ended_at: datetime | None = None
    kind: Kind = Kind.INCIDENT
    assigned: bool = False
    major: bool = False
    part: bool = False
    """Whether it is part of a main ticket."""


def reopen_until(standing: Standing, policy: HelpdeskPolicy) -> datetime | None:
    """Until when a ticket that is over can be opened again."""
    if standing.state.open or standing.state is State.MERGED or standing.ended_at is None:
        return None
    return standing.ended_at + timedelta(days=policy.reopen_days)


def possible(
    standing: Standing, parties: frozenset[Party], now: datetime, policy: HelpdeskPolicy
) -> frozenset[Step]:
    """What these parties can do with the ticket now: the buttons they see, and what an action lets through."""
    return frozenset(
        step
        for step in MOVES
        if _move(step, standing, parties) is not None and _fits(step, standing, now, policy)
    )


def check_possible(
    step: Step, standing: Standing, parties: frozenset[Party], now: datetime, policy: HelpdeskPolicy
) -> State:
    """The state after the step. Raises `Conflict` when the ticket has moved on."""
    move = _move(step, standing, parties)
    if move is not None and _fits(step, standing, now, policy):
        after = move.to or standing.state
        reopens_nobodys = step is Step.REOPEN and not standing.assigned
        return State.NEW if reopens_nobodys else after
    if standing.state is State.MERGED:
        raise Conflict("This ticket was merged into another: go on there, please.")
    if standing.state.open:
        raise Conflict("That is not possible (any more): the ticket has moved on.")
    if step is Step.REOPEN and standing.state is State.REJECTED and Party.DESK not in parties:
        raise Conflict(
            "The helpdesk cannot do this, and said why. Is it about something else? Report that, please."
        )
    if step is Step.REOPEN:
        raise Conflict("This ticket was resolved too long ago to open it again. Report it anew, please.")
    if standing.state is State.RESOLVED:
        raise Conflict("That is not possible any more: the ticket has been resolved.")
    raise Conflict("That is not possible any more: the ticket is closed.")


def _move(step: Step, standing: Standing, parties: frozenset[Party]) -> Move | None:
    for move in MOVES[step]:
        if move.by & parties and standing.state in move.from_:
            return move
    return None


def _fits(step: Step, standing: Standing, now: datetime, policy: HelpdeskPolicy) -> bool:
    """Whether the step makes sense for this ticket, apart from its state."""
    match step:
        case Step.ASSIGN:
            return not standing.assigned
        case Step.REOPEN:
            until = reopen_until(standing, policy)
            return until is not None and now <= until
        case Step.DECLARE_MAJOR:
            return standing.kind is Kind.INCIDENT and not standing.major and not standing.part
        case Step.RELEASE:
            return standing.assigned
        case Step.END_MAJOR | Step.INFORM:
            return standing.major
        case Step.JOIN:
            return not standing.major and not standing.part
        case Step.LEAVE:
            return standing.part
        case Step.PLAN | Step.MOVE_WINDOW | Step.RESULT | Step.REVIEW:
            return standing.kind is Kind.CHANGE
        case _:
            return True


def priority_of(impact: Impact, urgency: Urgency, policy: HelpdeskPolicy) -> Priority:
    return policy.matrix[impact][urgency]
