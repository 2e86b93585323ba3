"""The documentation says what is so: links lead somewhere, commands exist, every part has its line."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)", page.read_text(encoding="utf-8")))
    assert named - make_targets() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_python_module_that_is_named_exists(page: Path) -> None:
    named = set(
        re.findall(r"-m ((?:scripts|bench|localhost)(?:\.[a-z_]+)*)", page.read_text(encoding="utf-8"))
    )
    paths = {name: ROOT / name.replace(".", "/") for name in named}
    missing = [n for n, path in paths.items() if not (path.with_suffix(".py").exists() or path.is_dir())]
    assert missing == []


def test_make_help_has_a_line_for_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {t for t in make_targets() if not re.search(rf"^\W*{t}\b", shown, re.MULTILINE)} == set()


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    pages = [page.name for page in (ROOT / "docs/decisions").glob("0*.md")]
    assert [name for name in pages if name not in index] == []


def test_the_readmes_test_command_is_what_ci_runs() -> None:
    assert "make check test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make check test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
