"""Reads YAML files of `organisation/` into checked shapes; what is wrong is named by path, line and field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

if TYPE_CHECKING:
    import yaml


class Shape(BaseModel):
    """The base of what a file may hold: nothing unknown, and nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Read = TypeVar("Read", bound=BaseModel)
Field = tuple[str | int, ...]
"""Where a value stands in a file, such as `("people", 3, "email")`; an empty one is the whole file."""


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    field: str
    message: str


class OrganisationError(ValueError):
    """A file of the organisation cannot be used. `problems` are in the order of their lines: one or more.

    `others` say what is wrong with files that were read together with it.
    """

    def __init__(
        self, path: Path, problems: Iterable[Problem], others: Iterable[OrganisationError] = ()
    ) -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join([*self._lines(), *map(str, others)]))

    def _lines(self) -> Iterator[str]:
        for problem in self.problems:
            where = f"{problem.field}: " if problem.field else ""
            yield f"{self.path}:{problem.line}: {where}{problem.message}"

    @property
    def line(self) -> int:
        return self.problems[0].line

    @property
    def field(self) -> str:
        return self.problems[0].field


def read(path: Path, shape: type[Read]) -> Read:
    """The file at `path` as a `shape`. Raises `OrganisationError` for anything that is wrong with it."""
    data, root = _parse(path, text_of(path))
    return checked(path, data, shape, lambda field: (_line(root, field), _dotted(field)))


def checked(path: Path, data: Any, shape: type[Read], place: Callable[[Field], tuple[int, str]]) -> Read:
    """What a file says as a `shape`; `place` tells the line of a field and what that is called there.

    Raises `OrganisationError`.
    """
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise OrganisationError(
            path,
            (
                Problem(*place(problem["loc"]), problem["msg"])
                for problem in error.errors(include_url=False, include_context=False)
            ),
        ) from None


def parsed(path: Path, text: str, first_line: int) -> tuple[Any, Callable[[Field], int]]:
    """YAML within a file, from this line on, and where its fields stand. Raises `OrganisationError`."""
    data, root = _parse(path, text, first_line)
    return data, lambda field: _line(root, field) + first_line - 1


def text_of(path: Path) -> str:
    """What a file says. Raises `OrganisationError` when it cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = error.strerror if isinstance(error, OSError) else "The file is not UTF-8 text"
        raise OrganisationError(path, [Problem(1, "", str(message))]) from None


def wrong(path: Path, field: Field, message: str) -> OrganisationError:
    """An error about a field of a file that was read well, such as a name that stands in no other file."""
    _, root = _parse(path, text_of(path))
    return OrganisationError(path, [Problem(_line(root, field), _dotted(field), message)])


def _parse(path: Path, text: str, first_line: int = 1) -> tuple[Any, yaml.Node | None]:
    import yaml  # loaded when an organisation is read, not when the worker starts

    before = first_line - 1
    loader = _loader()(text)
    try:
        root: yaml.Node | None = loader.get_single_node()
        if root is None:
            return None, None
        twice = list(_duplicates(root, (), set()))
        if twice:
            raise OrganisationError(path, [replace(one, line=one.line + before) for one in twice])
        return loader.construct_document(root), root
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = before + (mark.line + 1 if mark else 1)
        raise OrganisationError(path, [Problem(line, "", error.problem or "This is not YAML")]) from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, OrganisationError):
            raise
        raise OrganisationError(path, [Problem(first_line, "", str(error).splitlines()[0])]) from None
    finally:
        loader.dispose()


@cache
def _loader() -> Any:
    """Leaves a day that is none, such as `2026-13-40`, as it is typed: who checks it knows which field it is."""
    import yaml

    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})

    def day(loader: Any, node: yaml.ScalarNode) -> Any:
        try:
            return loader.construct_yaml_timestamp(node)
        except ValueError:
            return loader.construct_scalar(node)

    loader.add_constructor("tag:yaml.org,2002:timestamp", day)
    return loader


def _duplicates(node: yaml.Node, field: Field, walked: set[int]) -> Iterator[Problem]:
    """A key that stands twice in a mapping: YAML would silently keep the last."""
    import yaml

    if id(node) in walked:  # an alias; it may even be inside what it stands for
        return
    walked.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _duplicates(item, (*field, index), walked)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            here = (*field, str(key.value))
            if here[-1] in seen:
                yield Problem(key.start_mark.line + 1, _dotted(here), "This key stands here twice")
            seen.add(str(here[-1]))
            yield from _duplicates(value, here, walked)


def _line(root: yaml.Node | None, field: Field) -> int:
    """The line of a field; of the nearest thing around it when it is missing."""
    import yaml

    node, line = root, root.start_mark.line + 1 if root else 1
    for step in field:
        if isinstance(node, yaml.MappingNode):
            key, value = next(((k, v) for k, v in node.value if k.value == str(step)), (None, None))
            if key is None:
                continue  # a missing field, or a name pydantic puts between, such as a union's tag
            node, line = value, key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def _dotted(field: Field) -> str:
    return ".".join(str(step) for step in field)
