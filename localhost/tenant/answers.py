"""Refusals, in the words and shapes of the two services."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from localhost.tenant.things import new_guid

Shape = TypeVar("Shape", bound=BaseModel)


def now_text() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def graph_error(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    inner = {"date": now_text(), "request-id": new_guid(), "client-request-id": new_guid()}
    error = {"error": {"code": code, "message": message, "innerError": inner}}
    return web.json_response(error, status=status, headers=headers)


def sharepoint_error(
    status: int, message: str, code: str = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
) -> web.Response:
    error = {"odata.error": {"code": code, "message": {"lang": "nl-NL", "value": message}}}
    return web.json_response(error, status=status)


def not_found(what: str) -> web.Response:
    message = (
        f"Resource '{what}' does not exist or one of its queried reference-property objects are not present."
    )
    return graph_error(404, "Request_ResourceNotFound", message)


class RefusedBodyError(Exception):
    """A body that is not what the call takes."""


def body_of(raw: bytes, shape: type[Shape]) -> Shape:
    """Raises `RefusedBodyError`, which says where it is wrong."""
    try:
        return shape.model_validate_json(raw)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        where = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems)
        _refuse(where)


def _refuse(where: str) -> NoReturn:
    raise RefusedBodyError(where)


def selected(values: dict[str, Any], select: str | None) -> dict[str, Any]:
    """Only what `$select` names. Naming what is not there is refused, as Graph does."""
    if not select:
        return values
    names = [name.strip() for name in select.split(",")]
    if unknown := [name for name in names if name not in values]:
        raise RefusedBodyError(f"Could not find a property named '{unknown[0]}'.")
    return {name: values[name] for name in names}


def as_json(values: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(values).encode(), content_type="application/json", charset="utf-8"
    )
