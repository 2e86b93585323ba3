"""The small forms behind an agent's list: one for each thing that has something to fill in."""

from __future__ import annotations

from cards.helpdesk.desk_menu import Page
from cards.helpdesk.desk_parts import back_to_desk, box, form, why_for_colleagues
from cards.helpdesk.desk_related import followers, join, link, merge, tell
from cards.helpdesk.words import KIND_NAMES, PRIORITY_WORDS
from cards.kit import (
    Card,
    buttons,
    choice_input,
    press,
    pressable,
    text,
    text_input,
)
from domain.helpdesk.policy import Priority
from domain.helpdesk.rules import Kind
from domain.helpdesk.texts import REASON_LIMIT
from locales import Translator


def compose(t: Translator, page: Page) -> Card:
    """A standard reply fills the box; what stands in it is what is sent."""
    replies = page.policy.standard_replies
    who = page.there.face.names[page.ticket.requester_id]
    return form(
        t,
        page,
        t("Answer with a standard reply"),
        [
            *(
                pressable(one.title, "desk.page", {**page.data, "page": "compose", "reply": one.id})
                for one in replies
            ),
            box(t, page, "answer", t("Your answer to {name}", name=who)),
        ],
        [
            press(t("Send"), "helpdesk.answer", back_to_desk(page), style="positive"),
            press(t("Send as a question"), "helpdesk.ask", {**back_to_desk(page), "box": "answer"}),
            press(t("Resolve with this"), "helpdesk.resolve", {**back_to_desk(page), "box": "answer"}),
        ],
    )


def wait(t: Translator, page: Page) -> Card:
    who = page.there.face.names[page.ticket.requester_id]
    label = t("What are we waiting for? {name} reads this", name=who)
    return form(
        t,
        page,
        t("Wait for the supplier"),
        [
            text(t("As long as the ticket waits, its time stands still."), subtle=True),
            box(t, page, "await_supplier", label),
        ],
        [press(t("Send and wait"), "helpdesk.await_supplier", back_to_desk(page), style="positive")],
    )


def give(t: Translator, page: Page) -> Card:
    return form(
        t,
        page,
        t("Give it to a colleague, or take it over"),
        [
            choice_input(
                "colleague",
                t("Who takes care of it?"),
                page.colleagues,
                value=page.values.get("colleague", ""),
                expanded=True,
                problem=page.problems.get("colleague", ""),
            )
        ],
        [press(t("Give"), "desk.give", page.data, style="positive")],
    )


def move(t: Translator, page: Page) -> Card:
    own = page.policy.group(page.ticket.group_id).id
    groups = [(group.id, group.name) for group in page.policy.groups if group.id != own]
    return form(
        t,
        page,
        t("Give it to another group"),
        [
            choice_input(
                "group",
                t("Which group?"),
                groups,
                value=page.values.get("group", ""),
                expanded=True,
                problem=page.problems.get("group", ""),
            ),
            why_for_colleagues(t, page),
        ],
        [press(t("Give"), "desk.move", page.data, style="positive")],
    )


def escalate(t: Translator, page: Page) -> Card:
    behind = page.policy.group(page.policy.group(page.ticket.group_id).escalates_to)
    return form(
        t,
        page,
        t("Ask the next line"),
        [
            text(t("The ticket goes to {group}. They see it as new.", group=behind.name)),
            why_for_colleagues(t, page),
        ],
        [press(t("Pass on"), "desk.escalate", page.data, style="positive")],
    )


def priority(t: Translator, page: Page) -> Card:
    return form(
        t,
        page,
        t("Change the priority"),
        [
            choice_input(
                "priority",
                t("Priority"),
                [(one.name.lower(), t(PRIORITY_WORDS[one])) for one in Priority],
                value=page.values.get("priority", page.ticket.priority.name.lower()),
                expanded=True,
                problem=page.problems.get("priority", ""),
            ),
            text_input(
                "why",
                t("Why? The requester reads this"),
                value=page.values.get("why", page.ticket.priority_reason or ""),
                max_length=REASON_LIMIT,
                problem=page.problems.get("why", ""),
            ),
        ],
        [press(t("Change"), "desk.priority", page.data, style="positive")],
    )


def kind(t: Translator, page: Page) -> Card:
    """Two separate choices, each with its own button: a new kind gives a new number."""
    others = [(one.value, t(KIND_NAMES[one])) for one in Kind if one is not page.ticket.kind]
    return form(
        t,
        page,
        t("Change the kind or the category"),
        [
            choice_input(
                "category",
                t("Category"),
                [(one.id, one.name) for one in page.policy.categories],
                value=page.values.get("category", page.ticket.category or ""),
                problem=page.problems.get("category", ""),
            ),
            buttons(press(t("Change the category"), "desk.category", page.data)),
            choice_input(
                "kind",
                t("Kind: the ticket gets a new number, and the old one goes on finding it"),
                others,
                value=page.values.get("kind", ""),
                expanded=True,
                problem=page.problems.get("kind", ""),
            ),
        ],
        [press(t("Change the kind"), "desk.kind", page.data, style="positive")],
    )


def time(t: Translator, page: Page) -> Card:
    spent = t.plural("{n} minute", "{n} minutes", page.there.file.minutes)
    return form(
        t,
        page,
        t("Write down the time you spent"),
        [
            text(t("So far: {spent}.", spent=spent)),
            text_input(
                "minutes",
                t("Minutes"),
                value=page.values.get("minutes", ""),
                max_length=20,
                problem=page.problems.get("minutes", ""),
            ),
        ],
        [press(t("Write down"), "desk.time", page.data, style="positive")],
    )


def reject(t: Translator, page: Page) -> Card:
    who = page.there.face.names[page.ticket.requester_id]
    return form(
        t,
        page,
        t("Refuse it"),
        [box(t, page, "reject", t("Why not? {name} reads this", name=who))],
        [press(t("Refuse"), "helpdesk.reject", back_to_desk(page), style="destructive")],
    )


PAGES = {
    "compose": compose,
    "wait": wait,
    "give": give,
    "move": move,
    "escalate": escalate,
    "priority": priority,
    "kind": kind,
    "link": link,
    "join": join,
    "merge": merge,
    "tell": tell,
    "followers": followers,
    "time": time,
    "reject": reject,
}
"""The forms, by the name in the list."""
