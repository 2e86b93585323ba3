""" "My tickets": two lists read as one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot import items
from bot.turn import Place, Turn
from domain.actor import Actor
from domain.desk import Desk
from domain.digicoaches.question import CoachQuestion
from domain.errors import Invalid
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.sites.actions import request_site
from domain.sites.checking import RequestSite
from locales import translator
from tests.cards.reading import of_type
from tests.cast import person

PLACE = Place("http://127.0.0.1/", "a:1", "msteams", None, "28:bot", "29:amina")


async def report(desk: Desk, actor: Actor, text: str) -> str:
    command = ReportTicket(Kind.INCIDENT, text, Impact.LOW, Urgency.MEDIUM)
    async with desk.units() as unit:
        return (await report_ticket(unit, actor, command, desk.organisation.helpdesk, key=text)).id


async def ask_site(desk: Desk, person_id: str, name: str) -> str:
    command = RequestSite("1", name, "Samenwerken aan een project.", person_id, second_owner="els")
    async with desk.units() as unit:
        return (await request_site(unit, desk, person(person_id), command, name)).id


def turn_of(desk: Desk, person_id: str, **data: Any) -> Turn:
    who = person(person_id)
    return Turn(who.as_actor(), who, desk, translator("en"), "turn", PLACE, data=data)


@pytest.fixture
async def asked(desk: Desk, amina: Actor, dirk: Actor) -> list[str]:
    """What Amina asked, the newest first; Dirk asked things in between."""
    ids = []
    for number in range(4):
        ids.append(await report(desk, amina, f"Beamer {number} is stuk"))
        await report(desk, dirk, f"Printer {number} is stuk")
        ids.append(await ask_site(desk, "amina", f"Vlasmarkt {number}"))
    ids.append(await report(desk, amina, "Muis is stuk"))
    return ids[::-1]


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9, 50])
async def test_pages_of_any_size_give_everything_once_and_the_newest_first(
    limit: int, desk: Desk, amina: Actor, asked: list[str]
) -> None:
    seen: list[str] = []
    cursor, pages = None, 0
    async with desk.units.read() as unit:
        while pages == 0 or cursor:
            page = await items.list_items(unit, amina, limit=limit, cursor=cursor)
            assert 0 < len(page.items) <= limit
            seen += [item.id for item in page.items]
            cursor, pages = page.next_cursor, pages + 1

    assert seen == asked
    assert pages == -(-len(asked) // limit)


async def test_the_list_is_the_persons_own(desk: Desk, bram: Actor, dirk: Actor, asked: list[str]) -> None:
    async with desk.units.read() as unit:
        dirks = await items.list_items(unit, dirk)
        brams = await items.list_items(unit, bram)

    assert {item.requester_id for item in dirks.items if not isinstance(item, CoachQuestion)} == {"dirk"}
    assert len(dirks.items) == 4
    assert brams.items == (), "an agent's list is what the agent asked, not the desk's work"


async def test_every_line_opens_what_it_names(desk: Desk, asked: list[str]) -> None:
    reply = await items.show(turn_of(desk, "amina"))

    presses = of_type(reply.card, "Action.Execute")
    opens = [(press["verb"], press["data"]["id"]) for press in presses if press["verb"] != "items.more"]
    assert [subject for _verb, subject in opens] == asked[: items.PAGE]
    assert {verb for verb, _subject in opens} == {"helpdesk.open", "sites.open"}


async def test_more_goes_on_where_the_card_ended(desk: Desk, asked: list[str]) -> None:
    first = await items.show(turn_of(desk, "amina"))
    more = next(press for press in of_type(first.card, "Action.Execute") if press["verb"] == "items.more")

    second = await items.more(turn_of(desk, "amina", **more["data"]))

    presses = of_type(second.card, "Action.Execute")
    assert [press["data"].get("id") for press in presses] == [*asked[items.PAGE :], None]
    assert presses[-1]["verb"] == "items.list", "the way back"


async def test_somebody_who_asked_nothing_is_offered_a_start(desk: Desk) -> None:
    reply = await items.show(turn_of(desk, "fatima"))

    verbs = [press["verb"] for press in of_type(reply.card, "Action.Execute")]
    assert verbs == ["helpdesk.form", "catalogue.open", "sites.form"]


async def test_a_cursor_from_nowhere_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        await items.more(turn_of(desk, "amina", cursor="'; DROP TABLE tickets"))


async def test_the_list_is_not_for_a_channel(desk: Desk, asked: list[str]) -> None:
    turn = turn_of(desk, "amina")
    turn.place = replace(PLACE, conversation_id="19:plein@thread.tacv2", personal=False)
    reply = await items.show(turn)
    assert (reply.card, reply.text) == (None, "Ask me this in our own chat.")
