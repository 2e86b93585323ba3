"""What is started with `python -m` says what it does, and does nothing, when that is all that is asked."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
COMMANDS = [
    "localhost",
    "scripts.gallery",
    *sorted(f"scripts.{p.stem}" for p in SCRIPTS.glob("*.py") if '== "__main__"' in p.read_text("utf-8")),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("asked", "code"), [("--help", 0), ("--nothing-of-the-kind", 2)])
def test_a_command_does_nothing_when_it_is_asked_for_help_or_misread(
    command: str, asked: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for loaded in (command, f"{command}.__main__"):
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    monkeypatch.setattr(sys, "argv", [command, asked])
    monkeypatch.setenv("PORT", "none")  # were the local host to start after all, it ends here

    with pytest.raises(SystemExit) as ended:
        runpy.run_module(command, run_name="__main__", alter_sys=True)

    said = capsys.readouterr()
    assert ended.value.code == code
    assert "usage: " in (said.out if code == 0 else said.err)
