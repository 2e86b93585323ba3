"""A tip as a Markdown file: what there is to know about it as YAML between two lines `---`, then the answer as people
read it.

    ---
    id: scherm-delen
    theme: vergaderen
    …
    ---
    # Hoe deel ik mijn scherm?

    Deel liever een venster dan je hele scherm.

    ## Stappen
    1. Klik in de vergadering op Delen.

    ## Op je telefoon
    …
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.organisation.files import Field, OrganisationError, Problem, checked, parsed, text_of
from adapters.organisation.tip_shapes import LooseTipShape, dumped, loose
from domain.tips.tip import Tip

FENCE = "---"
HEADINGS = {
    "nl": {"steps": "Stappen", "phone": "Op je telefoon", "note": "Let op"},
    "en": {"steps": "Steps", "phone": "On your phone", "note": "Watch out"},
    "fr": {"steps": "Étapes", "phone": "Sur ton téléphone", "note": "Attention"},
}
_PARTS = {name.casefold(): part for names in HEADINGS.values() for part, name in names.items()}
_STEP = re.compile(r"\d+[.)] +|- +")


def read_markdown(path: Path) -> tuple[LooseTipShape, dict[str, int]]:
    """The tip of a file, and on which lines its fields begin. Raises `OrganisationError`."""
    lines = text_of(path).split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip() == FENCE][:2]
    if len(ends) < 2 or ends[0] != 0:
        raise OrganisationError(
            path, [Problem(1, "", f"A tip begins with {FENCE}, what it is about, and {FENCE}")]
        )
    about, line_of = parsed(path, "\n".join(lines[1 : ends[1]]), 2)
    if not isinstance(about, dict):
        raise OrganisationError(path, [Problem(2, "", "This says nothing about the tip")])
    twice = [name for name in ("title", "answer") if name in about]
    if twice:
        message = f"This comes below the second {FENCE}"
        raise OrganisationError(path, [Problem(line_of((name,)), name, message) for name in twice])
    body = _Body(path, lines, ends[1] + 1)
    begin = body.begin

    def place(field: Field) -> tuple[int, str]:
        name = ".".join(map(str, field)).removeprefix("answer.")
        known = [at for at in (name, name.partition(".")[0]) if at in begin]
        if field and field[0] in ("title", "answer"):
            return (begin[known[0]] if known else ends[1] + 2), name
        return line_of(field), name

    shape = checked(path, about | {"title": body.title, "answer": body.answer}, LooseTipShape, place)
    return shape, {name: line_of((name,)) for name in about} | begin


class _Body:
    """The lines below the facts, taken apart: `begin` is where each part begins."""

    def __init__(self, path: Path, lines: list[str], start: int) -> None:
        self.begin: dict[str, int] = {}
        self.title = ""
        self.answer: dict[str, Any] = {}
        problems: list[Problem] = []
        part, said = "", [""]
        steps: list[list[str]] = []
        indent = ""

        def take() -> None:
            if part and part != "steps":
                self.answer[part] = "\n".join(said)

        for number, line in enumerate(lines[start:], start + 1):
            if line.startswith("# ") and not part:
                self.title, part, said = line[2:], "intro", []
                self.begin |= {"title": number, "intro": number}
            elif line.startswith("#"):
                take()
                heading = _PARTS.get(line.lstrip("#").strip().casefold())
                if heading is None or not part:
                    known = ", ".join(
                        sorted({name for names in HEADINGS.values() for name in names.values()})
                    )
                    message = f"This heading is not known: {known}" if part else "The title comes first: # …"
                    problems.append(Problem(number, "", message))
                elif heading in self.begin:
                    problems.append(Problem(number, heading, "This heading stands here twice"))
                part, said = heading or "?", []
                self.begin.setdefault(part, number)
            elif part == "steps":
                marker = _STEP.match(line)
                if marker is not None:
                    indent = " " * marker.end()
                    self.begin[f"steps.{len(steps)}"] = number
                    steps.append([line[marker.end() :]])
                elif steps and (line.startswith(indent) or not line.strip()):
                    steps[-1].append(line[len(indent) :])
                elif line.strip():
                    problems.append(Problem(number, "steps", "A step begins with its number: 1. "))
            elif part:
                said.append(line[1:] if re.match(r"\\+#", line) else line)
            elif line.strip():
                problems.append(Problem(number, "title", "The title comes first: # …"))
                part = "?"
        take()
        if steps:
            self.answer["steps"] = ["\n".join(step) for step in steps]
        self.answer.pop("?", None)
        if problems:
            raise OrganisationError(path, problems)


def write_markdown(tip: Tip) -> str:
    """The file of a tip, as `read_markdown` reads it."""
    said = loose(tip)
    said.pop("title")
    said.pop("answer")
    return "\n".join([FENCE, f"{dumped(said)}{FENCE}", f"# {tip.title}", "", *_body(tip)]) + "\n"


def _body(tip: Tip) -> Iterator[str]:
    names = HEADINGS.get(tip.language, HEADINGS["en"])
    yield from _plain(tip.intro)
    if tip.steps:
        yield from ("", f"## {names['steps']}")
    for number, step in enumerate(tip.steps, 1):
        marker = f"{number}. "
        first, *rest = step.split("\n")
        yield marker + first
        yield from (" " * len(marker) + line for line in rest)
    for part, text in (("phone", tip.phone), ("note", tip.note)):
        if text:
            yield from ("", f"## {names[part]}", *_plain(text))


def _plain(text: str) -> Iterator[str]:
    """Lines, of which none is taken for a heading."""
    for line in text.split("\n"):
        yield f"\\{line}" if re.match(r"\\*#", line) else line
