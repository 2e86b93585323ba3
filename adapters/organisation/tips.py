"""The tips of an organisation: of its folder `tips/`, or of any folder or file that a city brings.

A folder holds YAML files (a theme each), Markdown files (a tip each) and synonyms, in any mixture; a CSV file holds
tips, a row each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from adapters.organisation.files import Field, OrganisationError, Problem, read, wrong
from adapters.organisation.tip_shapes import LooseTipShape, SynonymsShape, ThemeShape, dumped, written
from adapters.organisation.tips_csv import read_csv, write_csv
from adapters.organisation.tips_markdown import read_markdown, write_markdown
from domain.tips.reading import Synonyms
from domain.tips.tip import Tip


class Form(StrEnum):
    """How tips are written down."""

    YAML = "yaml"
    MARKDOWN = "markdown"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Placed:
    """A tip, and what says where in its file something about it stands."""

    tip: Tip
    path: Path
    wrong: Callable[[Field, str], OrganisationError]


@dataclass(frozen=True, slots=True)
class Tips:
    tips: tuple[Tip, ...]
    synonyms: tuple[Synonyms, ...]


def load_tips(folder: Path) -> Tips:
    """The tips and synonyms of an organisation folder. Raises `OrganisationError` naming path, line and field."""
    if not (folder / "tips").is_dir():
        raise OrganisationError(folder / "tips", [Problem(1, "", "There is no folder with tips")])
    return read_tips(folder / "tips")


def read_tips(path: Path) -> Tips:
    """The tips and synonyms of a folder or a file. Raises `OrganisationError` naming path, line and field."""
    return Tips(tuple(one.tip for one in read_placed(path)), tuple(read_synonyms(path)))


def read_placed(path: Path) -> list[Placed]:
    """The tips of a folder or a file with where they stand. Raises `OrganisationError` for all files together."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    placed: list[Placed] = []
    errors: list[OrganisationError] = []
    for file in files:
        try:
            placed += _in_file(file, alone=file is path)
        except OrganisationError as error:
            errors.append(error)
    if errors:
        raise OrganisationError(errors[0].path, errors[0].problems, errors[1:])
    _check_together(placed)
    return placed


def _in_file(file: Path, *, alone: bool) -> Iterable[Placed]:
    """The tips of a file; none of one that is about something else. Raises `OrganisationError`."""
    if file.suffix == ".csv":
        return list(_rows(file))
    if file.suffix == ".md" and file.name.lower() != "readme.md":
        return [_page(file)]
    if file.suffix in (".yaml", ".yml") and not file.name.startswith("synonyms."):
        return list(_themed(file))
    if alone:
        message = (
            "Tips are in .yaml, .md or .csv files" if file.exists() else "There is no such file or folder"
        )
        raise OrganisationError(file, [Problem(1, "", message)])
    return []


def read_synonyms(path: Path) -> Iterator[Synonyms]:
    for file in sorted(path.glob("synonyms.*yaml")) if path.is_dir() else ():
        shape = read(file, SynonymsShape)
        yield from (Synonyms(shape.language, group) for group in shape.groups)


def _check_together(placed: Sequence[Placed]) -> None:
    """What one tip says about others has to be so. Raises `OrganisationError`."""
    known: dict[str, Placed] = {}
    for one in placed:
        first = known.setdefault(one.tip.id, one)
        if first is not one:
            raise one.wrong(("id",), f"{one.tip.id!r} is used twice, first in {first.path.name}")
    said: dict[tuple[str, str], str] = {}
    for one in placed:
        for position, other in enumerate(one.tip.related):
            if other not in known or other == one.tip.id:
                raise one.wrong(("related", position), f"There is no other tip {other!r}")
        if one.tip.translation_of is not None:
            message = _no_translation(one.tip, known, said)
            if message:
                raise one.wrong(("translation_of",), message)


def _no_translation(tip: Tip, known: dict[str, Placed], said: dict[tuple[str, str], str]) -> str | None:
    """Why a tip cannot be a translation of the one it names."""
    of = tip.translation_of or ""
    if of not in known or known[of].tip.translation_of is not None:
        return f"There is no tip {of!r} to be a translation of"
    if known[of].tip.language == tip.language:
        return f"{of!r} is in the same language"
    first = said.setdefault((of, tip.language), tip.id)
    return None if first == tip.id else f"{first!r} says {of!r} in this language already"


def _themed(path: Path) -> Iterator[Placed]:
    shape = read(path, ThemeShape)
    for index, tip in enumerate(shape.tips):

        def at(field: Field, message: str, index: int = index) -> OrganisationError:
            return wrong(path, ("tips", index, *field), message)

        yield Placed(tip.as_tip(shape.language, shape.theme, shape.name), path, at)


def _page(path: Path) -> Placed:
    shape, lines = read_markdown(path)

    def at(field: Field, message: str) -> OrganisationError:
        return OrganisationError(path, [Problem(lines.get(str(field[0]), 1), _dotted(field), message)])

    return Placed(_loose(shape), path, at)


def _rows(path: Path) -> Iterator[Placed]:
    for shape, line in read_csv(path):

        def at(field: Field, message: str, line: int = line) -> OrganisationError:
            return OrganisationError(path, [Problem(line, _dotted(field), message)])

        yield Placed(_loose(shape), path, at)


def _loose(shape: LooseTipShape) -> Tip:
    return shape.as_tip(shape.language, shape.theme, shape.theme_name)


def _dotted(field: Field) -> str:
    return ".".join(map(str, field))


def write_tips(tips: Tips, path: Path, form: Form) -> None:
    """Write tips as `read_tips` reads them: into a folder, which may hold no tips yet, or as a CSV file, which has no
    synonyms. A follow-up that is not among them is left out, and a theme has one name per language.

    Raises `FileExistsError`.
    """
    ids = {tip.id for tip in tips.tips}
    kept = [replace(tip, related=tuple(other for other in tip.related if other in ids)) for tip in tips.tips]
    if form is Form.CSV:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(write_csv(kept))
        return
    path.mkdir(parents=True, exist_ok=True)
    if any(file.suffix in (".yaml", ".yml", ".md", ".csv") for file in path.iterdir()):
        raise FileExistsError(f"{path} holds tips already: give an empty folder")
    pages = _themes(kept) if form is Form.YAML else ((f"{tip.id}.md", write_markdown(tip)) for tip in kept)
    for name, text in (*pages, *_synonym_files(tips.synonyms)):
        (path / name).write_text(text, "utf-8", newline="\n")


def _themes(tips: Iterable[Tip]) -> Iterator[tuple[str, str]]:
    grouped: dict[tuple[str, str], list[Tip]] = defaultdict(list)
    for tip in tips:
        grouped[tip.theme, tip.language].append(tip)
    for (theme, language), together in sorted(grouped.items()):
        head = {"theme": theme, "name": together[0].theme_name, "language": language}
        yield f"{theme}.{language}.yaml", dumped(head | {"tips": [written(tip) for tip in together]})


def _synonym_files(groups: Iterable[Synonyms]) -> Iterator[tuple[str, str]]:
    grouped: dict[str, list[list[str]]] = defaultdict(list)
    for group in groups:
        grouped[group.language].append(list(group.words))
    for language, together in sorted(grouped.items()):
        yield f"synonyms.{language}.yaml", dumped({"language": language, "groups": together})
