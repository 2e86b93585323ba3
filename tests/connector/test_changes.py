"""Changing tickets, comments, files and many at once: the steps of the desk, by flows and by people."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.database.engine import DatabaseUnits
from adapters.files.folder import FolderFiles
from domain.actor import Actor
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.helpdesk.notes import read_file
from domain.helpdesk.reading import access_ticket, list_history
from tests.connector.conftest import Answer, Call
from tests.connector.test_tickets import PRINTER, ticket

BRAM = "bram.desmet@vlaskerke.example"
AMINA = "amina.elidrissi@vlaskerke.example"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()


@pytest.fixture
def desk(desk: Desk, tmp_path: Path) -> Desk:
    """With a place for files."""
    return replace(desk, files=FolderFiles(tmp_path / "files"))


@pytest.fixture
async def made(call: Call) -> dict[str, Any]:
    """A ticket for Amina."""
    answer = await call("CreateTicket", ticket(onBehalfOf=AMINA))
    body: dict[str, Any] = answer.body
    return body


async def test_everything_of_a_ticket_changes_in_one_call_and_one_history(
    call: Call, made: dict[str, Any], units: DatabaseUnits, amina: Actor
) -> None:
    wanted = {
        "kind": "request",
        "category": "telefonie",
        "priority": "low",
        "reason": "Kan wachten",
        "assignee": BRAM,
        "state": "waiting_requester",
        "comment": "Welk toestel?",
    }
    changed = await call("UpdateTicket", wanted, made["id"])
    assert changed.status == 200
    expected = {
        "kind": "request",
        "number": "A-2026-000001",
        "category": "telefonie",
        "priority": "low",
        "priorityReason": "Kan wachten",
        "assigneeEmail": BRAM,
        "state": "waiting_requester",
        "version": 6,
    }
    assert changed.body.items() >= expected.items()
    async with units.read() as unit:
        steps = [event.what for event in await list_history(unit, amina, made["id"])]
    assert steps == ["report", "change_kind", "categorise", "prioritise", "hand_over", "ask"]
    assert (await call("GetTicket", None, made["id"])).headers["ETag"] == '"6"'


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([{"comment": "Bekeken"}], "in_progress"),
        ([{"state": "in_progress", "comment": "Bezig"}], "in_progress"),
        ([{"state": "waiting_supplier", "comment": "Besteld"}, {"state": "in_progress"}], "in_progress"),
        ([{"state": "resolved", "comment": "Nieuwe toner"}], "resolved"),
        ([{"state": "resolved", "comment": "x"}, {"state": "in_progress", "comment": "Toch niet"}], "new"),
        ([{"state": "rejected", "comment": "Dit doen we niet"}], "rejected"),
        ([{"assignee": BRAM}, {"assignee": ""}], "new"),
        ([{"assignee": BRAM}, {"state": "new"}], "new"),
        ([{"assignee": BRAM}, {"assignee": BRAM}], "assigned"),
        ([{"group": "tweede_lijn", "reason": "Netwerk"}], "new"),
        ([{}], "new"),
    ],
)
async def test_a_flow_moves_a_ticket_on_as_the_desk_does(
    call: Call, made: dict[str, Any], steps: list[dict[str, str]], state: str
) -> None:
    for step in steps:
        answer = await call("UpdateTicket", step, made["id"])
        assert answer.status == 200, answer.body
    assert answer.body["state"] == state
    assert not str(answer.body.get("assigneeName", "")).startswith("intake")  # a flow has no tickets


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"state": "resolved"}, (400, "invalid", "comment")),
        ({"state": "merged"}, (409, "conflict", "state")),
        ({"state": "closed"}, (409, "conflict", None)),
        ({"state": "nowhere"}, (400, "invalid", "state")),
        ({"category": "niets"}, (400, "invalid", "category")),
        ({"priority": "low"}, (400, "invalid", "reason")),
        ({"priority": "urgent"}, (400, "invalid", "priority")),
        ({"assignee": AMINA}, (400, "invalid", "assignee")),
        ({"assignee": "niemand@vlaskerke.example"}, (400, "invalid", "assignee")),
        ({"group": "niets"}, (404, "not_found", "group")),
        ({"number": "I-1"}, (400, "invalid", "number")),
    ],
)
async def test_a_change_that_cannot_be_changes_nothing(
    call: Call, made: dict[str, Any], wanted: dict[str, str], problem: tuple[Any, ...]
) -> None:
    assert (await call("UpdateTicket", {"kind": "change", **wanted}, made["id"])).problem == problem
    assert (await call("GetTicket", None, made["id"])).body == made


async def test_who_saw_an_older_version_changes_nothing(call: Call, made: dict[str, Any]) -> None:
    seen = (await call("GetTicket", None, made["id"])).headers["ETag"]
    first = await call("UpdateTicket", {"comment": "Eerst"}, made["id"], If_Match=seen, Idempotency_Key="k")
    assert (first.status, first.headers["ETag"]) == (200, '"2"')
    late = await call("UpdateTicket", {"comment": "Te laat"}, made["id"], If_Match=seen)
    assert late.problem == (412, "precondition_failed", "If-Match")
    repeat = await call("UpdateTicket", {"comment": "Eerst"}, made["id"], If_Match=seen, Idempotency_Key="k")
    assert repeat.body == first.body
    assert (await call("UpdateTicket", {"comment": "Wat ook"}, made["id"], If_Match="*")).status == 200
    either = '"1", "3"'
    assert (await call("UpdateTicket", {"comment": "Een van die"}, made["id"], If_Match=either)).status == 200


async def test_of_many_with_the_same_version_one_wins(call: Call, made: dict[str, Any]) -> None:
    answers: list[Answer] = await asyncio.gather(
        *(call("UpdateTicket", {"comment": f"Ik {n}"}, made["id"], If_Match='"1"') for n in range(6))
    )
    assert sorted(answer.status for answer in answers) == [200] + [412] * 5


async def test_a_repeated_change_is_one_change_and_another_with_its_key_a_conflict(
    call: Call, made: dict[str, Any]
) -> None:
    for _ in range(2):
        answer = await call("UpdateTicket", {"comment": "Een keer"}, made["id"], Idempotency_Key="k")
        assert (answer.status, answer.body["version"]) == (200, 2)
    other = await call("UpdateTicket", {"comment": "Anders"}, made["id"], Idempotency_Key="k")
    assert other.problem == (409, "conflict", "Idempotency-Key")


async def test_comments_go_back_and_forth_and_notes_stay_at_the_desk(
    call: Call, made: dict[str, Any], units: DatabaseUnits, bram: Actor
) -> None:
    by_desk = await call("AddComment", {"text": "Welke printer?"}, made["number"], Idempotency_Key="1")
    assert by_desk.body.items() >= {"fromDesk": True, "authorName": "intake", "internal": False}.items()
    again = await call("AddComment", {"text": "Welke printer?"}, made["number"], Idempotency_Key="1")
    assert again.body == by_desk.body
    by_her = await call("AddComment", {"text": "Die in de gang", "onBehalfOf": AMINA}, made["id"])
    assert by_her.body.items() >= {"fromDesk": False, "authorEmail": AMINA}.items()
    note = await call("AddComment", {"text": "Alweer die printer", "internal": True}, made["id"])
    assert note.body["internal"] is True
    first = await call("ListComments", None, made["id"], params={"$top": "1"})
    assert [one["text"] for one in first.body["value"]] == ["Welke printer?"]
    token = first.body["nextLink"].partition("skiptoken=")[2]
    rest = await call("ListComments", None, made["id"], params={"$skiptoken": token})
    assert rest.body == {"value": [by_her.body]}
    async with units.read() as unit:
        found = await access_ticket(unit, bram, made["id"])
        kept = await read_file(unit, bram, found.id)
    assert [one.text for one in kept.notes] == ["Alweer die printer"]


async def test_a_file_is_put_on_a_ticket_once(call: Call, made: dict[str, Any], desk: Desk) -> None:
    sent = {"name": "scherm.png", "content": PNG, "externalId": "f-1"}
    first = await call("AddAttachment", sent, made["id"])
    assert first.status == 201
    assert first.body.items() >= {"name": "scherm.png", "contentType": "image/png", "size": 72}.items()
    assert (await call("AddAttachment", sent, made["id"])).body == first.body
    assert await desk.files.read(first.body["id"]) == base64.b64decode(PNG)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"name": "x.exe", "content": base64.b64encode(b"MZ\x00\x01").decode()}, (400, "invalid", "content")),
        ({"name": "leeg.txt", "content": ""}, (400, "invalid", "content")),
        ({"name": "x.png", "content": "geen base64!"}, (400, "invalid", "content")),
        ({"name": "", "content": PNG}, (400, "invalid", "name")),
    ],
)
async def test_a_file_the_desk_does_not_take_is_refused(
    call: Call, made: dict[str, Any], sent: dict[str, str], problem: tuple[Any, ...]
) -> None:
    assert (await call("AddAttachment", sent, made["id"])).problem == problem


async def test_of_many_tickets_each_has_its_own_result_and_a_repeat_makes_none(call: Call) -> None:
    many = {"tickets": [ticket(), ticket(onBehalfOf="niemand@vlaskerke.example"), ticket(kind="change")]}
    first = await call("CreateTickets", many, Idempotency_Key="run", Accept_Language="nl-BE,nl;q=0.9")
    assert [one["status"] for one in first.body["value"]] == [201, 400, 201]
    wrong = first.body["value"][1]["error"]
    assert (wrong["target"], wrong["message"]) == ("onBehalfOf", "Niemand hier heeft dit e-mailadres.")
    assert (await call("CreateTickets", many, Idempotency_Key="run")).body["value"][0] == first.body["value"][
        0
    ]
    assert len((await call("ListTickets")).body["value"]) == 2
    assert (await call("CreateTickets", {"tickets": [ticket()] * 101})).problem == (400, "invalid", "tickets")
    broken = await call("CreateTickets", {"tickets": [ticket(), ticket(text=7)]})
    assert broken.problem == (400, "invalid", "tickets.1.text")


async def test_tickets_are_found_by_what_they_are(call: Call, made: dict[str, Any]) -> None:
    async def found(**params: str) -> int:
        return len((await call("ListTickets", params=params)).body["value"])

    assert await found(requester=AMINA, team="digitaal", category="printer") == 1
    assert await found(assignee=BRAM) == 0
    assert await found(createdFrom="2026-11-23T09:30:00+01:00", createdTo="2026-11-24T00:00:00Z") == 1
    assert await found(updatedFrom="2026-11-24T00:00:00Z") == 0
    assert await found(text=made["number"], state="closed") == 0
    refused = await call("ListTickets", params={"requester": "niemand@vlaskerke.example"})
    assert refused.problem == (400, "invalid", "requester")
    unclear = await call("ListTickets", params={"createdFrom": "2026-11-23T09:30:00"})
    assert unclear.problem == (400, "invalid", "createdFrom")


async def test_what_is_wrong_is_said_in_the_language_asked_and_all_of_it(call: Call) -> None:
    sent = {"kind": "storing", "text": "", "colour": "red"}
    refused = await call("CreateTicket", sent, Accept_Language="fr-BE, nl;q=0.4")
    error = refused.body["error"]
    assert [one["target"] for one in error["details"]] == ["kind", "text", "colour"]
    assert error["message"] == error["details"][0]["message"]
    assert error["details"][1]["message"] == "Ceci est nécessaire."
    assert error["details"][2]["message"] == "Ce champ n’existe pas."
    assert (await call("CreateTicket", PRINTER | {"x": 1})).body["error"][
        "message"
    ] == "There is no such field."


async def test_a_connection_that_may_only_report_changes_nothing(
    call: Call, made: dict[str, Any], units: DatabaseUnits
) -> None:
    async with units() as unit:
        weak = await create_key(unit, "weak", [Scope.CREATE, Scope.READ])
    for name, body in [
        ("UpdateTicket", {"comment": "x"}),
        ("AddComment", {"text": "x"}),
        ("AddAttachment", {"name": "a.png", "content": PNG}),
    ]:
        assert (await call(name, body, made["id"], X_API_Key=weak)).problem == (403, "forbidden", None)
