"""The helpdesk's tables: tickets, their history that only grows, what was said, and what hangs on a ticket.

What the requester may read and what only the desk may read never share a table: `ticket_messages` is for both,
`ticket_notes` and `ticket_times` are the desk's own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import Table as CoreTable
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from domain.tables import Id, Table


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial, on both databases."""
    return {f"{dialect}_where": sql(condition) for dialect in ("sqlite", "postgresql")}


_UNANSWERED = _only("unanswered_since IS NOT NULL")
OPEN = "resolved_at IS NULL AND closed_at IS NULL"
"""What an open ticket is to the database. Written out: a partial index is only used when a query says the same."""


class TicketRow(Table):
    __tablename__ = "tickets"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    impact: Mapped[str] = mapped_column(String(6))
    urgency: Mapped[str] = mapped_column(String(6))
    priority: Mapped[int]
    requester_id: Mapped[str] = mapped_column(String(100))
    """For whom it is: a person, or a flow that named nobody."""
    reporter_id: Mapped[str] = mapped_column(String(100))
    """Who or what reported it."""
    team_id: Mapped[str | None] = mapped_column(String(100))
    assignee_id: Mapped[str | None] = mapped_column(String(100))
    version: Mapped[int]
    """One more with every change: an update says which version it saw, so that of two at once one wins."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    unanswered_since: Mapped[datetime | None]
    """When the desk last said something the requester has not reacted to."""
    category: Mapped[str | None] = mapped_column(String(40))
    group_id: Mapped[str | None] = mapped_column(String(40))
    """Which group of agents handles it; None in tickets from before there were groups."""
    priority_reason: Mapped[str | None] = mapped_column(String(500))
    """Why an agent gave it another priority than the matrix does; None when the matrix decided."""
    parent_id: Mapped[str | None] = mapped_column(Id)
    """The main ticket (hoofdmelding) this one is part of. Not a foreign key: an existing SQLite table can only get
    one by being copied."""
    merged_into_id: Mapped[str | None] = mapped_column(Id)
    """The ticket that goes on in place of this one."""
    major_since: Mapped[datetime | None]
    """When it was declared a major incident."""
    closed_at: Mapped[datetime | None]
    """When it ended: closed, withdrawn, rejected or merged. None again when it is reopened."""
    closing_announced_at: Mapped[datetime | None]
    """When the requester was told that it closes by itself."""

    # Ids are in order of creation, so that each list is newest first on its own index.
    __table_args__ = (
        Index("ix_tickets_requester", "requester_id", "id"),
        Index("ix_tickets_state", "state", "id"),
        Index("ix_tickets_kind", "kind", "id"),
        Index("ix_tickets_category", "category", "id"),
        Index("ix_tickets_group", "group_id", "id"),
        Index("ix_tickets_team", "team_id", "id"),
        Index("ix_tickets_assignee", "assignee_id", "id", **_only("assignee_id IS NOT NULL")),
        Index("ix_tickets_created", "created_at", "id"),
        Index("ix_tickets_updated", "updated_at", "id"),
        # Few tickets are in these two: who may be answering the desk, and on what.
        Index("ix_tickets_unanswered", "unanswered_since", "requester_id", **_UNANSWERED),
        Index("ix_tickets_requester_unanswered", "requester_id", "unanswered_since", **_UNANSWERED),
        # The agents' queues: open tickets only, by priority and by age, of an agent, of a group, of nobody. Those by
        # age have what is NULL in all of them: else SQLite takes the index of all that a group or an agent ever had.
        Index("ix_tickets_queue_mine", "assignee_id", "priority", "id", **_only(OPEN)),
        Index("ix_tickets_queue_mine_age", "assignee_id", "closed_at", "id", **_only(OPEN)),
        Index("ix_tickets_queue_group", "group_id", "priority", "id", **_only(OPEN)),
        Index("ix_tickets_queue_group_age", "group_id", "closed_at", "id", **_only(OPEN)),
        # What waits to be closed, what hangs on a main ticket, and which incidents are major now: few of each.
        Index("ix_tickets_closing", "resolved_at", **_only("closed_at IS NULL AND resolved_at IS NOT NULL")),
        Index("ix_tickets_parent", "parent_id", "id", **_only("parent_id IS NOT NULL")),
        Index("ix_tickets_merged", "merged_into_id", "id", **_only("merged_into_id IS NOT NULL")),
        Index("ix_tickets_major", "major_since", **_only("major_since IS NOT NULL AND closed_at IS NULL")),
    )


class TicketNumberRow(Table):
    """A number that a ticket had before its kind was changed. It still finds the ticket."""

    __tablename__ = "ticket_numbers"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), index=True)


class TicketEventRow(Table):
    """One line of history: who did what, when. Rows are added and never changed."""

    __tablename__ = "ticket_events"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"))
    version: Mapped[int]
    what: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(20))
    """None for the first line, and for lines from before this was kept."""
    state: Mapped[str] = mapped_column(String(20))
    """The state after it."""
    by_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any] | None]

    __table_args__ = (Index("ix_ticket_events_ticket", "ticket_id", "version", unique=True),)


class TicketMessageRow(Table):
    """What the requester and the desk said to each other: everything in here is for both to read."""

    __tablename__ = "ticket_messages"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"))
    author_id: Mapped[str] = mapped_column(String(100))
    from_desk: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_messages_ticket", "ticket_id", "id"),)


class TicketNoteRow(Table):
    """What agents wrote for each other. No query that serves a requester reads this table."""

    __tablename__ = "ticket_notes"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"))
    author_id: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_notes_ticket", "ticket_id", "id"),)


class TicketTimeRow(Table):
    """Minutes that an agent worked on a ticket."""

    __tablename__ = "ticket_times"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"))
    agent_id: Mapped[str] = mapped_column(String(100))
    minutes: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_times_ticket", "ticket_id"),)


class TicketWatcherRow(Table):
    """Who follows a ticket besides its requester: sees all that the requester sees."""

    __tablename__ = "ticket_watchers"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    added_by_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_watchers_person", "person_id", "ticket_id"),)


class TicketLinkRow(Table):
    """A ticket that has to do with another. Written in both directions, each with its own word for it."""

    __tablename__ = "ticket_links"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    relation: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class MajorUpdateRow(Table):
    """What the desk tells everybody about a major incident."""

    __tablename__ = "major_updates"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"))
    author_id: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_major_updates_ticket", "ticket_id", "id"),)


class MajorFollowerRow(Table):
    """Who has the same trouble and wants its updates: these, and nothing else of the ticket."""

    __tablename__ = "major_followers"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]


class TicketWordRow(Table):
    """In which tickets a word stands, the requester's side only. A job writes it after the report."""

    __tablename__ = "ticket_words"

    word: Mapped[str] = mapped_column(
        String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True
    )
    """In the order of its letters, whatever the database's language: words that begin alike are looked up."""
    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)

    __table_args__ = (
        Index("ix_ticket_words_ticket", "ticket_id", postgresql_include=["word"]),
        {"sqlite_with_rowid": False},
    )


class AgentRow(Table):
    """When an agent was last given a ticket by turns."""

    __tablename__ = "agents"

    person_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    last_given_at: Mapped[datetime]


class DeskChannelRow(Table):
    """The Teams channel in which a group of agents works."""

    __tablename__ = "desk_channels"

    group_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(300), index=True)
    service_url: Mapped[str] = mapped_column(String(500))
    channel_id: Mapped[str] = mapped_column(String(50))
    tenant_id: Mapped[str | None] = mapped_column(String(100))
    bot_id: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[datetime]


class TicketThreadRow(Table):
    """The thread of a ticket in a channel: its card is the first message, whose id the replies name."""

    __tablename__ = "ticket_threads"

    ticket_id: Mapped[str] = mapped_column(Id, ForeignKey("tickets.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    """Of the channel, without the thread."""
    service_url: Mapped[str] = mapped_column(String(500))
    activity_id: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_threads_activity", "conversation_id", "activity_id"),)


class DeflectionRow(Table):
    """A ticket that was not needed: a tip, a digicoach or a known major incident was enough."""

    __tablename__ = "deflections"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(String(100))
    team_id: Mapped[str | None] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    """Of the ticket that was being written."""
    by: Mapped[str] = mapped_column(String(20))
    """`tip`, `digicoach` or `major`."""
    subject: Mapped[str] = mapped_column(String(100))
    """Which tip, digicoach or ticket."""
    form_id: Mapped[str] = mapped_column(Id, unique=True)
    """The form that was left: one form ends once."""
    at: Mapped[datetime] = mapped_column(index=True)


# As plain tables: a statement on a mapped class goes through the ORM's compiler every time, which a ticket's
# five statements would feel.
tickets = cast("CoreTable", TicketRow.__table__)
ticket_events = cast("CoreTable", TicketEventRow.__table__)
ticket_messages = cast("CoreTable", TicketMessageRow.__table__)
ticket_numbers = cast("CoreTable", TicketNumberRow.__table__)
ticket_notes = cast("CoreTable", TicketNoteRow.__table__)
ticket_times = cast("CoreTable", TicketTimeRow.__table__)
ticket_watchers = cast("CoreTable", TicketWatcherRow.__table__)
ticket_links = cast("CoreTable", TicketLinkRow.__table__)
ticket_words = cast("CoreTable", TicketWordRow.__table__)
major_updates = cast("CoreTable", MajorUpdateRow.__table__)
major_followers = cast("CoreTable", MajorFollowerRow.__table__)
agents = cast("CoreTable", AgentRow.__table__)
desk_channels = cast("CoreTable", DeskChannelRow.__table__)
ticket_threads = cast("CoreTable", TicketThreadRow.__table__)
deflections = cast("CoreTable", DeflectionRow.__table__)
