"""Which views are news, and how each is said in a line."""

from __future__ import annotations

import pytest

from bot.features import features
from bot.news import KINDS, headline
from domain.notifications.policy import Kind
from tests.cards.samples import collected

AT_ONCE = {
    "absence.deputy",
    "approval.requester",
    "attachments.refused",
    "digicoach.asker",
    "digicoach.welcome",
    "notifications.bundle",
    "series.done",
    "series.tip",
    "series.week",
    "site.card",
    "site.change_failed",
    "site.findings",
    "site.operator",
    "site.requester",
    "site.task",
    "tips.draft",
    "webhooks.paused",
}
"""What answers something the person just did, what follows a card that stands, what comes at the hour that the person
chose for it, and what an operator has to look at."""


def test_every_view_is_news_of_some_kind_or_is_shown_at_once() -> None:
    views = {view for feature in features() for view in feature.views}
    assert views - set(KINDS) == AT_ONCE
    assert set(KINDS) <= views
    assert set(KINDS.values()) == set(Kind)


@pytest.mark.parametrize(
    ("name", "what", "about"),
    [
        ("service_levels.warning", "I-2026-000001 dreigt te laat te zijn", "Mijn laptop start niet meer op"),
        ("helpdesk.answer", "Bram De Smet antwoordt je", "I-2026-000001"),
        ("helpdesk.desk_new", "I-2026-000001", "Mijn laptop start niet meer op"),
    ],
)
def test_a_card_is_said_in_a_line_by_its_heading_and_what_follows(name: str, what: str, about: str) -> None:
    said = headline(collected()[name])
    assert said.what.startswith(what)
    assert about in said.about


def test_an_empty_card_says_nothing() -> None:
    assert headline({"body": []}).what == ""
