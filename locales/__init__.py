"""Texts for people. The English sentence in the code is the gettext key; `nl` is complete, `fr` follows.

`python -m scripts.texts` collects and compiles the catalogues (Babel); only compiled ones are read here.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from domain.errors import DeskError, Invalid

LANGUAGES = ("nl", "en", "fr")
FOLDER = Path(__file__).parent


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a text for translation without translating it here."""
    return message


class Translator:
    """The texts of one language. Calling it translates and fills `{names}`; dates and plurals follow the language."""

    def __init__(self, language: str, zone: str = "Europe/Brussels") -> None:
        self.language = language
        self._zone = ZoneInfo(zone)
        self._catalogue: gettext.NullTranslations = (
            gettext.NullTranslations()
            if language == "en"
            else gettext.translation("wijzer", FOLDER, [language])
        )

    def __call__(self, message: str, **values: object) -> str:
        text = self._catalogue.gettext(message)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        return self._catalogue.ngettext(one, many, n).format(n=n, **values)

    @property
    def colon(self) -> str:
        """What stands between a label and its value."""
        return "\N{NO-BREAK SPACE}:" if self.language == "fr" else ":"

    def error(self, error: DeskError) -> str:
        return self(error.message, **error.details)

    def problems(self, error: Invalid, elsewhere: str = "") -> dict[str, str]:
        """What is wrong in a form, a sentence by the name of its box; what is about no box stands at `elsewhere`."""
        return {one.field or elsewhere: self.error(one) for one in reversed(error.problems)}

    def either(self, names: Sequence[str]) -> str:
        """One of these is enough: `An, Bo of Cas`."""
        return _listed(tuple(names), "or", self.language)

    def together(self, names: Sequence[str]) -> str:
        """All of these: `An, Bo en Cas`."""
        return _listed(tuple(names), "standard", self.language)

    def day(self, moment: date) -> str:
        """A date as people here write it, such as `22 november 2026`; of a moment, the city's date."""
        from babel.dates import format_date  # slow to import, and not every turn shows a date

        local = moment.astimezone(self._zone) if isinstance(moment, datetime) else moment
        return _first(format_date(local, "long", locale=self.language), self.language)

    def money(self, cents: int) -> str:
        """An amount in euro, such as `€ 1.150,00`."""
        from babel.numbers import format_currency

        return format_currency(Decimal(cents) / 100, "EUR", locale=self.language)

    def moment(self, moment: datetime) -> str:
        """A date and time in the city's own time zone, such as `22 nov 2026, 14:05`."""
        return _minute(moment.replace(second=0, microsecond=0).astimezone(self._zone), self.language)

    def when(self, moment: datetime) -> str:
        """A time in these weeks, with the day of the week: `di 24 nov, 14:30`."""
        return _near(moment.replace(second=0, microsecond=0).astimezone(self._zone), self.language)

    def near_day(self, day: date) -> str:
        """A day in these weeks, with the day of the week: `di 24 nov`."""
        from babel.dates import format_date

        return _first(format_date(day, "EEE d MMM", locale=self.language), self.language)

    def local(self, moment: datetime) -> datetime:
        """A moment on the city's own clock."""
        return moment.astimezone(self._zone)


@lru_cache(1024)
def _listed(names: tuple[str, ...], style: Literal["or", "standard"], language: str) -> str:
    from babel.lists import format_list

    return format_list(names, style=style, locale=language)


@lru_cache(4096)
def _near(moment: datetime, language: str) -> str:
    from babel.dates import format_datetime

    return _first(format_datetime(moment, "EEE d MMM, HH:mm", locale=language), language)


@lru_cache(4096)
def _minute(moment: datetime, language: str) -> str:
    """Cards of one hour name the same minutes over and over, and writing one takes as long as a small card."""
    from babel.dates import format_datetime

    return _first(format_datetime(moment, "d MMM y, HH:mm", locale=language), language)


def _first(written: str, language: str) -> str:
    """In French the first of a month is `1er`, which no pattern of Babel's says."""
    return _FIRST_OF_MONTH.sub("1er", written) if language == "fr" else written


_FIRST_OF_MONTH = re.compile(r"\b1(?= [a-zéû])")


@cache
def translator(language: str | None) -> Translator:
    """The translator for a locale such as `nl-BE`; an unknown language gets Dutch."""
    short = (language or "nl").replace("_", "-").split("-")[0].lower()
    return Translator(short if short in LANGUAGES else "nl")
