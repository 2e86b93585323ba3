"""Reading a file of the organisation: a wrong one says where, by path, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.organisation.files import OrganisationError, Shape, read, wrong


class Desk(Shape):
    name: str
    phone: str


class File(Shape):
    desks: list[Desk]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desks.yaml"


RIGHT = """\
# The desks
desks:
  - name: Helpdesk
    phone: "8500"
  - name: Onthaal
    phone: "8501"
"""


def test_a_right_file_is_read_into_its_shape(path: Path) -> None:
    path.write_text(RIGHT)
    assert read(path, File).desks[1] == Desk(name="Onthaal", phone="8501")


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ('"8501"', "8501", 6, "desks.1.phone"),  # a number where text is meant
        ("name: Onthaal", "naam: Onthaal", 5, "desks.1.name"),  # missing: the line of what it is missing in
        ("name: Onthaal\n", "name: Onthaal\n    colour: red\n", 6, "desks.1.colour"),  # unknown
        ("name: Onthaal\n", "name: Onthaal\n    name: Balie\n", 6, "desks.1.name"),  # twice
        ("  - name: Onthaal", "  - name: [Onthaal", 6, ""),  # not YAML
        ("  - name: Onthaal", "\t- name: Onthaal", 5, ""),  # a tab
        ("name: Onthaal", "name: !!python/object:os.system {}", 5, ""),  # nothing is ever run
        ("desks:", "desk:", 2, "desks"),
        (RIGHT, "", 1, ""),
        (RIGHT, "desks: 7", 1, "desks"),
        (RIGHT, "a: 1\n---\nb: 2", 2, ""),  # two documents
        (RIGHT, "desks: &a [*a]", 1, "desks.0"),  # inside itself
        (RIGHT, "desks: \x07", 1, ""),  # a control character
        (RIGHT, "desks: 2026-99-99", 1, "desks"),  # looks like a date, and is none
    ],
)
def test_a_wrong_file_is_refused_with_its_path_line_and_field(
    path: Path, old: str, new: str, line: int, field: str
) -> None:
    assert old in RIGHT
    path.write_text(RIGHT.replace(old, new))
    with pytest.raises(OrganisationError) as refusal:
        read(path, File)
    assert (refusal.value.path, refusal.value.line, refusal.value.field) == (path, line, field)
    assert str(refusal.value).startswith(f"{path}:{line}: {field}")


def test_every_problem_is_told_in_one_go_in_the_order_of_the_lines(path: Path) -> None:
    path.write_text(RIGHT.replace('"8500"', "8500").replace('"8501"', "8501"))
    with pytest.raises(OrganisationError) as refusal:
        read(path, File)
    assert [problem.line for problem in refusal.value.problems] == [4, 6]
    assert len(str(refusal.value).splitlines()) == 2


def test_a_file_that_is_not_there_or_not_text_is_named(path: Path) -> None:
    with pytest.raises(OrganisationError, match=r"desks\.yaml:1: No such file"):
        read(path, File)
    path.write_bytes(b"desks: \xff\xfe")
    with pytest.raises(OrganisationError, match=r"desks\.yaml:1: The file is not UTF-8 text"):
        read(path, File)


def test_a_field_of_a_file_that_was_read_well_can_be_refused_later(path: Path) -> None:
    path.write_text(RIGHT)
    error = wrong(path, ("desks", 1, "phone"), "nobody answers here")
    assert str(error) == f"{path}:6: desks.1.phone: nobody answers here"
