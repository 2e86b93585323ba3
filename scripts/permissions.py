"""`python -m scripts.permissions`: writes docs/permissions.md, the list of permissions that a city signs for."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path

from adapters.graph.calls import CALLS, WHY, Call, Permission

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
HEAD = """# Permissions for sign-off

Written by `python -m scripts.permissions` from the table of calls in `adapters/graph/calls.py`. The tests compare that
table with the calls that were really made: nothing is asked that is not used.

Wijzer signs in as an application, with a certificate or a managed identity; it never has the password of a person. An
administrator consents to these application permissions, and to no others.

| API | Permission | What for |
|---|---|---|
"""


def page() -> str:
    by_permission = {
        key: list(calls)
        for key, calls in groupby(sorted(CALLS, key=_order), lambda c: (c.service, c.permission))
    }
    rows = [f"| {service} | `{name}` | {WHY[name]} |" for service, name in by_permission]
    parts = [HEAD + "\n".join(rows), "## The calls"]
    for (service, name), calls in by_permission.items():
        lines = [f"| `{call.method} {call.path}` | {call.what} |" for call in calls]
        parts.append(f"### {name} ({service})\n\n| Call | What for |\n|---|---|\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _order(call: Call) -> tuple[str, int, str, str]:
    return call.service, list(Permission).index(call.permission), call.path, call.method


def main() -> None:
    argparse.ArgumentParser(prog="python -m scripts.permissions", description=__doc__).parse_args()
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE.relative_to(PAGE.parent.parent)}")


if __name__ == "__main__":
    main()
