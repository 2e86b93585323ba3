"""Azure AI Search on loopback: one index, what the service checks of it, and every way it can go wrong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any, Literal

from aiohttp import web

from tests.servers.loopback import LoopbackServer

KEY = "the admin key of the tests"
INDEX = "wijzer-tips"
Mood = Literal[
    "well", "slow", "busy", "down", "no role", "spent", "unranked", "strange", "garbage", "odd", "endless",
    "elsewhere", "in pieces", "half written", "half refused",
]  # fmt: skip
_TYPES = {"Edm.String": str, "Collection(Edm.String)": list, "Edm.DateTimeOffset": str}
_ANALYZERS = {"nl.microsoft", "en.microsoft", "fr.microsoft", "standard.lucene"}
_ASKED = {
    "search", "searchFields", "queryType", "semanticConfiguration", "semanticErrorHandling",
    "semanticMaxWaitInMilliseconds", "filter", "select", "orderby", "top",
}  # fmt: skip
_KEY = re.compile(r"[A-Za-z0-9=][A-Za-z0-9_=-]*")
_CONDITION = re.compile(r"(\w+) eq (null|'(?:[^']|'')*')")


class RefusedError(Exception):
    """What the request gets instead of an answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class AzureAISearch(LoopbackServer):
    """`scores` are what the semantic ranker makes of documents, by id; of others, four times the share of the words
    asked that they have."""

    def __init__(self) -> None:
        self.mood: Mood = "well"
        self.scores: dict[str, float] = {}
        self.definition: dict[str, Any] | None = None
        self.documents: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []
        """Searches by the semantic ranker."""
        self.batches: list[int] = []
        """How many documents each write had."""

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=16 * 2**20)
        app.router.add_put("/indexes('{index}')", self._define)
        app.router.add_post("/indexes('{index}')/docs/search.index", self._write)
        app.router.add_post("/indexes('{index}')/docs/search.post.search", self._search)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("api-key") != KEY:
            return _error(403, "Forbidden", "The given API key doesn't match service's internal keys.")
        if request.query.get("api-version") != "2025-09-01":
            return _error(400, "InvalidApiVersionParameter", "The api-version is not supported.")
        match self.mood:
            case "slow":
                await asyncio.sleep(5)
            case "busy":
                return _error(429, "TooManyRequests", "The request is throttled.", {"Retry-After": "7"})
            case "down":
                return web.Response(status=503, text="<html>Busy</html>", content_type="text/html")
            case "no role":
                return _error(401, "Unauthorized", "The request has no valid credentials.")
            case "spent":
                return _error(402, "PaymentRequired", "Free query semantic usage exceeded for the month.")
            case "elsewhere":
                return web.Response(status=302, headers={"Location": "https://elsewhere.example"})
            case "garbage":
                return web.Response(text="{", content_type="application/json")
            case "odd":
                return web.json_response({"value": [{"id": 7, "@search.rerankerScore": "4"}, None]})
            case "endless":
                return web.Response(body=b"[" * 500_000, content_type="application/json")
        try:
            response: web.StreamResponse = await handler(request)
        except RefusedError as refused:
            return _error(refused.status, "InvalidRequestParameter", str(refused))
        return response

    async def _define(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        if wanted["name"] != request.match_info["index"]:
            raise RefusedError(400, "The name of the index does not match.")
        fields = {field["name"]: field for field in wanted["fields"]}
        if [field["name"] for field in wanted["fields"] if field.get("key")] != ["id"]:
            raise RefusedError(400, "An index has one key.")
        for field in fields.values():
            if field["type"] not in _TYPES or field.get("analyzer", "standard.lucene") not in _ANALYZERS:
                raise RefusedError(400, f"The field {field['name']} is not valid.")
            if field["type"] != "Edm.String" and field.get("searchable") and field.get("sortable"):
                raise RefusedError(400, "A collection is not sortable.")
        for one in wanted["semantic"]["configurations"]:
            for used in _fields_in(one["prioritizedFields"]):
                if not fields.get(used, {}).get("searchable"):
                    raise RefusedError(400, f"The field {used} of {one['name']} is not searchable.")
        before, self.definition = self.definition, wanted
        return web.Response(status=204) if before else web.json_response(wanted, status=201)

    async def _write(self, request: web.Request) -> web.Response:
        fields = self._fields(request)
        actions = (await request.json())["value"]
        if not 0 < len(actions) <= 1000:
            raise RefusedError(400, "A batch has one to a thousand documents.")
        self.batches.append(len(actions))
        results = [self._written(fields, place, dict(action)) for place, action in enumerate(actions)]
        return web.json_response(
            {"value": results}, status=200 if all(one["status"] for one in results) else 207
        )

    def _written(self, fields: dict[str, Any], place: int, document: dict[str, Any]) -> dict[str, Any]:
        if document.pop("@search.action") != "upload":
            raise RefusedError(400, "The tests know uploads only.")
        if document.keys() - fields.keys():
            raise RefusedError(400, f"The property {document.keys() - fields.keys()} does not exist.")
        for name, value in document.items():
            if value is not None and not isinstance(value, _TYPES[fields[name]["type"]]):
                raise RefusedError(400, f"The value of {name} has the wrong type.")
        key = document["id"]
        if not _KEY.fullmatch(key):
            return _result(key, 400, "A key has letters, digits, underscores, dashes and equal signs.")
        if place == 0 and self.mood == "half written":
            return _result(key, 503, "The service is too busy.")
        if place == 0 and self.mood == "half refused":
            return _result(key, 400, "The document is too large.")
        known = key in self.documents
        self.documents[key] = document
        return _result(key, 200 if known else 201)

    async def _search(self, request: web.Request) -> web.StreamResponse:
        fields = self._fields(request)
        asked = await request.json()
        if asked.keys() - _ASKED:
            raise RefusedError(400, f"The parameter {asked.keys() - _ASKED} is not known.")
        found = [one for one in self.documents.values() if _matches(one, fields, asked.get("filter", ""))]
        if asked.get("queryType") != "semantic":
            return web.json_response({"value": self._ordered(found, fields, asked)})
        self._check_semantic(asked, fields)
        self.asked.append(asked)
        if self.mood == "strange":
            return web.json_response({"value": [{"id": "nobody-knows-it", "@search.rerankerScore": 4.0}]})
        ranked = sorted(((self._score(one, asked), one) for one in found), key=lambda pair: -pair[0])
        shown = [
            {"@search.score": 1.0 + score, "@search.rerankerScore": score, "id": one["id"]}
            for score, one in ranked[: asked["top"]]
            if score
        ]
        if self.mood == "unranked":
            for one in shown:
                del one["@search.rerankerScore"]
            return web.json_response(
                {"@search.semanticPartialResponseReason": "capacityOverloaded", "value": shown}, status=206
            )
        if self.mood == "in pieces":
            return await _in_pieces(request, web.json_response({"value": shown}).body)
        return web.json_response({"value": shown})

    def _fields(self, request: web.Request) -> dict[str, Any]:
        if self.definition is None or request.match_info["index"] != self.definition["name"]:
            raise RefusedError(404, "The index was not found in the service.")
        return {field["name"]: field for field in self.definition["fields"]}

    def _check_semantic(self, asked: dict[str, Any], fields: dict[str, Any]) -> None:
        configurations = {one["name"] for one in (self.definition or {})["semantic"]["configurations"]}
        if asked["semanticConfiguration"] not in configurations:
            raise RefusedError(400, "There is no such semantic configuration.")
        if asked["semanticMaxWaitInMilliseconds"] < 700 or asked["semanticErrorHandling"] != "partial":
            raise RefusedError(400, "semanticMaxWaitInMilliseconds is at least 700.")
        if "orderby" in asked or asked["search"] in ("", "*"):
            raise RefusedError(400, "The semantic ranker needs words, and its own order.")
        if not all(fields.get(name, {}).get("searchable") for name in asked["searchFields"].split(",")):
            raise RefusedError(400, "searchFields names a field that is not searchable.")

    def _ordered(
        self, found: list[dict[str, Any]], fields: dict[str, Any], asked: dict[str, Any]
    ) -> list[dict[str, Any]]:
        name, direction = asked["orderby"].split()
        if not fields[name].get("sortable") or direction != "desc":
            raise RefusedError(400, f"The field {name} is not sortable.")
        ordered = sorted(found, key=lambda one: str(one[name]), reverse=True)
        return [{name: one[name], "@search.score": 1.0} for one in ordered[: asked["top"]]]

    def _score(self, document: dict[str, Any], asked: dict[str, Any]) -> float:
        if document["id"] in self.scores:
            return self.scores[document["id"]]
        said = " ".join(str(document.get(name) or "") for name in asked["searchFields"].split(",")).lower()
        words = re.findall(r"\w+", asked["search"].lower())
        return 4.0 * sum(word in said for word in words) / len(words) if words else 0.0


def _fields_in(prioritized: dict[str, Any]) -> Iterator[str]:
    for named in prioritized.values():
        for one in named if isinstance(named, list) else [named]:
            yield one["fieldName"]


def _matches(document: dict[str, Any], fields: dict[str, Any], condition: str) -> bool:
    """`A eq x and (B eq null or B eq y)`, as OData reads it."""
    for part in condition.split(" and ") if condition else ():
        either = _CONDITION.findall(part)
        if _CONDITION.sub("", part).strip("() ").replace("or", "").strip():
            raise RefusedError(400, f"Invalid expression: {part}")
        if not all(fields.get(name, {}).get("filterable") for name, _ in either):
            raise RefusedError(400, "The filter names a field that is not filterable.")
        wanted = [
            (name, None if value == "null" else value[1:-1].replace("''", "'")) for name, value in either
        ]
        if not any(document.get(name) == value for name, value in wanted):
            return False
    return True


def _result(key: str, status: int, message: str | None = None) -> dict[str, Any]:
    return {"key": key, "status": status < 300, "errorMessage": message, "statusCode": status}


async def _in_pieces(request: web.Request, body: Any) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for piece in (body[:10], body[10:]):
        await response.write(piece)
        await asyncio.sleep(0.02)
    return response


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)
