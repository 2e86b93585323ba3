"""Subscribing as a flow does, through the connector's functions."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from adapters.database.engine import DatabaseUnits
from connector.webhooks import OPERATIONS, ROWS
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.webhooks import actions
from tests.connector.conftest import Call, call, database_url, key

__all__ = ["call", "database_url", "key"]

CALLBACK = "https://prod-1.westeurope.logic.azure.com:443/workflows/1/run?sig=geheim"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_every_trigger_is_subscribed_to_and_ended_at_its_location(call: Call, row: object) -> None:
    made = await call(row.id, {"callbackUrl": CALLBACK})  # type: ignore[attr-defined]
    assert made.status == 201
    assert made.body["secret"].startswith("whsec_")
    subscription_id = made.headers["Location"].rpartition("/api/connector/v1/webhooks/")[2]
    assert subscription_id == made.body["id"] == str(UUID(subscription_id))
    for _ in range(2):
        assert (await call("EndSubscription", None, subscription_id)).status == 204


async def test_asking_for_the_same_again_is_the_same_subscription(call: Call) -> None:
    body = {"callbackUrl": CALLBACK, "kind": "incident", "priority": "high"}
    first, again = await call("WhenATicketIsCreated", body), await call("WhenATicketIsCreated", body)
    assert first.body == again.body
    other = await call("WhenATicketIsCreated", {**body, "kind": "request"})
    assert other.body["id"] != first.body["id"]
    await call("EndSubscription", None, first.body["id"])
    assert (await call("WhenATicketIsCreated", body)).body["id"] != first.body["id"]


async def test_who_has_too_many_gets_none_more_and_keeps_those_there_are(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_PER_OWNER", 1)
    first = await call("WhenATicketIsCreated", {"callbackUrl": CALLBACK})
    assert (await call("WhenATicketIsUpdated", {"callbackUrl": CALLBACK})).status == 409
    assert (await call("WhenATicketIsCreated", {"callbackUrl": CALLBACK})).body == first.body
    await call("EndSubscription", None, first.body["id"])
    assert (await call("WhenATicketIsUpdated", {"callbackUrl": CALLBACK})).status == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "callbackUrl"),
        ({"callbackUrl": "http://prod-1.logic.azure.com/"}, "callbackUrl"),
        ({"callbackUrl": "https://10.0.0.1/"}, "callbackUrl"),
        ({"callbackUrl": CALLBACK, "kind": "wish"}, "kind"),
        ({"callbackUrl": CALLBACK, "priority": "1"}, "priority"),
        ({"callbackUrl": CALLBACK, "language": "nl"}, "language"),
        ({"callbackUrl": CALLBACK, "team": "t" * 101}, "team"),
    ],
)
async def test_what_is_wrong_is_said_with_its_field(call: Call, body: object, field: str) -> None:
    refused = await call("WhenATicketIsCreated", body)
    assert refused.status in (400, 422)
    assert refused.problem[2] == field


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        ("WhenATicketIsCreated", "category"),
        ("WhenATicketIsCreated", "team"),
        ("WhenAnApprovalIsAsked", "kind"),
        ("WhenAnApprovalIsAsked", "scenario"),
        ("WhenASiteIsFailed", "scenario"),
    ],
)
async def test_what_can_never_happen_is_not_waited_for(call: Call, trigger: str, field: str) -> None:
    refused = await call(trigger, {"callbackUrl": CALLBACK, field: "tiepfout"})
    assert refused.problem == (400, "invalid", field)


async def test_a_key_hears_only_of_what_it_may_read(call: Call, units: DatabaseUnits) -> None:
    async with units() as unit:
        narrow = await create_key(unit, "narrow", [Scope.EVENTS, Scope.READ])
        blind = await create_key(unit, "blind", [Scope.READ])
    body = {"callbackUrl": CALLBACK}
    assert (await call("WhenATicketIsCreated", body, X_API_Key=narrow)).status == 201
    assert (await call("WhenAnApprovalIsAsked", body, X_API_Key=narrow)).status == 403
    assert (await call("WhenATicketIsCreated", body, X_API_Key=blind)).status == 403


async def test_somebody_elses_subscription_is_not_there(call: Call, units: DatabaseUnits) -> None:
    async with units() as unit:
        other = await create_key(unit, "other", Scope)
    made = await call("WhenATicketIsCreated", {"callbackUrl": CALLBACK})
    theirs = await call("EndSubscription", None, made.body["id"], X_API_Key=other)
    nothing = await call("EndSubscription", None, str(uuid4()), X_API_Key=other)
    assert theirs.status == nothing.status == 404
    assert theirs.body == nothing.body


def test_there_is_a_path_for_each_trigger() -> None:
    assert len({operation.path for operation in OPERATIONS}) == len(OPERATIONS) == len(ROWS) + 1
