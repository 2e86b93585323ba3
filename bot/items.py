""" "My tickets": one list of a person's tickets, site requests and questions to digicoaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.turn import Card, Feature, Reply, Turn, own_chat_only
from cards import items as cards
from cards.digicoaches.parts import STATES as QUESTION_STATES
from cards.helpdesk.words import STATE_WORDS as TICKET_STATES
from cards.items import Item
from cards.sites.requests import STATE_WORDS as SITE_STATES
from domain.actor import Actor
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import my_questions
from domain.helpdesk.reading import list_tickets
from domain.helpdesk.ticket import Ticket
from domain.intents.models import Intent
from domain.sites.actions import my_requests
from domain.sites.request import SiteRequest
from domain.unit import Unit
from locales import Translator

PAGE = 8
TITLE = 120
"""Characters of a question in the list."""
Asked = Ticket | SiteRequest | CoachQuestion


@dataclass(frozen=True, slots=True)
class ItemPage:
    """`next_cursor` asks for the next page; None when this is the last."""

    items: tuple[Asked, ...]
    next_cursor: str | None


async def list_items(unit: Unit, actor: Actor, *, limit: int = PAGE, cursor: str | None = None) -> ItemPage:
    """What a person asked for, the newest first.

    Ids of all of them count time alike, so that one id is a place in every list: a page is read from each after the
    same cursor, and what does not fit is read again for the next page.
    """
    tickets = await list_tickets(unit, actor, limit=limit, cursor=cursor)
    requests = await my_requests(unit, actor, limit=limit, cursor=cursor)
    questions = await my_questions(unit, actor.id, limit=limit, cursor=cursor)
    merged: list[Asked] = [*tickets.tickets, *requests.requests, *questions.questions]
    merged.sort(key=lambda item: item.id, reverse=True)
    cursors = (tickets.next_cursor, requests.next_cursor, questions.cursor)
    goes_on = len(merged) > limit or any(cursors)
    return ItemPage(tuple(merged[:limit]), merged[limit - 1].id if goes_on else None)


@own_chat_only
async def show(turn: Turn) -> Reply:
    return Reply(await _page(turn, None))


async def more(turn: Turn) -> Reply:
    return Reply(await _page(turn, turn.field("cursor") or None))


async def _page(turn: Turn, cursor: str | None) -> Card:
    async with turn.desk.units.read() as unit:
        page = await list_items(unit, turn.actor, cursor=cursor)
    return cards.items(turn.t, _lines(turn.t, page.items), more=page.next_cursor, first=cursor is None)


def _lines(t: Translator, items: Sequence[Asked]) -> list[Item]:
    return [_line(t, item) for item in items]


def _line(t: Translator, item: Asked) -> Item:
    match item:
        case Ticket():
            state = t(TICKET_STATES[item.state])
            return Item(item.id, item.number, item.title, state, item.created_at, "helpdesk.open")
        case SiteRequest():
            state = t(SITE_STATES[item.state])
            return Item(item.id, item.number, item.name, state, item.created_at, "sites.open")
        case CoachQuestion():
            title, state = " ".join(item.text.split())[:TITLE], t(QUESTION_STATES[item.state])
            return Item(item.id, "Digicoach", title, state, item.asked_at, "digicoaches.open")


FEATURE = Feature(
    name="items",
    verbs={"items.list": show, "items.more": more},
    intents={Intent.MY_ITEMS: show},
)
