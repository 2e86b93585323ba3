"""Tips as a CSV file: a row each, with the columns below. What a tip has several of stands on lines of its own within
the cell; a line that begins with two spaces goes on with the one before.

Excel in Belgium and the Netherlands opens and saves it as it is: semicolons, UTF-8 with a mark. Commas and tabs are
read too, and days as it writes them: 23/11/2026. A cell that Excel would take for a formula is written with an
apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from adapters.organisation.files import Field, OrganisationError, Problem, checked, text_of
from adapters.organisation.tip_shapes import LooseTipShape, loose
from domain.tips.tip import Tip

LISTS = ("alternates", "steps", "links", "related")
DAYS = ("checked", "valid_from", "valid_until")
COLUMNS = (
    *("id", "language", "translation_of", "theme", "theme_name", "title", "alternates"),
    *("intro", "steps", "phone", "note", "source_name", "source_url", "links", "related"),
    *("audience", "team", *DAYS),
)
NEEDED = frozenset({"id", "theme", "theme_name", "title", "alternates", "intro", "source_name", "checked"})
LONGEST_CELL = 200_000
_FORMULA = re.compile(r"'*[=+\-@\t]")
_DAY = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*")
_IN_ANSWER = ("intro", "steps", "phone", "note")


def read_csv(path: Path) -> list[tuple[LooseTipShape, int]]:
    """The tips of a file, and on which lines they begin. Raises `OrganisationError` with all that is wrong."""
    text = text_of(path).removeprefix("\ufeff")
    header = text.partition("\n")[0]
    delimiter = max(";,\t", key=header.count)
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    found: list[tuple[LooseTipShape, int]] = []
    problems: list[Problem] = []
    try:
        names = [name.strip() for name in next(rows, [])]
        _check_header(path, names)
        line = rows.line_num + 1
        for cells in rows:
            try:
                if any(cell.strip() for cell in cells):
                    found.append((_tip(path, names, cells, line), line))
            except OrganisationError as error:
                problems += error.problems
            line = rows.line_num + 1
    except csv.Error as error:
        raise OrganisationError(path, [Problem(line, "", f"This is not CSV: {error}")]) from None
    if problems:
        raise OrganisationError(path, problems)
    return found


def _check_header(path: Path, names: list[str]) -> None:
    problems = [Problem(1, name, "This column is not known") for name in names if name not in COLUMNS]
    problems += [
        Problem(1, name, "This column stands here twice") for name in set(names) if names.count(name) > 1
    ]
    problems += [
        Problem(1, name, "This column is missing") for name in COLUMNS if name in NEEDED - set(names)
    ]
    if problems:
        raise OrganisationError(path, problems)


def _tip(path: Path, names: Sequence[str], cells: Sequence[str], line: int) -> LooseTipShape:
    if len(cells) != len(names):
        message = f"This row has {len(cells)} cells, and there are {len(names)} columns"
        raise OrganisationError(path, [Problem(line, "", message)])
    row = zip(names, map(_unguarded, cells), strict=True)
    given: dict[str, Any] = {name: _list(cell) if name in LISTS else cell for name, cell in row}
    given = {name: value for name, value in given.items() if value not in ("", [])}
    given |= {name: _iso(given[name]) for name in DAYS if name in given}
    given["answer"] = {name: given.pop(name) for name in _IN_ANSWER if name in given}
    given["source"] = {
        name.removeprefix("source_"): given.pop(name)
        for name in ("source_name", "source_url")
        if name in given
    }
    if "links" in given:
        given["links"] = [_link(path, line, link) for link in given["links"]]
    return checked(path, given, LooseTipShape, lambda field: (line, _column(field)))


def _link(path: Path, line: int, text: str) -> dict[str, str]:
    name, _, url = text.rpartition(" ")
    if not name.strip():
        raise OrganisationError(path, [Problem(line, "links", "A link is a name, a space, and its address")])
    return {"name": name, "url": url}


def _column(field: Field) -> str:
    """What a field of the shape is called in the file."""
    name = ".".join(map(str, field))
    return re.sub(r"^answer\.", "", re.sub(r"^source\.", "source_", name))


def _list(cell: str) -> list[str]:
    items: list[str] = []
    for line in cell.split("\n"):
        if line.startswith("  ") and items:
            items[-1] += "\n" + line[2:]
        elif line.strip():
            items.append(line)
    return items


def _iso(cell: str) -> str:
    """A day as Excel saves it here, as ISO does; anything else as it is."""
    day = _DAY.fullmatch(cell)
    return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}" if day else cell


def _unguarded(cell: str) -> str:
    text = cell.replace("\r\n", "\n")
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def write_csv(tips: Iterable[Tip]) -> str:
    """The file with these tips, as `read_csv` reads it."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=";")
    rows.writerow(COLUMNS)
    for tip in tips:
        said = loose(tip)
        said |= said.pop("answer")
        said |= {f"source_{name}": value for name, value in said.pop("source").items()}
        said["links"] = [f"{link['name']} {link['url']}" for link in said.get("links", ())]
        rows.writerow([_cell(said.get(name)) for name in COLUMNS])
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> str:
    text = (
        "\n".join(item.replace("\n", "\n  ") for item in value)
        if isinstance(value, list)
        else str(value or "")
    )
    return f"'{text}" if _FORMULA.match(text) else text
