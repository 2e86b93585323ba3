"""The edge of every HTTP function: reads bodies within bounds and turns errors into answers, in one place."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

import azure.functions as func
import orjson
from pydantic import ValidationError

from connector.problems import BROKEN, language_of, problem_of
from connector.reading import as_desk_error
from domain.errors import DeskError, TooLarge
from domain.tables import new_id
from locales import translator

log = logging.getLogger(__name__)

MAX_BODY = 1_000_000
"""Bytes. Teams sends at most some 100 kB; nothing we take needs more, but a file in a body."""

Edge = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]


def answer(status: int, body: Mapping[str, Any] | None = None, **headers: str) -> func.HttpResponse:
    """A JSON answer; without a body, just the status."""
    content = None if body is None else orjson.dumps(body)
    mimetype = "text/plain" if body is None else "application/json"
    return func.HttpResponse(content, status_code=status, headers=headers, mimetype=mimetype, charset="utf-8")


def refusal(error: DeskError, language: str = "en") -> func.HttpResponse:
    """`{"error": {code, message, target, details}}` in the caller's language; see `problem_of`."""
    return answer(error.status, {"error": problem_of(error, language)}, **error.headers)


def body_of(request: func.HttpRequest, most: int = MAX_BODY) -> bytes:
    """The body, at most `most` bytes. Raises `TooLarge`."""
    body: bytes = request.get_body() or b""
    if len(body) > most:
        raise TooLarge("The body is {size} bytes; at most {most} are accepted.", size=len(body), most=most)
    return body


def edge(handler: Edge) -> Edge:
    """What a handler raises becomes an answer: a `DeskError` a refusal.

    Anything else is ours to mend: the caller gets 500 with a reference, and the log has the same one.
    """

    @wraps(handler)
    async def guarded(req: func.HttpRequest) -> func.HttpResponse:
        language = language_of(req.headers.get("Accept-Language"))
        try:
            return await handler(req)
        except DeskError as error:
            return refusal(error, language)
        except ValidationError as error:
            return refusal(as_desk_error(error), language)
        except Exception:
            reference = new_id()
            log.exception("request_failed", extra={"reference": reference, "method": req.method})
            message = translator(language)(BROKEN, reference=reference)
            return answer(500, {"error": {"code": "internal", "message": message}})

    return guarded
