"""What the tenant takes and answers, against Microsoft's own description of Graph, where that is at hand."""

from __future__ import annotations

import re

import pytest

from tests.servers.openapi import GRAPH, SHAREPOINT, Description
from tests.servers.tenant import TenantServer
from tests.tenant.caller import Caller
from tests.tenant.walk import walk

pytestmark = pytest.mark.skipif(not GRAPH.exists(), reason="Microsoft's description is not at hand")

PROSE_ONLY = re.compile(
    r"associated(owner|member)group/users|SPSiteManager/delete|GetListComplianceTag|GetAvailableTagsForSite"
    r"|/settings/[^/]+$|/teamwork/installedApps"
)
"""Documented by Microsoft in prose only, or not in the part of the description that is at hand."""


async def test_every_call_and_answer_of_graph_is_as_microsoft_describes_it(
    app: Caller, tenant: TenantServer
) -> None:
    description = Description(GRAPH)
    await walk(app)
    checked = 0
    for call in tenant.tenant.watch.calls:
        path = call.path.removeprefix("/graph")
        if path == call.path or PROSE_ONLY.search(path):
            continue
        description.check_query(call.method, path, call.query)
        description.check_request(call.method, path, call.body)
        if "$select" not in call.query:  # what was not selected is not in the answer
            description.check_answer(call.method, path, call.status, call.answer)
        checked += 1
    assert checked > 40


async def test_every_call_of_sharepoint_is_as_described(app: Caller, tenant: TenantServer) -> None:
    description = Description(SHAREPOINT)
    await walk(app)
    checked = 0
    for call in tenant.tenant.watch.calls:
        beyond = PROSE_ONLY.search(call.path) or {"Title", "LockState"} & set(call.body or ())
        if "/_api/" not in call.path or beyond:
            continue
        admin = call.path.startswith("/admin/")
        path = f"/sp-admin{call.path.removeprefix('/admin')}" if admin else f"/sp{call.path}"
        description.check_request(call.method, path, call.body)
        checked += 1
    assert checked > 10


async def test_refusals_are_in_graphs_own_shape(app: Caller, tenant: TenantServer) -> None:
    description = Description(GRAPH)
    for method, path in (
        ("GET", "/v1.0/users/nobody"),
        ("GET", "/v1.0/users?$select=naam"),
        ("GET", "/v1.0/teams/x"),
    ):
        await app.ask(method, f"/graph{path}")
    await app.ask("GET", "/graph/v1.0/groups", roles=["Group.Create"])
    for call in tenant.tenant.watch.calls:
        assert call.status >= 400
        description.check_answer(call.method, call.path.removeprefix("/graph"), call.status, call.answer)
