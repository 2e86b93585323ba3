"""The connector's functions on the demo city, called directly as the host calls them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure.functions as func
import pytest

from adapters.database.engine import DatabaseUnits
from connector.authentication import Callers
from connector.door import Door
from connector.rates import Rates
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.desk import Desk
from functions import connector
from localhost.triggers import HttpTrigger, triggers_of

ADDRESS = "https://wijzer.vlaskerke.example/api/connector/v1/tickets"


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
        return self.status, error["code"], error["field"]


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
    """Calls a function: `await call("create_ticket", {...})`."""

    door = Door(Callers(desk.units, desk.directory), Rates(100_000))

    async def services() -> SimpleNamespace:
        return SimpleNamespace(desk=desk, door=door)

    monkeypatch.setattr(connector, "services", services)
    functions = triggers()

    async def call(
        name: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        id: str | None = None,  # noqa: A002 - the route's own word
        params: Mapping[str, str] | None = None,
        **headers: str | None,
    ) -> Answer:
        given: dict[str, str | None] = {"X-API-Key": key, "Content-Type": "application/json"}
        given |= {header.replace("_", "-"): value for header, value in headers.items()}
        response = await functions[name].run(
            func.HttpRequest(
                method="POST" if name.startswith("create_") else "GET",
                url=ADDRESS if id is None else f"{ADDRESS}/{id}",
                headers={header: value for header, value in given.items() if value is not None},
                params=params or {},
                route_params={"id": id} if id is not None else {},
                body=raw if raw is not None else json.dumps(body).encode(),
            )
        )
        assert response.mimetype == "application/json"
        return Answer(response.status_code, response.headers, json.loads(response.get_body()))

    return call
