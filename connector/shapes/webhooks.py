"""Subscribing to events, and the events as they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, NotRequired

from typing_extensions import TypedDict

from connector.shapes.base import Shape, about, chosen_from
from connector.shapes.comments import Comment
from connector.shapes.tickets import CATEGORIES, TEAMS, Ticket
from domain.approvals.approval import ApprovalState
from domain.helpdesk.rules import Kind
from domain.service_levels.policy import Measure
from domain.sites.request import SiteState
from domain.webhooks.addresses import URL_LIMIT
from domain.webhooks.rules import VALUE_LIMIT, EventType

SCENARIOS = chosen_from("ListSiteTypes")


class PriorityName(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


CallbackUrl = Annotated[
    str,
    about(
        "Callback URL",
        "Where the events are sent. The platform fills it in.",
        seen="internal",
        choices={"x-ms-notification-url": True},
        min_length=1,
        max_length=URL_LIMIT,
    ),
]
Team = Annotated[
    str | None, about("Team", "Only what a member of this team asked.", choices=TEAMS, max_length=VALUE_LIMIT)
]
Scenario = Annotated[
    str | None, about("Site Type", "Only this type of site.", choices=SCENARIOS, max_length=VALUE_LIMIT)
]


class NewSubscription(Shape):
    """A wish to hear of something."""

    callback_url: CallbackUrl

    def filter(self) -> Mapping[str, str]:
        """What an event has to have."""
        wanted = self.model_dump(exclude={"callback_url"}, exclude_none=True)
        return {name: str(value) for name, value in wanted.items() if value != ""}


class TicketSubscription(NewSubscription):
    """A wish to hear of tickets."""

    kind: Annotated[
        Kind | None, about("Kind", "Only incidents, only requests or only changes.", seen="important")
    ] = None
    priority: Annotated[PriorityName | None, about("Priority", "Only tickets of this priority.")] = None
    category: Annotated[
        str | None,
        about("Category", "Only tickets about this.", choices=CATEGORIES, max_length=VALUE_LIMIT),
    ] = None
    team: Team = None


class ApprovalSubscription(NewSubscription):
    """A wish to hear of approvals."""

    kind: Annotated[
        str | None,
        about("Kind", "Only approvals of this, such as site.", seen="important", max_length=VALUE_LIMIT),
    ] = None
    team: Team = None
    scenario: Scenario = None


class SiteSubscription(NewSubscription):
    """A wish to hear of sites."""

    scenario: Scenario = None
    team: Team = None


class QuestionSubscription(NewSubscription):
    """A wish to hear of questions."""

    language: Annotated[
        Literal["nl", "en", "fr"] | None, about("Language", "Only questions in this language.")
    ] = None


class Subscription(TypedDict):
    """A subscription. With the secret a receiver can check that an event comes from here (Standard Webhooks)."""

    id: Annotated[str, about("Subscription ID", "The key of the subscription.")]
    event: Annotated[EventType, about("Event", "What it hears of.")]
    secret: Annotated[str, about("Secret", "What the events are signed with.", seen="advanced")]


class Event(TypedDict):
    """Something that happened. The same event may come twice; its key tells."""

    eventId: Annotated[str, about("Event ID", "The key of the event: the same when it comes again.")]
    event: Annotated[EventType, about("Event", "What happened.")]
    time: Annotated[datetime, about("Time", "When it happened, in UTC.")]
    changed: Annotated[
        list[str], about("Changed Fields", "The names of the fields that have another value than before.")
    ]


class TicketEvent(Event):
    """Something that happened to a ticket."""

    ticket: Annotated[Ticket, about("Ticket", "The ticket as it is now.", seen="important")]


class CommentEvent(TicketEvent):
    """Something was said on a ticket."""

    comment: Annotated[Comment, about("Comment", "What was said.", seen="important")]


class OverdueEvent(TicketEvent):
    """A promise about a ticket is at risk, or was not kept."""

    measure: Annotated[Measure, about("Measure", "The first response, or the resolution.")]


class TicketRating(TypedDict):
    """What the requester thought of it."""

    score: Annotated[int, about("Score", "From 1, the worst, to 5.", seen="important")]
    words: NotRequired[Annotated[str | None, about("Words", "What the requester wrote with it.")]]
    givenAt: Annotated[datetime, about("Given At", "When it was given, in UTC.")]


class RatingEvent(TicketEvent):
    """A ticket was rated."""

    rating: Annotated[TicketRating, about("Rating", "The rating.", seen="important")]


class ApprovalAsked(TypedDict):
    """An approval."""

    id: Annotated[str, about("Approval ID", "The key of the approval.", seen="important")]
    kind: Annotated[str, about("Kind", "What is asked, such as site.")]
    subjectId: Annotated[str, about("Subject ID", "The key of what it is about.")]
    number: Annotated[str, about("Number", "The number that people know it by.")]
    title: Annotated[str, about("Title", "What it is about, in a line.", seen="important")]
    state: Annotated[ApprovalState, about("State", "Where it stands.", seen="important")]
    requesterName: Annotated[str, about("Requester Name", "Who asked.")]
    requesterEmail: NotRequired[Annotated[str | None, about("Requester Email", "The address of who asked.")]]
    approvers: Annotated[
        list[str], about("Approvers", "The addresses of whom it waits for, or did at the end.")
    ]
    askedAt: Annotated[datetime, about("Asked At", "When it was asked, in UTC.")]
    dueAt: NotRequired[Annotated[datetime | None, about("Due At", "When it has to be decided, in UTC.")]]
    decidedBy: NotRequired[Annotated[str | None, about("Decided By", "Who decided.")]]
    decidedAt: NotRequired[Annotated[datetime | None, about("Decided At", "When it was decided, in UTC.")]]
    comment: NotRequired[Annotated[str | None, about("Comment", "What was said with the decision.")]]


class ApprovalEvent(Event):
    """Something that happened to an approval."""

    approval: Annotated[ApprovalAsked, about("Approval", "The approval as it is now.", seen="important")]


class SiteAsked(TypedDict):
    """A site that was asked for."""

    id: Annotated[str, about("Site Request ID", "The key of the request.", seen="important")]
    number: Annotated[str, about("Number", "The number that people know it by.")]
    name: Annotated[str, about("Name", "What the site is called.", seen="important")]
    siteType: Annotated[str, about("Site Type", "The type of the site, by its id.")]
    team: Annotated[str, about("Team", "The team that asked, by its id.")]
    state: Annotated[SiteState, about("State", "Where it stands.", seen="important")]
    owners: Annotated[list[str], about("Owners", "The addresses of its owners.")]
    address: NotRequired[Annotated[str | None, about("Address", "Where the site is.", seen="important")]]
    problem: NotRequired[Annotated[str | None, about("Problem", "Where making it stopped, and why.")]]
    createdAt: Annotated[datetime, about("Created At", "When it was asked, in UTC.")]
    finishedAt: NotRequired[Annotated[datetime | None, about("Finished At", "When it was ready, in UTC.")]]


class SiteEvent(Event):
    """Something that happened to a site that was asked for."""

    siteRequest: Annotated[SiteAsked, about("Site Request", "The request as it is now.", seen="important")]


class UnansweredQuestion(TypedDict):
    """A question, without who asked it."""

    id: Annotated[str, about("Question ID", "The key of the question.")]
    text: Annotated[str, about("Text", "What was asked, without secrets.", seen="important")]
    language: Annotated[str, about("Language", "The language of who asked.")]
    askedAt: Annotated[datetime, about("Asked At", "When it was asked, in UTC.")]


class QuestionEvent(Event):
    """A question that nobody could answer."""

    question: Annotated[UnansweredQuestion, about("Question", "The question.", seen="important")]
