"""The helpdesk in people's chats: real bridge, real worker, and a Bot Connector that shows what stands where."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from bot.helpdesk import tickets as helpdesk
from cards.kit import SIZE_LIMIT, size_of
from domain.desk import Desk
from domain.helpdesk.models import ticket_events, ticket_messages, tickets
from domain.helpdesk.rules import Kind, State
from domain.intents.models import Guess, Intent
from domain.jobs.models import Job, JobState
from domain.tables import new_id
from tests.bot.conftest import FirstWord
from tests.cards.reading import of_type, texts
from tests.cast import person
from tests.conftest import Clock
from tests.helpdesk.chat.office import (
    DIFFICULT,
    LAPTOP,
    WORK,
    Office,
    said,
    shown,
    values,
    verbs,
)

# --- the walk ---------------------------------------------------------------------------------------------


async def test_an_incident_from_message_to_confirmation(office: Office, clock: Clock) -> None:
    form = await office.say("amina", LAPTOP)
    assert values(form) == {"text": LAPTOP, "urgency": "", "impact": "low"}

    receipt = await office.press("amina", "helpdesk.submit", form, text=LAPTOP, urgency="high", impact="low")
    assert "I-2026-000001" in said(receipt)
    assert verbs(receipt) == ["helpdesk.reply"]
    await office.work()

    [bram_card] = office.chat("bram")
    [carla_card] = office.chat("carla")
    assert office.chat("dirk") == []
    assert LAPTOP in said(bram_card)
    assert verbs(bram_card) == verbs(carla_card) == ["helpdesk.assign", *WORK]

    taken = await office.press("bram", "helpdesk.assign")
    assert verbs(taken) == WORK
    await office.work()
    assert "Bram De Smet" in said(office.chat("carla")[0])
    assert "Bram De Smet" in said(office.chat("amina")[0])
    assert len(office.chat("carla")) == len(office.chat("amina")) == 1  # in place, nothing new

    await office.press("bram", "helpdesk.answer", answer="Brandt het lampje?")
    await office.work()
    receipt, answer = office.chat("amina")
    assert "Brandt het lampje?" in said(answer)
    assert "Brandt het lampje?" in said(receipt)

    clock.forward(minutes=3)
    replied = await office.press("amina", "helpdesk.reply", answer, reply="Nee, het blijft donker.")
    assert "Nee, het blijft donker." in said(replied)
    await office.work()
    desk_card, reply = office.chat("bram")
    assert "Nee, het blijft donker." in said(reply)
    assert "Nee, het blijft donker." in said(desk_card)
    assert len(office.chat("carla")) == 1  # the ticket is Bram's

    await office.press("bram", "helpdesk.resolve", reply, resolve="Nieuwe batterij.")
    await office.work()
    solution = office.chat("amina")[-1]
    assert "Nieuwe batterij." in said(solution)
    assert verbs(solution) == ["helpdesk.close", "helpdesk.reopen", "helpdesk.open"]

    reopened = await office.press("amina", "helpdesk.reopen", solution, reopen="Hij valt weer uit.")
    assert "helpdesk.reply" in verbs(reopened)
    await office.work()
    assert "Hij valt weer uit." in said(office.chat("bram")[-1])
    await office.press("bram", "helpdesk.resolve", resolve="Nieuw moederbord.")
    await office.work()
    closed = await office.press("amina", "helpdesk.close")
    assert "helpdesk.close" not in verbs(closed)
    await office.work()
    assert await office.state() is State.CLOSED
    assert verbs(office.chat("bram")[0]) == ["helpdesk.reopen"]

    await office.press("bram", "helpdesk.reopen", reopen="De garantie dekt het niet.")
    await office.work()
    again = office.chat("amina")[-1]
    assert "Bram De Smet heeft het opnieuw geopend" in said(again)
    assert "De garantie dekt het niet." in said(again)
    await office.press("bram", "helpdesk.answer", answer="We zoeken een ander toestel.")
    await office.work()
    assert "Bram De Smet antwoordt je" in said(office.chat("amina")[-1])


async def test_who_types_a_password_along_is_told_to_take_it_out(office: Office) -> None:
    warning = "Er lijkt een wachtwoord in je tekst te staan."
    assert warning in said(await office.say("amina", f"{LAPTOP}, mijn wachtwoord is Zomer2026!"))
    assert warning not in said(await office.say("amina", f"{LAPTOP} en mijn wachtwoord is verlopen"))


async def test_every_agent_hears_a_reply_to_a_ticket_that_nobody_has(office: Office) -> None:
    await office.report()
    await office.press("amina", "helpdesk.reply", reply="Het is nu erger.")
    await office.work()
    for agent in ("bram", "carla"):
        desk_card, reply = office.chat(agent)
        assert "Het is nu erger." in said(reply)
        assert verbs(reply)[0] == "helpdesk.assign"
        assert "Het is nu erger." in said(desk_card)


async def test_a_ticket_by_a_colleague_or_a_flow_shows_up_in_the_requesters_chat(
    office: Office, desk: Desk
) -> None:
    from domain.actor import Actor
    from domain.helpdesk.actions import report_ticket
    from tests.helpdesk.conftest import incident

    policy = desk.organisation.helpdesk
    async with desk.units() as unit:
        flow = Actor("flow:intake", "intake")
        await report_ticket(unit, flow, incident(), policy, key="1", on_behalf_of=person("amina"))
        await report_ticket(unit, flow, incident("Van de flow zelf"), policy, key="2")
    await office.work()
    [receipt] = office.chat("amina")
    assert "I-2026-000001" in said(receipt)
    assert [("intake" in said(card)) for card in office.chat("bram")] == [True, True]
    await office.press("bram", "helpdesk.answer", office.chat("bram")[1], answer="Aan een flow")
    await office.work()
    async with desk.units.read() as unit:
        states = (await unit.db.execute(select(Job.state).distinct())).scalars().all()
    assert states == [JobState.DONE]


# --- the form ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.INCIDENT, Kind.CHANGE])  # what is asked for opens the catalogue
async def test_each_kind_has_its_form_and_its_number(office: Office, kind: Kind) -> None:
    receipt = await office.report(text=f"{kind} voor iets")
    assert f"{kind.letter}-2026-000001" in said(receipt)


async def test_another_kind_can_be_chosen_without_losing_what_was_typed(office: Office) -> None:
    form = await office.say("amina", LAPTOP)
    button = next(a for a in of_type(form, "Action.Execute") if a["data"].get("kind") == "request")
    other = shown(
        await office.teams["amina"].press(
            "helpdesk.form", None, **button["data"], text="Een nieuwe laptop", urgency="low", impact="medium"
        )
    )
    assert values(other) == {"text": "Een nieuwe laptop", "urgency": "low", "impact": "medium"}
    receipt = await office.press("amina", "helpdesk.submit", other, **values(other))
    assert "A-2026-000001" in said(receipt)


async def test_who_writes_that_they_cannot_go_on_finds_that_chosen(office: Office) -> None:
    form = await office.say("amina", f"{LAPTOP}, et je ne peux pas continuer")
    assert values(form)["urgency"] == "high"


async def test_an_empty_form_comes_back_with_what_is_wrong_at_each_field(office: Office) -> None:
    form = await office.say("amina", LAPTOP)
    again = await office.press("amina", "helpdesk.submit", form, text="  ", urgency="", impact="")
    problems = [
        part["items"][0]["id"]
        for part in of_type(again, "Container")
        if part["items"][0]["type"].startswith("Input.") and len(part["items"]) == 2
    ]
    assert problems == ["text", "urgency", "impact"]
    assert await office.count(tickets) == 0
    kept = await office.press(
        "amina", "helpdesk.submit", again, text="Beeldscherm", urgency="x", impact="medium"
    )
    assert values(kept) == {"text": "Beeldscherm", "urgency": "", "impact": "medium"}
    receipt = await office.press("amina", "helpdesk.submit", kept, **(values(kept) | {"urgency": "low"}))
    assert "I-2026-000001" in said(receipt)


async def test_a_form_sent_twice_makes_one_ticket(office: Office) -> None:
    form = await office.say("amina", LAPTOP)
    given = {"text": LAPTOP, "urgency": "high", "impact": "low"}
    first = await office.press("amina", "helpdesk.submit", form, **given)
    assert await office.press("amina", "helpdesk.submit", form, **given) == first
    notice = await office.press("amina", "helpdesk.submit", form, **{**given, "text": "Iets anders"})
    assert isinstance(notice, str)  # the form stays, with what was typed
    assert await office.count(tickets) == 1


@pytest.mark.parametrize("text", DIFFICULT, ids=range(len(DIFFICULT)))
async def test_every_text_in_every_box_is_shown_and_breaks_no_card(office: Office, text: str) -> None:
    receipt = await office.report(text=f"incident {text}"[:9_000])
    await office.press("bram", "helpdesk.answer", answer=text)
    await office.work()
    await office.press("amina", "helpdesk.reply", reply=text)
    await office.work()
    await office.press("bram", "helpdesk.resolve", resolve=text)
    await office.work()
    await office.press("amina", "helpdesk.reopen", reopen=text)
    await office.work()
    assert await office.count(ticket_messages) == 4
    for card in (receipt, *office.chat("amina"), *office.chat("bram"), *office.chat("carla")):
        assert size_of(card) <= SIZE_LIMIT
        assert "type" in card, "a text instead of a card: it was too large"
        for part in of_type(card, "TextBlock"):
            assert "kwaad.example" not in part["text"]
            assert "<script>" not in part["text"]
            assert "{{" not in json.dumps(card)


async def test_a_message_that_is_too_long_for_the_form_is_cut_and_that_is_said(office: Office) -> None:
    form = await office.say("amina", "incident " + "x" * 10_000)
    assert len(values(form)["text"]) == 4_000
    boxes = [part for part in of_type(form, "Container") if part["items"][0].get("id") == "text"]
    assert len(boxes[0]["items"]) == 2


# --- stale, double and foreign presses --------------------------------------------------------------------


async def test_the_second_agent_sees_who_was_first(office: Office) -> None:
    await office.report()
    stale = office.chat("carla")[0]
    await office.press("bram", "helpdesk.assign")
    card = await office.press("carla", "helpdesk.assign", stale)
    assert "Bram De Smet" in texts(card)[0]
    assert verbs(card) == WORK


async def test_a_stale_reply_shows_the_state_that_stands_and_keeps_what_was_typed(office: Office) -> None:
    await office.report()
    stale = office.chat("amina")[0]
    await office.press("bram", "helpdesk.resolve", resolve="Klaar.")
    card = await office.press("amina", "helpdesk.reply", stale, reply="Het brandt nog!")
    assert "Het brandt nog!" in said(card)
    assert verbs(card) == ["helpdesk.close", "helpdesk.reopen"]
    assert await office.count(ticket_messages) == 1


async def test_a_double_press_says_it_once_and_another_text_is_said_too(office: Office) -> None:
    await office.report()
    card = office.chat("bram")[0]
    for _ in range(2):
        await office.press("bram", "helpdesk.answer", card, answer="Ik kom.")
    assert await office.count(ticket_messages) == 1
    await office.press("bram", "helpdesk.answer", card, answer="Om tien uur.")
    assert await office.count(ticket_messages) == 2
    assert await office.count(ticket_events) == 3


@pytest.mark.parametrize(
    "verb", [name for name in helpdesk.FEATURE.verbs if name not in ("helpdesk.form", "helpdesk.submit")]
)
async def test_an_outsider_with_the_id_of_a_ticket_gets_nowhere(office: Office, verb: str) -> None:
    await office.report()
    before = await office.count(ticket_events)
    button = of_type(office.chat("bram")[0], "Action.Execute")[0]
    inputs = dict.fromkeys(("answer", "reply", "resolve", "reopen", "text"), "Ik ben Amina")
    for view in helpdesk.FEATURE.views:
        answer = shown(
            await office.teams["dirk"].press(verb, None, **{**button["data"], **inputs, "view": view})
        )
        assert isinstance(answer, str)
        assert "laptop" not in answer
    assert await office.count(ticket_events) == before


async def test_a_requester_does_not_get_the_desks_card_by_asking_for_it(office: Office) -> None:
    await office.report()
    button = of_type(office.chat("amina")[0], "Action.Execute")[0]
    answer = shown(
        await office.teams["amina"].press(
            "helpdesk.reply", None, **{**button["data"], "view": "ticket.desk", "reply": "x"}
        )
    )
    assert isinstance(answer, str)
    assert await office.count(ticket_messages) == 0


@pytest.mark.parametrize(
    "data", [{}, {"id": 7}, {"id": "x"}, {"id": None}, {"id": {"a": 1}}, {"id": new_id()}]
)
@pytest.mark.parametrize("verb", ["helpdesk.assign", "helpdesk.answer", "helpdesk.open", "helpdesk.aside"])
async def test_a_press_about_nothing_is_answered_with_a_sentence(
    office: Office, verb: str, data: dict[str, Any]
) -> None:
    assert isinstance(shown(await office.teams["bram"].press(verb, None, **data)), str)


async def test_opening_a_ticket_shows_each_their_own_side_of_it(office: Office) -> None:
    await office.report()
    ticket_id = of_type(office.chat("bram")[0], "Action.Execute")[0]["data"]["id"]
    requester = shown(await office.teams["amina"].press("helpdesk.open", None, id=ticket_id))
    desk = shown(await office.teams["bram"].press("helpdesk.open", None, id=ticket_id))
    assert verbs(requester) == ["helpdesk.reply"]
    assert verbs(desk)[0] == "helpdesk.assign"


# --- a message that may belong to a ticket ----------------------------------------------------------------


@pytest.fixture
async def answered(office: Office) -> Office:
    """Bram has just asked Amina something."""
    await office.report()
    await office.press("bram", "helpdesk.answer", answer="Brandt het lampje?")
    await office.work()
    office.desk.pending_answers._read_at = None  # as if some seconds had passed
    return office


async def test_a_message_after_an_answer_can_be_sent_to_the_agent(answered: Office) -> None:
    card = await answered.say("amina", "nee het blijft donker")
    assert "I-2026-000001" in said(card)
    assert values(card) == {"text": "nee het blijft donker"}
    receipt = await answered.press("amina", "helpdesk.belongs", card, text="nee het blijft donker")
    assert "nee het blijft donker" in said(receipt)
    await answered.work()
    assert "nee het blijft donker" in said(answered.chat("bram")[-1])
    assert (await answered.say("amina", "question wat nu")) == {"text": "question: question wat nu"}


async def test_a_message_about_something_new_goes_where_it_would_have_gone(answered: Office) -> None:
    card = await answered.say("amina", "question over iets anders")
    notice = await answered.press("amina", "helpdesk.aside", card, text="question over iets anders")
    assert notice == "question: question over iets anders"
    answered.desk.pending_answers._read_at = None
    assert (await answered.say("amina", "question wat nu")) == {"text": "question: question wat nu"}
    assert await answered.count(ticket_messages) == 1


async def test_only_the_person_who_was_answered_is_asked(answered: Office) -> None:
    for who in ("bram", "dirk"):
        assert (await answered.say(who, "question wat")) == {"text": "question: question wat"}


@pytest.mark.parametrize("plain", ["help", "my_items van mij", "site voor iets", "approvals voor mij"])
async def test_what_nobody_says_to_an_agent_is_not_asked_about(answered: Office, plain: str) -> None:
    assert "I-2026-000001" not in json.dumps(await answered.say("amina", plain))
    assert "I-2026-000001" in json.dumps(await answered.say("amina", f"{plain}?"))  # unless that is not sure


async def test_an_old_answer_is_not_asked_about(answered: Office, clock: Clock) -> None:
    clock.forward(hours=8)
    assert (await answered.say("amina", "question wat")) == {"text": "question: question wat"}


async def test_a_message_after_a_solution_confirms_it_or_opens_it_again(office: Office) -> None:
    await office.report()
    for step, state in (("close", State.CLOSED), ("reopen", State.IN_PROGRESS)):
        if await office.state() is State.CLOSED:
            await office.press("bram", "helpdesk.reopen", office.chat("bram")[0], reopen="Nog eens")
            await office.work()
        await office.press("bram", "helpdesk.resolve", office.chat("bram")[0], resolve="Klaar.")
        await office.work()
        office.desk.pending_answers._read_at = None
        card = await office.say("amina", "en nu?")
        button = next(a for a in of_type(card, "Action.Execute") if a["data"].get("step") == step)
        shown(await office.teams["amina"].press("helpdesk.belongs", None, **button["data"], text="en nu?"))
        await office.work()
        assert await office.state() is state


def test_guesses_are_made_by_the_first_word() -> None:
    """What the tests above lean on."""
    assert FirstWord().guess("incident x") == Guess(Intent.INCIDENT, True, (Intent.INCIDENT, Intent.HELP))


async def test_who_asks_how_it_is_with_a_ticket_sees_it(office: Office) -> None:
    await office.report()
    card = await office.say("amina", "my_items waar blijft i-2026-000001")
    assert "I-2026-000001" in said(card)
    assert "helpdesk.belongs" not in json.dumps(card)
    unsure = await office.say("amina", "my_items waar blijft I-2026-000001?")
    assert "helpdesk.belongs" in json.dumps(unsure)


@pytest.mark.parametrize("number", ["I-2026-000002", "I-2026-000001"], ids=["nobody's", "another's"])
async def test_a_number_that_is_not_there_is_said_to_who_asks_for_it(office: Office, number: str) -> None:
    await office.report()
    for asked in (number, f"my_items hoe ver staat het met {number}"):
        assert (await office.say("dirk", asked)) == {"text": "Deze melding bestaat niet."}
    story = f"question over {number}, iets wat ik ergens las"
    assert (await office.say("dirk", story)) == {"text": f"question: {story}"}


async def test_a_ticket_is_not_shown_in_a_channel(office: Office) -> None:
    await office.report()
    place = {"conversation": {"id": "19:plein@thread.tacv2", "conversationType": "channel", "isGroup": True}}
    for who in ("amina", "bram"):
        await office.teams[who].say("I-2026-000001", **place)
    told = [body for (chat, _), body in office.server.standing.items() if chat == "19:plein@thread.tacv2"]
    assert [body.get("text") for body in told] == ["Vraag me dit in onze eigen chat."] * 2
