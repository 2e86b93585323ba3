"""The catalogue in chat, through the bot's own handlers: finding, filling in, and everything that can be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import catalogue
from bot.approvals import decisions as approvals
from bot.turn import NOTHING, Card, Place, Reply, Turn
from cards.catalogue import ANSWER
from domain.catalogue.catalogue import Catalogue
from domain.catalogue.models import OrderRow
from domain.catalogue.subject import RESULT_VIEW
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.models import tickets
from domain.helpdesk.notify import DESK, REQUESTER
from domain.tables import new_id
from locales import translator
from tests.cast import person
from tests.catalogue.conftest import LAPTOP, RESET, Counter

PLACE = Place("http://127.0.0.1/", "c", "msteams", None, "28:bot", "29:user")
DIFFICULT = [
    "مرحبا",
    "**vet** [klik](http://kwaad.example)",
    "<script>alert(1)</script>",
    "{{DATE(2026)}}",
    "👩‍👩‍👧‍👦" * 20,
]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def turn(desk: Desk, data: Mapping[str, Any] | None = None, *, who: str = "amina", text: str = "") -> Turn:
    one = person(who)
    return Turn(
        one.as_actor(), one, desk, translator(one.language), new_id(), PLACE, text=text, data=data or {}
    )


def elements(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)


def pressed(card: Card | None, verb: str) -> list[Mapping[str, Any]]:
    """What the buttons with this verb send along."""
    return [one["data"] for one in elements(card) if one.get("verb") == verb]


def inputs(card: Card | None) -> dict[str, Any]:
    found = (one for one in elements(card) if str(one.get("type", "")).startswith("Input."))
    return {one["id"]: one.get("value", "") for one in found}


def texts(card: Card | None) -> str:
    return "\n".join(str(one["text"]) for one in elements(card) if "text" in one)


def sent(card: Card | None, given: Mapping[str, str], **more: str) -> dict[str, str]:
    """What the client sends when the form on this card is filled in and its button pressed."""
    [data] = pressed(card, "catalogue.order")
    shown = inputs(card)
    filled = {name: str(value) for name, value in shown.items()}
    filled |= {ANSWER + name: value for name, value in given.items() if ANSWER + name in shown}
    return {**data, **filled, **more}


async def form(desk: Desk, item: str = "laptop", **data: str) -> Card | None:
    return (await catalogue.form(turn(desk, {"item": item, **data}))).card


async def orders(desk: Desk) -> int:
    async with desk.units.read() as unit:
        return int((await unit.db.execute(select(func.count()).select_from(OrderRow))).scalar_one())


# --- finding ----------------------------------------------------------------------------------------------


async def test_what_is_typed_finds_the_item_first(desk: Desk) -> None:
    card = (await catalogue.open_catalogue(turn(desk, text="ik heb een nieuwe laptop nodig"))).card
    assert pressed(card, "catalogue.form")[0] == {"item": "laptop"}
    assert inputs(card)["text"] == "ik heb een nieuwe laptop nodig"
    assert pressed(card, "helpdesk.form") == [{"kind": "request"}]  # it is not there


async def test_what_nothing_is_found_for_leads_to_the_categories(desk: Desk) -> None:
    for text in ("een fiets", *DIFFICULT):
        card = (await catalogue.open_catalogue(turn(desk, {"text": text}))).card
        assert pressed(card, "catalogue.form") == []
        assert len(pressed(card, "catalogue.category")) == len(desk.organisation.catalogue.categories)


async def test_the_catalogue_opens_with_what_is_asked_most(desk: Desk, counter: Counter) -> None:
    await counter.order("tweestaps", RESET, who="dirk")
    await counter.order()
    card = (await catalogue.claims(turn(desk, text="Catalogus "))).card
    assert [data["item"] for data in pressed(card, "catalogue.form")] == ["laptop", "tweestaps"]
    assert await catalogue.claims(turn(desk, text="catalogus van de bib")) == NOTHING


async def test_a_category_shows_what_this_person_may_order(desk: Desk) -> None:
    for who, there in (("amina", False), ("fatima", True)):
        card = (await catalogue.category(turn(desk, {"id": "accounts"}, who=who))).card
        assert ({"item": "starter"} in pressed(card, "catalogue.form")) is there
    assert (await catalogue.category(turn(desk, {"id": "weg"}))).card  # the whole catalogue


# --- the form ---------------------------------------------------------------------------------------------


async def test_the_form_says_what_it_takes_and_keeps_what_was_typed(desk: Desk) -> None:
    card = await form(desk, text="ik wil een laptop")
    assert inputs(card)["note"] == "ik wil een laptop"
    for said in ("10 werkdagen na de goedkeuring", "1.150,00, eenmalig"):
        assert said in texts(card)
    assert ANSWER + "collega" not in inputs(card)


async def test_a_form_with_conditions_grows_before_it_is_sent(desk: Desk) -> None:
    first = await form(desk)
    given = LAPTOP | {"wie": "collega", "model": "zwaar"}
    grown = (await catalogue.order(turn(desk, sent(first, given)))).card
    assert {ANSWER + "collega", ANSWER + "programma"} <= inputs(grown).keys()
    assert inputs(grown)[ANSWER + "waar"] == LAPTOP["waar"]
    assert "Nog 2 vragen" in texts(grown)
    assert await orders(desk) == 0
    done = await catalogue.order(turn(desk, sent(grown, given | {"collega": "Dirk", "programma": "QGIS"})))
    assert (done.view, await orders(desk)) == (REQUESTER, 1)
    assert "A-2026-000001" in texts(done.card)
    assert "QGIS" in texts(done.card)


async def test_answers_that_open_nothing_are_looked_over_once(desk: Desk) -> None:
    checked = (await catalogue.order(turn(desk, sent(await form(desk), LAPTOP)))).card
    assert "Klopt alles?" in texts(checked)
    assert (await catalogue.order(turn(desk, sent(checked, LAPTOP)))).view == REQUESTER


async def test_an_answer_changed_at_the_last_moment_still_opens_its_question(desk: Desk) -> None:
    checked = (await catalogue.order(turn(desk, sent(await form(desk), LAPTOP)))).card
    grown = (await catalogue.order(turn(desk, sent(checked, LAPTOP | {"oud": "blijft"})))).card
    assert ANSWER + "oud_waarom" in inputs(grown)
    assert await orders(desk) == 0


async def test_mistakes_come_back_at_their_field_with_what_was_typed(desk: Desk) -> None:
    given = RESET | {"collega": "Jos Niemand"}
    grown = (await catalogue.order(turn(desk, sent(await form(desk, "tweestaps"), given)))).card
    again = (await catalogue.order(turn(desk, sent(grown, given)))).card
    assert "Ik vind niemand met deze naam of dit e-mailadres." in texts(again)
    assert inputs(again)[ANSWER + "collega"] == "Jos Niemand"
    assert await orders(desk) == 0


@pytest.mark.parametrize("typed", DIFFICULT)
async def test_whatever_is_typed_is_kept_as_text(desk: Desk, typed: str) -> None:
    given = {"wat": "lader", "waarom": "extra", "waar": typed}
    card = await form(desk, "dockingstation")
    done = await catalogue.order(turn(desk, sent(card, given, note=typed)))
    assert done.view == REQUESTER
    async with desk.units.read() as unit:
        assert (await unit.db.execute(select(tickets.c.text))).scalar_one() == typed


async def test_an_empty_form_names_every_question(desk: Desk) -> None:
    card = await form(desk, "dockingstation")
    again = (await catalogue.order(turn(desk, sent(card, {})))).card
    assert texts(again).count("Kies wat het best past.") == 2
    assert "Schrijf hier iets." in texts(again)


async def test_data_that_no_card_of_ours_sends_orders_nothing(desk: Desk) -> None:
    for data in (
        {"item": "laptop"},
        {"item": "laptop", "final": "yes", "asked": "wie,model,oud,waar", "form": "x" * 500},
        {"item": "laptop", "final": "yes", ANSWER + "wie": ["mij"], "asked": 3},
    ):
        assert pressed((await catalogue.order(turn(desk, data))).card, "catalogue.order")
    assert await orders(desk) == 0


# --- for somebody else ------------------------------------------------------------------------------------

CHARGER = {"wat": "lader", "waarom": "extra", "waar": "B2"}


async def for_whom(
    desk: Desk, person_: str, item: str = "dockingstation", given: Mapping[str, str] = CHARGER
) -> Reply:
    card = (await catalogue.form(turn(desk, {"item": item}, who="bram"))).card
    return await catalogue.order(turn(desk, sent(card, given, person=person_), who="bram"))


async def requester(desk: Desk) -> tuple[str, str]:
    async with desk.units.read() as unit:
        row = (await unit.db.execute(select(tickets.c.requester_id, tickets.c.reporter_id))).one()
    return row.requester_id, row.reporter_id


async def test_an_agent_orders_for_a_colleague(desk: Desk) -> None:
    done = await for_whom(desk, "dirk peeters")
    assert (done.view, await requester(desk)) == (DESK, ("dirk", "bram"))
    assert "Dirk Peeters" in texts(done.card)


@pytest.mark.parametrize("typed", ["", "  ", "Bram De Smet"])
async def test_an_agent_who_names_nobody_else_orders_for_themselves(desk: Desk, typed: str) -> None:
    assert (await for_whom(desk, typed)).view == REQUESTER
    assert await requester(desk) == ("bram", "bram")


async def test_a_name_nobody_has_comes_back_at_its_input(desk: Desk) -> None:
    for typed in ("Jos Niemand", *DIFFICULT):
        again = (await for_whom(desk, typed)).card
        assert inputs(again)["person"] == typed[:120]
        assert "Kijk bij de rode tekst." in texts(again)
        assert inputs(again)[ANSWER + "waar"] == "B2"
    assert await orders(desk) == 0


async def test_who_it_is_for_stays_while_the_form_grows(desk: Desk) -> None:
    grown = (await for_whom(desk, "Dirk", "laptop", LAPTOP)).card
    assert inputs(grown)["person"] == "Dirk"
    done = await catalogue.order(turn(desk, sent(grown, LAPTOP), who="bram"))
    assert (done.view, await requester(desk)) == (DESK, ("dirk", "bram"))


async def test_what_somebody_may_not_order_is_not_ordered_for_them(desk: Desk) -> None:
    starter = {"naam": "Jan", "begin": "2026-12-01", "statuut": "vast", "leidinggevende": "Fatima Benali"}
    again = (await for_whom(desk, "Amina", "starter", starter)).card
    assert "Amina El Idrissi kan dit niet aanvragen." in texts(again)
    assert await orders(desk) == 0


async def test_only_agents_are_asked_for_whom_it_is(desk: Desk) -> None:
    card = await form(desk, "dockingstation")
    assert "person" not in inputs(card)
    done = await catalogue.order(turn(desk, sent(card, CHARGER, person="Dirk Peeters")))  # no card of ours
    assert (done.view, await requester(desk)) == (REQUESTER, ("amina", "amina"))


async def test_one_form_sent_twice_is_one_order(desk: Desk) -> None:
    given = {"wat": "lader", "waarom": "extra", "waar": "B2"}
    data = sent(await form(desk, "dockingstation"), given)
    first = await catalogue.order(turn(desk, data))
    assert (await catalogue.order(turn(desk, data))).subject == first.subject
    assert await orders(desk) == 1


async def test_an_item_that_was_taken_away_since_the_card_was_made(desk: Desk) -> None:
    card = await form(desk, "dockingstation")
    others = tuple(one for one in desk.organisation.catalogue.items if one.id != "dockingstation")
    smaller = replace(desk.organisation, catalogue=Catalogue(desk.organisation.catalogue.categories, others))
    with pytest.raises(NotFound, match="not in the catalogue"):
        await catalogue.order(turn(replace(desk, organisation=smaller), sent(card, {})))


async def test_a_form_of_somebody_who_may_not_order_it(desk: Desk) -> None:
    with pytest.raises(NotFound, match="not in the catalogue"):
        await form(desk, "starter")
    card = (await catalogue.form(turn(desk, {"item": "starter"}, who="fatima"))).card
    with pytest.raises(NotFound, match="not in the catalogue"):
        await catalogue.order(turn(desk, sent(card, {})))


# --- afterwards -------------------------------------------------------------------------------------------


async def view(desk: Desk, name: str, who: str, subject: str) -> str:
    from bot.features import features

    views = {name: view for feature in features() for name, view in feature.views.items()}
    async with desk.units.read() as unit:
        return texts(await views[name](unit, desk, person(who), subject))


async def test_the_approver_and_the_desk_see_what_was_answered(desk: Desk, counter: Counter) -> None:
    made = await counter.order()
    listed = (await approvals.open_approval(turn(desk, {"id": await approval_id(desk)}, who="fatima"))).card
    for said in ("Nieuwe laptop", "Licht en klein", "1.150,00, eenmalig"):
        assert said in texts(listed)
    assert "Wacht op goedkeuring door Fatima Benali." in await view(desk, REQUESTER, "amina", made.ticket.id)
    await counter.decide(made, "fatima", "approve", "Prima.")
    for name, who in ((DESK, "bram"), (REQUESTER, "amina"), (RESULT_VIEW, "amina")):
        shown = await view(desk, name, who, made.ticket.id)
        assert "Er ten laatste op: \n7 december 2026" in shown
        assert "Prima." in shown
    assert "Licht en klein" in await view(desk, DESK, "bram", made.ticket.id)


async def test_a_refusal_reads_as_one(desk: Desk, counter: Counter) -> None:
    made = await counter.order()
    await counter.decide(made, "fatima", "refuse", "Geen budget.")
    for name in (REQUESTER, RESULT_VIEW):
        shown = await view(desk, name, "amina", made.ticket.id)
        assert "Geen budget." in shown
    assert "Dit is niet goedgekeurd. Hieronder lees je waarom." in await view(
        desk, REQUESTER, "amina", made.ticket.id
    )


async def test_the_result_is_for_who_may_see_the_ticket(desk: Desk, counter: Counter) -> None:
    made = await counter.order()
    await counter.decide(made, "fatima", "approve")
    async with desk.units.read() as unit:
        show = catalogue.FEATURE.views[RESULT_VIEW]
        assert await show(unit, desk, person("dirk"), made.ticket.id) is None
        assert await show(unit, desk, person("amina"), new_id()) is None


async def test_an_order_that_was_sent_back_opens_in_its_form(desk: Desk, counter: Counter) -> None:
    made = await counter.order("tweestaps", RESET)
    with pytest.raises(NotFound):
        await catalogue.edit(turn(desk, {"id": made.ticket.id}, who="dirk"))
    made = await counter.order(note="Graag snel.")
    await counter.decide(made, "fatima", "send_back", "Is een lichte genoeg?")
    card = (await catalogue.edit(turn(desk, {"id": made.ticket.id}))).card
    shown = inputs(card)
    assert (shown[ANSWER + "model"], shown["note"]) == ("licht", "Graag snel.")
    done = await catalogue.order(turn(desk, sent(card, LAPTOP | {"model": "groot"})))
    assert done.subject == made.ticket.id
    assert "Groot scherm" in texts(done.card)
    assert await orders(desk) == 2


async def approval_id(desk: Desk) -> str:
    from domain.approvals.models import ApprovalRow

    async with desk.units.read() as unit:
        return str((await unit.db.execute(select(ApprovalRow.id))).scalar_one())
