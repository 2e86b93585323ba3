"""Logs are JSON lines with ids and without secrets."""

from __future__ import annotations

import json
import logging
from typing import Any

from wiring.logs import JsonFormatter


def line_of(message: str, *given: object, **extra: object) -> dict[str, Any]:
    record = logging.getLogger("wijzer.test").makeRecord(
        "wijzer.test", logging.WARNING, "f.py", 1, message, given, None, extra=extra
    )
    text = JsonFormatter().format(record)
    assert "\n" not in text
    line: dict[str, Any] = json.loads(text)
    return line


def test_a_record_is_an_event_with_its_ids() -> None:
    line = line_of("job_done", job_id="7", attempts=2, error=None)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "wijzer.test",
        "event": "job_done",
        "job_id": "7",
        "attempts": 2,
        "error": None,
    }


def test_foreign_text_cannot_start_a_line_of_its_own() -> None:
    line = line_of("odd %s", 'a\n{"event": "forged"}\x1b[2J')
    assert line["event"] == 'odd a\n{"event": "forged"}\x1b[2J'


def test_a_secret_in_a_message_or_a_field_is_left_out() -> None:
    line = line_of(
        "calling with Bearer abc.def.ghi", url="https://x.example/a?sig=abc", secret_of="password=geheim"
    )
    assert "abc.def" not in line["event"]
    assert "abc" not in line["url"]
    assert "geheim" not in line["secret_of"]


def test_an_exception_is_part_of_the_line() -> None:
    try:
        raise ValueError("token=abc")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "f.py", 1, "failed", None, (ValueError, error, error.__traceback__)
        )
    line = json.loads(JsonFormatter().format(record))
    assert line["exception"].endswith("ValueError: token=…")
