"""Reports as files and pictures."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from adapters.reports.pictures import draw
from adapters.reports.sheets import write_csv, write_xlsx
from cards.charts import Chart
from cards.reports import charts
from domain.helpdesk.policy import Priority
from domain.reports.report import TicketLine
from locales import translator
from tests.cards.samples.reports import NAMES, REPORT

ZONE = ZoneInfo("Europe/Brussels")
EVIL = '=HYPERLINK("http://kwaad.example";"klik")'
AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def line(title: str) -> TicketLine:
    return TicketLine(
        "I-2026-000001", title, "incident", "hardware", "digitaal", Priority.HIGH, "closed", AT, AT, None, 5400, None,
        True, None, 0, 4,
    )  # fmt: skip


def strings_of(book: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - ours
    return ["".join(item.itertext()) for item in root]


def test_an_excel_file_has_three_sheets_and_texts_are_texts() -> None:
    t = translator("nl")
    content = write_xlsx(
        t, REPORT, [line(EVIL), line("https://kwaad.example"), line("x" * 40_000)], NAMES, ZONE
    )
    book = zipfile.ZipFile(io.BytesIO(content))
    sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    strings = strings_of(book)
    assert EVIL in strings
    assert max(map(len, strings)) == 32_000
    everything = b"".join(book.read(name) for name in sheets)
    assert b"<f>" not in everything
    assert b"hyperlink" not in everything.lower()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_csv_has_no_formulas(start: str) -> None:
    content = write_csv(translator("nl"), [line(f"{start}1+1")], NAMES, ZONE)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][1] == f"'{start}1+1"


def test_a_csv_opens_in_the_excel_of_here() -> None:
    content = write_csv(translator("nl"), [line("één; twee\nregels")], NAMES, ZONE)
    assert content.startswith(b"\xef\xbb\xbf")
    [head, row] = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert len(head) == len(row)
    assert row[1] == "één; twee\nregels"
    assert "2026-11-23 09:30" in row
    assert "1,5" in row


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_every_chart_is_a_picture_too(language: str) -> None:
    drawn = charts(translator(language), REPORT, NAMES)
    assert set(drawn) == {"line", "categories", "teams", "backlog"}
    for chart in drawn.values():
        picture = draw(chart)
        assert picture.startswith(b"\x89PNG")
        assert struct.unpack(">I", picture[16:20]) == (720,)


@pytest.mark.parametrize("values", [[0], [1], [1_000_000], [0, 0, 0]])
def test_odd_figures_can_be_drawn(values: list[int]) -> None:
    labels = [f"dag {n}" for n in range(len(values))]
    shapes: Any = ("line", "columns", "bars")
    for shape in shapes:
        assert draw(Chart(shape, "Titel", labels, [("reeks", values)]))
