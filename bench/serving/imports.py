"""What importing the function app costs, against importing only the packages it cannot do without."""

from __future__ import annotations

import json
import subprocess
import sys

from wiring.settings import ROOT

UNAVOIDABLE = (
    "botbuilder.core, aiohttp, azure.functions, msal, pydantic, sqlalchemy.ext.asyncio, microsoft_teams.cards"
)
MEASURE = """
import json, time
began = time.perf_counter()
import {modules}
took = time.perf_counter() - began
import psutil
print(json.dumps([took, psutil.Process().memory_info().rss / 2**20]))
"""
RUNS = 5


def cold_start() -> dict[str, float]:
    """Seconds and megabytes, the best of fresh processes, measured alternately."""
    app = [_fresh("function_app")]
    unavoidable = [_fresh(UNAVOIDABLE)]
    for _ in range(RUNS):
        app.append(_fresh("function_app"))
        unavoidable.append(_fresh(UNAVOIDABLE))
    return {
        "import_s": round(min(took for took, _ in app), 3),
        "unavoidable_import_s": round(min(took for took, _ in unavoidable), 3),
        "rss_mb": round(min(megabytes for _, megabytes in app), 1),
    }


def _fresh(modules: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(modules=modules)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    took, megabytes = json.loads(done.stdout)
    return took, megabytes
