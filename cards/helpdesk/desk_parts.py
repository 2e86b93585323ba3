"""What the small forms behind an agent's list share: the frame, and the boxes."""

from __future__ import annotations

from collections.abc import Sequence

from microsoft_teams.cards import Action, CardElement

from cards.helpdesk.desk_menu import Page
from cards.kit import (
    INPUT_LIMIT,
    Card,
    card,
    group,
    heading,
    press,
    text,
    text_input,
)
from domain.helpdesk.texts import REASON_LIMIT
from locales import Translator

NUMBER_LIMIT = 40


def form(
    t: Translator, page: Page, title: str, body: Sequence[CardElement], actions: Sequence[Action]
) -> Card:
    return card(
        heading(title),
        text(f"{page.ticket.number} · {page.ticket.title}", subtle=True, spacing="None"),
        *([group(text(page.problems[""]), tone="attention")] if "" in page.problems else []),
        *body,
        actions=[*actions, press(t("Back"), "desk.back", page.data, inputs=False)],
        language=t.language,
    )


def back_to_desk(page: Page) -> dict[str, str | int]:
    return {**page.data, "view": "ticket.desk"}


def box(t: Translator, page: Page, name: str, label: str) -> CardElement:
    return text_input(
        name,
        label,
        value=page.values.get(name, ""),
        multiline=True,
        max_length=INPUT_LIMIT,
        problem=page.problems.get(name, ""),
    )


def why_for_colleagues(t: Translator, page: Page) -> CardElement:
    return text_input(
        "why",
        t("Why? Only your colleagues read this"),
        value=page.values.get("why", ""),
        multiline=True,
        max_length=REASON_LIMIT,
        problem=page.problems.get("why", ""),
    )


def number(t: Translator, page: Page, name: str) -> CardElement:
    return text_input(
        name,
        t("Its number"),
        value=page.values.get(name, ""),
        max_length=NUMBER_LIMIT,
        placeholder="I-2026-000123",
        problem=page.problems.get(name, ""),
    )
