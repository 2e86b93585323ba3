""" "My tickets": one list of a person's tickets and site requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.turn import Card, Feature, Reply, Turn
from cards import items as cards
from cards.helpdesk_words import STATE_WORDS as TICKET_STATES
from cards.items import Item
from cards.sites import STATE_WORDS as SITE_STATES
from domain.actor import Actor
from domain.helpdesk.reading import list_tickets
from domain.helpdesk.ticket import Ticket
from domain.intents.models import Intent
from domain.sites.actions import my_requests
from domain.sites.request import SiteRequest
from domain.unit import Unit
from locales import Translator

PAGE = 8


@dataclass(frozen=True, slots=True)
class ItemPage:
    """`next_cursor` asks for the next page; None when this is the last."""

    items: tuple[Ticket | SiteRequest, ...]
    next_cursor: str | None


async def list_items(unit: Unit, actor: Actor, *, limit: int = PAGE, cursor: str | None = None) -> ItemPage:
    """What a person asked for, the newest first.

    Ids of tickets and requests count time alike, so that one id is a place in both lists: a page is read from
    each after the same cursor, and what does not fit is read again for the next page.
    """
    tickets = await list_tickets(unit, actor, limit=limit, cursor=cursor)
    requests = await my_requests(unit, actor, limit=limit, cursor=cursor)
    merged: list[Ticket | SiteRequest] = [*tickets.tickets, *requests.requests]
    merged.sort(key=lambda item: item.id, reverse=True)
    goes_on = len(merged) > limit or tickets.next_cursor is not None or requests.next_cursor is not None
    return ItemPage(tuple(merged[:limit]), merged[limit - 1].id if goes_on else None)


async def show(turn: Turn) -> Reply:
    return Reply(await _page(turn, None))


async def more(turn: Turn) -> Reply:
    return Reply(await _page(turn, turn.field("cursor") or None))


async def _page(turn: Turn, cursor: str | None) -> Card:
    async with turn.desk.units.read() as unit:
        page = await list_items(unit, turn.actor, cursor=cursor)
    return cards.items(turn.t, _lines(turn.t, page.items), more=page.next_cursor, first=cursor is None)


def _lines(t: Translator, items: Sequence[Ticket | SiteRequest]) -> list[Item]:
    return [
        Item(item.id, item.number, item.title, t(TICKET_STATES[item.state]), item.created_at, "helpdesk.open")
        if isinstance(item, Ticket)
        else Item(item.id, item.number, item.name, t(SITE_STATES[item.state]), item.created_at, "sites.open")
        for item in items
    ]


FEATURE = Feature(
    name="items",
    verbs={"items.list": show, "items.more": more},
    intents={Intent.MY_ITEMS: show},
)
