"""Sites that stand, through the bot's own handlers: lists, a change, the yearly question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.approvals import decisions as approvals
from bot.sites import change as sites_change
from bot.sites import life as sites_life
from bot.turn import NOTHING
from domain.errors import NotFound
from tests.cast import person
from tests.sites.conftest import Office
from tests.sites.pressing import (
    FORGED,
    approve_all,
    decide,
    inputs,
    pending_id,
    pressing,
    send,
    texts,
    turn,
    verbs,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def stand(office: Office) -> str:
    receipt = await send(office)
    await approve_all(office)
    await office.run_all()
    assert receipt.subject is not None
    return receipt.subject


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("mijn sites", True),
        ("Mijn sites?", True),
        ("my sites", True),
        ("sites van team Digitale Transformatie", True),
        ("sites van het team digitale transformatie", True),
        ("Sites de l'équipe Digitale Transformatie", True),
        ("waar vind ik mijn sites terug", False),
        ("ik wil een site", False),
        ("mijn site werkt niet", False),
        ("sites", False),
    ],
)
async def test_the_lists_answer_to_their_exact_words(office: Office, typed: str, answers: bool) -> None:
    reply = await sites_life.command(turn(office, "amina", text=typed))
    assert (reply != NOTHING) is answers
    channel = turn(office, "amina", text=typed)
    channel.place = replace(channel.place, personal=False)
    assert (await sites_life.command(channel)).text == ("Ask me this in our own chat." if answers else None)


async def test_a_site_is_found_opened_and_asked_about(office: Office) -> None:
    site_id = await stand(office)
    mine = await sites_life.mine(turn(office, "amina"))
    assert pressing(mine.card, "sites.site") == {"id": site_id}
    team = await sites_life.command(turn(office, "bram", text="sites van team digitale"))
    assert pressing(team.card, "sites.site") == {"id": site_id}
    none = await sites_life.command(turn(office, "rik", text="sites van team Digitale Transformatie"))
    assert "sites.site" not in verbs(none.card)
    unknown = await sites_life.command(turn(office, "amina", text="sites van team Brandweer"))
    assert "brandweer" in (unknown.text or "")
    several = await sites_life.command(turn(office, "amina", text="sites van team en"))
    assert "Which team do you mean" in (several.text or "")
    opened = await sites_life.open_site(turn(office, "amina", {"id": site_id}))
    assert verbs(opened.card) == ["sites.change"] * 3
    member = await sites_life.open_site(turn(office, "dirk", {"id": site_id}))
    assert verbs(member.card) == [], "a member sees it, and asks nothing"


async def test_a_change_is_asked_approved_and_told(office: Office) -> None:
    site_id = await stand(office)
    form = await sites_change.start(turn(office, "amina", {"id": site_id, "kind": "rename"}))
    data = pressing(form.card, "sites.ask_change")
    assert inputs(form.card)["name"] == "Vlasmarkt"
    wrong = await sites_change.ask(turn(office, "amina", {**data, "name": "test", "reason": ""}))
    assert "“test”" in texts(wrong.card)
    assert "Say why" in texts(wrong.card)
    sent = {**data, "name": "Markt en plein", "reason": "Het plein hoort erbij."}
    asked = await sites_change.ask(turn(office, "amina", sent))
    assert "Another name: waits for approval." in texts(asked.card)
    assert verbs(asked.card) == ["sites.change_withdraw"]
    twice = await sites_change.ask(turn(office, "amina", sent))
    assert texts(twice.card) == texts(asked.card)
    opened = await approvals.open_approval(turn(office, "els", {"id": await pending_id(office, "els")}))
    assert "Het plein hoort erbij." in texts(opened.card)
    assert "Markt en plein" in texts(opened.card)
    await decide(office, approvals.send_back, "els", comment_send_back="Zonder plein.")
    change_id = pressing(
        (await sites_life.open_site(turn(office, "amina", {"id": site_id}))).card, "sites.change_edit"
    )["id"]
    with pytest.raises(NotFound):
        await sites_change.edit(turn(office, "bram", {"id": change_id}))
    form = await sites_change.edit(turn(office, "amina", {"id": change_id}))
    assert "Zonder plein." in texts(form.card)
    data = pressing(form.card, "sites.change_again")
    again = await sites_change.again(
        turn(office, "amina", {**data, "name": "Markt 2027", "reason": "Beter."})
    )
    assert "Markt 2027" in texts(again.card)
    await decide(office, approvals.approve, "els")
    await office.run_all()
    opened = await sites_life.open_site(turn(office, "amina", {"id": site_id}))
    assert texts(opened.card).startswith("Markt 2027")


async def test_the_yearly_question_is_answered_with_a_press(office: Office) -> None:
    site_id = await stand(office)
    office.clock.now = office.clock.now.replace(year=2027)
    async with office.units.read() as unit:
        subject = f"{site_id}:review:2027-11-23"
        card = await sites_life.show_notice(unit, office.desk, person("amina"), subject)
        other = await sites_life.show_notice(unit, office.desk, person("rik"), subject)
    assert other is None
    assert verbs(card) == ["sites.still_needed", "sites.change", "sites.change"]
    await sites_life.confirm(turn(office, "amina", {"id": site_id}))
    async with office.units.read() as unit:
        card = await sites_life.show_notice(unit, office.desk, person("els"), subject)
    assert "Dit is beantwoord." in texts(card)
    assert "sites.still_needed" not in verbs(card)


async def test_sites_of_others_are_not_there(office: Office) -> None:
    site_id = await stand(office)
    handlers = (sites_life.open_site, sites_life.confirm, sites_change.start, sites_change.ask)
    for handler in handlers:
        for forged in (site_id, *FORGED):
            with pytest.raises(NotFound):
                await handler(turn(office, "rik", {"id": forged, "kind": "archive", "reason": "zomaar"}))
    for handler in (sites_change.edit, sites_change.withdraw, sites_life.retry):
        for forged in FORGED:
            with pytest.raises(NotFound):
                await handler(turn(office, "rik", {"id": forged, "kind": "archive"}))
