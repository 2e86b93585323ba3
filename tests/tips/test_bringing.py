"""A city brings its own tips: YAML, Markdown and CSV, there and back, and told where something is wrong."""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scripts.tips
from adapters.database.engine import DatabaseUnits
from adapters.organisation.files import OrganisationError
from adapters.organisation.tips import Form, Tips, read_placed, read_tips, write_tips
from adapters.organisation.tips_csv import read_csv, write_csv
from adapters.organisation.tips_markdown import read_markdown, write_markdown
from domain.tips.reading import Synonyms
from domain.tips.tip import Audience, Link, Source, Tip
from tests.tips.conftest import city_tips

TIP = Tip(
    id="scherm-delen",
    language="nl",
    theme="vergaderen",
    theme_name="Vergaderen en bellen",
    audience=Audience.TEAM,
    title="Hoe deel ik mijn scherm?",
    alternates=("=presentatie tonen", "'s avonds een venster tonen", "@ lezen", 'a; b, "c"', "-1"),
    intro="# Deel liever een venster.\n\n\\# Dat is veiliger.",
    steps=("Klik op Delen.\n\n   Daar staat een pijltje.\n## Let op", "- Kies een venster.", "# Klaar"),
    phone="+ Tik op Delen.",
    note="Let op:\n1. je mails\n## je meldingen",
    source=Source("Hulp bij Teams | nl", "https://support.example/nl?a=b;c#d"),
    related=(),
    checked=date(2026, 11, 22),
    team_id="digitaal",
    valid_from=date(2026, 12, 1),
    valid_until=date(2027, 12, 1),
    links=(Link("Een blad; met tekst", "https://vlaskerke.example/blad"),),
)


def written(folder: Path, form: Form) -> Path:
    return folder / "tips.csv" if form is Form.CSV else folder / "tips"


def by_id(tips: Tips) -> dict[str, Tip]:
    return {tip.id: tip for tip in tips.tips}


@pytest.mark.parametrize("form", Form)
def test_the_citys_own_tips_come_back_as_they_went(tmp_path: Path, form: Form) -> None:
    out = written(tmp_path, form)
    write_tips(city_tips(), out, form)
    back = read_tips(out)
    assert by_id(back) == by_id(city_tips())
    assert set(back.synonyms) == (set() if form is Form.CSV else set(city_tips().synonyms))


@pytest.mark.parametrize("form", Form)
def test_a_tip_with_all_there_is_comes_back_as_it_went(tmp_path: Path, form: Form) -> None:
    out = written(tmp_path, form)
    english = replace(TIP, id="share-screen", language="en", translation_of=TIP.id, related=(TIP.id,))
    tips = Tips((TIP, english), (Synonyms("nl", ("gsm", "telefoon")),))
    write_tips(tips, out, form)
    assert by_id(read_tips(out)) == by_id(tips)


LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=30).map(
    str.strip
)
TEXT = st.lists(LINE, min_size=1, max_size=4).map("\n".join).map(str.strip).filter(bool)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=LINE.filter(bool),
    ways=st.lists(LINE.filter(bool), min_size=1, max_size=4),
    texts=st.tuples(TEXT, st.none() | TEXT, st.none() | TEXT),
    steps=st.lists(TEXT, max_size=3),
)
def test_whatever_an_author_types_comes_back_as_it_went(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    ways: list[str],
    texts: tuple[str, str | None, str | None],
    steps: list[str],
) -> None:
    intro, phone, note = texts
    tip = replace(
        TIP,
        title=title,
        alternates=tuple(ways),
        intro=intro,
        phone=phone,
        note=note,
        steps=tuple(steps),
    )
    folder = tmp_path_factory.mktemp("round")
    page, table = folder / "tip.md", folder / "tips.csv"
    page.write_text(write_markdown(tip), "utf-8", newline="\n")
    table.write_text(write_csv([tip]), "utf-8", newline="")
    shape, _ = read_markdown(page)
    ((row, line),) = read_csv(table)
    for read in (shape, row):
        assert read.as_tip(read.language, read.theme, read.theme_name) == tip
    assert line == 2


PAGE = """\
---
id: een
theme: delen
theme_name: Delen
alternates: [aaa, bbb]
source: {name: De stad}
checked: 2026-11-16
---
# Hoe deel ik iets?

Zo doe je dat.

## Stappen
1. Klik op Delen.
   En op Verzenden.
2. Klaar.

## Let op
Niet alles.
"""


def test_a_markdown_file_is_read_as_people_write_it(tmp_path: Path) -> None:
    (tmp_path / "een.md").write_bytes(PAGE.replace("\n", "\r\n").encode())
    (tmp_path / "README.md").write_text("Over deze tips.", "utf-8")
    (tip,) = read_tips(tmp_path).tips
    assert (tip.title, tip.intro, tip.note) == ("Hoe deel ik iets?", "Zo doe je dat.", "Niet alles.")
    assert tip.steps == ("Klik op Delen.\nEn op Verzenden.", "Klaar.")


@pytest.mark.parametrize(
    ("before", "after", "line", "field"),
    [
        ("id: een", "id: Een Tip", 2, "id"),
        ("theme: delen\n", "", 2, "theme"),
        ("{name: De stad}", "{name: De stad, url: ftp://x}", 6, "source.url"),
        ("checked: 2026-11-16", "checked: gisteren", 7, "checked"),
        ("[aaa, bbb]", "[aaa, '']", 5, "alternates.1"),
        ("[aaa, bbb]", "[aaa, bbb", 6, ""),
        ("checked", "related: [twee]\nchecked", 7, "related.0"),
        ("checked", "title: Dubbel\nchecked", 7, "title"),
        ("# Hoe deel ik iets?", "Hoe deel ik iets?", 9, "title"),
        ("Zo doe je dat.", "", 9, "intro"),
        ("## Stappen", "## Zo gaat dat", 13, ""),
        ("1. Klik", "Klik", 14, "steps"),
        ("2. Klaar.", "2. " + "a" * 2001, 16, "steps.1"),
        ("## Let op", "## Stappen", 18, "steps"),
        ("---\nid", "id", 1, ""),
    ],
)
def test_what_is_wrong_in_markdown_is_named_by_path_line_and_field(
    tmp_path: Path, before: str, after: str, line: int, field: str
) -> None:
    path = tmp_path / "een.md"
    assert before in PAGE
    path.write_text(PAGE.replace(before, after, 1), "utf-8")
    with pytest.raises(OrganisationError) as raised:
        read_tips(tmp_path)
    assert raised.value.path == path
    assert (line, field) in [(one.line, one.field) for one in raised.value.problems]


TABLE = """\
id,theme,theme_name,title,alternates,intro,source_name,checked
een,delen,Delen,Hoe deel ik iets?,"aaa
bbb",Zo doe je dat.,De stad,2026-11-16
twee,delen,Delen,Hoe stop ik dat?,ccc,Zo.,De stad,2026-11-16
"""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_needs_few_columns_and_any_usual_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "tips.csv"
    path.write_bytes(codecs.BOM_UTF8 + TABLE.replace(",", delimiter).replace("\n", "\r\n").encode())
    one, two = read_tips(path).tips
    assert (one.alternates, two.alternates) == (("aaa", "bbb"), ("ccc",))
    assert (one.language, one.audience, one.steps) == ("nl", Audience.EVERYONE, ())


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ("title,", "titel,", [(1, "titel"), (1, "title")]),
        ("intro,", "title,", [(1, "title"), (1, "intro")]),
        ("een,delen", "Eén,delen", [(2, "id")]),
        ("De stad,2026-11-16", "De stad,16/13/2026", [(2, "checked"), (4, "checked")]),
        (",ccc,", ",,", [(4, "alternates")]),
        ("twee,", "een,", [(4, "id")]),
        ("Zo.,De stad", "Zo., stad, x", [(4, "")]),
        ("Hoe stop ik dat?", '"Hoe stop', [(4, "")]),
    ],
)
def test_what_is_wrong_in_a_table_is_named_by_line_and_column(
    tmp_path: Path, before: str, after: str, places: list[tuple[int, str]]
) -> None:
    path = tmp_path / "tips.csv"
    assert before in TABLE
    path.write_text(TABLE.replace(before, after), "utf-8")
    with pytest.raises(OrganisationError) as raised:
        read_tips(path)
    assert [(one.line, one.field) for one in raised.value.problems] == places
    assert str(raised.value).startswith(f"{path}:{places[0][0]}: ")


@pytest.mark.parametrize("day", ["6/11/2026", "06-11-2026", "6.11.2026"])
def test_a_table_may_hold_days_as_a_spreadsheet_saves_them_here(tmp_path: Path, day: str) -> None:
    path = tmp_path / "tips.csv"
    path.write_text(TABLE.replace("2026-11-16", day), "utf-8")
    assert {tip.checked for tip in read_tips(path).tips} == {date(2026, 11, 6)}


def test_a_table_saved_in_an_old_encoding_says_so(tmp_path: Path) -> None:
    path = tmp_path / "tips.csv"
    path.write_bytes(TABLE.replace("iets", "één").encode("cp1252"))
    with pytest.raises(OrganisationError, match="not UTF-8"):
        read_tips(path)


def test_a_spreadsheet_never_takes_a_cell_for_a_formula() -> None:
    table = write_csv([TIP])
    assert "'=presentatie tonen" in table
    assert "'+ Tik op Delen." in table


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"translation_of": "nergens"}, "no tip 'nergens'"),
        ({"translation_of": TIP.id, "language": "nl"}, "in the same language"),
    ],
)
def test_a_translation_needs_its_original(tmp_path: Path, change: dict[str, str], message: str) -> None:
    other = replace(TIP, id="share", language="en")
    write_tips(Tips((TIP, replace(other, **change)), ()), tmp_path / "tips", Form.YAML)  # type: ignore[arg-type]
    with pytest.raises(OrganisationError, match=message) as raised:
        read_tips(tmp_path / "tips")
    assert raised.value.field.endswith("translation_of")


def test_a_tip_is_said_once_in_a_language(tmp_path: Path) -> None:
    twins = [replace(TIP, id=f"share-{n}", language="en", translation_of=TIP.id) for n in (1, 2)]
    write_tips(Tips((TIP, *twins), ()), tmp_path / "tips", Form.YAML)
    with pytest.raises(OrganisationError, match="in this language already"):
        read_tips(tmp_path / "tips")


@pytest.mark.parametrize("form", Form)
def test_tips_that_are_there_are_never_written_over(tmp_path: Path, form: Form) -> None:
    out = written(tmp_path, form)
    write_tips(Tips((TIP,), ()), out, form)
    with pytest.raises(FileExistsError):
        write_tips(Tips((TIP,), ()), out, form)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tips.docx"
    path.write_bytes(b"PK")
    with pytest.raises(OrganisationError, match=r"\.yaml, \.md or \.csv"):
        read_tips(path)


async def test_tips_go_through_the_database_as_they_went(units: DatabaseUnits, tmp_path: Path) -> None:
    """Also what begins later and what is over: an import of less would take them out of use."""
    over = replace(TIP, id="over", valid_from=None, valid_until=date(2026, 1, 31))
    tips = Tips((over, replace(TIP, id="soon")), (Synonyms("nl", ("gsm", "telefoon")),))
    assert (await scripts.tips.bring(units, tips, add=False)).added == 2
    out = await scripts.tips.take_out(units)
    assert out == tips
    assert (await scripts.tips.bring(units, out, add=False)).unchanged == 2


async def test_tips_that_are_added_leave_the_others_where_they_are(units: DatabaseUnits) -> None:
    first = replace(TIP, id="een", valid_from=None, valid_until=None)
    groups = (Synonyms("nl", ("gsm", "telefoon")),)
    await scripts.tips.bring(units, Tips((first,), groups), add=False)
    done = await scripts.tips.bring(units, Tips((replace(first, id="twee"),), ()), add=True)
    assert (done.added, done.retired) == (1, 0)
    there = await scripts.tips.take_out(units)
    assert ([tip.id for tip in there.tips], there.synonyms) == (["een", "twee"], groups)
    done = await scripts.tips.bring(units, Tips((replace(first, id="twee"),), ()), add=False)
    assert (done.unchanged, done.retired) == (1, 1)


def test_the_command_converts_checks_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "een.md").write_text(PAGE, "utf-8")
    out = tmp_path / "out" / "tips.csv"
    assert scripts.tips.main(["convert", str(tmp_path), str(out)]) == 0
    assert scripts.tips.main(["check", str(out)]) == 0
    assert "tips.csv:2: alternates: 2 ways of asking; 5 are found much better" in capsys.readouterr().out
    out.write_text(out.read_text("utf-8").replace("2026-11-16", "ooit"), "utf-8")
    assert scripts.tips.main(["check", str(out)]) == 1
    assert "tips.csv:2: checked: " in capsys.readouterr().err
    assert scripts.tips.main(["check", str(tmp_path / "nergens")]) == 1
    (tmp_path / "leeg").mkdir()
    assert scripts.tips.main(["import", str(tmp_path / "leeg")]) == 1
    assert "There are no tips here" in capsys.readouterr().err


def test_titles_that_are_nearly_the_same_are_named(tmp_path: Path) -> None:
    alike = [
        replace(TIP, id="een", title="Hoe deel ik mijn agenda?"),
        replace(TIP, id="twee", title="Mijn agenda delen"),
    ]
    write_tips(Tips(tuple(alike), ()), tmp_path / "tips", Form.MARKDOWN)
    (said,) = scripts.tips.warnings(read_placed(tmp_path / "tips"))
    assert said.endswith("twee.md:24: title: nearly the same as that of 'een'")
