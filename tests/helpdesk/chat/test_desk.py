"""What agents do with a ticket in chat, and what its requester sees of that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from cards.kit import SIZE_LIMIT, size_of
from domain.helpdesk.models import deflections, ticket_notes, ticket_numbers, tickets
from domain.helpdesk.rules import State
from tests.cards.reading import of_type
from tests.cast import person
from tests.helpdesk.chat.office import LAPTOP, Office, said, values

SECRET = "Interne twijfel: gebruiker liet koffie vallen"


async def column(office: Office, name: str) -> Any:
    """Of the only ticket there is."""
    async with office.desk.units.read() as unit:
        return (await unit.db.execute(select(tickets.c[name]))).scalar_one()


async def page(office: Office, name: str, who: str = "bram") -> Any:
    """Opens one of the forms from the ticket's card in this agent's chat."""
    menu = await office.press(who, "desk.more", office.chat(who)[0])
    button = next(one for one in of_type(menu, "Action.Execute") if one["data"].get("page") == name)
    return await office.press_on(who, button, menu)


async def act(office: Office, verb: str, form: Any, who: str = "bram", **inputs: str) -> Any:
    """Presses a button of a form that took the place of the ticket's card."""
    button = next(one for one in of_type(form, "Action.Execute") if one["verb"] == verb)
    card = await office.press_on(who, button, form, **inputs)
    await office.work()
    return card


async def test_the_menu_offers_what_is_possible_and_no_more(office: Office) -> None:
    await office.report()
    menu = await office.press("bram", "desk.more", office.chat("bram")[0])
    offered = {one["data"].get("page") or one["verb"] for one in of_type(menu, "Action.Execute")}
    assert {
        "give",
        "move",
        "escalate",
        "priority",
        "kind",
        "merge",
        "reject",
        "history",
        "desk.declare",
    } <= offered
    assert not offered & {"desk.resume", "desk.release", "desk.leave", "tell", "parts", "desk.end_major"}
    assert size_of(menu) < SIZE_LIMIT


async def test_a_ticket_goes_to_a_colleague_who_is_told(office: Office) -> None:
    await office.report()
    form = await page(office, "give")
    options = of_type(form, "Input.ChoiceSet")[0]["choices"]
    assert [one["title"] for one in options][:2] == ["Ik neem het", "Carla Maes"]
    await act(office, "desk.give", form, colleague="stijn")
    assert await column(office, "assignee_id") == "stijn"
    assert await column(office, "group_id") == "werkplek"  # it goes along to a group of the colleague's
    [new] = office.chat("stijn")
    assert LAPTOP in said(new)
    assert "Stijn Verbeke" in said(office.chat("amina")[0])


async def test_two_agents_who_give_it_away_at_once_are_told_who_was_first(office: Office) -> None:
    await office.report()
    forms = {who: await page(office, "give", who) for who in ("bram", "carla")}
    await act(office, "desk.give", forms["bram"], colleague="tine")
    refused = await act(office, "desk.give", forms["carla"], "carla", colleague="carla")
    assert "Iemand anders was eerst" in said(refused)
    assert await column(office, "assignee_id") == "tine"


async def test_another_group_sees_it_as_new_and_the_reason_stays_at_the_desk(office: Office) -> None:
    await office.report()
    await office.press("bram", "helpdesk.assign", office.chat("bram")[0])
    await office.work()
    shown = await act(office, "desk.escalate", await page(office, "escalate"), why=SECRET)
    assert await column(office, "state") == State.NEW.value
    assert await column(office, "assignee_id") is None
    assert SECRET in said(shown)
    assert "helpdesk.assign" in json.dumps(office.chat("tine")[0])
    assert SECRET not in json.dumps(office.chat("amina"), ensure_ascii=False)


async def test_a_priority_needs_a_reason_which_the_requester_reads(office: Office) -> None:
    await office.report()
    form = await page(office, "priority")
    again = await act(office, "desk.priority", form, priority="critical", why=" ")
    assert values(again)["priority"] == "critical"
    assert "Schrijf hier iets" in said(again)
    await act(office, "desk.priority", again, priority="critical", why="Burgemeester spreekt over een uur")
    assert await column(office, "priority") == 1
    assert "kritiek, beslist door de helpdesk: Burgemeester spreekt over een uur" in said(
        office.chat("amina")[0]
    )


async def test_another_kind_gets_another_number_and_the_old_one_still_finds_it(office: Office) -> None:
    await office.report()
    await act(office, "desk.kind", await page(office, "kind"), kind="request")
    assert await column(office, "number") == "A-2026-000001"
    assert await office.count(ticket_numbers) == 1
    assert "A-2026-000001" in said(await office.say("amina", "I-2026-000001"))
    history = await page(office, "history")
    assert "veranderde de soort; het was I-2026-000001" in said(history)


async def test_a_slip_in_a_form_comes_back_with_what_was_typed(office: Office) -> None:
    await office.report()
    for name, verb, inputs, where in (
        ("merge", "desk.merge", {"into": "I-2026-999999"}, "Deze melding bestaat niet"),
        ("join", "desk.join", {"main": "onzin"}, "Deze melding bestaat niet"),
        ("time", "desk.time", {"minutes": "een half uur"}, "Typ een aantal minuten"),
        ("time", "desk.time", {"minutes": "99999"}, "hoogstens 1440"),
        ("followers", "desk.watch", {"colleague": "Niemand Nergens"}, "Ik ken Niemand Nergens niet"),
        ("give", "desk.give", {"colleague": ""}, "Kies een collega"),
        ("move", "desk.move", {"group": ""}, "Kies er een uit de lijst"),
    ):
        again = await act(office, verb, await page(office, name), **inputs)
        [(field, typed)] = inputs.items()
        assert where in said(again), (name, said(again))
        if typed and name not in ("give", "move"):
            assert values(again)[field] == typed
        await act(office, "desk.back", again)
    assert await column(office, "version") == 1


async def test_a_form_that_is_being_filled_in_is_not_wiped_out_by_a_change(office: Office) -> None:
    await office.report()
    form = await page(office, "wait")
    await office.press("amina", "helpdesk.reply", office.chat("amina")[0], reply="Er komt ook rook uit")
    await office.work()
    assert form in office.chat("bram")
    sent = await act(office, "helpdesk.await_supplier", form, await_supplier="Het scherm is besteld")
    assert "wacht op de leverancier" in said(sent)


async def test_a_standard_reply_fills_the_box_and_keeps_what_was_typed(office: Office) -> None:
    await office.report()
    form = await page(office, "compose")
    button = next(one for one in of_type(form, "Action.Execute") if one["data"].get("reply") == "herstart")
    filled = await office.press_on("bram", button, form, answer="En trek de stekker uit.")
    box = values(filled)["answer"]
    assert box.startswith("Dag Amina,")
    assert box.endswith("En trek de stekker uit.")
    assert "{" not in box
    await act(office, "helpdesk.ask", filled, answer=box)
    assert await column(office, "state") == State.WAITING_REQUESTER.value
    assert "Bram De Smet heeft iets van je nodig" in said(office.chat("amina")[-1])


async def test_an_answer_that_waits_goes_on_with_the_reply(office: Office) -> None:
    await office.report()
    await office.press("bram", "helpdesk.ask", office.chat("bram")[0], answer="Welk toestel?")
    await office.work()
    assert await column(office, "state") == State.WAITING_REQUESTER.value
    await office.press("amina", "helpdesk.reply", office.chat("amina")[-1], reply="De zwarte")
    await office.work()
    assert await column(office, "state") == State.IN_PROGRESS.value


async def test_a_refusal_says_why_and_is_final_for_the_requester(office: Office) -> None:
    await office.report()
    await act(office, "helpdesk.reject", await page(office, "reject"), reject="Privétoestellen doen we niet")
    card = office.chat("amina")[-1]
    assert "Bram De Smet kan dit niet voor je doen" in said(card)
    assert "Privétoestellen doen we niet" in said(card)
    assert "helpdesk.reopen" not in json.dumps(card)


async def test_a_requester_withdraws_and_changes_their_mind(office: Office) -> None:
    await office.report()
    own = await office.press("amina", "helpdesk.more", office.chat("amina")[0])
    withdrawn = await office.press("amina", "helpdesk.withdraw", own, withdraw="Ik vond de lader")
    await office.work()
    assert await column(office, "state") == State.WITHDRAWN.value
    assert "Je trok dit in" in said(withdrawn)
    assert "ingetrokken" in said(office.chat("bram")[0])
    await office.press("amina", "helpdesk.reopen", withdrawn, reopen="Toch niet")
    assert await column(office, "state") == State.NEW.value


async def test_a_colleague_who_follows_sees_the_ticket_and_has_no_buttons_of_the_requester(
    office: Office,
) -> None:
    await office.report()
    own = await office.press("amina", "helpdesk.more", office.chat("amina")[0])
    again = await office.press("amina", "helpdesk.watch", own, colleague="fatima")
    await office.work()
    assert "Fatima Benali" in said(again)
    [card] = office.chat("fatima")
    assert LAPTOP in said(card)
    assert [one["verb"] for one in of_type(card, "Action.Execute")] == ["helpdesk.stop_watching"]
    await office.press("bram", "helpdesk.resolve", office.chat("bram")[0], resolve="Nieuwe batterij")
    await office.work()
    assert "opgelost" in said(office.chat("fatima")[0])
    stopped = await office.press("fatima", "helpdesk.stop_watching", office.chat("fatima")[0])
    assert "Je volgt deze melding niet meer" in said(stopped)
    answer = await office.say("fatima", "I-2026-000001")
    assert LAPTOP not in said(answer)


async def test_minutes_add_up(office: Office) -> None:
    await office.report()
    for minutes in ("15", "30"):
        card = await act(office, "desk.time", await page(office, "time"), minutes=minutes)
    assert "45 minuten" in said(card)
    assert "45" not in said(office.chat("amina")[0])


# --- notes stay at the desk -------------------------------------------------------------------------------


async def test_a_note_reaches_no_requester_by_any_way_through_the_chat(office: Office) -> None:
    """Every view, every button, every typed way in: of the requester, a follower and an outsider."""
    await office.report()
    await office.press("bram", "desk.note", office.chat("bram")[0], note=SECRET)
    await office.work()
    assert await office.count(ticket_notes) == 1
    assert SECRET in said(office.chat("carla")[0])
    own = await office.press("amina", "helpdesk.more", office.chat("amina")[0])
    await office.press("amina", "helpdesk.watch", own, colleague="fatima")
    await office.work()
    async with office.desk.units.read() as unit:
        ticket_id = (await unit.db.execute(select(tickets.c.id))).scalar_one()
        note_id = (await unit.db.execute(select(ticket_notes.c.id))).scalar_one()
    await office.press("bram", "helpdesk.answer", office.chat("bram")[0], answer="We kijken ernaar.")
    await office.press("bram", "helpdesk.resolve", office.chat("bram")[0], resolve="Gedroogd.")
    await office.work()
    shown: list[Any] = []
    for who in ("amina", "fatima", "dirk"):
        for verb in office.verbs:
            for subject in (ticket_id, note_id):
                data = {
                    "id": subject,
                    "message": subject,
                    "view": "ticket.desk",
                    "page": "history",
                    "desk": "yes",
                }
                given = {**data, "note": "x", "seen": 1, "as": "note", "text": "x", "kind": "incident"}
                shown.append((await office.teams[who].press(verb, None, **given)).body)
        for text in ("I-2026-000001", "werkvoorraad", "mijn meldingen", "koffie", SECRET[:20]):
            await office.teams[who].say(text)
        async with office.desk.units.read() as unit:
            shown += [
                await view(unit, office.desk, person(who), subject)
                for view in office.views.values()
                for subject in (ticket_id, note_id)
            ]
        shown.append(office.chat(who))
    everything = json.dumps(shown, ensure_ascii=False)
    assert "We kijken ernaar." in everything  # what may be seen, was
    assert SECRET not in everything
    assert "liet koffie vallen" not in everything


# --- self-reliance first ----------------------------------------------------------------------------------


async def test_a_digicoach_taken_instead_of_a_ticket_is_counted_once(office: Office) -> None:
    form = await office.say("amina", LAPTOP)
    form_id = next(one for one in of_type(form, "Action.Execute") if one["verb"] == "helpdesk.submit")[
        "data"
    ]["form"]
    for _ in range(2):
        await office.teams["amina"].press(
            "helpdesk.digicoach", None, form=form_id, kind="incident", coach="joris"
        )
    assert await office.count(deflections) == 1
    assert await office.count(tickets) == 0
    await office.report()
    assert await office.count(deflections) == 0  # it did not help after all


@pytest.mark.parametrize("typed", ["melding", "/melding", "Ik wil iets melden."])
async def test_who_only_wants_to_report_is_asked_the_one_question(office: Office, typed: str) -> None:
    card = await office.say("amina", typed)
    assert "Werkte het vroeger, en kun je nu niet verder?" in said(card)
    form = await office.press("amina", "helpdesk.form", card)
    assert "helpdesk.submit" in json.dumps(form)


async def test_the_latest_line_names_the_group(office: Office) -> None:
    await office.report()
    card = await act(office, "desk.escalate", await page(office, "escalate"), why="Te moeilijk")
    assert "Netwerk en toepassingen in" in said(card)
    assert "tweede_lijn" not in said(card)


async def test_what_was_chosen_comes_back_as_no_word_when_the_ticket_moved_on(office: Office) -> None:
    await office.report()
    form = await page(office, "priority")
    more = await office.press("amina", "helpdesk.more", office.chat("amina")[0])
    await office.press("amina", "helpdesk.withdraw", more)
    card = await act(office, "desk.priority", form, priority="low", why="Kan wachten")
    assert "Kan wachten" in said(card)
    assert "\nlow\n" not in f"\n{said(card)}\n"
