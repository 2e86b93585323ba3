"""The edge of every HTTP function: reads bodies within bounds and turns errors into answers, in one place."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

import azure.functions as func
import orjson
from pydantic import ValidationError

from domain.errors import DeskError, Invalid, TooLarge
from domain.tables import new_id

log = logging.getLogger(__name__)

MAX_BODY = 1_000_000
"""Bytes. Teams sends at most some 100 kB; nothing we take needs more."""


class UnsupportedMediaType(DeskError):
    code = "unsupported_media_type"
    status = 415


Edge = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]


def answer(status: int, body: Mapping[str, Any] | None = None, **headers: str) -> func.HttpResponse:
    """A JSON answer; without a body, just the status."""
    content = None if body is None else orjson.dumps(body)
    mimetype = "text/plain" if body is None else "application/json"
    return func.HttpResponse(content, status_code=status, headers=headers, mimetype=mimetype, charset="utf-8")


def problem(
    status: int, code: str, message: str, field: str | None = None, **headers: str
) -> func.HttpResponse:
    return answer(status, {"error": {"code": code, "message": message, "field": field}}, **headers)


def body_of(request: func.HttpRequest) -> bytes:
    """The body, at most a megabyte. Raises `TooLarge`."""
    body: bytes = request.get_body() or b""
    if len(body) > MAX_BODY:
        raise TooLarge(
            "The body is {size} bytes; at most {most} are accepted.", size=len(body), most=MAX_BODY
        )
    return body


def edge(handler: Edge) -> Edge:
    """What a handler raises becomes `{"error": {code, message, field}}` with its status.

    Anything but a `DeskError` is ours to mend: the caller gets 500 with a reference, and the log has the same one.
    """

    @wraps(handler)
    async def guarded(req: func.HttpRequest) -> func.HttpResponse:
        try:
            return await handler(req)
        except DeskError as error:
            return problem(error.status, error.code, str(error), error.field, **error.headers)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            return problem(Invalid.status, Invalid.code, first["msg"], field or None)
        except Exception:
            reference = new_id()
            log.exception("request_failed", extra={"reference": reference, "method": req.method})
            message = f"Something went wrong here. The reference is {reference}."
            return problem(500, "internal", message)

    return guarded
