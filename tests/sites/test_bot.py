"""The whole walk through the bot's own handlers: questions, advice, form, decision, and what bad input gets."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.approvals import decisions as approvals
from bot.sites import requests as sites
from bot.turn import NOTHING, Card
from cards.kit import SIZE_LIMIT, size_of
from domain.building.steps import REQUESTER_VIEW, RESULT_VIEW
from domain.errors import NotFound
from domain.intents.models import Guess, Intent
from domain.sites.ports import BusyError, NameStatus
from domain.tables import new_id
from tests.cast import person
from tests.servers.tenant import TenantServer
from tests.sites.conftest import Office
from tests.sites.pressing import (
    ANSWERS,
    FORGED,
    GOOD,
    approve_all,
    decide,
    elements,
    inputs,
    pending_id,
    pressing,
    send,
    texts,
    turn,
    verbs,
)

DIFFICULT = [
    "x" * 10_000,
    "مرحبا بكم في المدينة الجديدة",
    "**vet** [klik](http://kwaad.example) `code` # kop",
    "<script>alert(1)</script><b>vet</b> & {{DATE(2026-01-01)}}",
    "👩‍👩‍👧‍👦🏴‍☠️" * 50,
]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_message_answers_what_it_says_already(office: Office) -> None:
    reply = await sites.guide(turn(office, "amina", text="ik wil een nieuwe projectsite voor Vlasmarkt"))
    assert inputs(reply.card) == {
        "outsiders": "", "personal_data": "", "confidential": "", "audience": "project",
    }  # fmt: skip
    assert pressing(reply.card, "sites.advise") == {"name": "Vlasmarkt"}


async def test_from_four_questions_to_a_form(office: Office) -> None:
    """Nothing is lost on the way: the name of the message, and the answers."""
    unanswered = await sites.advise(turn(office, "amina", {**ANSWERS, "audience": "", "name": "Vlasmarkt"}))
    assert "Answer every question." in texts(unanswered.card)
    assert inputs(unanswered.card) == {**ANSWERS, "audience": ""}
    advised = await sites.advise(turn(office, "amina", {**ANSWERS, "name": "Vlasmarkt"}))
    assert "Project site or network site" in texts(advised.card)
    assert "everyone, people outside the city too" in texts(advised.card)
    form = await sites.fill(turn(office, "amina", pressing(advised.card, "sites.fill")))
    filled = inputs(form.card)
    assert (filled["name"], filled["owner"], filled["guests"], filled["language"]) == (
        "Vlasmarkt", "amina", "", "nl",
    )  # fmt: skip
    data = pressing(form.card, "sites.submit")
    assert {name: data[name] for name in ("scenario", *ANSWERS)} == {"scenario": "1", **ANSWERS}
    receipt = await sites.submit(turn(office, "amina", {**filled, **GOOD, **data}))
    assert receipt.view == REQUESTER_VIEW


async def test_a_team_before_the_end_of_its_track_hears_whom_to_talk_to(office: Office) -> None:
    answers = {**ANSWERS, "outsiders": "no", "audience": "team"}
    blocked = await sites.advise(turn(office, "rik", answers))
    assert "Talk to Els Wouters about it." in texts(blocked.card)
    links = [e["url"] for e in elements(blocked.card) if e.get("type") == "Action.OpenUrl"]
    assert ["els.wouters" in link for link in links] == [True]
    assert "sites.fill" not in verbs(blocked.card)
    offered = next(e["choices"] for e in elements(blocked.card) if e.get("id") == "scenario")
    assert [choice["value"] for choice in offered] == ["1", "2"]
    ready = await sites.advise(turn(office, "amina", answers))
    assert "sites.fill" in verbs(ready.card)
    forged = await sites.submit(
        turn(office, "rik", {**GOOD, **answers, "scenario": "3", "owner": "rik", "form": new_id()})
    )
    assert "Talk to Els Wouters about it." in texts(forged.card)
    assert forged.view is None


async def test_another_kind_needs_a_reason_that_approvers_read(office: Office) -> None:
    answers = {**ANSWERS, "outsiders": "no", "audience": "team"}
    silent = await sites.choose(turn(office, "amina", {**answers, "scenario": "1", "reason": " "}))
    assert "Say why you need this kind" in texts(silent.card)
    assert inputs(silent.card)["scenario"] == "1"
    why = "De handelaars komen er later bij."
    form = await sites.choose(turn(office, "amina", {**answers, "scenario": "1", "reason": why}))
    data = pressing(form.card, "sites.submit")
    assert data["reason"] == why
    await sites.submit(turn(office, "amina", {**GOOD, **data}))
    opened = await approvals.open_approval(turn(office, "bram", {"id": await pending_id(office)}))
    assert why in texts(opened.card)
    assert "Advised was: Modern team site." in texts(opened.card)
    forged = await sites.submit(
        turn(office, "amina", {**GOOD, **answers, "name": "Plein", "reason": "", "form": new_id()})
    )
    assert forged.view is None
    assert "Say why you need this kind" in texts(forged.card)


async def test_the_libraries_a_form_offers_are_those_its_kind_may_have(office: Office) -> None:
    offered = {}
    for scenario, answers in (("1", ANSWERS), ("5", {**ANSWERS, "outsiders": "no", "personal_data": "yes"})):
        form = await sites.fill(turn(office, "amina", {**answers, "scenario": scenario}))
        choices = next(e["choices"] for e in elements(form.card) if e.get("id") == "libraries")
        offered[scenario] = [choice["value"] for choice in choices]
        assert ("guests" in inputs(form.card)) is (scenario == "1")
    assert offered["1"] == ["publicaties", "verslagen", "projectdossier"]
    assert len(offered["5"]) == len(office.desk.organisation.libraries) == 8


async def test_from_form_to_link(office: Office, tenant: TenantServer) -> None:
    receipt = await send(office)
    assert receipt.view == REQUESTER_VIEW
    assert "S-2026-000001" in texts(receipt.card)
    assert "Bram De Smet or Carla Maes" in texts(receipt.card)
    assert verbs(receipt.card) == ["sites.withdraw"]
    decided = await decide(office, approvals.approve, "bram", comment="Doe maar")
    assert "Doe maar" in texts(decided.card)
    await decide(office, approvals.approve, "els")
    await office.run_all()
    assert receipt.subject is not None
    link = f"{tenant.tenant.base}/sites/prj-vlasmarkt"
    async with office.units.read() as unit:
        for view in (REQUESTER_VIEW, RESULT_VIEW):
            card = await sites.FEATURE.views[view](unit, office.desk, person("amina"), receipt.subject)
            assert [e["url"] for e in elements(card) if e.get("type") == "Action.OpenUrl"] == [link]


async def test_a_refusal_reaches_the_requester_with_its_reason(office: Office) -> None:
    receipt = await send(office)
    unexplained = await decide(office, approvals.refuse, "bram", reason=" ")
    assert "Say why" in texts(unexplained.card)
    await decide(office, approvals.refuse, "bram", reason="Die site is er al.")
    await office.run_all()
    assert receipt.subject is not None
    async with office.units.read() as unit:
        card = await sites.show_result(unit, office.desk, person("amina"), receipt.subject)
    assert "Die site is er al." in texts(card)
    assert (RESULT_VIEW, receipt.subject, "amina") in office.shown


async def test_a_request_comes_back_with_the_comment_and_is_sent_again(office: Office) -> None:
    receipt = await send(office)
    assert receipt.subject is not None
    await decide(office, approvals.send_back, "bram", comment_send_back="Zet er een einddatum bij.")
    async with office.units.read() as unit:
        card = await sites.show_requester(unit, office.desk, person("amina"), receipt.subject)
    assert verbs(card) == ["sites.edit", "sites.withdraw"]
    assert "Bram De Smet vraagt een aanpassing:" in texts(card)
    assert "Zet er een einddatum bij." in texts(card)
    with pytest.raises(NotFound):
        await sites.edit(turn(office, "bram", {"id": receipt.subject}))
    form = await sites.edit(turn(office, "amina", {"id": receipt.subject}))
    assert "Zet er een einddatum bij." in texts(form.card)
    filled = inputs(form.card)
    assert {name: filled[name] for name in ("name", "purpose", "owner", "second_owner", "members")} == {
        **{name: GOOD[name] for name in ("name", "purpose", "owner", "second_owner")},
        "members": "Dirk Peeters",
    }
    data = pressing(form.card, "sites.send_again")
    wrong = await sites.resend(turn(office, "amina", {**data, **filled, "end_date": "2020-01-01"}))
    assert "Choose a day after today." in texts(wrong.card)
    assert "sites.send_again" in verbs(wrong.card)
    again = await sites.resend(turn(office, "amina", {**data, **filled, "end_date": "2027-06-30"}))
    assert (again.view, again.subject) == (REQUESTER_VIEW, receipt.subject)
    assert "June 30, 2027" in texts(again.card)
    late = await sites.edit(turn(office, "amina", {"id": receipt.subject}))
    assert verbs(late.card) == ["sites.withdraw"], "an old button shows how it stands"
    await approve_all(office)


async def test_a_request_can_be_withdrawn_until_it_is_decided(office: Office) -> None:
    receipt = await send(office)
    assert receipt.subject is not None
    withdrawn = await sites.withdraw(turn(office, "amina", {"id": receipt.subject}))
    assert "You withdrew this request." in texts(withdrawn.card)
    assert verbs(withdrawn.card) == []
    second = await send(office)
    await approve_all(office)
    late = await sites.withdraw(turn(office, "amina", {"id": str(second.subject)}))
    assert "The site is being made." in texts(late.card)


class Taken:
    """A place where every address is taken, or that is away."""

    def __init__(self, status: NameStatus | None) -> None:
        self.status = status

    async def name_status(self, alias: str) -> NameStatus:
        if self.status is None:
            raise BusyError("503")
        return self.status


@pytest.mark.parametrize(
    ("status", "says"),
    [(NameStatus.EXISTS, "There is a site with this name"), (NameStatus.DELETED, "is in the bin")],
)
async def test_a_name_that_is_taken_there_is_said_at_the_name(
    office: Office, status: NameStatus, says: str
) -> None:
    office.desk = replace(office.desk, site_names=Taken(status))
    reply = await send(office)
    assert reply.view is None
    assert says in texts(reply.card)
    assert inputs(reply.card)["purpose"] == GOOD["purpose"]


async def test_when_names_cannot_be_looked_up_the_receipt_says_so(office: Office) -> None:
    office.desk = replace(office.desk, site_names=Taken(None))
    reply = await send(office)
    assert reply.view == REQUESTER_VIEW
    assert "I could not look up now whether the name is still free." in texts(reply.card)


async def test_a_wrong_form_comes_back_with_what_was_typed_and_why_not(office: Office) -> None:
    wrong = await send(office, name="test", members="Piet Onbekend", libraries="verslagen")
    assert wrong.view is None
    filled = inputs(wrong.card)
    assert (filled["name"], filled["members"], filled["purpose"], filled["libraries"]) == (
        "test",
        "Piet Onbekend",
        GOOD["purpose"],
        "verslagen",
    )
    assert "Piet Onbekend" in texts(wrong.card)
    assert "“test”" in texts(wrong.card)
    again = await sites.submit(
        turn(office, "amina", {**GOOD, "form": str(pressing(wrong.card, "sites.submit")["form"])})
    )
    assert again.view == REQUESTER_VIEW


async def test_a_form_from_before_a_redeploy_comes_back_as_the_form_of_now(office: Office) -> None:
    old = {name: GOOD[name] for name in ("scenario", "name", "purpose", "owner", "members")}
    reply = await sites.submit(turn(office, "amina", {**old, "form": new_id()}))
    assert "Name a second owner, somebody else than the first." in texts(reply.card)
    assert inputs(reply.card)["name"] == "Vlasmarkt"


async def test_a_form_sent_twice_makes_one_request(office: Office) -> None:
    form = new_id()
    one, two = [await sites.submit(turn(office, "amina", {**GOOD, "form": form})) for _ in range(2)]
    assert one.subject == two.subject


async def test_a_taken_name_is_said_at_the_name(office: Office) -> None:
    await send(office)
    again = await send(office)
    assert again.view is None
    assert "S-2026-000001" in texts(again.card)


@pytest.mark.parametrize("typed", DIFFICULT, ids=["long", "rtl", "markdown", "html", "emoji"])
async def test_difficult_texts_are_shown_as_text_and_never_break_a_card(office: Office, typed: str) -> None:
    everywhere = {name: typed for name in GOOD if name not in ANSWERS}
    assert (await send(office, **everywhere)).view is None
    refused = await send(office, **{**everywhere, "scenario": "1", "guests": typed, "libraries": typed})
    assert refused.view is None
    check(refused.card)
    for handler in (sites.guide, sites.advise, sites.choose, sites.fill):
        check((await handler(turn(office, "amina", {**dict.fromkeys(GOOD, typed)}))).card)
    check((await sites.choose(turn(office, "amina", {**ANSWERS, "scenario": "2", "reason": typed}))).card)
    short = typed[:900]
    accepted = await send(office, name="Markt 123", purpose=f"Samen plannen: {short}")
    assert accepted.view == REQUESTER_VIEW
    check(accepted.card)
    decided = await decide(office, approvals.refuse, "bram", reason=f"Nee: {short}")
    check(decided.card)


def check(card: Card | None) -> None:
    assert card is not None
    assert json.loads(json.dumps(card)) == card
    assert size_of(card) < SIZE_LIMIT - 2048
    for element in elements(card):
        if element.get("type") == "TextBlock":
            assert "kwaad.example" not in element["text"]
            assert "<script>" not in element["text"]
    assert "{{DATE" not in texts(card)


async def test_forged_ids_and_other_peoples_are_not_there(office: Office) -> None:
    receipt = await send(office)
    for handler in (sites.open_request, sites.edit, sites.withdraw):
        for forged in (receipt.subject, *FORGED):
            with pytest.raises(NotFound):
                await handler(turn(office, "dirk", {"id": forged, "actor": "amina"}))
    for forged in (receipt.subject, *FORGED):
        with pytest.raises(NotFound):
            await sites.resend(turn(office, "dirk", {**GOOD, "request": forged, "form": new_id()}))
    assert receipt.subject is not None
    async with office.units.read() as unit:
        for forged in (receipt.subject, "1", "x" * 500):
            assert await sites.show_requester(unit, office.desk, person("dirk"), forged) is None


@pytest.mark.parametrize(
    ("typed", "guess", "opens"),
    [
        ("S-2026-000001", Guess(Intent.NONSENSE, sure=True, offered=()), True),
        ("s-2026-000001 ?", Guess(Intent.NONSENSE, sure=True, offered=()), True),
        ("hoe ver staat het met S-2026-000001", Guess(Intent.MY_ITEMS, sure=True, offered=()), True),
        ("is S-2026-000001 al goedgekeurd", Guess(Intent.APPROVALS, sure=False, offered=()), True),
        ("ik kan niet in S-2026-000001", Guess(Intent.INCIDENT, sure=True, offered=()), False),
        ("XS-2026-0000011", Guess(Intent.NONSENSE, sure=True, offered=()), False),
        ("mijn sites", Guess(Intent.MY_ITEMS, sure=True, offered=()), False),
    ],
)
async def test_the_number_of_a_request_opens_it(
    office: Office, typed: str, guess: Guess, opens: bool
) -> None:
    await send(office)
    asked = turn(office, "amina", text=typed)
    asked.guess = guess
    reply = await sites.claims(asked)
    assert (reply.view, "S-2026-000001" in texts(reply.card)) == (
        (REQUESTER_VIEW, True) if opens else (None, False)
    )


async def test_the_number_of_a_request_says_nothing_to_others_and_nothing_in_a_channel(
    office: Office,
) -> None:
    await send(office)
    for number in ("S-2026-000001", "S-2026-000002"):
        with pytest.raises(NotFound, match=r"This site request is not there\."):
            await sites.claims(turn(office, "dirk", text=number))
    story = turn(office, "dirk", text="ik krijg een rare melding over S-2026-000001")
    story.guess = Guess(Intent.INCIDENT, sure=False, offered=())
    assert await sites.claims(story) == NOTHING  # others can still make something of it
    channel = turn(office, "amina", text="S-2026-000001")
    channel.place = replace(channel.place, personal=False)
    assert (await sites.claims(channel)).text == "Ask me this in our own chat."
