"""The small forms about what hangs on a ticket: other tickets, and who follows it."""

from __future__ import annotations

from cards.helpdesk.desk import RELATION_WORDS
from cards.helpdesk.desk_menu import Page
from cards.helpdesk.desk_parts import box, form, number
from cards.kit import Card, buttons, choice_input, press, row, text, text_input
from locales import Translator


def link(t: Translator, page: Page) -> Card:
    return form(
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
            number(t, page, "number"),
        ],
        [press(t("Link"), "desk.link", page.data, style="positive")],
    )


def join(t: Translator, page: Page) -> Card:
    return form(
        t,
        page,
        t("Make it part of a main ticket"),
        [
            text(t("News of the main ticket reaches the requester, and you can resolve all parts at once.")),
            number(t, page, "main"),
        ],
        [press(t("Make it part"), "desk.join", page.data, style="positive")],
    )


def merge(t: Translator, page: Page) -> Card:
    return form(
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
            number(t, page, "into"),
        ],
        [press(t("Merge"), "desk.merge", page.data, style="destructive")],
    )


def tell(t: Translator, page: Page) -> Card:
    return form(
        t,
        page,
        t("Tell everybody concerned how it goes"),
        [
            text(t("This reaches the requesters of all parts, and everybody who follows it.")),
            box(t, page, "text", t("Your news")),
        ],
        [press(t("Send to everybody"), "desk.tell", page.data, style="positive")],
    )


def followers(t: Translator, page: Page) -> Card:
    there = page.there
    return form(
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
