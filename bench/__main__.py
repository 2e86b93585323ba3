"""`python -m bench`: runs every benchmark and renews `docs/benchmarks.md`.

A benchmark is a module `bench/NAME.py` that runs as `python -m bench.NAME` without arguments, prints a table for people
and, as its last line, one JSON object for programs. Name some to run only those; the others' sections are kept.
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
LIMIT = 1800  # seconds; the longest takes a few minutes


def machine() -> str:
    """What the figures were taken on: processor, cores, system, versions."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    processor = found[1] if found else platform.processor() or "unknown processor"
    cores = len(re.findall(r"^processor\s*:", cpuinfo.read_text(), re.MULTILINE)) if cpuinfo.exists() else "?"
    packages = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    return f"{processor}, {cores} cores, {platform.system()}; Python {platform.python_version()}, {packages}"


def run(name: str) -> str:
    """One benchmark's section of the report. Raises when it fails or ends without a JSON object."""
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
        raise SystemExit(f"bench.{name} failed with {done.returncode}")
    *table, last = done.stdout.rstrip().splitlines()
    figures = json.dumps(json.loads(last), separators=(", ", ": "), ensure_ascii=False)
    text = "\n".join(line.rstrip() for line in table).strip("\n")
    shown = f"## {name}\n\n```\n{text}\n```\n\n"
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
    known = {name: text for name, text in sections().items() if name in NAMES}
    for name in names:
        known[name] = run(name)
    today = datetime.now(UTC).date().isoformat()
    heading = (
        "# Benchmarks\n\n"
        "Written by `make bench`. CPU time is of the serving process; ratios within one run say more than the figures\n"
        "themselves, since machines differ and this one is shared.\n\n"
        f"Last run {today} on {machine()}.\n\n"
    )
    REPORT.write_text(heading + "\n".join(known[name] for name in sorted(known)), encoding="utf-8")
    print(f"written: {REPORT.relative_to(FOLDER.parent)}")


if __name__ == "__main__":
    main()
