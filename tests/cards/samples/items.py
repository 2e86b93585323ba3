from __future__ import annotations

from datetime import UTC, datetime

from cards import items
from cards.helpdesk.words import STATE_WORDS as TICKET_STATES
from cards.items import Item
from cards.kit import Card
from cards.sites.requests import STATE_WORDS as SITE_STATES
from domain.helpdesk.rules import State
from domain.sites.request import SiteState
from locales import Translator
from tests.cards.samples.home import DIFFICULT

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def samples(t: Translator) -> dict[str, Card]:
    page = [
        Item("3", "S-2026-000002", "Vlasmarkt", t(SITE_STATES[SiteState.ASKED]), AT, "sites.open"),
        Item(
            "2",
            "I-2026-000001",
            "Mijn laptop start niet meer op en ik kan niet verder",
            t(TICKET_STATES[State.IN_PROGRESS]),
            AT,
            "helpdesk.open",
        ),
        Item("1", "W-2026-000001", DIFFICULT, t(TICKET_STATES[State.IN_PROGRESS]), AT, "helpdesk.open"),
    ]
    return {
        "first_page": items.items(t, page, more="1"),
        "last_page": items.items(t, page[:1], first=False),
        "past_the_end": items.items(t, [], first=False),
        "none": items.items(t, []),
    }
