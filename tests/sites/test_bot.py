"""The whole walk through the bot's own handlers: form, receipt, decision, and what bad input gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot import approvals, sites
from bot.turn import Card, Place, Reply, Turn
from cards.kit import SIZE_LIMIT, size_of
from domain.errors import NotFound
from domain.sites.steps import OPERATOR_VIEW, REQUESTER_VIEW, RESULT_VIEW
from domain.tables import new_id
from locales import translator
from localhost.tenant.trouble import Fault
from tests.cast import person
from tests.servers.tenant import TenantServer
from tests.sites.conftest import Office

PLACE = Place("http://127.0.0.1/", "c", "msteams", None, "28:bot", "29:user")
GOOD = {
    "scenario": "1",
    "name": "Vlasmarkt",
    "purpose": "Samen de markt van 2027 plannen.",
    "owner": "amina",
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
    listed = await approvals.waiting(turn(office, who))
    return next(str(e["data"]["id"]) for e in elements(listed.card) if e.get("verb") == "approvals.open")


async def test_a_message_opens_a_form_with_what_it_says(office: Office) -> None:
    reply = await sites.form(turn(office, "amina", text="ik wil een nieuwe projectsite voor Vlasmarkt"))
    filled = inputs(reply.card)
    assert (filled["name"], filled["scenario"], filled["owner"]) == ("Vlasmarkt", "1", "amina")
    assert verbs(reply.card) == ["sites.submit"]


async def test_the_form_warns_a_team_that_has_not_completed_its_track(office: Office) -> None:
    ready, not_ready = [
        next(
            e["choices"]
            for e in elements((await sites.form(turn(office, who))).card)
            if e.get("id") == "scenario"
        )
        for who in ("amina", "rik")
    ]
    assert [choice["title"].endswith("(after the track of your team)") for choice in ready] == [False] * 5
    assert [choice["title"].endswith("(after the track of your team)") for choice in not_ready] == [
        False, False, True, True, True,
    ]  # fmt: skip


async def test_from_form_to_link(office: Office, tenant: TenantServer) -> None:
    receipt = await send(office)
    assert receipt.view == REQUESTER_VIEW
    assert "S-2026-000001" in texts(receipt.card)
    assert "Bram De Smet, Carla Maes" in texts(receipt.card)

    approval_id = await pending_id(office)
    opened = await approvals.open_approval(turn(office, "bram", {"id": approval_id}))
    assert verbs(opened.card) == ["approvals.approve", "approvals.refuse"]
    assert {"Amina El Idrissi", "Carla Maes"} <= set(texts(opened.card).split("\n"))
    decided = await approvals.decide_yes(turn(office, "bram", {"id": approval_id, "comment": "Doe maar"}))
    assert verbs(decided.card) == []
    assert "Doe maar" in texts(decided.card)

    await office.run_all()
    (subject,) = {subject for view, subject, _ in office.shown if view == REQUESTER_VIEW}
    link = f"{tenant.tenant.base}/sites/prj-vlasmarkt"
    async with office.units.read() as unit:
        for view, show in sites.FEATURE.views.items():
            card = await show(unit, office.desk, person("amina"), subject) if view != OPERATOR_VIEW else None
            if card:
                assert [e["url"] for e in elements(card) if e.get("type") == "Action.OpenUrl"] == [link]
        late = await approvals.show_approver(unit, office.desk, person("carla"), approval_id)
    assert "Bram De Smet" in texts(late)
    assert link in texts(late)


async def test_a_refusal_reaches_the_requester_with_its_reason(office: Office) -> None:
    receipt = await send(office)
    approval_id = await pending_id(office)
    unexplained = await approvals.decide_no(turn(office, "bram", {"id": approval_id, "reason": " "}))
    assert "Say why" in texts(unexplained.card)
    assert "reason" in inputs(unexplained.card), "the box is in sight, not folded away"
    assert verbs(unexplained.card) == ["approvals.refuse", "approvals.approve"]
    refused = await approvals.decide_no(
        turn(office, "bram", {"id": approval_id, "reason": "Die site is er al."})
    )
    assert verbs(refused.card) == []
    await office.run_all()
    assert receipt.subject is not None
    async with office.units.read() as unit:
        card = await sites.show_result(unit, office.desk, person("amina"), receipt.subject)
    assert "Die site is er al." in texts(card)
    assert (RESULT_VIEW, receipt.subject, "amina") in office.shown


async def test_a_late_press_shows_the_decision_that_stands(office: Office) -> None:
    await send(office)
    approval_id = await pending_id(office)
    first = await approvals.decide_yes(turn(office, "carla", {"id": approval_id}))
    late = await approvals.decide_no(turn(office, "bram", {"id": approval_id, "reason": "Toch niet"}))
    assert "Approved by Carla Maes" in texts(late.card)
    assert "Toch niet" not in texts(late.card)
    assert texts(late.card) == texts(first.card)


async def test_a_wrong_form_comes_back_with_what_was_typed_and_why_not(office: Office) -> None:
    wrong = await send(office, name="test", members="Piet Onbekend")
    assert wrong.view is None
    filled = inputs(wrong.card)
    assert (filled["name"], filled["members"], filled["purpose"]) == (
        "test",
        "Piet Onbekend",
        GOOD["purpose"],
    )
    assert "Piet Onbekend" in texts(wrong.card)
    assert "“test”" in texts(wrong.card)
    again = await sites.submit(turn(office, "amina", {**GOOD, "form": _form_id(wrong.card)}))
    assert again.view == REQUESTER_VIEW


def _form_id(card: Card | None) -> str:
    return next(str(e["data"]["form"]) for e in elements(card) if e.get("verb") == "sites.submit")


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
    everywhere = dict.fromkeys(("scenario", "name", "purpose", "owner", "members"), typed)
    refused = await send(office, **everywhere)
    assert refused.view is None
    check(refused.card)
    short = typed[:900]
    accepted = await send(office, name="Markt 123", purpose=f"Samen plannen: {short}")
    assert accepted.view == REQUESTER_VIEW
    check(accepted.card)
    approval_id = await pending_id(office)
    check((await approvals.decide_no(turn(office, "bram", {"id": approval_id, "reason": typed * 2}))).card)
    decided = await approvals.decide_no(turn(office, "bram", {"id": approval_id, "reason": f"Nee: {short}"}))
    check(decided.card)
    assert verbs(decided.card) == []


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
    approval_id = await pending_id(office)
    assert receipt.subject is not None
    handlers = (
        (sites.open_request, receipt.subject),
        (sites.retry, receipt.subject),
        (approvals.open_approval, approval_id),
        (approvals.decide_yes, approval_id),
        (approvals.decide_no, approval_id),
    )
    for handler, subject in handlers:
        for forged in (subject, new_id(), "1", "' OR 1=1", "", "../../etc", None, 7, ["x"], {"id": subject}):
            with pytest.raises(NotFound):
                await handler(turn(office, "dirk", {"id": forged, "reason": "zomaar", "actor": "bram"}))
    async with office.units.read() as unit:
        for show, subject in (
            (sites.show_requester, receipt.subject),
            (approvals.show_approver, approval_id),
        ):
            for forged in (subject, "1", "x" * 500):
                assert await show(unit, office.desk, person("dirk"), forged) is None


async def test_an_operator_sees_a_failure_and_has_it_tried_again(
    office: Office, tenant: TenantServer
) -> None:
    tenant.go_wrong(Fault(method="POST", path="SPSiteManager/create", status=403, times=1))
    receipt = await send(office)
    await approvals.decide_yes(turn(office, "bram", {"id": await pending_id(office)}))
    await office.run_all()
    assert receipt.subject is not None
    async with office.units.read() as unit:
        card = await sites.show_operator(unit, office.desk, person("gust"), receipt.subject)
        plain = await sites.show_requester(unit, office.desk, person("amina"), receipt.subject)
    assert "was refused with 403" in texts(card)
    assert "403" not in texts(plain)
    assert verbs(card) == ["sites.retry"]
    again = await sites.retry(turn(office, "gust", {"id": receipt.subject}))
    assert verbs(again.card) == []
    late = await sites.retry(turn(office, "gust", {"id": receipt.subject}))
    assert verbs(late.card) == []
    await office.run_all()
    async with office.units.read() as unit:
        card = await sites.show_operator(unit, office.desk, person("gust"), receipt.subject)
    assert [e["url"] for e in elements(card) if e.get("type") == "Action.OpenUrl"]
