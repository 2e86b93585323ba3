"""Thousands of calls that Schemathesis makes up from the OpenAPI document, against the product as it runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.local_host import LocalHostProcess

CASES = 5000
EXAMPLES = 40
"""Of each operation, at most; the edges of every field and whole stories come on top."""
LEFT_OUT = "positive_data_acceptance"
"""It expects that every call of the right form is accepted. Whether somebody has this e-mail address, or a ticket can
still be resolved, is not in its form: those get a 400 with the field, or a 409."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[LocalHostProcess]:
    with LocalHostProcess(tmp_path, environment={"WIJZER_API_CALLS_PER_MINUTE": "1000000"}) as running:
        yield running


def test_no_call_breaks_the_api_or_gets_an_answer_its_document_does_not_promise(
    host: LocalHostProcess, tmp_path: Path
) -> None:
    root, report = f"{host.address}/api/connector/v1", tmp_path / "report.json"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{root}/openapi.json", "--url", root),
            *("--header", f"X-API-Key: {host.connector_key}", "--seed", "8500"),
            *("--max-examples", str(EXAMPLES), "--workers", "2", "--exclude-checks", LEFT_OUT),
            *("--report-json-path", str(report), "--warnings", "off", "--no-color"),
            *("--request-timeout", "60"),  # a hundred tickets in one call take a while on a busy machine
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = "\n".join(line[:300] for line in run.stdout.splitlines())
    assert run.returncode == 0, said[-6000:]
    assert json.loads(report.read_text())["test_cases"]["generated"] >= CASES
