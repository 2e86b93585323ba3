"""Due times in chat: on a ticket's cards, why, and warnings to who can do something about it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.helpdesk.tickets import FEATURE as HELPDESK
from bot.service_levels import FEATURE, claims
from bot.turn import NOTHING, Card, Place, Turn
from domain.actor import Actor
from domain.chats.actions import SHOW
from domain.errors import NotFound
from domain.helpdesk import actions
from domain.helpdesk.notify import DESK, REQUESTER
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.service_levels.actions import WARN
from domain.service_levels.notify import WARNING, handlers, subject_of
from domain.service_levels.policy import Measure
from domain.service_levels.rules import Level
from locales import translator
from tests.cards.reading import of_type, texts
from tests.cast import person
from tests.conftest import Clock
from tests.service_levels.conftest import TicketDesk
from tests.service_levels.test_calendar import local

PLACE = Place("http://127.0.0.1/", "a", "msteams", None, "28:bot", "29:x")


def turn(at_desk: TicketDesk, person_id: str, text: str = "", **data: str) -> Turn:
    who = person(person_id)
    t = translator(who.language)
    return Turn(who.as_actor(), who, at_desk.desk, t, "k", PLACE, text=text, data=data)


async def view(at_desk: TicketDesk, name: str, subject: str, person_id: str) -> Card | None:
    made = {**HELPDESK.views, **FEATURE.views}[name]
    async with at_desk.units.read() as unit:
        return await made(unit, at_desk.desk, person(person_id), subject)


def said(card: Card | None) -> str:
    return "\n".join(texts(card)).replace(": \n", ": ").replace("\n\n", "\n")


async def test_the_requester_reads_by_when_in_plain_words(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    card = said(await view(at_desk, REQUESTER, ticket.id, "amina"))
    assert "Iemand van Helpdesk 8500 bekijkt dit ten laatste op di 24 nov, 09:00." in card
    assert "Klaar tegen: wo 25 nov, 16:30" in card
    await at_desk.say(actions.ask, bram, ticket)
    assert "De tijd staat stil tot je antwoordt." in said(await view(at_desk, REQUESTER, ticket.id, "amina"))
    await at_desk.say(actions.reply, amina, ticket)
    clock.now = local("2026-11-27T09:00")
    late = said(await view(at_desk, REQUESTER, ticket.id, "amina"))
    assert "Dit duurt langer dan we beloofden" in late


async def test_the_desk_sees_both_clocks_and_can_ask_why(
    at_desk: TicketDesk, amina: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    clock.now = local("2026-11-24T10:00")
    card = await view(at_desk, DESK, ticket.id, "bram")
    assert "Reactie: te laat sinds di 24 nov, 09:00" in said(card)
    assert "Oplossing: tegen wo 25 nov, 16:30" in said(card)
    [why] = [one for one in of_type(card, "Action.Execute") if one["verb"] == "service_levels.why"]
    reply = await FEATURE.verbs[why["verb"]](turn(at_desk, "bram", **why["data"]))
    lines = said(reply.card)
    assert "Beloofd: opgelost binnen 24 u werktijd." in lines
    assert "· ma 23 nov, 09:30 – wo 25 nov, 16:30 (3 dagen): 24 u" in lines
    assert "Dus ten laatste op wo 25 nov, 16:30." in lines


@pytest.mark.parametrize(
    "words", ["waarom {}", "Waarom moet {} dan klaar zijn?", "why is {} due then", "pourquoi {}"]
)
async def test_why_can_be_typed(at_desk: TicketDesk, amina: Actor, words: str) -> None:
    ticket = await at_desk.report(amina)
    for person_id in ("amina", "bram"):
        reply = await claims(turn(at_desk, person_id, words.format(ticket.number)))
        assert "Dus ten laatste op wo 25 nov, 16:30." in said(reply.card)


async def test_why_is_not_for_who_may_not_see_the_ticket(at_desk: TicketDesk, amina: Actor) -> None:
    ticket = await at_desk.report(amina)
    for asked in (ticket.number, "I-2026-999999"):
        with pytest.raises(NotFound):
            await claims(turn(at_desk, "dirk", f"waarom {asked}"))
    with pytest.raises(NotFound):
        await FEATURE.verbs["service_levels.why"](turn(at_desk, "dirk", id=ticket.id))


@pytest.mark.parametrize("text", ["waarom werkt mijn laptop niet", "I-2026-000001", "daarom I-2026-000001"])
async def test_other_words_are_no_question_about_a_due_time(at_desk: TicketDesk, text: str) -> None:
    assert await claims(turn(at_desk, "amina", text)) is NOTHING


async def shown(at_desk: TicketDesk) -> list[tuple[str, Any]]:
    """Who is shown a warning, and which."""
    for job in await at_desk.jobs(WARN):
        await handlers(at_desk.desk)[WARN](ClaimedJob(job.pop("id"), WARN, job, 1))
    async with at_desk.units.read() as unit:
        rows = await unit.db.execute(select(Job.payload).where(Job.kind == SHOW).order_by(Job.id))
        return [
            (row.payload["person"], row.payload["subject"]) for row in rows if row.payload["view"] == WARNING
        ]


async def test_a_warning_is_shown_to_who_has_the_ticket_and_lateness_to_the_lead_too(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    await at_desk.do(actions.assign_to_me, bram, ticket)
    await at_desk.say(actions.answer, bram, ticket)
    clock.now = local("2026-11-26T09:00")
    await at_desk.sweep()
    late = subject_of(ticket.id, Measure.RESOLUTION, Level.BREACHED)
    assert await shown(at_desk) == [("bram", late), ("tine", late)]
    for person_id in ("bram", "tine"):
        card = said(await view(at_desk, WARNING, late, person_id))
        assert f"{ticket.number} is te laat" in card
        assert "Behandelaar: Bram De Smet" in card
    assert await view(at_desk, WARNING, late, "dirk") is None


async def solved(at_desk: TicketDesk, ticket: Ticket, bram: Actor) -> None:
    await at_desk.say(actions.resolve, bram, ticket)


async def test_a_warning_that_comes_too_late_shows_nothing(
    at_desk: TicketDesk, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await at_desk.report(amina)
    clock.now = local("2026-11-23T16:00")
    at_risk = subject_of(ticket.id, Measure.RESPONSE, Level.AT_RISK)
    assert await view(at_desk, WARNING, at_risk, "bram") is not None
    await solved(at_desk, ticket, bram)
    assert await view(at_desk, WARNING, at_risk, "bram") is None


async def test_why_without_a_number_is_about_the_newest_ticket_at_hand(
    at_desk: TicketDesk, amina: Actor, bram: Actor
) -> None:
    assert await claims(turn(at_desk, "amina", "waarom dan?")) == NOTHING
    first = await at_desk.report(amina)
    second = await at_desk.report(amina)
    assert second.number in said((await claims(turn(at_desk, "amina", "Waarom dan?"))).card)
    assert await claims(turn(at_desk, "bram", "why then")) == NOTHING
    await at_desk.do(actions.assign_to_me, bram, first)
    assert first.number in said((await claims(turn(at_desk, "bram", "why then"))).card)
