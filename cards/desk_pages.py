"""The small forms behind an agent's list: one for each thing that has something to fill in."""

from __future__ import annotations

from collections.abc import Sequence

from microsoft_teams.cards import Action, CardElement

from cards.desk_menu import Page
from cards.helpdesk_desk import RELATION_WORDS
from cards.helpdesk_words import KIND_NAMES, PRIORITY_WORDS
from cards.kit import (
    INPUT_LIMIT,
    Card,
    buttons,
    card,
    choice_input,
    group,
    heading,
    press,
    pressable,
    row,
    text,
    text_input,
)
from domain.helpdesk.policy import Priority
from domain.helpdesk.rules import Kind
from domain.helpdesk.texts import REASON_LIMIT
from locales import Translator

NUMBER_LIMIT = 40


def compose(t: Translator, page: Page) -> Card:
    """A standard reply fills the box; what stands in it is what is sent."""
    replies = page.policy.standard_replies
    who = page.there.face.names[page.ticket.requester_id]
    return _form(
        t,
        page,
        t("Answer with a standard reply"),
        [
            *(
                pressable(one.title, "desk.page", {**page.data, "page": "compose", "reply": one.id})
                for one in replies
            ),
            _box(t, page, "answer", t("Your answer to {name}", name=who)),
        ],
        [
            press(t("Send"), "helpdesk.answer", _back_to_desk(page), style="positive"),
            press(t("Send as a question"), "helpdesk.ask", {**_back_to_desk(page), "box": "answer"}),
            press(t("Resolve with this"), "helpdesk.resolve", {**_back_to_desk(page), "box": "answer"}),
        ],
    )


def wait(t: Translator, page: Page) -> Card:
    who = page.there.face.names[page.ticket.requester_id]
    label = t("What are we waiting for? {name} reads this", name=who)
    return _form(
        t,
        page,
        t("Wait for the supplier"),
        [
            text(t("As long as the ticket waits, its time stands still."), subtle=True),
            _box(t, page, "await_supplier", label),
        ],
        [press(t("Send and wait"), "helpdesk.await_supplier", _back_to_desk(page), style="positive")],
    )


def give(t: Translator, page: Page) -> Card:
    return _form(
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
    return _form(
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
            _why_for_colleagues(t, page),
        ],
        [press(t("Give"), "desk.move", page.data, style="positive")],
    )


def escalate(t: Translator, page: Page) -> Card:
    behind = page.policy.group(page.policy.group(page.ticket.group_id).escalates_to)
    return _form(
        t,
        page,
        t("Ask the next line"),
        [
            text(t("The ticket goes to {group}. They see it as new.", group=behind.name)),
            _why_for_colleagues(t, page),
        ],
        [press(t("Pass on"), "desk.escalate", page.data, style="positive")],
    )


def priority(t: Translator, page: Page) -> Card:
    return _form(
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
    return _form(
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


def link(t: Translator, page: Page) -> Card:
    return _form(
        t,
        page,
        t("Link it to another ticket"),
        [
            *(
                row(
                    [text(f"{t(RELATION_WORDS[one.relation])} {one.number}: {one.title}")],
                    [
                        buttons(
                            press(
                                t("Take off"),
                                "desk.unlink",
                                {**page.data, "other": one.ticket_id},
                                inputs=False,
                            )
                        )
                    ],
                )
                for one in page.there.links
            ),
            choice_input(
                "relation",
                t("What is the other ticket?"),
                [(one.value, t(words)) for one, words in RELATION_WORDS.items()],
                value=page.values.get("relation", "related"),
                expanded=True,
            ),
            _number(t, page, "number"),
        ],
        [press(t("Link"), "desk.link", page.data, style="positive")],
    )


def join(t: Translator, page: Page) -> Card:
    return _form(
        t,
        page,
        t("Make it part of a main ticket"),
        [
            text(t("News of the main ticket reaches the requester, and you can resolve all parts at once.")),
            _number(t, page, "main"),
        ],
        [press(t("Make it part"), "desk.join", page.data, style="positive")],
    )


def merge(t: Translator, page: Page) -> Card:
    return _form(
        t,
        page,
        t("Merge it into another ticket"),
        [
            text(
                t(
                    "For two tickets of one requester about the same thing. What was said goes along, and later "
                    "replies land there too. This cannot be undone."
                )
            ),
            _number(t, page, "into"),
        ],
        [press(t("Merge"), "desk.merge", page.data, style="destructive")],
    )


def tell(t: Translator, page: Page) -> Card:
    return _form(
        t,
        page,
        t("Tell everybody concerned how it goes"),
        [
            text(t("This reaches the requesters of all parts, and everybody who follows it.")),
            _box(t, page, "text", t("Your news")),
        ],
        [press(t("Send to everybody"), "desk.tell", page.data, style="positive")],
    )


def followers(t: Translator, page: Page) -> Card:
    there = page.there
    return _form(
        t,
        page,
        t("Who follows it"),
        [
            *(
                row(
                    [text(there.names[person])],
                    [
                        buttons(
                            press(
                                t("Take off"), "desk.unwatch", {**page.data, "person": person}, inputs=False
                            )
                        )
                    ],
                )
                for person in there.watchers
            ),
            text_input(
                "colleague",
                t("A colleague's name or e-mail address"),
                value=page.values.get("colleague", ""),
                max_length=120,
                problem=page.problems.get("colleague", ""),
            ),
        ],
        [press(t("Let them follow"), "desk.watch", page.data, style="positive")],
    )


def time(t: Translator, page: Page) -> Card:
    spent = t.plural("{n} minute", "{n} minutes", page.there.file.minutes)
    return _form(
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
    return _form(
        t,
        page,
        t("Refuse it"),
        [_box(t, page, "reject", t("Why not? {name} reads this", name=who))],
        [press(t("Refuse"), "helpdesk.reject", _back_to_desk(page), style="destructive")],
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


def _form(
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


def _back_to_desk(page: Page) -> dict[str, str | int]:
    return {**page.data, "view": "ticket.desk"}


def _box(t: Translator, page: Page, name: str, label: str) -> CardElement:
    return text_input(
        name,
        label,
        value=page.values.get(name, ""),
        multiline=True,
        max_length=INPUT_LIMIT,
        problem=page.problems.get(name, ""),
    )


def _why_for_colleagues(t: Translator, page: Page) -> CardElement:
    return text_input(
        "why",
        t("Why? Only your colleagues read this"),
        value=page.values.get("why", ""),
        multiline=True,
        max_length=REASON_LIMIT,
        problem=page.problems.get("why", ""),
    )


def _number(t: Translator, page: Page, name: str) -> CardElement:
    return text_input(
        name,
        t("Its number"),
        value=page.values.get(name, ""),
        max_length=NUMBER_LIMIT,
        placeholder="I-2026-000123",
        problem=page.problems.get(name, ""),
    )
