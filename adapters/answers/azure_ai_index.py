"""The index of Azure AI Search that holds the city's tips: made, and kept in step with the tips table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp

from adapters.answers.service import Http
from domain.authoring.rules import LANGUAGES
from domain.jobs.handling import PermanentFailureError, RetryLaterError
from domain.tips.mirror import Reflection
from domain.tips.tip import Audience, Tip

API_VERSION = "2025-09-01"
_PASSES = frozenset({409, 422, 429, 500, 502, 503, 504})
"""What goes over: a document or index that is being written, and a service that is busy."""
_SAID = ("title", "alternates", "text")


def address_of(endpoint: str, index: str) -> str:
    return f"{endpoint.rstrip('/')}/indexes('{index}')"


def fields_of(language: str) -> list[str]:
    """The fields with what a tip in this language says: each language has its own, as each has its own analyzer."""
    return [f"{said}_{language}" for said in _SAID]


def definition(index: str) -> dict[str, Any]:
    """The index. Its semantic configurations are named after the languages."""
    fields: list[dict[str, Any]] = [
        {"name": "id", "type": "Edm.String", "key": True, "filterable": True},
        {"name": "language", "type": "Edm.String", "searchable": False, "filterable": True},
        {"name": "team", "type": "Edm.String", "searchable": False, "filterable": True},
        {"name": "changed", "type": "Edm.DateTimeOffset", "filterable": True, "sortable": True},
    ]
    semantics = []
    for language in LANGUAGES:
        title, alternates, text = fields_of(language)
        analyzed = {"searchable": True, "analyzer": f"{language}.microsoft"}
        fields += [
            {"name": title, "type": "Edm.String", **analyzed},
            {"name": alternates, "type": "Collection(Edm.String)", **analyzed},
            {"name": text, "type": "Edm.String", **analyzed},
        ]
        read = {
            "titleField": {"fieldName": title},
            "prioritizedContentFields": [{"fieldName": text}],
            "prioritizedKeywordsFields": [{"fieldName": alternates}],
        }
        semantics.append({"name": language, "prioritizedFields": read})
    return {"name": index, "fields": fields, "semantic": {"configurations": semantics}}


class AzureAIIndex:
    """Raises `RetryLaterError` for what passes, `PermanentFailureError` for what somebody has to mend."""

    def __init__(self, endpoint: str, index: str, key: str) -> None:
        self._index = index
        self._url = address_of(endpoint, index)
        self._http = Http(key)

    async def newest(self) -> datetime | None:
        await self._call("PUT", self._url, definition(self._index))
        wanted = {"search": "*", "select": "changed", "orderby": "changed desc", "top": 1}
        found = await self._call("POST", f"{self._url}/docs/search.post.search", wanted)
        try:
            return datetime.fromisoformat(found["value"][0]["changed"]) if found["value"] else None
        except (KeyError, TypeError, ValueError) as error:
            raise RetryLaterError("an answer that cannot be read") from error

    async def put(self, reflections: Sequence[Reflection]) -> None:
        written = await self._call(
            "POST", f"{self._url}/docs/search.index", {"value": list(map(_document, reflections))}
        )
        try:
            refused = [one for one in written["value"] if not one["status"]]
            busy = any(one["statusCode"] in _PASSES for one in refused)
        except (KeyError, TypeError) as error:
            raise RetryLaterError("an answer that cannot be read") from error
        if busy:
            raise RetryLaterError("some documents were not written")
        if refused:
            raise PermanentFailureError(f"{refused[0].get('key')}: {refused[0].get('errorMessage')}"[:200])

    async def close(self) -> None:
        await self._http.close()

    async def _call(self, method: str, url: str, body: dict[str, Any]) -> Any:
        try:
            status, said, headers = await self._http.call(method, url, API_VERSION, body)
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            raise RetryLaterError(type(error).__name__) from error
        if status in _PASSES:
            after = headers.get("Retry-After", "")
            raise RetryLaterError(f"status {status}", float(after) if after.isdecimal() else None)
        if status >= 300:
            raise PermanentFailureError(f"{method} {url}: status {status}")
        if not said:  # 204: an index that is as it was asked for
            return None
        try:
            return json.loads(said)
        except (ValueError, RecursionError) as error:
            raise RetryLaterError("an answer that cannot be read") from error


def _document(reflection: Reflection) -> dict[str, Any]:
    """One that is out of use keeps its place without a word, so that its change is known too."""
    tip = reflection.tip
    said = _words(tip) if reflection.published else {}
    return {
        "@search.action": "upload",
        "id": tip.id,
        "language": tip.language,
        "team": tip.team_id if tip.audience is Audience.TEAM else None,
        "changed": reflection.changed_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        **said,
    }


def _words(tip: Tip) -> dict[str, Any]:
    title, alternates, text = fields_of(tip.language)
    return {title: tip.title, alternates: list(tip.alternates), text: tip.text}
