"""Many tickets: major incidents with those they touch, the worklist, and several at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.helpdesk.models import deflections, major_followers, tickets
from domain.helpdesk.rules import State
from tests.cards.reading import of_type
from tests.helpdesk.chat.office import Office, said

WIFI = "incident de wifi valt telkens weg in het stadhuis"


async def by_requester(office: Office) -> dict[str, Any]:
    async with office.desk.units.read() as unit:
        rows = await unit.db.execute(select(tickets).order_by(tickets.c.id))
        return {row.requester_id: row for row in rows}


async def menu(office: Office, who: str, card: dict[str, Any], wanted: str) -> Any:
    shown = await office.press(who, "desk.more", card)
    button = next(
        one for one in of_type(shown, "Action.Execute") if wanted in (one["verb"], one["data"].get("page"))
    )
    return await office.press_on(who, button, shown)


def card_of(office: Office, who: str, number: str) -> dict[str, Any]:
    return next(card for card in office.chat(who) if number in said(card))


async def test_a_major_incident_with_three_reporters(office: Office) -> None:
    """Declared on the first; the second becomes part of it; the third only wants to hear how it goes."""
    await office.report("amina", WIFI)
    main = card_of(office, "stijn", "I-2026-000001")  # network goes to the second line
    await menu(office, "stijn", main, "desk.declare")
    await office.work()
    assert "Grote storing" in said(card_of(office, "stijn", "I-2026-000001"))

    office.desk.majors._read_at = None  # a moment later
    form = await office.say("fatima", "incident hier is ook geen wifi verbinding")
    assert "Dit is bekend: de helpdesk werkt eraan" in said(form)
    followed = await office.press("fatima", "helpdesk.follow", form)
    assert "Ik hou je op de hoogte" in said(followed)
    assert await office.count(deflections) == await office.count(major_followers) == 1

    await office.report("dirk", "incident geen netwerk op mijn laptop, wifi weg")
    part = card_of(office, "stijn", "I-2026-000002")
    assert "Dit lijkt op de grote storing" in said(part)
    await office.press("stijn", "desk.join", part)
    await office.work()
    found = await by_requester(office)
    assert found["dirk"].parent_id == found["amina"].id
    assert "hoort bij een bekend probleem: I-2026-000001" in said(office.chat("dirk")[0])
    assert "1 melding is hier een deel van" in said(card_of(office, "stijn", "I-2026-000001"))

    before = {who: len(office.chat(who)) for who in ("amina", "dirk", "fatima", "carla")}
    form = await menu(office, "stijn", card_of(office, "stijn", "I-2026-000001"), "tell")
    await office.press("stijn", "desk.tell", form, text="De leverancier is ter plaatse, om 11 uur meer.")
    await office.work()
    for who in ("amina", "dirk", "fatima"):
        assert len(office.chat(who)) == before[who] + 1, who
        assert "om 11 uur meer" in said(office.chat(who)[-1])
    assert len(office.chat("carla")) == before["carla"]

    main = card_of(office, "stijn", "I-2026-000001")
    before = {who: len(office.chat(who)) for who in ("amina", "dirk", "fatima")}
    await office.press("stijn", "helpdesk.resolve", main, resolve="De antenne is vervangen.")
    await office.work()
    assert "Het is opgelost" in said(office.chat("fatima")[-1])
    assert {who: len(office.chat(who)) - before[who] for who in before} == dict.fromkeys(before, 1)
    assert State((await by_requester(office))["dirk"].state).open
    main = next(card for card in office.chat("stijn") if "Los die ene melding ook op" in said(card))
    await office.press("stijn", "desk.resolve_parts", main)
    await office.work()
    states = {who: row.state for who, row in (await by_requester(office)).items()}
    assert states == {"amina": "resolved", "dirk": "resolved"}
    assert "De antenne is vervangen." in said(office.chat("dirk")[-1])


async def test_the_worklist_is_for_agents_and_shows_what_is_whose(office: Office) -> None:
    for number in range(10):
        await office.report(
            "amina", f"incident toestel {number} hapert", urgency="high" if number == 4 else "low"
        )
    assert "Werkvoorraad" not in said(await office.say("amina", "werkvoorraad"))
    mine = await office.say("bram", "werkvoorraad")
    assert "Hier staat niets" in said(mine)
    others = {
        one["data"].get("queue"): one
        for one in of_type(mine, "Action.Execute")
        if one["verb"] == "desk.queue"
    }
    first = await office.press_on("bram", others["unassigned"], mine)
    opened = [one["data"]["id"] for one in of_type(first, "Action.Execute") if one["verb"] == "helpdesk.open"]
    assert len(opened) == 8
    assert "toestel 4" in said(first)  # the urgent one first, and not after five others
    more = next(one for one in of_type(first, "Action.Execute") if one["title"] == "Meer")
    second = await office.press_on("bram", more, first)
    rest = [one["data"]["id"] for one in of_type(second, "Action.Execute") if one["verb"] == "helpdesk.open"]
    assert len({*opened, *rest}) == 10


async def test_several_at_once_say_what_did_not_go(office: Office) -> None:
    for number in range(3):
        await office.report("amina", f"incident toestel {number} hapert")
    found = [row.id for row in await rows(office)]
    await office.press("carla", "helpdesk.assign", card_of(office, "carla", "I-2026-000002"))
    await office.work()
    several = await several_of(office, "bram", "group")
    button = next(one for one in of_type(several, "Action.Execute") if one["data"].get("what") == "mine")
    none = await office.press_on("bram", button, several)
    assert "Kies een of meer meldingen" in said(none)
    done = await office.press_on("bram", button, none, chosen=",".join(found))
    assert "2 meldingen gedaan." in said(done)
    assert "I-2026-000002: Carla Maes heeft deze melding al." in said(done)
    assert [row.assignee_id for row in await rows(office)] == ["bram", "carla", "bram"]


async def test_a_number_that_nobody_has_is_not_there(office: Office) -> None:
    await office.teams["bram"].say("I-2026-999999")
    assert "Deze melding bestaat niet." in [body.get("text") for body in office.server.standing.values()]


async def test_several_are_resolved_with_the_same_words(office: Office) -> None:
    for number in range(2):
        await office.report("amina", f"incident toestel {number} hapert")
    found = ",".join(row.id for row in await rows(office))
    several = await several_of(office, "bram", "group")
    button = next(one for one in of_type(several, "Action.Execute") if one["data"].get("what") == "resolve")
    asked = await office.press_on("bram", button, several, chosen=found)
    empty = await office.press("bram", "desk.together", asked, to="  ")
    assert "Schrijf hier iets" in said(empty)
    await office.press("bram", "desk.together", empty, to="De stroom is terug.")
    await office.work()
    assert [row.state for row in await rows(office)] == ["resolved", "resolved"]
    assert [said(card).count("De stroom is terug.") > 0 for card in office.chat("amina")[-2:]] == [True, True]


async def several_of(office: Office, who: str, queue: str) -> Any:
    card = await office.say(who, "werkvoorraad")
    button = next(one for one in of_type(card, "Action.Execute") if one["data"].get("queue") == queue)
    shown = await office.press_on(who, button, card)
    return await office.press(who, "desk.several", shown)


async def rows(office: Office) -> list[Any]:
    async with office.desk.units.read() as unit:
        return list(await unit.db.execute(select(tickets).order_by(tickets.c.id)))


# --- on the phone -----------------------------------------------------------------------------------------


async def test_a_call_is_registered_and_the_person_is_told(office: Office) -> None:
    form = await office.say("bram", "/melding voor Dirk Peeters: zijn scherm flikkert, hij kan niet verder")
    typed = {part["id"]: part.get("value", "") for part in of_type(form, "Input.")}
    assert (typed["person"], typed["text"]) == ("Dirk Peeters", "zijn scherm flikkert, hij kan niet verder")
    assert typed["urgency"] == "high"
    await office.press("bram", "helpdesk.register", form, **typed)
    await office.work()
    [row] = await rows(office)
    assert (row.requester_id, row.reporter_id, row.team_id) == ("dirk", "bram", "omgeving")
    [told] = office.chat("dirk")
    assert "Bram De Smet meldde dit voor jou." in said(told)


async def test_a_call_that_is_solved_on_the_phone_is_resolved_at_once(office: Office) -> None:
    form = await office.say("bram", "melding voor dirk peeters scherm stond uit")
    typed = {part["id"]: part.get("value", "") for part in of_type(form, "Input.")}
    again = await office.press("bram", "helpdesk.register", form, **{**typed, "next": "solved"})
    assert "Schrijf hier iets" in said(again)
    await office.press(
        "bram", "helpdesk.register", again, **{**typed, "next": "solved", "solution": "Aangezet."}
    )
    await office.work()
    [row] = await rows(office)
    assert (row.state, row.assignee_id) == ("resolved", "bram")


async def test_an_unknown_caller_is_asked_for_again_and_an_employee_registers_nobody(office: Office) -> None:
    form = await office.say("bram", "/melding voor Zeppelin: alles is stuk")
    typed = {part["id"]: part.get("value", "") for part in of_type(form, "Input.")}
    again = await office.press("bram", "helpdesk.register", form, **typed)
    assert "Ik ken Zeppelin niet" in said(again)
    answer = await office.teams["dirk"].press("helpdesk.register", None, **{**typed, "person": "Amina"})
    assert answer.body is not None
    assert await office.count(tickets) == 0


# --- the right ticket -------------------------------------------------------------------------------------


async def test_a_message_after_two_answers_is_put_on_the_ticket_that_was_chosen(office: Office) -> None:
    for text in ("incident muis kapot", "incident toetsenbord kapot"):
        await office.report("amina", text)
    for number in ("I-2026-000001", "I-2026-000002"):
        await office.press("bram", "helpdesk.answer", card_of(office, "bram", number), answer="Welke kleur?")
        await office.work()
    office.desk.pending_answers._read_at = None
    card = await office.say("amina", "question de zwarte")
    assert "Bij welke melding hoort dit?" in said(card)
    first = (await rows(office))[0].id
    button = next(
        one
        for one in of_type(card, "Action.Execute")
        if one["data"].get("id") == first and one["verb"] == "helpdesk.belongs"
    )
    await office.press_on("amina", button, card, text="de zwarte")
    await office.work()
    assert "de zwarte" in said(card_of(office, "bram", "I-2026-000001"))


async def test_a_number_with_words_beside_it_is_a_reply_to_that_ticket(office: Office) -> None:
    await office.report()
    card = await office.say("amina", "I-2026-000001 hij piept nu ook")
    assert "Hoort dit bij I-2026-000001?" in said(card)
    assert await office.say("dirk", "I-2026-000001 hij piept") != card
    assert "hij piept nu ook" not in said(office.chat("dirk")[-1])
