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


WRONG = {
    "not a day": "scripts.decisions --from morgen --to 2026-02-01",
    "--from comes after --to": "scripts.decisions --from 2026-02-02 --to 2026-02-01",
    "not a host name": "scripts.connector --host http://wijzer.vlaskerke.example/api",
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("asked", "code"), [("--help", 0), ("--nothing-of-the-kind", 2)])
def test_a_command_does_nothing_when_it_is_asked_for_help_or_misread(
    command: str, asked: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, command, asked) == code
    said = capsys.readouterr()
    assert "usage: " in (said.out if code == 0 else said.err)


@pytest.mark.parametrize("said", WRONG)
def test_a_command_says_what_is_wrong_with_what_it_is_given(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, *WRONG[said].split()) == 2
    assert said in capsys.readouterr().err


def ended(monkeypatch: pytest.MonkeyPatch, command: str, *given: str) -> object:
    """Run a command here: the code that it ends with."""
    for loaded in (command, f"{command}.__main__"):
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    monkeypatch.setattr(sys, "argv", [command, *given])
    monkeypatch.setenv("PORT", "none")  # were the local host to start after all, it ends here
    with pytest.raises(SystemExit) as end:
        runpy.run_module(command, run_name="__main__", alter_sys=True)
    return end.value.code
