"""The city's tips in a database, and questions asked of the bot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import pytest

from adapters.database.engine import DatabaseUnits
from adapters.organisation.tips import Tips, load_tips
from adapters.search.embedded import EmbeddedSearch
from adapters.search.index import Index
from adapters.search.segment import Document
from bot.turn import Place, Turn
from domain.desk import Desk
from domain.tips.bringing import import_tips
from locales import translator
from tests.cast import ORGANISATION, person

_keys = count(1)
MakeTurn = Callable[..., Turn]


@cache
def city_tips() -> Tips:
    """Those in Dutch first."""
    found = load_tips(ORGANISATION)
    return replace(found, tips=tuple(sorted(found.tips, key=lambda tip: tip.language != "nl")))


@cache
def city_index() -> Index:
    """The city's Dutch tips as the search has them."""
    found = city_tips()
    documents = [
        Document(tip.id, tip.title, tip.alternates, tip.text) for tip in found.tips if tip.language == "nl"
    ]
    return Index.of(documents, "nl", [group.words for group in found.synonyms if group.language == "nl"])


@pytest.fixture
def tips() -> Tips:
    return city_tips()


@pytest.fixture
async def stocked(units: DatabaseUnits, tips: Tips) -> DatabaseUnits:
    """A database with the city's tips."""
    async with units() as unit:
        await import_tips(unit, tips.tips, tips.synonyms)
    return units


@pytest.fixture
def search(stocked: DatabaseUnits) -> EmbeddedSearch:
    return EmbeddedSearch(stocked)


@pytest.fixture
def turn(stocked: DatabaseUnits, desk: Desk) -> MakeTurn:
    """A turn of somebody who typed something, or pressed a button that sends `data`."""

    def turn(typed: str = "", who: str = "amina", key: str = "", **data: Any) -> Turn:
        asker = person(who)
        return Turn(
            actor=asker.as_actor(),
            person=asker,
            desk=desk,
            t=translator(asker.language),
            key=key or f"test:{next(_keys)}",
            place=Place("https://teams.example", "chat", "msteams", None, "28:bot", "29:user"),
            text=typed,
            data=data,
        )

    return turn
