"""Sites and approvals for flows: asked, looked at, decided, withdrawn, as in chat."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft4Validator

from adapters.database.engine import DatabaseUnits
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.organisation import Organisation
from tests.connector.conftest import ADDRESS, Call

AMINA = "amina.elidrissi@vlaskerke.example"
BRAM = "bram.desmet@vlaskerke.example"
DIRK = "dirk.peeters@vlaskerke.example"
FLAX = {
    "siteType": "1",
    "name": "Vlas en markt",
    "purpose": "Plannen van de vlasmarkt met de handelaars.",
    "secondOwner": DIRK,
    "onBehalfOf": AMINA,
    "details": {"guests": ["jan@handelaars.example"], "members": [BRAM]},
}


def site(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (FLAX | changed).items() if value is not None}


async def test_a_site_is_asked_for_and_will_take_its_time(call: Call) -> None:
    asked = await call("RequestSite", FLAX, Idempotency_Key="s")
    assert asked.status == 202
    root = ADDRESS.removesuffix("/tickets")
    assert asked.headers["Location"] == f"{root}/sites/requests/{asked.body['id']}"
    assert asked.body.items() >= {"state": "asked", "siteType": "1", "owners": [AMINA, DIRK]}.items()
    assert (await call("RequestSite", FLAX, Idempotency_Key="s")).body == asked.body
    other = await call("RequestSite", site(name="Iets anders"), Idempotency_Key="s")
    assert other.problem == (409, "conflict", "Idempotency-Key")
    assert (await call("GetSiteRequest", None, asked.body["id"])).body == asked.body
    for params, count in [
        ({}, 1),
        ({"state": "ready"}, 0),
        ({"requester": AMINA}, 1),
        ({"requester": BRAM}, 0),
    ]:
        assert len((await call("ListSiteRequests", params=params)).body["value"]) == count


@pytest.mark.parametrize(
    ("changed", "target"),
    [
        ({"siteType": "99"}, "siteType"),
        ({"name": "<>"}, "name"),
        ({"purpose": "kort"}, "purpose"),
        ({"secondOwner": AMINA}, "secondOwner"),
        ({"owner": "niemand@vlaskerke.example"}, "owner"),
        ({"details": {"members": ["Niemand Hier"]}}, "details.members"),
        ({"details": {"members": "Bram"}}, "details.members"),
        ({"details": {"endDate": "gisteren"}}, "details.endDate"),
        ({"details": {"retentionLabel": "eeuwig"}}, "details.retentionLabel"),
        ({"details": {"libraries": ["bibliotheek"]}}, "details.libraries"),
        ({"details": {"colour": "red"}}, "details.colour"),
        ({"onBehalfOf": None}, "onBehalfOf"),
    ],
)
async def test_what_is_wrong_with_a_site_is_named(call: Call, changed: dict[str, Any], target: str) -> None:
    refused = await call("RequestSite", site(**changed))
    said = refused.body["error"]
    assert refused.status == 400
    assert target in [said.get("target"), *(one["target"] for one in said.get("details", ()))]


async def test_the_form_of_a_type_of_site_has_what_it_can_have(
    call: Call, organisation: Organisation
) -> None:
    for scenario in organisation.scenarios:
        schema = (await call("GetSiteTypeForm", None, scenario.id, Accept_Language="fr")).body["schema"]
        Draft4Validator.check_schema(schema)
        assert ("guests" in schema["properties"]) == scenario.guests
        assert schema["title"] == scenario.name("fr")
        for one in schema["properties"].values():
            assert one["x-ms-summary"]
            assert one["description"] != one["x-ms-summary"]


async def test_who_is_asked_finds_it_waiting_and_decides(call: Call) -> None:
    asked = (await call("RequestSite", FLAX)).body
    [approval] = (await call("ListApprovals", params={"onBehalfOf": BRAM})).body["value"]
    assert approval.items() >= {"subjectId": asked["id"], "state": "pending", "requesterEmail": AMINA}.items()
    assert (await call("GetApproval", None, approval["id"])).body == approval
    assert (await call("ListApprovals", params={"onBehalfOf": DIRK})).body == {"value": []}
    decision = {"decision": "refuse", "onBehalfOf": BRAM}
    refused = await call("DecideApproval", decision, approval["id"])
    assert refused.problem == (400, "invalid", "comment")
    decision["comment"] = "Er is al zo een site."
    for _ in range(2):
        done = await call("DecideApproval", decision, approval["id"], Idempotency_Key="d")
        assert done.body.items() >= {"state": "refused", "decidedBy": "Bram De Smet"}.items()
    late = await call("DecideApproval", {"decision": "approve", "onBehalfOf": BRAM}, approval["id"])
    assert late.problem == (409, "conflict", "decision")
    assert (await call("GetSiteRequest", None, asked["id"])).body["state"] == "refused"


async def test_a_site_is_decided_by_its_own_key_and_withdrawn_by_who_asked(call: Call) -> None:
    asked = (await call("RequestSite", FLAX)).body
    [approval] = (await call("ListApprovals", params={"onBehalfOf": BRAM})).body["value"]
    for state in ("asked", "building"):  # its team's owner first, then the information manager
        approver = (await call("GetApproval", None, approval["id"])).body["approvers"][0]
        approve = {"decision": "approve", "onBehalfOf": approver}
        assert (await call("DecideSiteRequest", approve, asked["id"])).body["state"] == state
    other = (await call("RequestSite", site(name="Nog een markt"))).body
    not_hers = await call("WithdrawSiteRequest", {"onBehalfOf": BRAM}, other["id"])
    assert not_hers.status == 404
    back = {"onBehalfOf": AMINA, "externalId": "back"}
    for _ in range(2):
        gone = await call("WithdrawSiteRequest", back, other["id"])
        assert gone.body["state"] == "withdrawn"
    third = (await call("RequestSite", site(name="Een derde markt"))).body
    used = await call("WithdrawSiteRequest", back, third["id"])
    assert used.problem == (409, "conflict", "externalId")
    assert (await call("GetSiteRequest", None, third["id"])).body["state"] == "asked"


async def test_nobody_decides_who_was_not_asked_and_no_flow_for_itself(
    call: Call, units: DatabaseUnits
) -> None:
    asked = (await call("RequestSite", FLAX)).body
    [approval] = (await call("ListApprovals", params={"onBehalfOf": BRAM})).body["value"]
    outsider = await call("DecideApproval", {"decision": "approve", "onBehalfOf": DIRK}, approval["id"])
    assert outsider.status == 404
    nobody = await call("DecideApproval", {"decision": "approve"}, approval["id"])
    assert nobody.problem == (400, "invalid", "onBehalfOf")
    async with units() as unit:
        alone = await create_key(unit, "alone", [Scope.APPROVALS_DECIDE, Scope.APPROVALS_READ])
    for name, path in (("DecideApproval", approval["id"]), ("DecideSiteRequest", asked["id"])):
        refused = await call(name, {"decision": "approve", "onBehalfOf": BRAM}, path, X_API_Key=alone)
        assert refused.problem == (403, "forbidden", None)
    for name in ("GetApproval", "GetSiteRequest"):
        assert (await call(name, None, "nonsense")).status == 404


async def test_every_choice_has_something_to_choose(call: Call) -> None:
    for name in (
        "ListCategories",
        "ListGroups",
        "ListPriorities",
        "ListSiteTypes",
        "ListAgents",
        "ListTeams",
    ):
        found = (await call(name)).body["value"]
        assert found, name
    assert (await call("FindPeople", params={"text": "amina"})).body["value"][0]["email"] == AMINA
    me = (await call("GetConnection")).body
    assert (me["isFlow"], me["name"]) == (True, "intake")


async def test_null_characters_reach_no_database(call: Call) -> None:
    """PostgreSQL refuses them: what is typed is cleaned, and nothing else may have one."""
    asked = await call("RequestSite", site(purpose="Voor de\x00 markt van dit jaar."))
    assert asked.status == 202
    for params in ({"category": "\x00"}, {"text": "a\x00"}, {"team": "x\x00"}):
        assert (await call("ListTickets", params=params)).status == 400
    for name in ("GetTip", "GetApproval", "GetSiteRequest", "GetCatalogueForm"):
        assert (await call(name, None, "\x00")).status == 404
