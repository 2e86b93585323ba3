"""The city's calendar as it stands in its file."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.organisation.calendar import ClosingDay, closed_days, load_calendar
from adapters.organisation.files import OrganisationError
from domain.organisation import Organisation

FILE = """public_holidays: {country}
opening_hours:
  monday: ["08:30-12:00", "13:00-17:00"]
closing_days:
  - name: Kerstsluiting
    first: 2026-12-28
    last: 2027-01-02
  - name: Feest
    every_year: "02-29"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calendar.yaml").write_text(FILE.format(country="BE"), "utf-8")
    return tmp_path


def refuse(folder: Path, old: str, new: str) -> OrganisationError:
    path = folder / "calendar.yaml"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(OrganisationError) as refused:
        load_calendar(folder, "Europe/Brussels", "nl")
    return refused.value


def test_the_demo_city_keeps_belgian_holidays_and_its_own_closing_days(organisation: Organisation) -> None:
    calendar = organisation.calendar
    assert calendar.closed(date(2026, 7, 21)) == "Nationale feestdag"
    assert calendar.closed(date(2026, 7, 11)) == "Feest van de Vlaamse Gemeenschap"
    assert calendar.closed(date(2026, 12, 29)) == "Kerstsluiting"
    assert calendar.closed(date(2027, 5, 17)) == "Pinkstermaandag"
    wednesday = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)  # 16:00 in Brussels
    # Thursday is open, Friday is Christmas, and the next week is closed.
    assert calendar.add(wednesday, timedelta(hours=10)) == datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def test_the_dutch_calendar_has_dutch_holidays() -> None:
    dutch = closed_days("NL", "nl")(2026)
    assert dutch[date(2026, 4, 27)] == "Koningsdag"
    assert date(2026, 7, 21) not in dutch


def test_a_language_the_holidays_are_not_known_in_gets_english_names() -> None:
    assert closed_days("NL", "fr")(2026)[date(2026, 12, 25)] == "Christmas Day"


def test_a_closing_that_goes_on_into_the_next_year_counts_in_both() -> None:
    closing = ClosingDay(name="Kerst", first=date(2026, 12, 30), last=date(2027, 1, 2))
    assert closing.days(2026) == [date(2026, 12, 30), date(2026, 12, 31)]
    assert closing.days(2027) == [date(2027, 1, 1), date(2027, 1, 2)]
    assert closing.days(2028) == []


def test_a_yearly_day_that_a_year_has_not_is_no_day() -> None:
    closing = ClosingDay(name="Schrikkel", every_year="02-29")
    assert closing.days(2027) == []
    assert closing.days(2028) == [date(2028, 2, 29)]


def test_loading_the_organisation_does_not_load_the_holidays(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from adapters.organisation.loader import load_organisation;"
        "load_organisation(Path('organisation')); sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("public_holidays: BE", "public_holidays: DE", "public_holidays"),
        ("08:30-12:00", "8u30-12u", "opening_hours.monday.0"),
        ("08:30-12:00", "12:00-08:30", "opening_hours.monday.0"),
        ("08:30-12:00", "08:30-24:30", "opening_hours.monday.0"),
        ("13:00-17:00", "11:00-17:00", "opening_hours.monday.1"),
        ('["08:30-12:00", "13:00-17:00"]', "[]", "opening_hours"),
        ("    last: 2027-01-02\n", "", "closing_days.0"),
        ("last: 2027-01-02", "last: 2026-01-02", "closing_days.0"),
        ('every_year: "02-29"', 'every_year: "13-01"', "closing_days.1.every_year"),
    ],
)
def test_what_is_wrong_is_named_by_field(folder: Path, old: str, new: str, field: str) -> None:
    assert refuse(folder, old, new).field == field
