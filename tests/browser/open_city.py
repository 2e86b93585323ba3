"""The demo city as it is, but for its hours: it never closes, so that a test at night sees what a test by day sees."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
import yaml

from tests.cast import ORGANISATION

ZONE = ZoneInfo("Europe/Brussels")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def open_city(folder: Path) -> Path:
    """A copy of its folder. Skips the test on a day that is a holiday in both countries."""
    today = datetime.now(ZONE).date()
    country = next((one for one in ("BE", "NL") if today not in holidays.country_holidays(one)), None)
    if country is None:
        pytest.skip("today every city is closed")
    shutil.copytree(ORGANISATION, folder)
    hours = {day: ["00:00-24:00"] for day in DAYS}
    calendar = {"public_holidays": country, "opening_hours": hours, "closing_days": []}
    (folder / "calendar.yaml").write_text(yaml.safe_dump(calendar), encoding="utf-8")
    return folder
