"""The connector's functions on the demo city, called directly as the host calls them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure.functions as func
import pytest
from pydantic import ConfigDict, TypeAdapter, with_config

from adapters.database.engine import DatabaseUnits
from connector.authentication import Callers
from connector.door import Door
from connector.operation import Operation
from connector.operations import BY_ID
from connector.rates import Rates
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.desk import Desk
from functions import connector
from localhost.triggers import HttpTrigger, triggers_of

ROOT = "https://wijzer.vlaskerke.example/api/connector/v1"
ADDRESS = f"{ROOT}/tickets"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing at this edge depends on the kind of database; what does is tested with the actions."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def problem(self) -> tuple[int, str, str | None]:
        error = self.body["error"]
        assert error["message"]
        return self.status, error["code"], error.get("target")


Call = Callable[..., Awaitable[Answer]]


def triggers() -> dict[str, HttpTrigger]:
    """The connector's functions as they are declared, by name."""
    app = func.FunctionApp()
    app.register_functions(connector.blueprint)
    return {trigger.name: trigger for trigger in triggers_of(app) if isinstance(trigger, HttpTrigger)}


@pytest.fixture
async def key(units: DatabaseUnits) -> str:
    """A key that may do everything."""
    async with units() as unit:
        return await create_key(unit, "intake", Scope)


@pytest.fixture
def call(desk: Desk, key: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls an operation: `await call("CreateTicket", {...})`; `path` has the values of its path in order."""

    door = Door(Callers(desk.units, desk.directory), Rates(100_000))

    async def services() -> SimpleNamespace:
        return SimpleNamespace(desk=desk, door=door)

    monkeypatch.setattr(connector, "services", services)
    functions = triggers()

    async def call(
        name: str,
        body: object = None,
        *path: str,
        raw: bytes | None = None,
        params: Mapping[str, str] | None = None,
        **headers: str | None,
    ) -> Answer:
        operation = BY_ID[name]
        given: dict[str, str | None] = {"X-API-Key": key, "Content-Type": "application/json"}
        given |= {header.replace("_", "-"): value for header, value in headers.items()}
        values = dict(zip(operation.parameters, path, strict=True))
        sent = raw if raw is not None else json.dumps(body).encode()
        response = await functions[name].run(
            func.HttpRequest(
                method=operation.method,
                url=ROOT + operation.path.format(**values),
                headers={header: value for header, value in given.items() if value is not None},
                params=params or {},
                route_params=values,
                body=sent if operation.body is not None else b"",
            )
        )
        content = response.get_body()
        answer = Answer(response.status_code, response.headers, json.loads(content) if content else None)
        check_promise(operation, answer)
        return answer

    return call


def check_promise(operation: Operation[Any, Any], answer: Answer) -> None:
    """Every answer is as the table says: its status, its shape without anything more, its headers."""
    if answer.status >= 400:
        assert answer.status in operation.statuses, (operation.id, answer.status, answer.body)
        return
    assert answer.status == operation.status
    assert ("ETag" in answer.headers) >= operation.versioned
    assert ("Location" in answer.headers) == operation.located
    if operation.answer is not None:
        strict(operation.answer).validate_python(answer.body)


@cache
def strict(shape: type) -> TypeAdapter[Any]:
    """What was sent has the names of the shape and no others."""
    return TypeAdapter(with_config(ConfigDict(extra="forbid"))(shape))
