"""The whole walk through the bot's own handlers: questions, advice, form, decision, and what bad input gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot import approval_lists, approvals, sites, sites_change, sites_life
from bot.turn import NOTHING, Card, Place, Reply, Turn
from cards.kit import SIZE_LIMIT, size_of
from domain.errors import NotFound
from domain.sites.ports import BusyError, NameStatus
from domain.sites.steps import REQUESTER_VIEW, RESULT_VIEW
from domain.tables import new_id
from locales import translator
from tests.cast import person
from tests.servers.tenant import TenantServer
from tests.sites.conftest import Office

PLACE = Place("http://127.0.0.1/", "c", "msteams", None, "28:bot", "29:user")
ANSWERS = {"outsiders": "yes", "personal_data": "no", "confidential": "no", "audience": "project"}
GOOD = {
    **ANSWERS,
    "scenario": "1",
    "name": "Vlasmarkt",
    "purpose": "Samen de markt van 2027 plannen.",
    "owner": "amina",
    "second_owner": "Els Wouters",
    "members": "dirk",
}
DIFFICULT = [
    "x" * 10_000,
    "مرحبا بكم في المدينة الجديدة",
    "**vet** [klik](http://kwaad.example) `code` # kop",
    "<script>alert(1)</script><b>vet</b> & {{DATE(2026-01-01)}}",
    "👩‍👩‍👧‍👦🏴‍☠️" * 50,
]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def turn(office: Office, who: str, data: Mapping[str, Any] | None = None, text: str = "") -> Turn:
    one = person(who)
    t = translator("en")
    return Turn(one.as_actor(), one, office.desk, t, new_id(), PLACE, text=text, data=data or {})


def elements(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a card."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)


def inputs(card: Card | None) -> dict[str, Any]:
    return {
        e["id"]: e.get("value", "") for e in elements(card) if str(e.get("type", "")).startswith("Input.")
    }


def verbs(card: Card | None) -> list[str]:
    return [e["verb"] for e in elements(card) if e.get("type") == "Action.Execute"]


def texts(card: Card | None) -> str:
    return "\n".join(e["text"] for e in elements(card) if "text" in e)


async def send(office: Office, who: str = "amina", **changed: str) -> Reply:
    return await sites.submit(turn(office, who, {**GOOD, "form": new_id(), **changed}))


async def pending_id(office: Office, who: str = "bram") -> str:
    listed = await approval_lists.waiting(turn(office, who))
    return next(str(e["data"]["id"]) for e in elements(listed.card) if e.get("verb") == "approvals.open")


async def decide(office: Office, handler: Any, who: str, **data: str) -> Reply:
    approval_id = await pending_id(office, who)
    opened = await approvals.open_approval(turn(office, who, {"id": approval_id}))
    carried = next(e["data"] for e in elements(opened.card) if e.get("verb") == "approvals.approve")
    reply: Reply = await handler(turn(office, who, {**carried, **data}))
    return reply


async def approve_all(office: Office) -> None:
    for who in ("bram", "els"):
        await decide(office, approvals.approve, who)


def pressing(card: Card | None, verb: str) -> Mapping[str, Any]:
    """What a button of the card sends besides its inputs."""
    data: Mapping[str, Any] = next(e["data"] for e in elements(card) if e.get("verb") == verb)
    return data


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
    assert "Bram De Smet, Carla Maes" in texts(receipt.card)
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


FORGED: list[Any] = [new_id(), "1", "' OR 1=1", "", "../../etc", None, 7, ["x"]]


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


# --- sites that stand ---------------------------------------------------------------------------------


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
