"""Our calls, and the local tenant's answers, against Microsoft's own description of Graph, where that is at hand."""

from __future__ import annotations

import re

import pytest

from domain.sites.request import SiteState
from tests.provisioning.conftest import Yard, plain_path
from tests.provisioning.test_provision import LIBRARIES, sqlite
from tests.servers.openapi import GRAPH, SHAREPOINT, Description
from tests.servers.tenant import TenantServer

NOT_DESCRIBED = re.compile(
    r"/web/associated(owner|member)group/users"
    r"|/SPSiteManager/delete$"
    r"|GetAvailableTagsForSite|_GetListComplianceTag$"
    r"|/groups/[^/]+/settings/[^/]+$"
)
"""Not in these descriptions: Microsoft's own pages and tools show them."""

pytestmark = [
    pytest.mark.skipif(not GRAPH.exists(), reason="Microsoft's description is not at hand"),
    sqlite,
]


async def build_everything(yard: Yard) -> None:
    """A site of every scenario, with libraries, people, a hub, and a guest where guests may come."""
    hub = await yard.build("2", name="Digitale hub", key="hub")
    for scenario_id, libraries in LIBRARIES.items():
        guests = "jan@provincie.example" if scenario_id == "1" else ""
        under = hub.id if scenario_id in ("3", "4") else ""
        request = await yard.build(
            scenario_id, libraries=libraries, guests=guests, hub=under, key=scenario_id
        )
        assert request.state is SiteState.READY, request.failed_step


async def test_every_graph_call_and_answer_is_as_microsoft_describes_it(
    yard: Yard, tenant: TenantServer
) -> None:
    description = Description(GRAPH)
    await build_everything(yard)
    calls = [call for call in tenant.tenant.watch.calls if call.path.startswith("/graph/")]
    kinds = set()
    for call in calls:
        path = call.path.removeprefix("/graph")
        description.check_query(call.method, path, call.query)
        description.check_request(call.method, path, call.body)
        if "$select" not in call.query:  # what was not selected is not in the answer
            description.check_answer(call.method, path, call.status, call.answer)
        kinds.add((call.method, path.rsplit("/", 1)[-1].split("(")[0]))
        assert call.headers["User-Agent"] == "NONISV|StadVlaskerke|Wijzer/0"
    assert len(calls) > 150
    made = {"groups", "settings", "invitations", "lists", "teams", "tabs", "addCopyFromContentTypeHub"}
    assert made <= {kind for method, kind in kinds if method in ("POST", "PATCH")}


async def test_every_sharepoint_call_is_as_described(yard: Yard, tenant: TenantServer) -> None:
    description = Description(SHAREPOINT)
    await build_everything(yard)
    calls = [call for call in tenant.tenant.watch.calls if "/_api/" in call.path]
    checked = 0
    for call in calls:
        if NOT_DESCRIBED.search(call.path):
            continue
        path = "/sp-admin" + plain_path(call.path) if call.path.startswith("/admin/") else "/sp" + call.path
        description.check_request(call.method, path, call.body)
        checked += 1
    assert checked > 100
