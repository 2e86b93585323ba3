"""After an answer of the desk, what a person types may be a reply to it, or plainly something else."""

from __future__ import annotations

import pytest

from bot.bridge.routes import Routes
from bot.features import features
from bot.turn import Place, Reply, Turn
from domain.actor import Actor
from domain.desk import Desk
from domain.helpdesk.actions import ReportTicket, Say, answer, report_ticket
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from locales import translator
from tests.cards.reading import of_type
from tests.cast import person

PLACE = Place("http://127.0.0.1/", "a:1", "msteams", None, "28:bot", "29:amina")


@pytest.fixture
async def routes(desk: Desk, amina: Actor, bram: Actor) -> Routes:
    """Bram has just answered Amina."""
    command = ReportTicket(Kind.INCIDENT, "Mijn laptop start niet meer op", Impact.LOW, Urgency.HIGH)
    policy = desk.organisation.helpdesk
    async with desk.units() as unit:
        ticket = await report_ticket(unit, amina, command, policy, key="report")
    async with desk.units() as unit:
        await answer(unit, bram, Say(ticket.id, "Brandt het lampje?"), policy, key="answer")
    return Routes(desk, features())


async def typed(routes: Routes, desk: Desk, text: str) -> Reply:
    who = person("amina")
    return await routes.typed(Turn(who.as_actor(), who, desk, translator("nl"), text, PLACE, text=text))


def asks_whether_it_belongs(reply: Reply) -> bool:
    return "helpdesk.belongs" in {press["verb"] for press in of_type(reply.card, "Action.Execute")}


@pytest.mark.parametrize(
    "text", ["Nee, geen enkel lampje.", "ja", "het is een dell", "hoe doe ik dat?", "nog altijd niet"]
)
async def test_what_can_be_a_reply_is_asked_about(text: str, routes: Routes, desk: Desk) -> None:
    assert asks_whether_it_belongs(await typed(routes, desk, text))


@pytest.mark.parametrize(
    "text",
    ["ik wil een nieuwe projectsite voor Vlasmarkt", "mijn meldingen", "hallo"],
)
async def test_what_is_plainly_something_else_is_answered_at_once(
    text: str, routes: Routes, desk: Desk
) -> None:
    reply = await typed(routes, desk, text)

    assert reply.card is not None
    assert not asks_whether_it_belongs(reply)
