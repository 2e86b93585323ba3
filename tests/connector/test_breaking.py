"""Flows that were made with the last release keep working: `connector/released.swagger.json` is its document."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.documents import swagger
from tests.connector.breaking import breaking

RELEASED = Path(__file__).with_name("released.swagger.json")
Change = Callable[[dict[str, Any]], object]


def test_nothing_that_was_released_is_taken_away() -> None:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    assert breaking(released, swagger()) == [], "give the operation a successor with _V2 in its id"


def body(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["definitions"][name]
    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["paths"].pop("/tickets/{ticketId}"), "GetTicket is gone"),
        (
            lambda d: d["paths"].update({"/t": d["paths"].pop("/tickets")}),
            "ListTickets is at another address",
        ),
        (
            lambda d: d["paths"]["/tickets"]["get"]["parameters"][1].update(required=True),
            "is required now",
        ),
        (lambda d: d["paths"]["/tickets"]["get"]["parameters"].clear(), "takes no"),
        (lambda d: body(d, "NewTicket")["required"].append("title"), "title is required now"),
        (lambda d: body(d, "NewTicket")["properties"].pop("title"), "title is not taken any more"),
        (lambda d: body(d, "NewTicket")["properties"]["text"].update(maxLength=5), "tighter maxLength"),
        (lambda d: body(d, "NewTicket")["properties"]["kind"]["enum"].pop(), "any more"),
        (lambda d: body(d, "Ticket")["properties"].pop("number"), "has no number any more"),
        (lambda d: body(d, "Ticket")["properties"]["version"].update(type="string"), "another type"),
    ],
)
def test_what_would_break_a_flow_is_seen(change: Change, said: str) -> None:
    before, after = swagger(), copy.deepcopy(swagger())
    change(after)
    assert said in " ".join(breaking(before, after))


def test_more_operations_and_more_fields_break_nothing() -> None:
    before, after = copy.deepcopy(swagger()), swagger()
    before["paths"].pop("/tickets/{ticketId}")
    body(before, "Ticket")["properties"].pop("number")
    body(before, "NewTicket")["properties"].pop("category")
    assert breaking(before, after) == []
