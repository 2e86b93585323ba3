from __future__ import annotations

import tomllib
from pathlib import Path

from wiring.version import VERSION


def test_the_version_is_the_one_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION
