"""An OpenAPI description that was made elsewhere, to hold our calls and the local tenant's answers against."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

DATA = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "data"
GRAPH, SHAREPOINT = DATA / "graph-subset.openapi.json", DATA / "sharepoint-rest.handmade.openapi.json"


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
