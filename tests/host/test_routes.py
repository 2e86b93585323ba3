"""Route templates, as Azure Functions reads them."""

from __future__ import annotations

from typing import Any

import pytest

from localhost.routes import Match, MethodNotAllowed, Routes
from localhost.triggers import HttpTrigger


async def nothing(**_: Any) -> None: ...


def trigger(name: str, route: str, *methods: str) -> HttpTrigger:
    return HttpTrigger(name, "req", nothing, route, frozenset(methods), "anonymous")


ROUTES = Routes(
    [
        trigger("files", "files/{*rest}", "GET"),
        trigger("ticket", "tickets/{id}", "GET", "PATCH"),
        trigger("mine", "tickets/mine", "GET"),
        trigger("list", "tickets", "GET"),
        trigger("make", "tickets", "POST"),
        trigger("info", "info/{name?}", "GET"),
        trigger("number", "numbers/{n:int}/half", "GET"),
        trigger("any", "any"),
    ],
    "api",
)


@pytest.mark.parametrize(
    ("method", "path", "name", "parameters"),
    [
        ("GET", "/api/tickets", "list", {}),
        ("POST", "/api/tickets", "make", {}),
        ("GET", "/api/tickets/7", "ticket", {"id": "7"}),
        ("PATCH", "/api/tickets/7", "ticket", {"id": "7"}),
        ("GET", "/api/tickets/mine", "mine", {}),
        ("GET", "/API/Tickets/Mine", "mine", {}),
        ("GET", "/api/info", "info", {}),
        ("GET", "/api/info/ana", "info", {"name": "ana"}),
        ("GET", "/api/numbers/4/half", "number", {"n": "4"}),
        ("GET", "/api/files", "files", {}),
        ("GET", "/api/files/a/b", "files", {"rest": "a/b"}),
        ("DELETE", "/api/any", "any", {}),
    ],
)
def test_a_path_finds_its_function(method: str, path: str, name: str, parameters: dict[str, str]) -> None:
    found = ROUTES.find(method, path)
    assert isinstance(found, Match)
    assert (found.trigger.name, found.parameters) == (name, parameters)


@pytest.mark.parametrize(
    "path", ["/", "/tickets", "/api", "/api/tickets/7/8", "/api/tickets/", "/apis/tickets", "/api/info/a/b"]
)
def test_a_path_that_is_not_there_finds_nothing(path: str) -> None:
    assert ROUTES.find("GET", path) is None


def test_another_method_is_told_which_ones_there_are() -> None:
    assert ROUTES.find("DELETE", "/api/tickets") == MethodNotAllowed(("GET", "POST"))
