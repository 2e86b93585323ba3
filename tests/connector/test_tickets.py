"""Tickets for flows: made once, found again, and every mistake answered."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.helpdesk import actions
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.reading import list_tickets
from domain.helpdesk.texts import TEXT_LIMIT
from domain.organisation import Organisation
from tests.connector.conftest import ADDRESS, Call

PRINTER = {
    "kind": "incident",
    "text": "De printer aan het loket hapert.",
    "impact": "high",
    "urgency": "high",
}
DIFFICULT = "👩🏽‍🔧 **vet** <b>html</b> مرحبا {{DATE(2026)}} 'x' \\ \"y\""


def ticket(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (PRINTER | changed).items() if value is not None}


# --- making -----------------------------------------------------------------------------------------------


async def test_a_flow_makes_a_ticket_that_the_desk_sees(
    call: Call, units: DatabaseUnits, bram: Actor
) -> None:
    made = await call("CreateTicket", PRINTER, Idempotency_Key="run-1")
    assert made.status == 201
    assert made.headers["Location"] == f"{ADDRESS}/{made.body['id']}"
    expected = {
        "number": "I-2026-000001",
        "kind": "incident",
        "state": "new",
        "title": "De printer aan het loket hapert.",
        "priority": "critical",
        "requesterName": "intake",
        "createdAt": "2026-11-23T08:30:00Z",
    }
    assert made.body.items() >= expected.items()
    assert "assigneeName" not in made.body
    async with units.read() as unit:
        [seen] = (await list_tickets(unit, bram, mine=False)).tickets
    assert (seen.id, seen.reporter_id) == (made.body["id"], "flow:intake")


async def test_a_flow_reports_for_a_colleague_named_by_address(
    call: Call, units: DatabaseUnits, amina: Actor
) -> None:
    made = await call("CreateTicket", ticket(onBehalfOf=" Amina.ElIdrissi@vlaskerke.example "))
    assert (made.body["requesterName"], made.body["requesterEmail"]) == (
        "Amina El Idrissi",
        "amina.elidrissi@vlaskerke.example",
    )
    async with units.read() as unit:
        [mine] = (await list_tickets(unit, amina)).tickets
    assert (mine.requester_id, mine.team_id, mine.reporter_id) == ("amina", "digitaal", "flow:intake")


@pytest.mark.parametrize(
    ("body", "headers"),
    [(ticket(), {"Idempotency_Key": "k"}), (ticket(externalId="k"), {})],
    ids=["by header", "by external id"],
)
async def test_a_repeat_answers_with_the_first(call: Call, body: object, headers: dict[str, str]) -> None:
    first = await call("CreateTicket", body, **headers)
    again = await call("CreateTicket", body, **headers)
    assert (again.status, again.body) == (201, first.body)
    assert len((await call("ListTickets")).body["value"]) == 1


async def test_a_repeat_by_the_header_or_by_the_external_id_is_the_same_repeat(call: Call) -> None:
    first = await call("CreateTicket", ticket(externalId="k"))
    assert (await call("CreateTicket", ticket(), Idempotency_Key="k")).body == first.body


async def test_the_same_key_for_another_body_is_a_conflict(call: Call) -> None:
    await call("CreateTicket", ticket(), Idempotency_Key="k")
    for other in (
        ticket(text="Iets anders"),
        ticket(urgency="low"),
        ticket(onBehalfOf="dirk.peeters@vlaskerke.example"),
    ):
        refused = await call("CreateTicket", other, Idempotency_Key="k")
        assert refused.problem == (409, "conflict", "Idempotency-Key")
    await call("CreateTicket", ticket(externalId="e"))
    refused = await call("CreateTicket", ticket(externalId="e", text="Iets anders"))
    assert refused.problem == (409, "conflict", "externalId")
    assert len((await call("ListTickets")).body["value"]) == 2


async def test_without_a_key_every_call_makes_a_ticket(call: Call) -> None:
    made = [await call("CreateTicket", ticket()) for _ in range(2)]
    assert [answer.body["number"] for answer in made] == ["I-2026-000001", "I-2026-000002"]


async def test_the_same_key_many_times_at_once_makes_one_ticket(call: Call) -> None:
    made = await asyncio.gather(*(call("CreateTicket", ticket(externalId="k")) for _ in range(10)))
    assert {answer.status for answer in made} == {201}
    assert len({answer.body["id"] for answer in made}) == 1


@pytest.mark.parametrize("text", [DIFFICULT, "x" * TEXT_LIMIT, "🙂" * TEXT_LIMIT])
async def test_every_text_comes_back_as_it_was_sent(call: Call, text: str) -> None:
    made = await call("CreateTicket", ticket(text=text, title=text[:100]))
    got = await call("GetTicket", None, made.body["id"])
    assert (got.body["text"], got.body["title"]) == (text, text[:100])


async def test_null_characters_are_left_out(call: Call) -> None:
    made = await call("CreateTicket", ticket(text="een\x00twee"))
    assert made.body["text"] == "eentwee"


# --- finding ----------------------------------------------------------------------------------------------


async def test_a_ticket_is_found_by_id_and_number(call: Call) -> None:
    made = await call("CreateTicket", PRINTER)
    for wanted in (made.body["id"], made.body["number"], made.body["number"].lower()):
        assert (await call("GetTicket", None, wanted)).body == made.body


async def test_a_ticket_shows_who_handles_it_and_when_it_was_resolved(
    call: Call, units: DatabaseUnits, organisation: Organisation, bram: Actor
) -> None:
    policy: HelpdeskPolicy = organisation.helpdesk
    made = await call("CreateTicket", PRINTER)
    async with units() as unit:
        said = actions.Say(made.body["id"], "Nieuwe toner")
        await actions.resolve(unit, bram, said, policy, key="k")
    got = (await call("GetTicket", None, made.body["id"])).body
    assert got.items() >= {"state": "resolved", "assigneeEmail": "bram.desmet@vlaskerke.example"}.items()
    assert got["resolvedAt"] == "2026-11-23T08:30:00Z"


@pytest.mark.parametrize("unknown", ["I-2026-999999", "nonsense", "%00", "\x00", "x" * 1000])
async def test_an_unknown_ticket_is_not_found(call: Call, unknown: str) -> None:
    assert (await call("GetTicket", None, unknown)).problem == (404, "not_found", "id")


async def test_a_list_leads_to_its_next_page_and_ends(call: Call) -> None:
    made = [(await call("CreateTicket", ticket(text=f"Nummer {n}"))).body["id"] for n in range(5)]
    found: list[str] = []
    params: dict[str, str] = {"$top": "2", "kind": "incident"}
    for _ in range(3):
        page = (await call("ListTickets", params=params)).body
        found += [one["id"] for one in page["value"]]
        link = page.get("nextLink")
        if link is None:
            break
        address, _, query = link.partition("?")
        assert address == ADDRESS
        params = dict(part.split("=") for part in query.split("&"))
        assert params.items() >= {"$top": "2", "kind": "incident"}.items()
    assert link is None
    assert found == made[::-1]


async def test_a_list_is_narrowed_by_kind_and_state(call: Call) -> None:
    await call("CreateTicket", PRINTER)
    request = await call("CreateTicket", ticket(kind="request"))

    async def found(**params: str) -> list[str]:
        return [one["id"] for one in (await call("ListTickets", params=params)).body["value"]]

    assert await found(kind="request") == [request.body["id"]]
    assert await found(kind="request", state="closed") == []
    assert len(await found(state="new")) == 2


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"$top": "0"}, "$top"),
        ({"$top": "101"}, "$top"),
        ({"$top": "many"}, "$top"),
        ({"$top": "-1"}, "$top"),
        ({"$top": "٣"}, "$top"),
        ({"$top": "9" * 5000}, "$top"),
        ({"kind": "problem"}, "kind"),
        ({"state": ""}, "state"),
        ({"$skiptoken": "nonsense"}, "$skiptoken"),
    ],
)
async def test_a_list_that_cannot_be_asked_for_is_refused(
    call: Call, params: dict[str, str], field: str
) -> None:
    assert (await call("ListTickets", params=params)).problem == (400, "invalid", field)


# --- mistakes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (ticket(kind=None), "kind"),
        (ticket(kind="problem"), "kind"),
        (ticket(text=None), "text"),
        (ticket(text=""), "text"),
        (ticket(text="  \n "), "text"),
        (ticket(text="\x00"), "text"),
        (ticket(text=7), "text"),
        (ticket(text="x" * (TEXT_LIMIT + 1)), "text"),
        (ticket(title="x" * 121), "title"),
        (ticket(impact="huge"), "impact"),
        (ticket(urgency=1), "urgency"),
        (ticket(externalId=""), "externalId"),
        (ticket(externalId="x" * 201), "externalId"),
        (ticket(externalId="nul\x00"), "externalId"),
        (ticket(onBehalfOf="nobody@vlaskerke.example"), "onBehalfOf"),
        (ticket(onBehalfOf="nul\x00"), "onBehalfOf"),
        (ticket(state="closed"), "state"),
        ([PRINTER], None),
        ("text", None),
        (None, None),
    ],
)
async def test_a_wrong_body_is_refused_by_its_field(call: Call, body: object, field: str | None) -> None:
    assert (await call("CreateTicket", body)).problem == (400, "invalid", field)
    assert (await call("ListTickets")).body == {"value": []}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff\xfe", b'{"kind": "incident", "text": "\\ud800"}', b"[" * 100_000]
)
async def test_a_body_that_is_not_json_is_refused(call: Call, raw: bytes) -> None:
    refused = await call("CreateTicket", raw=raw)
    assert (refused.status, refused.body["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("wrong", ["", "x" * 201, "een\x07bel"])
async def test_a_wrong_idempotency_key_is_refused(call: Call, wrong: str) -> None:
    refused = await call("CreateTicket", PRINTER, Idempotency_Key=wrong)
    assert refused.problem == (400, "invalid", "Idempotency-Key")


async def test_more_than_a_megabyte_is_refused(call: Call) -> None:
    raw = json.dumps(ticket(text="x" * 1_000_001)).encode()
    assert (await call("CreateTicket", raw=raw)).problem[:2] == (413, "too_large")


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
)
async def test_another_content_type_is_refused(call: Call, content_type: str | None) -> None:
    refused = await call("CreateTicket", PRINTER, Content_Type=content_type)
    assert refused.problem == (415, "unsupported_media_type", "Content-Type")


async def test_a_charset_beside_the_content_type_is_fine(call: Call) -> None:
    made = await call("CreateTicket", PRINTER, Content_Type="Application/JSON; charset=utf-8")
    assert made.status == 201


# --- many at once -----------------------------------------------------------------------------------------


async def test_each_of_many_is_made_or_refused_by_itself_and_a_repeat_makes_none(call: Call) -> None:
    many = [ticket(text=f"Scherm {n}", externalId="x" if n < 2 else None) for n in range(4)]
    many.append(ticket(onBehalfOf="niemand@vlaskerke.example"))
    body = {"tickets": [{name: value for name, value in one.items() if value is not None} for one in many]}
    first = await call("CreateTickets", body, Accept_Language="nl")
    results = first.body["value"]
    assert [(one["index"], one["status"]) for one in results] == list(enumerate((201, 409, 201, 201, 400)))
    assert results[1]["error"]["target"] == "externalId"
    assert results[4]["error"]["message"] == "Niemand hier heeft dit e-mailadres."

    kept = [await call("CreateTickets", body, Idempotency_Key="b") for _ in range(2)]
    assert kept[0].body == kept[1].body
    body["tickets"].pop()
    other = await call("CreateTickets", body, Idempotency_Key="b")
    assert other.problem == (409, "conflict", "Idempotency-Key")
    assert len((await call("ListTickets")).body["value"]) == 3 + 4


@pytest.mark.parametrize("name", ["category", "group", "team", "requester", "assignee", "state", "colour"])
async def test_a_filter_with_a_typing_error_is_no_empty_list(call: Call, name: str) -> None:
    assert (await call("ListTickets", params={name: "tiepfout"})).problem == (400, "invalid", name)


async def test_what_may_stand_there_is_said_in_the_language_asked(call: Call) -> None:
    refused = await call("CreateTicket", ticket(kind="wens"), Accept_Language="nl")
    assert refused.body["error"]["message"].endswith("incident, request, change.")
    moment = await call("ListTickets", params={"createdFrom": "gisteren"}, Accept_Language="nl")
    assert "2026-11-22T09:30:00Z" in moment.body["error"]["message"]
