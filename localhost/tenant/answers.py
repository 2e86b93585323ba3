"""A call as the tenant's parts see it, and what they answer: values, without a server."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from localhost.tenant.things import new_guid

SAFE = "/()',$@"
"""What stands unquoted in the paths of both services."""
_Some = TypeVar("_Some")


@dataclass(frozen=True, slots=True)
class Ask:
    """`parts` is what stands in the places of the path. `body` is None when none was sent."""

    method: str
    path: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def of_graph(self) -> bool:
        return self.path.startswith("/graph/")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: dict[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


DONE = Answer(204)
NULL = Answer(body={"odata.null": True})
"""What SharePoint says when there is nothing to say."""


class Refusal(Exception):
    """`code` is Graph's; SharePoint has others, and nobody reads them."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def answer(self, ask: Ask) -> Answer:
        """In the words of the service that was asked."""
        if ask.of_graph:
            inner = {"date": moment(), "request-id": new_guid(), "client-request-id": new_guid()}
            body = {"error": {"code": self.code, "message": self.message, "innerError": inner}}
        else:
            said = {"lang": "nl-NL", "value": self.message}
            body = {"odata.error": {"code": f"-1, Microsoft.SharePoint.{self.code}", "message": said}}
        return Answer(self.status, body, self.headers)


def missing(what: str) -> Refusal:
    """404 of the directory."""
    return Refusal(
        404,
        "Request_ResourceNotFound",
        f"Resource '{what}' does not exist or one of its queried reference-property objects are not present.",
    )


def bad_request(message: str) -> Refusal:
    return Refusal(400, "Request_BadRequest", message)


def moment(seconds: float | None = None) -> str:
    """A time as both services write it; without one, now."""
    when = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(values: Sequence[dict[str, Any]]) -> Answer:
    """All of them; the server cuts what it sends into pages."""
    return Answer(body={"value": list(values)})


@dataclass(frozen=True, slots=True)
class Filter:
    """What a property has to be: one of these values, whatever their capitals."""

    name: str
    values: frozenset[str]

    def fits(self, thing: Mapping[str, Any]) -> bool:
        return str(thing[self.name] or "").lower() in self.values


_TEXT = re.compile(r"'((?:[^']|'')*)'")


def filter_of(ask: Ask) -> Filter | None:
    """`$filter`, of which the description allows `name eq 'value'` and `name in ('value','value')`."""
    wanted = ask.query.get("$filter")
    if wanted is None:
        return None
    values = (value.replace("''", "'").lower() for value in _TEXT.findall(wanted))
    return Filter(wanted.split(" ", 1)[0], frozenset(values))


def shaped(ask: Ask, answer: Answer, names: Collection[str], base: str, page_size: int) -> Answer:
    """The page that was asked for, with only what `$select` names of the properties there are, `names`."""
    body = answer.body
    if body is None or answer.status >= 300:
        return answer
    select = ask.query.get("$select")
    wanted = select.split(",") if select else None
    if unknown := [name for name in wanted or () if name not in names]:
        raise bad_request(f"Could not find a property named '{unknown[0]}'.")
    if "value" not in body:
        return Answer(answer.status, _only(body, wanted), answer.headers)
    values, more = _page(ask, body["value"], page_size) if ask.of_graph else (body["value"], None)
    shown: dict[str, Any] = {"value": [_only(value, wanted) for value in values]}
    if more is not None:
        query = urlencode({**ask.query, "$skiptoken": more}, quote_via=quote, safe="$,'@")
        shown["@odata.nextLink"] = f"{base}{quote(ask.path, safe=SAFE)}?{query}"
    return Answer(answer.status, shown, answer.headers)


def _page(ask: Ask, values: Sequence[_Some], page_size: int) -> tuple[Sequence[_Some], str | None]:
    """These, and where the next ones start."""
    size = min(int(ask.query.get("$top", page_size)), page_size)
    end = int(ask.query.get("$skiptoken", 0)) + size
    return values[end - size : end], str(end) if end < len(values) else None


def _only(values: dict[str, Any], wanted: Collection[str] | None) -> dict[str, Any]:
    if wanted is None:
        return values
    return {name: value for name, value in values.items() if name in wanted or name.startswith("@odata.")}
