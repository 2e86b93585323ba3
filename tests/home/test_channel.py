"""In a channel others read along: what is somebody's own is shown in their own chat only."""

from __future__ import annotations

import pytest

from bot.bridge.routes import Routes
from bot.features import features
from bot.turn import Place, Turn
from domain.actor import Actor
from domain.desk import Desk
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.sites.actions import request_site
from domain.sites.checking import RequestSite
from locales import translator
from tests.cast import person

CHANNEL = Place(
    "http://127.0.0.1/", "19:plein@thread.tacv2", "msteams", None, "28:bot", "29:amina", personal=False
)


@pytest.fixture
async def routes(desk: Desk, amina: Actor) -> Routes:
    """Amina reported something, and asked for a site."""
    report = ReportTicket(Kind.INCIDENT, "Mijn laptop start niet meer op", Impact.LOW, Urgency.HIGH)
    site = RequestSite("1", "Vlasmarkt", "Samen de markt plannen.", "amina", second_owner="els")
    async with desk.units() as unit:
        await report_ticket(unit, amina, report, desk.organisation.helpdesk, key="report")
    async with desk.units() as unit:
        await request_site(unit, desk, person("amina"), site, "site")
    return Routes(desk, features())


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("amina", "mijn meldingen"),
        ("amina", "I-2026-000001"),
        ("amina", "hoe ver staat het met I-2026-000001"),
        ("bram", "I-2026-000001 bel ik straks"),
        ("amina", "waarom I-2026-000001?"),
        ("amina", "waarom dan?"),
        ("amina", "S-2026-000001"),
        ("amina", "mijn sites"),
        ("els", "sites van team Digitale Transformatie"),
        ("els", "sites met problemen"),
        ("els", "beslissingen exporteren"),
        ("bram", "wat moet ik nog goedkeuren"),
        ("bram", "werkvoorraad"),
        ("bram", "mijn tips"),
        ("bram", "vragen zonder tip"),
        ("amina", "meldingen instellen"),
        ("amina", "ik ben afwezig van morgen tot vrijdag, Els vervangt mij"),
        ("els", "rapport vorige maand"),
        ("els", "rapport tips"),
        ("els", "digicoaches"),
        ("omar", "digicoachvragen"),
    ],
)
async def test_what_is_somebodys_own_is_not_shown_in_a_channel(
    who: str, text: str, routes: Routes, desk: Desk
) -> None:
    asker = person(who)
    turn = Turn(asker.as_actor(), asker, desk, translator("nl"), text, CHANNEL, text=text)
    reply = await routes.typed(turn)
    assert (reply.card, reply.view) == (None, None)
    assert "eigen chat" in (reply.text or "")


async def test_a_question_is_answered_in_a_channel_too(routes: Routes, desk: Desk) -> None:
    amina, text = person("amina"), "hoe deel ik een document met iemand buiten de stad?"
    reply = await routes.typed(
        Turn(amina.as_actor(), amina, desk, translator("nl"), text, CHANNEL, text=text)
    )
    assert reply.card is not None
