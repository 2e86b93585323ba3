"""Our calls, and the local tenant's answers, against Microsoft's own description of Graph, where that is at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.cast import demo_city
from tests.servers.tenant import TenantServer
from tests.sites.conftest import Office

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
GRAPH, SHAREPOINT = DATA / "graph-subset.openapi.json", DATA / "sharepoint-rest.handmade.openapi.json"
NOT_DESCRIBED = re.compile(r"/web/associated(owner|member)group/users$")
"""Documented by Microsoft in prose only."""

pytestmark = [
    pytest.mark.skipif(not GRAPH.exists(), reason="Microsoft's description is not at hand"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
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


async def build_everything(office: Office) -> None:
    """A site of every scenario, with people, and a guest where guests may come."""
    for scenario in demo_city().scenarios:
        members = "dirk, jan@provincie.example" if scenario.guests else "dirk"
        request = await office.request(scenario=scenario.id, members=members, key=scenario.id)
        await office.approve(request)
        await office.run_all()


async def test_every_graph_call_and_answer_is_as_microsoft_describes_it(
    office: Office, tenant: TenantServer
) -> None:
    description = Description(GRAPH)
    await build_everything(office)
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
    assert len(calls) > 50
    assert {("PATCH", "groups"), ("POST", "$ref"), ("POST", "settings"), ("POST", "invitations")} <= kinds


async def test_every_sharepoint_call_is_as_described(office: Office, tenant: TenantServer) -> None:
    description = Description(SHAREPOINT)
    await build_everything(office)
    calls = [call for call in tenant.tenant.watch.calls if "/_api/" in call.path]
    checked = 0
    for call in calls:
        if NOT_DESCRIBED.search(call.path):
            continue
        path = (
            "/sp-admin" + call.path.removeprefix("/admin")
            if call.path.startswith("/admin/")
            else "/sp" + call.path
        )
        description.check_request(call.method, path, call.body)
        checked += 1
    assert checked > 40
