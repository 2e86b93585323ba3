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


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHostProcess]:
    with LocalHostProcess(tmp_path_factory.mktemp("flows")) as running:
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
        address = await runner.subscribe("WhenATicketIsCreated", receivers.url("flow"), kind="incident")
        await runner.run("CreateTicket", {"kind": "request", "text": "Graag een tweede scherm."})
        made = await runner.run("CreateTicket", {"kind": "incident", "text": "De beamer blijft zwart."})
        await receivers.until("flow", 1)

        assert await runner.unsubscribe(address) == 204
        assert await runner.unsubscribe(address) == 204, "ending it twice changes nothing"
        await runner.run("CreateTicket", {"kind": "incident", "text": "De badge opent de deur niet."})
        again = await runner.subscribe("WhenATicketIsCreated", receivers.url("later"))
        last = await runner.run("CreateTicket", {"kind": "incident", "text": "Het scherm flikkert."})
        await receivers.until("later", 1)
        await runner.unsubscribe(again)

        assert receivers.refused == []
        (told,) = (one.body for one in receivers.received["flow"])
        runner.check_notification("WhenATicketIsCreated", told)
        assert told["ticket"] == made.body
        assert [one.body["ticket"]["id"] for one in receivers.received["later"]] == [last.body["id"]]


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
