"""A ticket as everyone outside the helpdesk's own actions sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.helpdesk.policy import Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, Standing, State


@dataclass(frozen=True, slots=True)
class Ticket:
    """`requester_id` and `reporter_id` are people, or flows (`flow:NAME`)."""

    id: str
    number: str
    kind: Kind
    state: State
    title: str
    text: str
    impact: Impact
    urgency: Urgency
    priority: Priority
    requester_id: str
    reporter_id: str
    team_id: str | None
    assignee_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None = None

    @property
    def standing(self) -> Standing:
        return Standing(self.state, self.resolved_at)


@dataclass(frozen=True, slots=True)
class Message:
    """Something said on a ticket, for requester and desk alike."""

    id: str
    ticket_id: str
    author_id: str
    from_desk: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a ticket's history. `what` is `report` or a `rules.Step`."""

    what: str
    state: State
    by_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A ticket with its latest messages, the oldest of them first; `earlier` counts the ones before those."""

    ticket: Ticket
    latest: Event
    messages: tuple[Message, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class TicketPage:
    """`next_cursor` asks for the next page; None when this is the last."""

    tickets: tuple[Ticket, ...]
    next_cursor: str | None
