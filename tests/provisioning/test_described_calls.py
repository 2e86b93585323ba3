"""Our calls, and the local tenant's answers, against Microsoft's own description of Graph, where that is at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from domain.sites.request import SiteState
from tests.provisioning.conftest import Yard, plain_path
from tests.provisioning.test_provision import LIBRARIES, sqlite
from tests.servers.tenant import TenantServer

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
GRAPH, SHAREPOINT = DATA / "graph-subset.openapi.json", DATA / "sharepoint-rest.handmade.openapi.json"
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


class Description:
    """An OpenAPI 3.1 description: which path and operation a call is, and what its bodies have to be."""

    def __init__(self, path: Path) -> None:
        self._document = json.loads(path.read_text("utf-8"))
        resource: Resource[Any] = Resource.opaque(self._document)
        self._registry: Registry[Any] = Registry().with_resource("urn:description", resource)
        self._paths = [(_pattern(template), template) for template in self._document["paths"]]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        found = [template for pattern, template in self._paths if pattern.fullmatch(path)]
        literal = min(found, key=lambda template: template.count("{"), default=None)
        assert literal is not None, f"{path} is not described"
        operation = self._document["paths"][literal].get(method.lower())
        assert operation is not None, f"{method} {literal} is not described"
        return dict(operation)

    def check_request(self, method: str, path: str, body: Any) -> None:
        content = self.operation(method, path).get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is not None:
            self._check(schema, body, f"{method} {path}")
        elif method != "POST" or body:
            assert not body, f"{method} {path} takes no body"

    def check_query(self, method: str, path: str, query: dict[str, str]) -> None:
        known = {parameter["name"] for parameter in self.operation(method, path).get("parameters", ())}
        assert set(query) <= known, f"{method} {path} does not take {set(query) - known}"

    def check_answer(self, method: str, path: str, status: int, body: Any) -> None:
        responses = self.operation(method, path)["responses"]
        response = responses.get(str(status)) or responses.get(f"{status // 100}XX")
        assert response is not None, f"{method} {path} does not answer {status}"
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            self._check(schema, body, f"the answer to {method} {path}")

    def _check(self, schema: dict[str, Any], value: Any, where: str) -> None:
        absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:description#/'))
        problems = list(Draft202012Validator(absolute, registry=self._registry).iter_errors(value))
        assert not problems, f"{where}: {[(p.json_path, p.message[:200]) for p in problems]}"


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template)), re.IGNORECASE)


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
