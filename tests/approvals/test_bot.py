"""What people see and press: their own view, what is late or wrong, several at once, in a chat and in a channel."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.approvals import absence
from bot.approvals import decisions as approvals
from bot.approvals import lists as approval_lists
from bot.turn import NOTHING, Card, Place, Reply, Turn
from domain.approvals.actions import AskApproval, ask_approval
from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.models import ApprovalRow, DecisionRow, SeatRow
from domain.approvals.notify import REQUESTER_VIEW, SHARED_VIEW, VIEW
from domain.approvals.policy import Stage
from domain.chats.actions import Address, Posted, remember_chat
from domain.chats.shared import SHOW_SHARED, remember_shared
from domain.errors import Invalid, NotFound
from domain.tables import new_id
from locales import translator
from tests.approvals.conftest import MANAGER, TEAM_OWNER, Office, people, plan
from tests.cast import person

CHAT = Place("http://127.0.0.1/", "chat", "msteams", None, "28:bot", "29:user")
CHANNEL = replace(CHAT, conversation_id="19:channel@thread.tacv2", personal=False)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """What is asked here is a thing: the bot knows its subject as it knows those of the product."""
    monkeypatch.setattr(approvals, "subjects", lambda _desk: office.subjects)
    monkeypatch.setattr(approval_lists, "subjects", lambda _desk: office.subjects)
    return office


def turn(office: Office, who: str, *, text: str = "", place: Place = CHAT, **data: Any) -> Turn:
    """With `data` as the pressed card sends it."""
    one = person(who)
    return Turn(one.as_actor(), one, office.desk, translator("en"), new_id(), place, text=text, data=data)


def elements(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)


def verbs(card: Card | None) -> set[str]:
    assert card is not None
    shown = {name: value for name, value in card.items() if name != "refresh"}
    return {e["verb"] for e in elements(shown) if e.get("type") == "Action.Execute"}


def said(card: Card | None) -> str:
    return "\n".join(str(e["text"]) for e in elements(card) if "text" in e)


async def sees(office: Office, who: str, approval: Approval, place: Place = CHAT) -> Reply:
    return await approvals.refresh(turn(office, who, place=place, id=approval.id))


DECIDE = {"approvals.approve", "approvals.refuse", "approvals.send_back", "approvals.delegate"}


async def test_each_sees_their_own_view_of_the_same_card(office: Office) -> None:
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((MANAGER,))))
    asked = await office.ask()
    bram, amina = await sees(office, "bram", asked), await sees(office, "amina", asked)
    assert (verbs(bram.card), bram.view) == (DECIDE, VIEW)
    assert (verbs(amina.card), amina.view) == ({"approvals.withdraw"}, REQUESTER_VIEW)
    assert "Waits for a decision by Bram De Smet or Carla Maes." in said(amina.card)
    await office.approve(asked, "bram", "Prima")
    assert verbs((await sees(office, "bram", asked)).card) == set()
    assert verbs((await sees(office, "els", asked)).card) == DECIDE
    assert "Bram De Smet approved it." in said((await sees(office, "els", asked)).card)
    with pytest.raises(NotFound):
        await sees(office, "dirk", asked)


async def test_the_card_asks_teams_to_refresh_it_for_the_people_who_have_a_part_in_it(office: Office) -> None:
    asked = await office.ask()
    async with office.units() as unit:
        await remember_chat(
            unit, Address("bram", "http://127.0.0.1/", "c", "msteams", None, "28:bot", "29:bram")
        )
    card = (await sees(office, "bram", asked)).card
    assert card is not None
    assert card["refresh"]["userIds"] == ["29:bram"]
    assert card["refresh"]["action"]["verb"] == "approvals.refresh"
    assert card["refresh"]["action"]["data"] == {"id": asked.id}
    await office.approve(asked, "carla")
    ended = (await sees(office, "bram", asked)).card
    assert ended is not None
    assert "refresh" not in ended


async def test_who_presses_late_sees_who_decided_and_when(office: Office) -> None:
    asked = await office.ask()
    await office.refuse(asked, "carla", "We hebben al zoiets")
    late = await approvals.approve(turn(office, "bram", id=asked.id, comment="ja"))
    assert "Somebody was first. This is how it stands." in said(late.card)
    assert "Refused by Carla Maes on 23 Nov 2026, 09:30." in said(late.card)
    assert verbs(late.card) == set()


async def test_what_is_wrong_comes_back_at_its_box_with_what_was_typed(office: Office) -> None:
    asked = await office.ask()
    empty = await approvals.refuse(turn(office, "bram", id=asked.id, reason=" "))
    assert "Say why: the person who asked reads it." in said(empty.card)
    nobody = await approvals.delegate(
        turn(office, "bram", id=asked.id, colleague="Niemand Anders", comment_delegate="voor jou")
    )
    boxes = {e["id"]: e.get("value") for e in elements(nobody.card) if str(e.get("type")) == "Input.Text"}
    assert (boxes["colleague"], boxes["comment_delegate"]) == ("Niemand Anders", "voor jou")
    assert "I do not know Niemand Anders." in said(nobody.card)
    assert (await office.now(asked)).pending


async def test_a_change_is_asked_answered_and_decided(office: Office) -> None:
    asked = await office.ask()
    await approvals.send_back(turn(office, "bram", id=asked.id, comment_send_back="Waar komt het?"))
    amina = await sees(office, "amina", asked)
    assert "Bram De Smet asks for a change:\nWaar komt het?" in said(amina.card)
    assert verbs(amina.card) == {"approvals.resubmit", "approvals.withdraw"}
    sent = await approvals.resubmit(turn(office, "amina", id=asked.id, comment_resubmit="In de kelder"))
    assert sent.subject == f"{asked.id}:2"
    bram = (await sees(office, "bram", asked)).card
    assert "In de kelder" in said(bram)
    data = next(e["data"] for e in elements(bram) if e.get("verb") == "approvals.approve")
    assert data == {"id": asked.id, "round": "2"}
    stale = await approvals.approve(turn(office, "bram", id=asked.id))
    assert "It was changed since you looked." in said(stale.card)
    done = await approvals.approve(turn(office, "bram", **data))
    assert "Approved by Bram De Smet" in said(done.card)


async def test_passing_it_on_by_name(office: Office) -> None:
    asked = await office.ask()
    await approvals.delegate(turn(office, "bram", id=asked.id, colleague="dirk peeters"))
    assert "in the place of Bram De Smet, who passed it on" in said((await sees(office, "dirk", asked)).card)


async def test_withdrawing_ends_it_for_everybody(office: Office) -> None:
    asked = await office.ask()
    gone = await approvals.withdraw(turn(office, "amina", id=asked.id))
    assert "Withdrawn by Amina El Idrissi" in said(gone.card)
    assert "Withdrawn by Amina El Idrissi" in said((await sees(office, "bram", asked)).card)


@pytest.mark.parametrize("verb", sorted(approvals.FEATURE.verbs))
async def test_forged_data_finds_nothing(office: Office, verb: str) -> None:
    asked = await office.ask()
    for who, approval_id in (("dirk", asked.id), ("bram", "' OR 1=1"), ("bram", new_id())):
        data: dict[str, Any] = {
            "id": approval_id,
            "reason": "x",
            "colleague": "els",
            "comment_send_back": "x",
            "round": "9" * 99,
        }
        with pytest.raises(NotFound):
            await approvals.FEATURE.verbs[verb](turn(office, who, **data))
    assert (await office.now(asked)).pending


# --- several at once --------------------------------------------------------------------------------------


async def test_several_are_approved_at_once_each_with_its_own_result(office: Office) -> None:
    office.with_policy(plan(Stage((TEAM_OWNER,)), bulk=True))
    one, two, three = [await office.ask() for _ in range(3)]
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((MANAGER,)), bulk=True))
    further = await office.ask()
    office.with_policy(plan(Stage((TEAM_OWNER,))))
    alone = await office.ask()
    listed = await approval_lists.waiting(turn(office, "bram"))
    choices = next(e for e in elements(listed.card) if e.get("type") == "Input.ChoiceSet")["choices"]
    assert [choice["value"] for choice in choices] == [f"{a.id}:1" for a in (one, two, three, further)]
    await office.refuse(two, "carla")
    chosen = ",".join(f"{a.id}:1" for a in (one, two, further, alone))
    done = await approval_lists.approve_together(turn(office, "bram", chosen=chosen))
    text = said(done.card)
    assert text.count(": approved.") == 1
    assert text.count("approved, the next step begins") == 1
    assert "Somebody was first" in text
    assert "Open this one to decide." in text
    states = [(await office.now(a)).state for a in (one, two, three, further, alone)]
    pending = ApprovalState.PENDING
    assert states == [ApprovalState.APPROVED, ApprovalState.REFUSED, pending, pending, pending]
    with pytest.raises(Invalid):
        await approval_lists.approve_together(turn(office, "bram", chosen=""))


async def test_what_waits_is_shown_in_ones_own_chat_only(office: Office) -> None:
    await office.ask()
    public = await approval_lists.waiting(turn(office, "bram", place=CHANNEL))
    assert public.card is None
    await office.run_due()
    assert [shown[2] for shown in office.shown if shown[0] == "approval.reminder"] == ["bram"]


# --- in a channel -----------------------------------------------------------------------------------------


async def shared(office: Office, who: str) -> Reply:
    return await approvals.numbered(turn(office, who, place=CHANNEL, text="goedkeuring T-2026-000001"))


async def test_in_a_channel_everybody_sees_how_it_stands_and_nothing_that_was_said(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "carla"),), needed=2)))
    async with office.units() as unit:
        facts = (("Prijs", "geheim"),)
        ask = AskApproval("thing", new_id(), "T-2026-000001", "Een ding", facts)
        asked = await ask_approval(unit, office.desk, person("amina"), ask)
    with pytest.raises(NotFound):
        await shared(office, "dirk")
    reply = await shared(office, "bram")
    assert (reply.shared, reply.view, reply.subject) == (True, SHARED_VIEW, asked.id)
    assert verbs(reply.card) == set()
    assert "geheim" not in json.dumps(reply.card)
    with pytest.raises(NotFound):  # not (yet) shown there: then it is nobody's business
        await sees(office, "dirk", asked, CHANNEL)
    async with office.units() as unit:
        posted = Posted("http://127.0.0.1/", CHANNEL.conversation_id, "a1")
        await remember_shared(unit, SHARED_VIEW, asked.id, posted)
    assert verbs((await sees(office, "dirk", asked, CHANNEL)).card) == set()
    assert verbs((await sees(office, "bram", asked, CHANNEL)).card) == DECIDE
    assert verbs((await sees(office, "amina", asked, CHANNEL)).card) == {"approvals.withdraw"}
    with pytest.raises(NotFound):
        await sees(office, "dirk", asked, CHAT)


async def test_a_change_brings_the_card_in_the_channel_up_to_date(office: Office) -> None:
    asked = await office.ask()
    async with office.units() as unit:
        await remember_shared(unit, SHARED_VIEW, asked.id, Posted("http://127.0.0.1/", "19:x", "a1"))
    updated: list[str] = []

    async def show(job: Any) -> None:
        updated.append(job.payload["subject"])

    office.handlers[SHOW_SHARED] = show
    await office.approve(asked, "bram")
    await office.run_due()
    assert set(updated) == {asked.id}


# --- old cards --------------------------------------------------------------------------------------------

OLD = "01939c6e-0000-7000-8000-000000000001"


async def test_a_card_and_an_approval_of_before_there_were_stages_still_work(office: Office) -> None:
    """Rows and card data exactly as version 0.1 wrote them: no plan, no round, no seat of a stage."""
    async with office.units() as unit:
        await unit.db.execute(
            insert(ApprovalRow),
            {
                "id": OLD,
                "kind": "thing",
                "subject_id": OLD,
                "number": "S-2025-000007",
                "title": "Oude site",
                "requester_id": "amina",
                "role": "team_owner",
                "state": "pending",
                "asked_at": office.clock.now,
            },
        )
        for who in ("bram", "carla"):  # as the migration copies them from the table `approvers`
            row = {"round": 1, "stage": 0, "seat_of": who, "why": "asked", "waiting": True}
            await unit.db.execute(insert(SeatRow), {"approval_id": OLD, "person_id": who, **row})
    old_refuse: dict[str, Any] = {"id": OLD, "reason": "Te laat"}
    old_approve: dict[str, Any] = {"id": OLD, "comment": ""}
    approved = await approvals.FEATURE.verbs["approvals.approve"](turn(office, "bram", **old_approve))
    assert "Approved by Bram De Smet" in said(approved.card)
    late = await approvals.FEATURE.verbs["approvals.refuse"](turn(office, "carla", **old_refuse))
    assert "Approved by Bram De Smet" in said(late.card)
    assert office.thing.told == [(OLD, "approved")]
    async with office.units.read() as unit:
        line = (await unit.db.execute(select(DecisionRow))).one()
    assert (line.outcome, line.round, line.stage) == ("approved", 1, 0)


# --- being away -------------------------------------------------------------------------------------------


async def test_being_away_is_typed_looked_at_kept_and_ended(office: Office) -> None:
    typed = "ik ben afwezig van 24/12 tot 2/1, Bram De Smet vervangt mij"
    form = await absence.claims(turn(office, "carla", text=typed))
    values = {e["id"]: e.get("value") for e in elements(form.card) if str(e.get("type")).startswith("Input.")}
    assert values == {"first_day": "2026-12-24", "last_day": "2027-01-02", "deputy": "Bram De Smet"}
    kept = await absence.save(turn(office, "carla", **values))
    assert "You are away" in said(kept.card)
    again = await absence.claims(turn(office, "carla", text="afwezigheid"))
    assert "Bram De Smet" in said(again.card)
    back = await absence.claims(turn(office, "carla", text="ik ben terug"))
    assert "You are not away" in said(back.card)
    assert await absence.claims(turn(office, "carla", text="ik ben terug")) == NOTHING


async def test_what_is_wrong_with_an_absence_stands_at_its_box(office: Office) -> None:
    wrong = await absence.save(
        turn(office, "carla", first_day="2026-12-24", last_day="", deputy="carla maes")
    )
    assert "Choose a day." in said(wrong.card)
    own: dict[str, Any] = {"first_day": "2026-12-24", "last_day": "2026-12-25", "deputy": "carla maes"}
    wrong = await absence.save(turn(office, "carla", **own))
    assert "Somebody else has to decide in your place." in said(wrong.card)


@pytest.mark.parametrize(
    "text",
    [
        "hoe zet ik mijn afwezigheidsbericht aan in Outlook?",
        "mijn afwezigheidsbericht werkt niet",
        "collega is afwezig en zijn laptop is stuk",
        "waar meld ik dat ik afwezig ben",
        "take away the old laptop",
    ],
)
async def test_other_things_that_sound_like_it_are_left_alone(office: Office, text: str) -> None:
    assert await absence.claims(turn(office, "carla", text=text)) == NOTHING
