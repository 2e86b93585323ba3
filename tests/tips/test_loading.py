from __future__ import annotations

from pathlib import Path

import pytest

from adapters.organisation.files import OrganisationError
from adapters.organisation.tips import load_tips

TIP = """\
theme: delen
name: Delen
tips:
  - id: een
    title: Hoe deel ik iets?
    alternates: [aaa, bbb, ccc, ddd, eee]
    answer:
      intro: Zo doe je dat.
    source: {name: De stad}
    checked: 2026-11-16
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tips").mkdir()
    (tmp_path / "tips" / "delen.yaml").write_text(TIP, "utf-8")
    return tmp_path


def change(folder: Path, before: str, after: str) -> None:
    path = folder / "tips" / "delen.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_a_folder_gives_its_tips(folder: Path) -> None:
    (tip,) = load_tips(folder).tips
    assert (tip.id, tip.theme, tip.theme_name, tip.language) == ("een", "delen", "Delen", "nl")
    assert tip.text == "Zo doe je dat."


@pytest.mark.parametrize(
    ("before", "after", "line", "field"),
    [
        ("id: een", "id: Een Tip", 4, "tips.0.id"),
        ("title: Hoe deel ik iets?", "title: ''", 5, "tips.0.title"),
        ("[aaa, bbb, ccc, ddd, eee]", "[]", 6, "tips.0.alternates"),
        ("      intro: Zo doe je dat.", "      steps: [Doe dit.]", 7, "tips.0.answer.intro"),
        ("{name: De stad}", "{name: De stad, url: http://x}", 9, "tips.0.source.url"),
        ("2026-11-16", "gisteren", 10, "tips.0.checked"),
        ("2026-11-16", "2026-13-40", 10, "tips.0.checked"),
        ("    checked", "    colour: red\n    checked", 10, "tips.0.colour"),
        ("    checked", "    audience: cats\n    checked", 10, "tips.0.audience"),
        ("    checked", "    related: [twee]\n    checked", 10, "tips.0.related.0"),
        ("    checked", "    related: [een]\n    checked", 10, "tips.0.related.0"),
        ("name: Delen", "language: klingon\nname: Delen", 2, "language"),
    ],
)
def test_what_is_wrong_is_named_by_path_line_and_field(
    folder: Path, before: str, after: str, line: int, field: str
) -> None:
    change(folder, before, after)
    with pytest.raises(OrganisationError) as raised:
        load_tips(folder)
    assert raised.value.path == folder / "tips" / "delen.yaml"
    assert (raised.value.line, raised.value.field) == (line, field)


def test_what_is_wrong_in_any_of_the_files_is_told_in_one_go(folder: Path) -> None:
    change(folder, "2026-11-16", "gisteren")
    (folder / "tips" / "zoeken.yaml").write_text(TIP.replace("een", "Een Tip"), "utf-8")
    with pytest.raises(OrganisationError) as raised:
        load_tips(folder)
    said = str(raised.value).splitlines()
    assert [line.partition(" ")[0].rpartition("/")[2] for line in said] == [
        "delen.yaml:10:",
        "zoeken.yaml:4:",
    ]


def test_an_id_is_used_once_over_all_files(folder: Path) -> None:
    (folder / "tips" / "zoeken.yaml").write_text(TIP.replace("delen", "zoeken"), "utf-8")
    with pytest.raises(OrganisationError, match=r"used twice, first in delen\.yaml"):
        load_tips(folder)


def test_a_folder_without_tips_says_so(tmp_path: Path) -> None:
    with pytest.raises(OrganisationError, match="no folder with tips"):
        load_tips(tmp_path)


def test_synonyms_are_words_and_never_alone(folder: Path) -> None:
    path = folder / "tips" / "synonyms.yaml"
    path.write_text("groups:\n  - [gsm, telefoon]\n", "utf-8")
    (group,) = load_tips(folder).synonyms
    assert (group.language, group.words) == ("nl", ("gsm", "telefoon"))
    path.write_text("groups:\n  - [gsm]\n", "utf-8")
    with pytest.raises(OrganisationError) as raised:
        load_tips(folder)
    assert raised.value.line == 2
