"""A flow on the product as it runs, by a runner that knows the connector from its Swagger document alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.flows.runner import FailedError, Json, Runner
from tests.servers.local_host import LocalHostProcess
from tests.servers.receivers import Receivers

DOCUMENT = "/api/connector/v1/apiDefinition.swagger.json"
AMINA = "amina.elidrissi@vlaskerke.example"
BRAM = "bram.desmet@vlaskerke.example"
DIRK = "dirk.peeters@vlaskerke.example"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHostProcess]:
    troubled = {"TENANT_UNSAFE_TROUBLE_ON_DEMAND": "1"}
    with LocalHostProcess(tmp_path_factory.mktemp("flows"), environment=troubled) as running:
        yield running


@pytest.fixture
async def runner(host: LocalHostProcess) -> AsyncIterator[Runner]:
    async with aiohttp.ClientSession() as session:
        async with session.get(host.address + DOCUMENT) as response:
            document = await response.json()
        yield Runner(document, host.address, {"X-API-Key": host.connector_key}, session)


def chosen_only(form: Json) -> bool:
    """Whether everything it needs is chosen from a list."""
    needed = form.get("required", ())
    return bool(needed) and all("enum" in form["properties"][name] for name in needed)


async def test_a_trigger_fires_for_what_fits_until_it_is_ended(runner: Runner) -> None:
    async with Receivers() as receivers:
        address = await runner.subscribe(
            "WhenATicketIsCreated", receivers.address_of("flow"), kind="incident"
        )
        await runner.run("CreateTicket", {"kind": "request", "text": "Graag een tweede scherm."})
        made = await runner.run("CreateTicket", {"kind": "incident", "text": "De beamer blijft zwart."})
        await receivers.until("flow", 1)

        assert await runner.unsubscribe(address) == 204
        assert await runner.unsubscribe(address) == 204, "ending it twice changes nothing"
        await runner.run("CreateTicket", {"kind": "incident", "text": "De badge opent de deur niet."})
        again = await runner.subscribe("WhenATicketIsCreated", receivers.address_of("later"))
        last = await runner.run("CreateTicket", {"kind": "incident", "text": "Het scherm flikkert."})
        await receivers.until("later", 1)
        await runner.unsubscribe(again)

        assert receivers.refused == []
        (told,) = (one.body for one in receivers.received["flow"])
        runner.check_notification("WhenATicketIsCreated", told)
        assert told["ticket"] == made.body
        assert [one.body["ticket"]["id"] for one in receivers.received["later"]] == [last.body["id"]]


async def test_a_site_is_asked_for_approved_and_built_and_flows_hear_of_each(
    runner: Runner, host: LocalHostProcess
) -> None:
    """One is ready; of the next Microsoft refuses the making. A flow hears of the type of site it chose only."""
    async with Receivers() as receivers:
        addresses = [
            await runner.subscribe("WhenAnApprovalIsAsked", receivers.address_of("asked"), kind="site"),
            await runner.subscribe("WhenAnApprovalIsDecided", receivers.address_of("decided")),
            await runner.subscribe("WhenASiteIsProvisioned", receivers.address_of("ready"), scenario="1"),
            await runner.subscribe("WhenASiteIsProvisioned", receivers.address_of("other"), scenario="3"),
            await runner.subscribe("WhenASiteIsFailed", receivers.address_of("failed")),
        ]
        built = await approved_site(runner, "Vlasmarkt")
        await receivers.until("ready", 1, within=60)
        await trouble(runner, host, {"faults": [{"method": "POST", "path": "", "times": 99, "status": 403}]})
        stopped = await approved_site(runner, "Vlasfeest")
        await receivers.until("failed", 1, within=60)
        for address in addresses:
            assert await runner.unsubscribe(address) == 204

    [ready], [failed] = receivers.received["ready"], receivers.received["failed"]
    runner.check_notification("WhenASiteIsProvisioned", ready.body)
    runner.check_notification("WhenASiteIsFailed", failed.body)
    for told, asked, state in ((ready, built, "ready"), (failed, stopped, "failed")):
        now = (await runner.run("GetSiteRequest", siteRequestId=asked)).body
        assert (told.body["siteRequest"], now["state"]) == (now, state)
        assert told.headers["ce-subject"] == asked
    assert ready.body["siteRequest"]["address"].startswith(host.tenant)
    assert failed.body["siteRequest"]["problem"]
    for name, trigger in (("asked", "WhenAnApprovalIsAsked"), ("decided", "WhenAnApprovalIsDecided")):
        for told in receivers.received[name]:
            runner.check_notification(trigger, told.body)
        subjects = {told.body["approval"]["subjectId"] for told in receivers.received[name]}
        assert subjects == {built, stopped}
    assert receivers.calls["other"] == 0
    assert receivers.refused == []


async def approved_site(runner: Runner, name: str) -> str:
    """Amina asks for it, and everybody who is asked approves. The key of the request."""
    wanted = {"siteType": "1", "name": name, "purpose": "Plannen van het feest met de handelaars."}
    asked = await runner.run("RequestSite", {**wanted, "secondOwner": DIRK, "onBehalfOf": AMINA})
    assert (asked.status, asked.body["state"]) == (202, "asked")
    waiting = [one async for one in runner.items("ListApprovals", onBehalfOf=BRAM)]
    [approval] = [one for one in waiting if one["subjectId"] == asked.body["id"]]
    while approval["state"] == "pending":
        decision = {"decision": "approve", "onBehalfOf": approval["approvers"][0]}
        approval = (await runner.run("DecideApproval", decision, approvalId=approval["id"])).body
    return str(asked.body["id"])


async def trouble(runner: Runner, host: LocalHostProcess, what: Json) -> None:
    """Have the local tenant misbehave."""
    key = (host.folder / "tenant" / "control-key").read_text()
    headers = {"Authorization": f"Bearer {key}"}
    async with runner.session.put(f"{host.tenant}/_tenant/trouble", json=what, headers=headers) as answer:
        assert answer.status == 204


async def test_pages_are_followed_to_the_end(runner: Runner) -> None:
    texts = [f"Toner {number} is bijna op." for number in range(5)]
    answer = await runner.run(
        "CreateTickets", {"tickets": [{"kind": "request", "text": text} for text in texts]}
    )
    made = [one["ticket"]["id"] for one in answer.body["value"]]
    listed = [ticket["id"] async for ticket in runner.items("ListTickets", top=2)]
    assert listed[:5] == made[::-1]
    assert len(set(listed)) == len(listed) > 5


async def test_what_can_be_chosen_and_what_its_form_asks_lead_to_an_order(runner: Runner) -> None:
    choices = await runner.choices("OrderCatalogueItem", "itemId")
    forms = {
        item_id: await runner.form("OrderCatalogueItem", "answers", itemId=item_id) for item_id in choices
    }
    assert {form["type"] for form in forms.values()} == {"object"}
    item_id, form = next((one, form) for one, form in forms.items() if chosen_only(form))
    answers = {name: form["properties"][name]["enum"][0] for name in form["required"]}
    order = {"itemId": item_id, "onBehalfOf": AMINA, "answers": answers, "externalId": "flow-1"}
    first = await runner.run("OrderCatalogueItem", order)
    again = await runner.run("OrderCatalogueItem", order)
    assert first.body["id"] == again.body["id"]


async def test_every_list_to_choose_from_has_something_in_it(runner: Runner) -> None:
    found = await runner.run("FindPeople", text="amina")
    assert AMINA in {item["email"] for item in found.body["value"]}
    for operation_id, name in (
        ("ListTickets", "category"),
        ("ListTickets", "team"),
        ("ListTickets", "group"),
    ):
        assert await runner.choices(operation_id, name)


async def test_a_mistake_of_the_flow_stops_it_with_a_reason(runner: Runner) -> None:
    with pytest.raises(FailedError) as stopped:
        await runner.run("CreateTicket", {"kind": "incident", "text": ""})
    assert stopped.value.answer.status == 400
    assert stopped.value.answer.body["error"]["target"] == "text"
    with pytest.raises(FailedError) as stopped:
        await runner.run("GetTicket", ticketId="I-2026-999999")
    assert stopped.value.answer.status == 404


def test_the_page_to_try_it_is_there(host: LocalHostProcess) -> None:
    page = host.ask("GET", "/try-it")
    assert page.status == 200
    assert host.connector_key.encode() in page.body
    assert host.ask("GET", "/try-it/swagger-ui-bundle.js").status == 200
    assert host.ask("GET", "/try-it/package.json").status == 404
