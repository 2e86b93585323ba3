"""The files beside the Swagger document that make the connector a package."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.operations import OPERATIONS
from scripts.connector import PROPERTIES, README, readme
from scripts.connector import properties as renewed_properties

CONNECTOR = Path(__file__).parents[2] / "connector"


@pytest.fixture
def properties() -> dict[str, Any]:
    read = json.loads((CONNECTOR / "apiProperties.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = read["properties"]
    return found


def test_the_next_page_of_every_list_goes_through_the_connection(properties: dict[str, Any]) -> None:
    (policy,) = properties["policyTemplateInstances"]
    paged = {operation.id for operation in OPERATIONS if operation.pageable}
    assert set(policy["parameters"]["x-ms-apimTemplate-operationName"]) == paged


@pytest.mark.parametrize(("path", "renewed"), [(README, readme), (PROPERTIES, renewed_properties)])
def test_the_files_speak_of_the_operations_that_are_there(path: Path, renewed: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    assert renewed(text) == text, "run python -m scripts.connector"


def test_makers_of_flows_read_of_every_operation_they_see() -> None:
    text = README.read_text(encoding="utf-8")
    assert [one.id for one in OPERATIONS if (f"**{one.summary}**" in text) == one.internal] == []


def test_a_connection_signs_in_with_entra_id_or_with_a_key(properties: dict[str, Any]) -> None:
    assert [one["name"] for one in properties["connectionParameterSets"]["values"]] == ["entra-id", "api-key"]


def test_the_icon_has_the_size_of_a_certified_connector() -> None:
    head = (CONNECTOR / "icon.png").read_bytes()[:33]
    width, height, _depth, colours = struct.unpack(">IIBB", head[16:26])
    assert (width, height) == (230, 230)
    assert colours in {0, 2, 3}, "without an alpha channel it is opaque"
