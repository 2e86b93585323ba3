"""Messages of flows, over the API; that they arrive is tested with the chats."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.desk import Desk
from domain.flow_messages import actions
from domain.flow_messages.models import FlowMessageRow
from domain.helpdesk.channels import DeskChannel, use_channel
from tests.conftest import Clock
from tests.connector.conftest import Call

AMINA = "amina.elidrissi@vlaskerke.example"
SAID = {"person": AMINA, "title": "Klaar", "text": "Je laptop staat klaar."}


async def test_a_message_is_sent_once_to_a_person_and_in_a_channel(
    call: Call, units: DatabaseUnits, bram: Actor
) -> None:
    first = await call("SendMessage", SAID, Idempotency_Key="m")
    assert first.status == 202
    assert (await call("SendMessage", SAID, Idempotency_Key="m")).body == first.body
    assert (await call("ListChannels")).body == {"value": []}
    async with units() as unit:
        place = DeskChannel(
            "eerste_lijn", "19:x@thread.tacv2", "https://smba.example/", "msteams", None, "bot"
        )
        await use_channel(unit, bram, place)
    assert (await call("ListChannels")).body["value"] == [{"id": "eerste_lijn", "name": "Eerste lijn"}]
    post = {"channel": "eerste_lijn", "title": "Klaar", "text": "Alles werkt weer."}
    assert (await call("PostMessage", post)).status == 202
    async with units.read() as unit:
        rows = (await unit.db.execute(select(FlowMessageRow.person_id, FlowMessageRow.group_id))).all()
    assert [tuple(row) for row in rows] == [("amina", None), (None, "eerste_lijn")]


async def test_what_was_said_a_season_ago_is_forgotten(
    call: Call, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 2)
    for number in range(3):
        await call("SendMessage", SAID, Idempotency_Key=f"old-{number}")
    clock.forward(days=60)
    await call("SendMessage", SAID, Idempotency_Key="young")
    assert await actions.forget_messages(desk) == 0
    clock.forward(days=31)
    assert [await actions.forget_messages(desk) for _ in range(2)] == [3, 0]
    gone = await call("SendMessage", SAID, Idempotency_Key="old-0")
    assert gone.problem == (409, "conflict", None)


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("SendMessage", SAID | {"person": "x@y.example"}, (400, "invalid", "person")),
        ("SendMessage", SAID | {"text": " "}, (400, "invalid", "text")),
        ("SendMessage", SAID | {"link": "http://x.example"}, (400, "invalid", "link")),
        ("PostMessage", {"channel": "nergens", "title": "a", "text": "b"}, (404, "not_found", "channel")),
    ],
)
async def test_what_cannot_be_said_is_refused(
    call: Call, name: str, body: dict[str, Any], problem: tuple[Any, ...]
) -> None:
    assert (await call(name, body)).problem == problem
