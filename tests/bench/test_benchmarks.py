"""The benchmarks run, and the report is made of what they print. What they measure is not looked at here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bench.__main__ as report
from wiring.settings import ROOT


@pytest.mark.parametrize(
    ("name", "few"),
    [
        ("intent", []),
        ("provisioning", ["--sites", "2", "--scale", "50"]),
        ("reports", ["20", "40"]),
        ("tips", []),
        ("volume", ["--tickets", "200", "--rounds", "2", "--only", "sqlite"]),
    ],
)
def test_a_benchmark_prints_a_table_and_ends_with_one_json_object(name: str, few: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *few], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.rstrip().splitlines()
    assert table
    assert isinstance(json.loads(last), dict)


def printing(monkeypatch: pytest.MonkeyPatch, printed: dict[str, str | None]) -> None:
    """Benchmarks that print this; None: that fail."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        text = printed[command[-1].removeprefix("bench.")]
        return subprocess.CompletedProcess(command, 1 if text is None else 0, stdout=text or "Traceback")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(report, "NAMES", sorted(printed))


def run_all(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", *names])
    report.main()


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "benchmarks.md"
    monkeypatch.setattr(report, "REPORT", path)
    monkeypatch.setattr(report, "FOLDER", tmp_path / "bench")
    return path


def test_a_section_says_when_and_on_what_it_was_measured(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printing(monkeypatch, {"one": 'a table\n{"a": 1}\n'})
    run_all(monkeypatch)
    heading, section = written.read_text().split("## ")
    assert heading.startswith("# Benchmarks\n")
    name, when, *_ = section.split("\n\n")
    assert name == "one"
    assert when.startswith("Measured 2")
    assert "aiohttp" in when
    assert "```\na table\n```" in section
    assert '{"a": 1}' in section


def test_who_names_one_keeps_the_others(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printing(monkeypatch, {"one": "first\n{}", "two": "second\n{}"})
    run_all(monkeypatch)
    printing(monkeypatch, {"one": "third\n{}", "two": "fourth\n{}"})
    run_all(monkeypatch, "two")
    text = written.read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## one", "## two"]
    assert "first" in text
    assert "fourth" in text
    assert "second" not in text
    assert "third" not in text


@pytest.mark.parametrize("wrong", [None, "no figures", ""])
def test_one_that_fails_keeps_what_it_had_and_stops_no_other(
    written: Path, monkeypatch: pytest.MonkeyPatch, wrong: str | None
) -> None:
    printing(monkeypatch, {"one": "first\n{}", "two": "second\n{}"})
    run_all(monkeypatch)
    printing(monkeypatch, {"one": wrong, "two": "fourth\n{}"})
    with pytest.raises(SystemExit, match="one"):
        run_all(monkeypatch)
    text = written.read_text()
    assert "first" in text
    assert "fourth" in text
