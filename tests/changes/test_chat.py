"""Changes in chat, through the bot's own handlers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import changes
from bot.features import features
from bot.turn import NOTHING, Turn
from cards.changes import RISK
from domain.approvals.models import ApprovalRow
from domain.changes.models import ChangeRow
from domain.changes.rules import Window
from domain.changes.subject import RESULT_VIEW
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.notify import DESK, REQUESTER
from domain.tables import new_id
from locales import translator
from tests.cast import person
from tests.catalogue.test_chat import PLACE, inputs, pressed, texts
from tests.changes.conftest import ANSWERS, NORMAL, STANDARD, WINDOW, Board
from tests.changes.test_actions import wish

DAY_LATER = Window(WINDOW.starts_at + timedelta(days=1), WINDOW.ends_at + timedelta(days=1))
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GIVEN = {
    "title": "Mail overzetten",
    "why": "De oude verbinding stopt.",
    "systems": "mail,aanmelden",
    "plan": "Eerst de testgroep.",
    "back_out": "Terugzetten.",
    "start_day": "2026-12-10",
    "start_time": "18:00",
    "end_day": "2026-12-10",
    "end_time": "21:00",
    **{RISK + question: answer for question, answer in ANSWERS.items()},
}


def turn(desk: Desk, data: Mapping[str, Any] | None = None, *, who: str = "bram", text: str = "") -> Turn:
    one = person(who)
    return Turn(
        one.as_actor(), one, desk, translator(one.language), new_id(), PLACE, text=text, data=data or {}
    )


async def fill(desk: Desk, given: Mapping[str, str] = GIVEN, **start: str) -> dict[str, str]:
    """What the client sends when the form was opened and filled in."""
    card = (await changes.form(turn(desk, {"type": "normal", **start}))).card
    [data] = pressed(card, "changes.submit")
    shown = inputs(card)
    return {**data, **{name: value for name, value in given.items() if name in shown}}


async def count(desk: Desk) -> int:
    async with desk.units.read() as unit:
        return int((await unit.db.execute(select(func.count()).select_from(ChangeRow))).scalar_one())


async def view(desk: Desk, name: str, who: str, subject: str) -> str:
    views = {name: view for feature in features() for name, view in feature.views.items()}
    async with desk.units.read() as unit:
        return texts(await views[name](unit, desk, person(who), subject))


# --- starting ---------------------------------------------------------------------------------------------


async def test_an_agent_plans_and_anybody_else_wishes(desk: Desk) -> None:
    card = (await changes.wanted(turn(desk, text="we willen de mail overzetten"))).card
    assert inputs(card)["title"] == "we willen de mail overzetten"
    assert [data["type"] for data in pressed(card, "changes.form")] == ["normal", "emergency"] + [
        "standard"
    ] * 4
    wished = (await changes.wanted(turn(desk, who="amina", text="we willen de mail overzetten"))).card
    assert pressed(wished, "changes.form") == []
    assert pressed(wished, "helpdesk.submit")


@pytest.mark.parametrize("handler", [changes.start, changes.form, changes.edit, changes.submit])
async def test_nobody_else_plans(desk: Desk, handler: Any) -> None:
    for who in ("amina", "els"):
        with pytest.raises(NotFound):
            await handler(turn(desk, {"type": "normal"}, who=who))


async def test_words_open_the_calendar_and_the_plan(desk: Desk) -> None:
    for who in ("bram", "els", "gust"):
        assert (await changes.claims(turn(desk, who=who, text=" Wijzigingskalender"))).card
    assert (await changes.claims(turn(desk, text="wijziging plannen"))).card
    assert await changes.claims(turn(desk, who="amina", text="wijzigingskalender")) == NOTHING
    assert await changes.claims(turn(desk, who="els", text="wijziging plannen")) == NOTHING


async def test_a_standard_change_comes_with_the_way_it_is_done(desk: Desk) -> None:
    card = (await changes.form(turn(desk, {"type": "standard", "standard": "certificaat"}))).card
    assert inputs(card)["plan"].startswith("Het nieuwe certificaat")
    assert not any(name.startswith(RISK) for name in inputs(card))
    gone = (await changes.form(turn(desk, {"type": "standard", "standard": "weg"}))).card
    assert pressed(gone, "changes.form")


# --- sending ----------------------------------------------------------------------------------------------


async def test_a_plan_becomes_a_ticket_that_waits_for_the_board(desk: Desk) -> None:
    done = await changes.submit(turn(desk, await fill(desk)))
    assert done.view == DESK
    for said in (
        "W-2026-000001",
        "Wacht op goedkeuring door 2 van Carla Maes, Els Wouters en Gust Verhelst.",
        "gemiddeld",
    ):
        assert said in texts(done.card)
    assert await count(desk) == 1


async def test_a_plan_sent_twice_is_one_change(desk: Desk) -> None:
    data = await fill(desk)
    first = await changes.submit(turn(desk, data))
    assert (await changes.submit(turn(desk, data))).subject == first.subject
    assert await count(desk) == 1


async def test_mistakes_come_back_at_their_field(desk: Desk) -> None:
    wrong = GIVEN | {"end_time": "17:00", RISK + "terug": "", "systems": ""}
    card = (await changes.submit(turn(desk, await fill(desk, wrong)))).card
    for said in (
        "Het einde komt na het begin.",
        "Kies wat het best past.",
        "Kies waaraan er iets verandert.",
    ):
        assert said in texts(card)
    assert inputs(card)["plan"] == GIVEN["plan"]
    for day in ("", "morgen", "2026-02-30"):
        card = (await changes.submit(turn(desk, await fill(desk, GIVEN | {"start_day": day})))).card
        assert "Kies een dag en een uur." in texts(card)
    assert await count(desk) == 0


async def test_a_clash_is_warned_of_and_has_to_be_accepted(desk: Desk, board: Board) -> None:
    other = await board.plan()
    warned = (await changes.submit(turn(desk, await fill(desk)))).card
    assert f"{other.ticket.number} · Mail overzetten verandert dan iets aan hetzelfde systeem." in texts(
        warned
    )
    assert await count(desk) == 1
    [data] = pressed(warned, "changes.submit")
    sent = {**data, **GIVEN}
    another = await board.plan(STANDARD)  # in the same window, in the meantime
    warned = (await changes.submit(turn(desk, sent))).card
    assert another.ticket.number in texts(warned)
    [data] = pressed(warned, "changes.submit")
    done = await changes.submit(turn(desk, {**data, **GIVEN}))
    assert done.view == DESK
    assert other.ticket.number in texts(done.card)
    assert await count(desk) == 3


async def test_a_wish_gets_its_plan(desk: Desk, board: Board) -> None:
    ticket = await wish(board.units, desk)
    assert pressed(await card_of(desk, ticket.id), "changes.start") == [{"ticket": ticket.id}]
    start = (await changes.start(turn(desk, {"ticket": ticket.id}))).card
    assert ticket.number in texts(start)
    data = await fill(desk, ticket=ticket.id)
    assert "title" not in data
    done = await changes.submit(turn(desk, data))
    assert done.subject == ticket.id
    shown = await view(desk, REQUESTER, "amina", ticket.id)
    assert "Eerst de testgroep." not in shown  # how it is done is the desk's
    assert "10 dec 2026, 18:00 tot 10 dec 2026, 21:00" in shown


async def card_of(desk: Desk, ticket_id: str, who: str = "bram") -> Any:
    views = {name: view for feature in features() for name, view in feature.views.items()}
    async with desk.units.read() as unit:
        return await views[DESK](unit, desk, person(who), ticket_id)


# --- afterwards -------------------------------------------------------------------------------------------


async def test_the_board_sees_the_plan_and_its_clashes(desk: Desk, board: Board) -> None:
    other = await board.plan(STANDARD)
    planned = await board.plan()
    async with desk.units.read() as unit:
        statement = select(ApprovalRow.id).where(ApprovalRow.subject_id == planned.ticket.id)
        approval_id = (await unit.db.execute(statement)).scalar_one()
    shown = await view(desk, "approval.approver", "els", approval_id)
    for said in (NORMAL.plan, NORMAL.back_out, "gemiddeld", "Meerdere teams", other.ticket.number):
        assert said in shown


async def test_result_and_review_are_noted_on_the_card(desk: Desk, board: Board) -> None:
    planned = await board.plan(STANDARD)
    data = {"id": planned.ticket.id}
    note = {"change_result": "success", "change_note": "Alles werkt."}
    done = await changes.result(turn(desk, data | note))
    assert "Alles werkt." in texts(done.card)
    assert pressed(done.card, "changes.result") == []
    done = await changes.review(turn(desk, data | {"change_review": "Volgende keer vroeger."}))
    assert "Volgende keer vroeger." in texts(done.card)
    assert "Volgende keer vroeger." in await view(desk, DESK, "carla", planned.ticket.id)


async def test_what_the_board_decided_is_told_to_who_planned_it(desk: Desk, board: Board) -> None:
    planned = await board.plan()
    await board.decide(planned, "els", "refuse", "Niet nu.")
    shown = await view(desk, RESULT_VIEW, "bram", planned.ticket.id)
    assert "Niet nu." in shown
    assert f"{planned.ticket.number} is niet goedgekeurd" in shown


async def test_a_change_that_was_sent_back_opens_in_its_form(desk: Desk, board: Board) -> None:
    planned = await board.plan()
    await board.decide(planned, "els", "send_back", "Kan het later?")
    card = (await changes.edit(turn(desk, {"id": planned.ticket.id}))).card
    shown = inputs(card)
    assert (shown["start_day"], shown["start_time"], shown["title"]) == ("2026-12-10", "18:00", NORMAL.title)
    [data] = pressed(card, "changes.submit")
    moved = {name: shown[name] for name in GIVEN} | {"start_day": "2026-12-11", "end_day": "2026-12-11"}
    done = await changes.submit(turn(desk, {**data, **moved}))
    assert done.subject == planned.ticket.id
    assert "11 dec 2026, 18:00" in texts(done.card)
    with pytest.raises(NotFound):
        await changes.edit(turn(desk, {"id": planned.ticket.id}, who="carla"))


async def test_a_change_gets_another_moment_on_its_card(desk: Desk, board: Board) -> None:
    planned = await board.plan(STANDARD)
    other = await board.plan(replace(STANDARD, title="De andere", window=DAY_LATER))
    on_ticket = await card_of(desk, planned.ticket.id)
    assert pressed(on_ticket, "changes.move") == [{"id": planned.ticket.id}]
    form = (await changes.move(turn(desk, {"id": planned.ticket.id}))).card
    [data] = pressed(form, "changes.moved")
    given = {name: inputs(form)[name] for name in changes.WINDOW_FIELDS}
    assert given["start_day"] == "2026-12-10"
    wrong = (await changes.moved(turn(desk, {**data, **given, "why": ""}))).card
    assert "Op dit moment is het al gepland." in texts(wrong)
    given |= {"start_day": "2026-12-11", "end_day": "2026-12-11", "why": "De leverancier kan niet."}
    warned = (await changes.moved(turn(desk, {**data, **given}))).card
    assert other.ticket.number in texts(warned)
    assert inputs(warned)["why"] == given["why"]
    [data] = pressed(warned, "changes.moved")
    for _ in range(2):  # pressed twice
        done = await changes.moved(turn(desk, {**data, **given}))
        assert "11 dec 2026, 18:00" in texts(done.card)
        assert "De leverancier kan niet." in texts(done.card)  # the latest line of its history


async def test_who_decides_about_a_change_is_not_offered_to_move_it(desk: Desk, board: Board) -> None:
    planned = await board.plan()
    assert pressed(await card_of(desk, planned.ticket.id, "carla"), "changes.move") == []
    assert pressed(await card_of(desk, planned.ticket.id), "changes.move")
    await board.decide(planned, "els", "refuse", "Nee.")
    assert pressed(await card_of(desk, planned.ticket.id), "changes.edit") == []  # its ticket ended


async def test_a_refused_wish_offers_another_plan(desk: Desk, board: Board) -> None:
    ticket = await wish(board.units, desk)
    planned = await board.plan(ticket_id=ticket.id)
    await board.decide(planned, "els", "refuse", "Nu niet.")
    assert pressed(await card_of(desk, ticket.id), "changes.edit") == [{"id": ticket.id}]
    form = (await changes.edit(turn(desk, {"id": ticket.id}))).card
    [data] = pressed(form, "changes.submit")
    shown = inputs(form)
    done = await changes.submit(
        turn(desk, {**data, **{n: v for n, v in shown.items() if isinstance(v, str)}})
    )
    assert "Wacht op goedkeuring door" in texts(done.card)


async def test_who_sees_the_calendar_reads_the_plan_too(desk: Desk, board: Board) -> None:
    planned = await board.plan(STANDARD)
    calendar = (await changes.calendar(turn(desk, who="els"))).card
    [data] = pressed(calendar, "changes.show")
    shown = texts((await changes.show(turn(desk, data, who="els"))).card)
    assert STANDARD.plan in shown
    assert planned.ticket.number in shown
    for who, ticket_id in (("amina", planned.ticket.id), ("els", new_id()), ("els", "x")):
        with pytest.raises(NotFound):
            await changes.show(turn(desk, {"id": ticket_id}, who=who))


async def test_all_buttons_of_a_planned_change_can_be_reached(desk: Desk, board: Board) -> None:
    """Teams shows six, and what is secondary behind three dots."""
    planned = await board.plan(STANDARD)
    actions = (await card_of(desk, planned.ticket.id, "carla"))["actions"]
    assert len(actions) > 6
    assert sum(action.get("mode") != "secondary" for action in actions) == 6
