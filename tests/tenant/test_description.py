"""What is described is what is taken and answered: not less, not more, and not otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from localhost.tenant.answers import Answer
from localhost.tenant.description import Description
from localhost.tenant.people import People
from tests.servers.tenant import TenantServer
from tests.tenant.caller import GRAPH, Caller, by_key, group
from tests.tenant.walk import walk

DESCRIPTION = Description()
EVERY_ROLE = {role for operation in DESCRIPTION.operations for role in operation.permissions}


async def test_every_described_call_is_served_and_answered_as_described(
    app: Caller, tenant: TenantServer
) -> None:
    await walk(app)
    found = [DESCRIPTION.find(call.method, _plain(call.path)) for call in tenant.tenant.watch.calls]
    assert {one[0].id for one in found if one} == {operation.id for operation in DESCRIPTION.operations}
    assert not tenant.tenant.watch.reasons, [call for call in tenant.tenant.watch.calls if call.why]


def _plain(path: str) -> str:
    return path.replace("('", "/").replace("')", "") if "/teams(" in path else path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{GRAPH}/groups"),
        ("GET", f"{GRAPH}/me"),
        ("PUT", f"{GRAPH}/groups/x/team"),
        ("GET", "/sites/prj-markt/_api/web/folders"),
        ("DELETE", "/admin/_api/SPO.Tenant/sites('x')"),
    ],
)
async def test_a_call_that_is_not_described_is_refused_clearly_and_counted(
    app: Caller, tenant: TenantServer, method: str, path: str
) -> None:
    said = await app.ask(method, path)
    assert said.status == 501
    assert said.message == f"{method} {path} is not described in localhost/tenant/calls.yaml."
    assert tenant.tenant.watch.reasons["not described"] == 1


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"displayNaam": "Vlasmarkt"}, "displayNaam"),
        ({"displayName": ""}, "$.displayName"),
        ({"displayName": None}, "$.displayName"),
        ({"mailNickname": "met spatie"}, "$.mailNickname"),
        ({"mailEnabled": "true"}, "$.mailEnabled"),
        ({"groupTypes": []}, "$.groupTypes"),
        ({"owners@odata.bind": ["geen adres"]}, "owners@odata.bind"),
        ({"owners@odata.bind": ["https://graph.example/v1.0/users/x"] * 21}, "owners@odata.bind"),
    ],
)
async def test_a_body_that_differs_is_refused_with_the_place_where(
    app: Caller, tenant: TenantServer, changed: Mapping[str, Any], where: str
) -> None:
    said = await app.ask(
        "PATCH", by_key("vlasmarkt"), {**group("vlasmarkt"), **changed}, Prefer="create-if-missing"
    )
    assert (said.status, said.body["error"]["code"]) == (400, "Request_BadRequest")
    assert where in said.message
    assert tenant.tenant.watch.reasons["not as described"] == 1
    assert (await app.make_group()).status == 201


@pytest.mark.parametrize(
    "path",
    [
        f"{GRAPH}/groups?$filter=startswith(mailNickname,'a')",
        f"{GRAPH}/users?$select=naam,x",
        f"{GRAPH}/users?$orderby=displayName",
        "/_api/SPSiteManager/status",
    ],
)
async def test_a_query_that_differs_is_refused_and_not_ignored(app: Caller, path: str) -> None:
    assert (await app.ask("GET", path)).status == 400


async def test_a_library_takes_one_kind_per_column(app: Caller) -> None:
    site = await app.group_site((await app.make_group()).body["id"])
    for column in (
        {"name": "Status"},
        {"name": "Status", "text": {}, "boolean": {}},
        {"name": "Status", "choice": {"choices": "Concept"}},
        {"name": "Met spatie", "text": {}},
        {"name": "Status", "text": {}, "kleur": "rood"},
    ):
        assert (await app.make_library(site, columns=[column])).status == 400, column


async def test_an_answer_of_its_own_that_differs_is_a_mistake_that_shows(
    app: Caller, tenant: TenantServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(People, "one", lambda _self, _ask: Answer(body={"id": "amina", "naam": "Amina"}))
    said = await app.ask("GET", f"{GRAPH}/users/amina")
    assert said.status == 500
    assert "naam" in said.message
    assert tenant.tenant.watch.reasons == {"our mistake": 1}


async def test_a_token_is_good_for_one_of_the_three_resources(app: Caller) -> None:
    calls = {
        f"{GRAPH}/groups": "/graph",
        f"/_api/SPSiteManager/status?url='{app.base}/sites/x'": "",
        "/admin/_api/SPO.Tenant/sites('x')": "/admin",
    }
    for path, own in calls.items():
        for audience in ("/graph", "", "/admin"):
            token = app.authority.token_for(app.base + audience, sorted(EVERY_ROLE))
            headers = {"Authorization": f"Bearer {token}"}
            async with app.session.get(app.base + path, headers=headers) as answer:
                assert (answer.status != 401) is (audience == own), (path, audience)
        for header in ("", "Bearer rubbish", "Basic eDp5"):
            async with app.session.get(app.base + path, headers={"Authorization": header}) as answer:
                assert answer.status == 401
                assert "error" in await answer.text()


async def test_each_call_needs_its_own_permission(app: Caller) -> None:
    for operation in DESCRIPTION.operations:
        path = operation.template.replace("{", "").replace("}", "")
        denied = await app.ask(operation.method, path, roles=sorted(EVERY_ROLE - set(operation.permissions)))
        assert denied.status == 403, operation.id
        assert operation.permissions[0] in denied.message
        for role in operation.permissions:
            said = await app.ask(operation.method, path, roles=[role])
            assert said.status not in (401, 403), (operation.id, role)


async def test_a_role_that_is_taken_back_counts_at_once(app: Caller, tenant: TenantServer) -> None:
    assert (await app.make_group()).status == 201
    tenant.tenant.trouble.withheld_roles = ["Group.Create"]
    assert (await app.make_group("zomerbar")).status == 403
    assert tenant.tenant.watch.reasons == {"not permitted": 1}
