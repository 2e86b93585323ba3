"""The package of the connector, as it is uploaded."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from connector.documents import Document, openapi, swagger
from scripts.package import City, build

HERE = Path(__file__).parent
CHECKER = HERE.parents[2] / "shared" / "tools" / "check_connector.py"
BOT, API, TENANT = (f"3c4f6a3e-58a1-4e0b-9a0e-52f1a0a7d00{n}" for n in (1, 2, 3))
CITY = City("wijzer.vlaskerke.example", BOT, API, TENANT)


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    _app, package = build(CITY, tmp_path)
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "connector")
    return tmp_path / "connector"


@pytest.mark.parametrize(
    "document", [swagger(), swagger(CITY.host), openapi()], ids=["2.0", "of a city", "3.1"]
)
def test_the_parser_that_others_use_takes_the_document(document: Document) -> None:
    run = subprocess.run(
        ["node", HERE / "parse.mjs"],
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""


@pytest.mark.skipif(not CHECKER.exists(), reason="the checker of the platform's rules is not here")
def test_the_platforms_rules_find_nothing_in_the_package(unpacked: Path) -> None:
    run = subprocess.run(
        [sys.executable, CHECKER, unpacked, "--fail-on", "warn"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_the_city_is_filled_in_everywhere(unpacked: Path) -> None:
    definition = json.loads((unpacked / "apiDefinition.swagger.json").read_text(encoding="utf-8"))
    properties = (unpacked / "apiProperties.json").read_text(encoding="utf-8")
    assert definition["host"] == CITY.host
    assert "${" not in properties
    assert API in properties
    assert TENANT in properties
