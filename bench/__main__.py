"""`python -m bench`: runs every benchmark and renews `docs/benchmarks.md`.

A benchmark is a module `bench/NAME.py` that runs as `python -m bench.NAME` without arguments, prints a table for people
and, as its last line, one JSON object for programs. Name some to run only those; the others' sections are kept. Each
section says when and on what it was measured. One that fails keeps the section it had, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent
REPORT = FOLDER.parent / "docs" / "benchmarks.md"
NAMES = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
SHOWN = ("aiohttp", "botbuilder-core", "pydantic", "sqlalchemy", "microsoft-teams-cards", "numpy")
LIMIT = 2400
"""Seconds. The longest takes a quarter of an hour."""
HEADING = """# Benchmarks

Written by `make bench`. CPU time is of the serving process; ratios within one run say more than the figures
themselves, since machines differ and this one is shared.

"""


class Failed(Exception):
    """A benchmark ended with an error, or without a JSON object."""


def machine() -> str:
    """What the figures were taken on: processor, cores, system, versions."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    processor = found[1] if found else platform.processor() or "unknown processor"
    cores = len(re.findall(r"^processor\s*:", cpuinfo.read_text(), re.MULTILINE)) if cpuinfo.exists() else "?"
    packages = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    return f"{processor}, {cores} cores, {platform.system()}; Python {platform.python_version()}, {packages}"


def run(name: str) -> str:
    """One benchmark's section of the report. Raises `Failed`."""
    print(f"== bench.{name}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"],
        cwd=FOLDER.parent,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LIMIT,
    )
    print(done.stdout, flush=True)
    if done.returncode:
        raise Failed(f"bench.{name} failed with {done.returncode}")
    *table, last = done.stdout.rstrip().splitlines() or [""]
    try:
        figures = json.dumps(json.loads(last), separators=(", ", ": "), ensure_ascii=False)
    except ValueError as error:
        raise Failed(f"bench.{name} did not end with a JSON object") from error
    text = "\n".join(line.rstrip() for line in table).strip("\n")
    when = f"Measured {datetime.now(UTC).date().isoformat()} on {machine()}."
    shown = f"## {name}\n\n{when}\n\n```\n{text}\n```\n\n"
    return shown + f"<details><summary>JSON</summary>\n\n```json\n{figures}\n```\n\n</details>\n"


def sections() -> dict[str, str]:
    """The sections that the report has now, by name."""
    if not REPORT.exists():
        return {}
    parts = re.split(r"(?m)^(?=## )", REPORT.read_text(encoding="utf-8"))[1:]
    return {part.split("\n", 1)[0].removeprefix("## ").strip(): part.rstrip() + "\n" for part in parts}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(NAMES)} (all)")
    names = parser.parse_args().names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    failed = []
    for name in names:
        try:
            section = run(name)
        except (Failed, subprocess.TimeoutExpired) as error:
            failed.append(str(error))
            print(error, file=sys.stderr, flush=True)
            continue
        known = {one: text for one, text in sections().items() if one in NAMES} | {name: section}
        REPORT.write_text(HEADING + "\n".join(known[one] for one in sorted(known)), encoding="utf-8")
        print(f"written: {REPORT.relative_to(FOLDER.parent)}", flush=True)
    if failed:
        sys.exit("\n".join(["Not measured:", *failed]))


if __name__ == "__main__":
    main()
