"""One list of everything a person asked for: tickets and site requests, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from microsoft_teams.cards import CardElement

from cards.kit import Card, buttons, card, heading, press, row, run, runs, text
from cards.literal import shorten
from locales import Translator

TITLE_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list. `verb` opens it; `state` is in the reader's words."""

    id: str
    number: str
    title: str
    state: str
    at: datetime
    verb: str


def items(t: Translator, page: Sequence[Item], *, more: str | None = None, first: bool = True) -> Card:
    """A page of the list. `more` is the cursor of the next one; not the `first` page leads back to it."""
    if first and not page:
        return nothing_yet(t)
    actions = [press(t("More"), "items.more", {"cursor": more})] if more else []
    if not first:
        actions.append(press(t("Back to the newest"), "items.list"))
    title = t("My tickets") if first else t("My tickets, older ones")
    return card(heading(title), *(_line(t, item) for item in page), actions=actions, language=t.language)


def nothing_yet(t: Translator) -> Card:
    return card(
        heading(t("My tickets")),
        text(t("You have no tickets or requests yet. Is something wrong, or do you need something?")),
        actions=[
            press(t("Something does not work"), "helpdesk.form", {"kind": "incident"}),
            press(t("Ask for something"), "catalogue.open"),
            press(t("A site"), "sites.form"),
        ],
        language=t.language,
    )


def _line(t: Translator, item: Item) -> CardElement:
    return row(
        [
            runs(run(shorten(item.title, TITLE_LIMIT), bold=True)),
            runs(
                run(item.state),
                run(f" · {item.number} · {t.day(item.at)}", subtle=True),
                spacing="None",
            ),
        ],
        [buttons(press(t("Open"), item.verb, {"id": item.id}))],
        separator=True,
    )
