"""Tickets as flows send and get them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired

from typing_extensions import TypedDict

from connector.shapes.base import ExternalId, Moment, OnBehalfOf, Page, Shape, Text, about, chosen_from
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.texts import REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT

CATEGORIES = chosen_from("ListCategories")
GROUPS = chosen_from("ListGroups")
AGENTS = chosen_from("ListAgents", "email", "name")
TEAMS = chosen_from("ListTeams")
PRIORITIES = chosen_from("ListPriorities")
BULK = 100


class Ticket(TypedDict):
    """A ticket of the helpdesk."""

    id: Annotated[str, about("Ticket ID", "The key of the ticket.", seen="important")]
    number: Annotated[
        str, about("Number", "The number that people know it by, such as I-2026-000123.", seen="important")
    ]
    kind: Annotated[Kind, about("Kind", "An incident, a request or a change.")]
    state: Annotated[State, about("State", "Where it stands.", seen="important")]
    title: Annotated[str, about("Title", "What it is about, in a line.", seen="important")]
    text: Annotated[str, about("Text", "What was reported, as it was typed.")]
    impact: Annotated[Impact, about("Impact", "How far it reaches.")]
    urgency: Annotated[Urgency, about("Urgency", "How long it can wait.")]
    priority: Annotated[str, about("Priority", "One of critical, high, normal and low.")]
    priorityReason: NotRequired[
        Annotated[str | None, about("Priority Reason", "Why the helpdesk gave it another priority.")]
    ]
    category: NotRequired[
        Annotated[str | None, about("Category", "What it is about, by the id in the helpdesk's list.")]
    ]
    group: NotRequired[Annotated[str | None, about("Group", "The group that handles it, by its id.")]]
    team: NotRequired[Annotated[str | None, about("Team", "The team of the requester, by its id.")]]
    requesterName: Annotated[
        str, about("Requester Name", "Who it is for. A requester without an address is a flow.")
    ]
    requesterEmail: NotRequired[
        Annotated[str | None, about("Requester Email", "The address of who it is for.")]
    ]
    assigneeName: NotRequired[Annotated[str | None, about("Assignee Name", "The agent who has it.")]]
    assigneeEmail: NotRequired[
        Annotated[str | None, about("Assignee Email", "The address of the agent who has it.")]
    ]
    createdAt: Annotated[datetime, about("Created At", "When it was reported, in UTC.")]
    updatedAt: Annotated[datetime, about("Updated At", "When it last changed, in UTC.")]
    resolvedAt: NotRequired[Annotated[datetime | None, about("Resolved At", "When it was resolved, in UTC.")]]
    closedAt: NotRequired[Annotated[datetime | None, about("Closed At", "When it ended, in UTC.")]]
    majorSince: NotRequired[
        Annotated[datetime | None, about("Major Since", "When it was declared a major incident, in UTC.")]
    ]
    mainTicketId: NotRequired[
        Annotated[str | None, about("Main Ticket ID", "The main ticket that it is part of.")]
    ]
    mergedIntoId: NotRequired[
        Annotated[str | None, about("Merged Into ID", "The ticket that goes on in its place.")]
    ]
    version: Annotated[int, about("Version", "One more with every change; the same as in its ETag.")]


class TicketPage(TypedDict):
    """A page of tickets, the newest first."""

    value: Annotated[list[Ticket], about("Tickets", "The tickets of this page.")]
    nextLink: NotRequired[
        Annotated[
            str | None,
            about("Next Link", "The address of the next page; not there on the last.", seen="internal"),
        ]
    ]


class NewTicket(Shape):
    """A ticket to make."""

    kind: Annotated[Kind, about("Kind", "An incident, a request or a change.", seen="important")]
    text: Annotated[
        Text,
        about(
            "Text", "What it is about, in plain words.", seen="important", min_length=1, max_length=TEXT_LIMIT
        ),
    ]
    title: Annotated[
        Text,
        about("Title", "A line about it. Empty: the first sentence of the text.", max_length=TITLE_LIMIT),
    ] = ""
    impact: Annotated[Impact, about("Impact", "How far it reaches.")] = Impact.LOW
    urgency: Annotated[Urgency, about("Urgency", "How long it can wait.")] = Urgency.MEDIUM
    category: Annotated[
        str | None,
        about("Category", "What it is about. Empty: as the text says.", choices=CATEGORIES, max_length=40),
    ] = None
    on_behalf_of: OnBehalfOf = None
    external_id: ExternalId = None


class NewTickets(Shape):
    """Tickets to make in one call."""

    tickets: Annotated[
        list[NewTicket],
        about(
            "Tickets", "Up to 100 tickets; each is made or refused by itself.", min_length=1, max_length=BULK
        ),
    ]


class Problem(TypedDict):
    """What is wrong."""

    code: Annotated[str, about("Code", "What kind of mistake, for programs.")]
    message: Annotated[str, about("Message", "What to do about it, for people.")]
    target: NotRequired[Annotated[str | None, about("Target", "The field that is wrong.")]]


class MadeTicket(TypedDict):
    """What became of one ticket of many."""

    index: Annotated[int, about("Index", "Its place in what was sent, from 0.")]
    status: Annotated[int, about("Status", "201 when it was made, or the status of the mistake.")]
    ticket: NotRequired[Annotated[Ticket | None, about("Ticket", "The ticket that was made.")]]
    error: NotRequired[Annotated[Problem | None, about("Error", "What is wrong with it.")]]


class MadeTickets(TypedDict):
    """What became of each ticket, in the order they were sent."""

    value: Annotated[list[MadeTicket], about("Results", "A result for each ticket.")]


class TicketFilter(Page):
    """Which tickets; all that is given has to fit."""

    state: Annotated[State | None, about("State", "Only tickets in this state.")] = None
    kind: Annotated[Kind | None, about("Kind", "Only tickets of this kind.")] = None
    category: Annotated[
        str | None, about("Category", "Only tickets of this category.", choices=CATEGORIES, max_length=40)
    ] = None
    group: Annotated[
        str | None, about("Group", "Only tickets of this group.", choices=GROUPS, max_length=40)
    ] = None
    team: Annotated[
        str | None,
        about("Team", "Only tickets of requesters in this team.", choices=TEAMS, max_length=100),
    ] = None
    requester: Annotated[
        str | None,
        about("Requester", "Only tickets for the person with this e-mail address.", max_length=200),
    ] = None
    assignee: Annotated[
        str | None,
        about(
            "Assignee", "Only tickets of the agent with this e-mail address.", choices=AGENTS, max_length=200
        ),
    ] = None
    created_from: Annotated[
        Moment | None, about("Created From", "Only tickets reported at this moment or later.")
    ] = None
    created_to: Annotated[Moment | None, about("Created To", "Only tickets reported before this moment.")] = (
        None
    )
    updated_from: Annotated[
        Moment | None, about("Updated From", "Only tickets that changed at this moment or later.")
    ] = None
    text: Annotated[
        str | None, about("Search Text", "Words or a number that the ticket has.", max_length=200)
    ] = None


class TicketChanges(Shape):
    """What to change; what is not there stays as it is."""

    state: Annotated[
        State | None,
        about(
            "State",
            "Where it is to stand. Waiting for somebody, resolving and rejecting need a comment.",
            seen="important",
        ),
    ] = None
    comment: Annotated[
        Text | None,
        about("Comment", "What the requester reads about the new state.", max_length=TEXT_LIMIT),
    ] = None
    assignee: Annotated[
        str | None,
        about(
            "Assignee",
            "The e-mail address of the agent who gets it. An empty text gives it back to the group.",
            choices=AGENTS,
            max_length=200,
        ),
    ] = None
    group: Annotated[str | None, about("Group", "The group that gets it.", choices=GROUPS, max_length=40)] = (
        None
    )
    category: Annotated[
        str | None, about("Category", "What it is about.", choices=CATEGORIES, max_length=40)
    ] = None
    kind: Annotated[Kind | None, about("Kind", "An incident, a request or a change.")] = None
    priority: Annotated[
        str | None, about("Priority", "What is handled first.", choices=PRIORITIES, max_length=10)
    ] = None
    reason: Annotated[
        Text,
        about(
            "Reason",
            "Why it gets this priority or this group.",
            max_length=REASON_LIMIT,
        ),
    ] = ""
    external_id: ExternalId = None
