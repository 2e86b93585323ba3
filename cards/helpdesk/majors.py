"""News of a major incident, for everybody it touches."""

from __future__ import annotations

from cards.kit import Card, card, heading, press, text, user_text
from domain.helpdesk.majors import Major, News
from locales import Translator


def news(t: Translator, major: Major, told: News, who: str, *, has_ticket: bool) -> Card:
    """What the desk says to everybody at once; at the end, that it is solved."""
    solved = not major.state.open and major.news[:1] == (told,)
    follower = (
        []
        if has_ticket or solved
        else [
            press(
                t("Stop following"),
                "majors.unfollow",
                {"major": major.ticket_id},
                inputs=False,
            )
        ]
    )
    return card(
        heading(t("It is solved") if solved else t("News about a known problem")),
        text(f"{major.number} · {major.title}", subtle=True, spacing="None"),
        user_text(t, told.text),
        text(f"{who}, {t.moment(told.at)}", subtle=True),
        actions=[
            *follower,
            *(
                [press(t("It does not work for me yet"), "helpdesk.form", {"kind": "incident"}, inputs=False)]
                if solved and not has_ticket
                else []
            ),
        ],
        language=t.language,
    )


def not_following(t: Translator) -> Card:
    return card(
        heading(t("I do not keep you informed any more")),
        text(t("Is something wrong after all? Just type it.")),
        language=t.language,
    )
