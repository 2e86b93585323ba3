"""API keys for flows: `python -m scripts.apikey create NAME [SCOPE …] | list | renew NAME | revoke NAME`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import timedelta

from adapters.database.engine import DatabaseUnits, open_engine
from domain.api_keys.actions import create_key, list_keys, renew_key, revoke_key
from domain.api_keys.models import Scope
from domain.errors import DeskError
from domain.unit import Unit
from wiring.settings import Settings


class NoDoorbell:
    """Keys write no jobs."""

    async def ring(self, job_id: str, due: object) -> None:
        raise AssertionError("a key wrote a job")


async def run(unit: Unit, arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "create":
            show(await create_key(unit, arguments.name, arguments.scopes or Scope))
        case "renew":
            show(await renew_key(unit, arguments.name, timedelta(days=arguments.keep_old)))
        case "revoke":
            await revoke_key(unit, arguments.name)
        case "list":
            for key in await list_keys(unit):
                used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
                state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else f"last used {used}"
                print(f"{key.name:<30} {' '.join(sorted(key.scopes)):<50} {state}")


def show(secret: str) -> None:
    print(secret)
    print("Keep it well: it cannot be shown again.", file=sys.stderr)


async def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.apikey", description="API keys for flows.")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make a key and show it, once")
    create.add_argument("name", help="what the key is for, such as intake-form")
    create.add_argument("scopes", nargs="*", type=Scope, metavar="SCOPE", help="all when none is named")
    commands.add_parser("list", help="all keys, without what would let one in")
    renew = commands.add_parser("renew", help="give a key a new secret and show that, once")
    renew.add_argument("name", help="as `list` shows it")
    renew.add_argument(
        *("--keep-old", "-k"),
        type=int,
        default=0,
        choices=range(31),
        metavar="DAYS",
        help="how many days the old secret still opens, up to 30 (0)",
    )
    commands.add_parser("revoke", help="end a key, at once and for good").add_argument("name")
    arguments = parser.parse_args(given)
    engine = open_engine(
        Settings(unsafe_no_authentication_on_loopback=True).database_url
    )  # no bot starts here
    try:
        async with DatabaseUnits(engine, NoDoorbell())() as unit:
            await run(unit, arguments)
    except DeskError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        await engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
