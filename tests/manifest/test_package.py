"""The Teams app package, checked against the schemas that Microsoft publishes on npm."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scripts.package import City, teams_app, write

SCHEMAS = Path(__file__).parents[2] / "node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.19"
APP_ID = "3c4f6a3e-58a1-4e0b-9a0e-52f1a0a7d001"


@pytest.fixture
def package(tmp_path: Path) -> zipfile.ZipFile:
    city = City("wijzer.vlaskerke.example", APP_ID, APP_ID, APP_ID)
    return zipfile.ZipFile(write(tmp_path / "app.zip", teams_app(city)))


def read(package: zipfile.ZipFile, name: str) -> Any:
    return json.loads(package.read(name))


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("manifest.json", "MicrosoftTeams.schema.json"),
        ("en.json", "MicrosoftTeams.Localization.schema.json"),
        ("fr.json", "MicrosoftTeams.Localization.schema.json"),
    ],
)
def test_it_follows_microsofts_schema(package: zipfile.ZipFile, name: str, schema: str) -> None:
    described = json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(described)(described)
    assert [error.message for error in validator.iter_errors(read(package, name))] == []


def test_the_city_is_filled_in_everywhere(package: zipfile.ZipFile) -> None:
    manifest = read(package, "manifest.json")
    assert manifest["bots"][0]["botId"] == APP_ID
    assert manifest["validDomains"] == ["wijzer.vlaskerke.example"]
    assert "${" not in package.read("manifest.json").decode()


def test_the_icons_have_the_sizes_that_teams_wants(package: zipfile.ZipFile) -> None:
    sizes = {name: struct.unpack(">II", package.read(name)[16:24]) for name in ("color.png", "outline.png")}
    assert sizes == {"color.png": (192, 192), "outline.png": (32, 32)}


@pytest.mark.parametrize(
    ("host", "app_id"),
    [("no host", APP_ID), ("https://wijzer.example", APP_ID), ("wijzer.example", "not-a-uuid")],
)
def test_a_wrong_host_or_id_is_refused(host: str, app_id: str) -> None:
    with pytest.raises(ValueError, match=r"not a host name|bot_app_id is not a UUID"):
        City(host, app_id, APP_ID, APP_ID)
