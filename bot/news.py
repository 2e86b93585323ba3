"""Which views are news that a person may want to be told later, and how one is said in a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.turn import Card
from domain.approvals import notify as approvals
from domain.authoring import links
from domain.authoring import news as authoring_news
from domain.building import steps
from domain.catalogue import subject as orders
from domain.changes import subject as planned
from domain.digicoaches import moves as digicoaches
from domain.digicoaches import services as digicoach_services
from domain.digicoaches import systems as digicoach_systems
from domain.flow_messages import actions as flow_messages
from domain.helpdesk import closing, work
from domain.helpdesk import notify as helpdesk
from domain.notifications.policy import Kind
from domain.satisfaction import notify as satisfaction
from domain.service_levels import notify as service_levels
from domain.sites import changes, upkeep
from domain.tips import askers, clusters, sharing

KINDS: Mapping[str, Kind] = {
    helpdesk.ANSWER: Kind.ANSWER,
    helpdesk.REPLY: Kind.REPLY,
    helpdesk.DESK: Kind.WORK,
    helpdesk.REQUESTER: Kind.RESULT,
    helpdesk.WATCHER: Kind.PROGRESS,
    work.NEWS: Kind.MAJOR,
    closing.CLOSES_SOON: Kind.PROGRESS,
    service_levels.WARNING: Kind.DEADLINE,
    approvals.VIEW: Kind.APPROVAL,
    approvals.REMINDER_VIEW: Kind.PROGRESS,
    satisfaction.ASK: Kind.PROGRESS,
    satisfaction.LOW: Kind.WORK,
    digicoaches.ASKER_NEWS_VIEW: Kind.ANSWER,
    digicoaches.COACH_VIEW: Kind.WORK,
    digicoaches.COACH_NEWS_VIEW: Kind.WORK,
    digicoach_services.SHORT_VIEW: Kind.PROGRESS,
    digicoach_services.THANKS_VIEW: Kind.PROGRESS,
    digicoach_systems.SYSTEM_VIEW: Kind.PROGRESS,
    orders.RESULT_VIEW: Kind.RESULT,
    planned.RESULT_VIEW: Kind.RESULT,
    steps.RESULT_VIEW: Kind.RESULT,
    changes.CHANGE_VIEW: Kind.RESULT,
    steps.OWNER_VIEW: Kind.PROGRESS,
    upkeep.NOTICE_VIEW: Kind.PROGRESS,
    upkeep.ORPHAN_VIEW: Kind.PROGRESS,
    askers.ANSWERED: Kind.RESULT,
    clusters.VIEW: Kind.PROGRESS,
    sharing.SHARED: Kind.PROGRESS,
    authoring_news.PROPOSAL_VIEW: Kind.PROGRESS,
    authoring_news.REVIEW_VIEW: Kind.PROGRESS,
    authoring_news.RESULT_VIEW: Kind.RESULT,
    authoring_news.DUE_VIEW: Kind.PROGRESS,
    links.LINKS_VIEW: Kind.PROGRESS,
    flow_messages.VIEW: Kind.PROGRESS,
}
"""What is not here is shown at once: what an operator has to look at, and lists that are made for the moment."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A thing in one line of a list: what happened, and to what. Both are shown literally."""

    what: str
    about: str


def headline(card: Card) -> Headline:
    """What a card says first, which is its heading, and what it says after that."""
    said = _texts(card["body"])
    return Headline(next(said, ""), next(said, ""))


def _texts(elements: list[dict[str, Any]]) -> Iterator[str]:
    for element in elements:
        match element:
            case {"type": "TextBlock", "text": str(text)}:
                yield text
            case {"type": "RichTextBlock", "inlines": list(inlines)}:
                yield "".join(inline.get("text", "") for inline in inlines)
            case {"type": "Container", "items": list(items)}:
                yield from _texts(items)
