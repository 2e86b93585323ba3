"""What goes wrong behind an HTTP function, as its caller sees it."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest
from pydantic import BaseModel, Field

from domain.errors import Conflict, DeskError, Invalid, NotFound, Unauthenticated, Unavailable
from function_app import app
from functions.problems import MAX_BODY, answer, body_of, edge
from localhost.triggers import triggers_of
from wiring.services import close_services
from wiring.settings import settings


def request(body: bytes = b"") -> func.HttpRequest:
    return func.HttpRequest("POST", "http://127.0.0.1/api/x", body=body)


def error_of(given: func.HttpResponse) -> dict[str, Any]:
    content = json.loads(given.get_body())
    assert list(content) == ["error"]
    assert {"code", "message"} <= set(content["error"]) <= {"code", "message", "target"}
    error: dict[str, Any] = content["error"]
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("No {what} here.", field="title", what="title"), 400),
        (Unauthenticated("Who are you?"), 401),
        (NotFound("There is no such ticket."), 404),
        (Conflict("It has moved on."), 409),
        (Unavailable("Not now."), 503),
    ],
)
async def test_what_the_caller_can_understand_is_said_with_its_status(error: DeskError, status: int) -> None:
    @edge
    async def refuse(req: func.HttpRequest) -> func.HttpResponse:
        raise error

    given = await refuse(request())
    assert given.status_code == status
    expected = {"code": error.code, "message": str(error)}
    assert error_of(given) == expected | ({"target": error.field} if error.field else {})


async def test_anything_else_is_ours_with_a_reference_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @edge
    async def break_down(req: func.HttpRequest) -> func.HttpResponse:
        raise RuntimeError("password=geheim")

    with caplog.at_level(logging.ERROR):
        given = await break_down(request())
    assert given.status_code == 500
    error = error_of(given)
    (record,) = caplog.records
    assert vars(record)["reference"] in error["message"]
    assert "geheim" not in error["message"]


async def test_a_wrong_shape_names_its_field() -> None:
    class Owner(BaseModel):
        name: str = Field(max_length=3)

    class Site(BaseModel):
        owner: Owner

    @edge
    async def read(req: func.HttpRequest) -> func.HttpResponse:
        Site.model_validate_json(body_of(req))
        return answer(204)

    given = await read(request(b'{"owner": {"name": "too long"}}'))
    assert (given.status_code, error_of(given)["target"]) == (400, "owner.name")
    assert (await read(request(b'{"owner": {"name": "ok"}}'))).status_code == 204
    for malformed in (b"", b"{", b"\xff", b"[" * 200_000):
        given = await read(request(malformed))
        assert (given.status_code, error_of(given).get("target")) == (400, None)


def test_a_body_of_a_megabyte_is_read_and_a_byte_more_is_not() -> None:
    assert len(body_of(request(b" " * MAX_BODY))) == MAX_BODY
    with pytest.raises(DeskError) as refused:
        body_of(request(b" " * (MAX_BODY + 1)))
    assert refused.value.status == 413


@pytest.fixture
async def no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Services whose database cannot be opened."""
    monkeypatch.setenv("WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK", "1")
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'wijzer.db'}")
    settings.cache_clear()
    yield
    await close_services()
    settings.cache_clear()


async def test_without_its_database_it_is_alive_and_not_ready(no_database: None) -> None:
    run = {trigger.name: trigger.run for trigger in triggers_of(app)}
    alive = await run["health"](req=request())
    assert alive.status_code == 200
    ready = await run["ready"](req=request())
    assert ready.status_code == 503
    parts = json.loads(ready.get_body())["parts"]
    assert (parts["database"], parts["queue"]) == ("down", "ready")
