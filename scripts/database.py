"""The database's schema: `python -m scripts.database upgrade|downgrade|check|revision`. Reads DATABASE_URL.

upgrade [REVISION]     migrate up, to the newest when none is named
downgrade REVISION     migrate down (`base`: everything away)
check                  fails when the code's tables and the migrated ones differ
revision MESSAGE       write the next migration for what changed in the code, such as `revision "Ratings"`
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from adapters.database import schema
from wiring.settings import Settings

VERSIONS = schema.ROOT / "adapters" / "database" / "migrations" / "versions"


async def write_next(message: str) -> None:
    """Compare the code with a database that the migrations so far have made, away from anyone's own."""
    newest = max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'empty.db'}"
        await schema.upgrade(url)
        await schema.revise(url, f"{int(newest) + 1:04}", message)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.database", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("upgrade").add_argument("revision", nargs="?", default="head")
    commands.add_parser("downgrade").add_argument("revision")
    commands.add_parser("check")
    commands.add_parser("revision").add_argument("message")
    given = parser.parse_args()
    url = Settings(unsafe_no_authentication_on_loopback=True).database_url  # no bot is started here
    from alembic.util import CommandError

    try:
        match given.command:
            case "upgrade":
                asyncio.run(schema.upgrade(url, given.revision))
            case "downgrade":
                asyncio.run(schema.downgrade(url, given.revision))
            case "check":
                asyncio.run(schema.check(url))
            case "revision":
                asyncio.run(write_next(given.message))
    except CommandError as error:
        differ = "The code and the database differ: " if given.command == "check" else ""
        print(f"{differ}{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
