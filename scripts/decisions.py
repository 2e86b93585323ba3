"""The decision log: `python -m scripts.decisions --from 2026-01-01 --to 2026-12-31 [--format csv|json]` on stdout."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import date, datetime

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.organisation.loader import YamlDirectory, load_organisation
from domain.approvals.decision_log import Export, FileType, Period, write_log
from wiring.settings import Settings


class NoDoorbell:
    """Reading writes no jobs."""

    async def ring(self, job_id: str, due: datetime) -> None:
        raise AssertionError("reading wrote a job")


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a day such as 2026-01-31: {text!r}") from None


async def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.decisions", description="The decision log.")
    parser.add_argument("--from", dest="first", type=day, required=True, metavar="DAY")
    parser.add_argument("--to", dest="last", type=day, required=True, metavar="DAY")
    parser.add_argument("--format", dest="type", type=FileType, choices=list(FileType), default=FileType.CSV)
    arguments = parser.parse_args(given)
    if arguments.first > arguments.last:
        parser.error("--from comes after --to")
    settings = Settings(unsafe_no_authentication_on_loopback=True)  # no bot starts here
    organisation = load_organisation(settings.organisation)
    export = Export(Period(arguments.first, arguments.last), arguments.type)
    engine = open_engine(settings.database_url)
    try:
        units, directory = DatabaseUnits(engine, NoDoorbell()), YamlDirectory(organisation)
        async for part in write_log(units, directory, organisation.calendar.zone, export):
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    finally:
        await engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
