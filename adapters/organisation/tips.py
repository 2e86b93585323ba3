"""The tips of an organisation: of its folder `tips/`, or of any folder or CSV file that a city brings.

A folder holds YAML files (a theme each), Markdown files (a tip each) and synonyms, in any mixture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.organisation.files import Field, OrganisationError, Problem, read, wrong
from adapters.organisation.tip_shapes import SynonymsShape, ThemeShape
from domain.tips.actions import Synonyms
from domain.tips.tip import Tip


@dataclass(frozen=True, slots=True)
class Tips:
    tips: tuple[Tip, ...]
    synonyms: tuple[Synonyms, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A tip and where it stands: `place` goes before its fields in what is said about its file."""

    tip: Tip
    path: Path
    place: Field

    def wrong(self, field: Field, message: str) -> OrganisationError:
        return wrong(self.path, (*self.place, *field), message)


def load_tips(folder: Path) -> Tips:
    """The tips and synonyms of an organisation folder. Raises `OrganisationError` naming path, line and field."""
    if not (folder / "tips").is_dir():
        raise OrganisationError(folder / "tips", [Problem(1, "", "There is no folder with tips")])
    return read_tips(folder / "tips")


def read_tips(path: Path) -> Tips:
    """The tips and synonyms of a folder. Raises `OrganisationError` naming path, line and field."""
    placed: list[Placed] = []
    for file in sorted(path.glob("*.yaml")):
        if not file.name.startswith("synonyms."):
            placed += _themed(file)
    check_together(placed)
    synonyms = [group for file in sorted(path.glob("synonyms.*yaml")) for group in _synonyms(file)]
    return Tips(tuple(one.tip for one in placed), tuple(synonyms))


def check_together(placed: Sequence[Placed]) -> None:
    """What one tip says about others has to be so. Raises `OrganisationError`."""
    known: dict[str, Placed] = {}
    for one in placed:
        first = known.setdefault(one.tip.id, one)
        if first is not one:
            raise one.wrong(("id",), f"{one.tip.id!r} is used twice, first in {first.path.name}")
    said: dict[tuple[str, str], str] = {}
    for one in placed:
        tip = one.tip
        for position, other in enumerate(tip.related):
            if other not in known or other == tip.id:
                raise one.wrong(("related", position), f"There is no other tip {other!r}")
        if tip.translation_of is None:
            continue
        original = known.get(tip.translation_of)
        if original is None or original.tip.translation_of is not None:
            raise one.wrong(
                ("translation_of",), f"There is no tip {tip.translation_of!r} to be a translation of"
            )
        if original.tip.language == tip.language:
            raise one.wrong(("translation_of",), f"{tip.translation_of!r} is in the same language")
        same = said.setdefault((tip.translation_of, tip.language), tip.id)
        if same != tip.id:
            raise one.wrong(
                ("translation_of",), f"{same!r} says {tip.translation_of!r} in this language already"
            )


def _themed(path: Path) -> Iterator[Placed]:
    shape = read(path, ThemeShape)
    for index, tip in enumerate(shape.tips):
        yield Placed(tip.as_tip(shape.language, shape.theme, shape.name), path, ("tips", index))


def _synonyms(path: Path) -> Iterator[Synonyms]:
    shape = read(path, SynonymsShape)
    for group in shape.groups:
        yield Synonyms(shape.language, group)
