"""Bring tips in and out: `python -m scripts.tips check|convert|import|export`. Reads DATABASE_URL.

check PATH               read a folder or a CSV file; print what is wrong, and what its authors may want to mend
convert PATH OUT         write the same tips in another form, without a database
import PATH [--add]      make the database say what PATH says; with --add, tips that are not in it stay
export OUT               write what is published, also for other days, and the synonyms

OUT is a CSV file when it ends in .csv; else a new folder, of YAML files (a theme each) or with --as markdown of
Markdown files (a tip each). What authors wrote at the desk is theirs: an import leaves it as it is, and says so.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters.database.engine import DatabaseUnits, open_engine
from adapters.organisation.files import OrganisationError, Problem
from adapters.organisation.tips import Form, Placed, Tips, read_placed, read_synonyms, read_tips, write_tips
from domain.authoring.rules import ENOUGH_WAYS
from domain.tips.bringing import Imported, import_tips
from domain.tips.likeness import ALIKE, Gist, gist_of, likeness
from domain.tips.reading import list_synonyms, list_tips
from domain.tips.tip import Tip
from domain.unit import Units
from wiring.settings import Settings

PAGE = 500


class NoDoorbell:
    async def ring(self, job_id: str, due: object) -> None:
        """An import leaves no jobs."""


def warnings(placed: Sequence[Placed]) -> Iterator[str]:
    """What may be mended: tips with few ways of asking, and titles that say nearly the same."""
    for one in placed:
        if len(one.tip.alternates) < ENOUGH_WAYS:
            message = f"{len(one.tip.alternates)} ways of asking; {ENOUGH_WAYS} are found much better"
            yield str(one.wrong(("alternates",), message))
    like: dict[tuple[str, str], list[tuple[Placed, Gist]]] = defaultdict(list)
    for one in placed:
        gist = gist_of(one.tip.title)
        places = [like[one.tip.language, key] for key in gist.keys]
        near = {other.tip.id for place in places for other, said in place if likeness(gist, said) >= ALIKE}
        for other in sorted(near):
            yield str(one.wrong(("title",), f"nearly the same as that of {other!r}"))
        for place in places:
            place.append((one, gist))


async def bring(units: Units, tips: Tips, *, add: bool) -> Imported:
    """Put tips into the database. With `add`, other tips stay as they are, and so do synonyms."""
    async with units() as unit:
        return await import_tips(unit, tips.tips, None if add else tips.synonyms, retire_others=not add)


async def take_out(units: Units) -> Tips:
    """The tips that are published, in every language, also those of other days, and the synonyms: an import of less
    would take what begins tomorrow out of use."""
    tips: list[Tip] = []
    cursor: str | None = None
    async with units.read() as unit:
        synonyms = tuple(await list_synonyms(unit))
        while True:
            page = await list_tips(unit, limit=PAGE, cursor=cursor, whenever=True)
            tips += (stored.tip for stored in page.tips)
            cursor = page.cursor
            if cursor is None:
                return Tips(tuple(tips), synonyms)


def form_of(out: Path, wanted: str | None) -> Form:
    return Form.CSV if out.suffix == ".csv" else Form(wanted or Form.YAML)


async def _in_database(given: argparse.Namespace) -> str:
    engine = open_engine(Settings(unsafe_no_authentication_on_loopback=True).database_url)
    try:
        units = DatabaseUnits(engine, NoDoorbell())
        if given.command == "export":
            tips = await take_out(units)
            write_tips(tips, given.out, form_of(given.out, given.form))
            return f"{len(tips.tips)} tips written to {given.out}"
        tips = read_tips(given.path)
        if not tips.tips:  # a slip of the hand, which would take all tips out of use
            raise OrganisationError(given.path, [Problem(1, "", "There are no tips here")])
        found = await bring(units, tips, add=given.add)
        return (
            f"{found.added} added, {found.changed} changed, {found.unchanged} as they were, "
            f"{found.retired} retired, {found.kept} left to their authors"
        )
    finally:
        await engine.dispose()


def run(given: argparse.Namespace) -> str:
    """Do what was asked; what there is to say about it. Raises `OrganisationError` and `FileExistsError`."""
    if given.command in ("import", "export"):
        return asyncio.run(_in_database(given))
    placed = read_placed(given.path)
    tips = Tips(tuple(one.tip for one in placed), tuple(read_synonyms(given.path)))
    if given.command == "convert":
        write_tips(tips, given.out, form_of(given.out, given.form))
        return f"{len(placed)} tips written to {given.out}"
    return "\n".join([*warnings(placed), f"{len(placed)} tips, {len(tips.synonyms)} groups of synonyms"])


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.tips",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "convert", "import", "export"):
        command = commands.add_parser(name)
        if name != "export":
            command.add_argument("path", type=Path)
        if name in ("convert", "export"):
            command.add_argument("out", type=Path)
            command.add_argument("--as", dest="form", choices=["yaml", "markdown"])
        if name == "import":
            command.add_argument("--add", action="store_true")
    try:
        print(run(parser.parse_args(words)))
    except (OrganisationError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
