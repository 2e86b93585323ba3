"""How was it? Five faces on a closed ticket, words when there are any, and what the desk lead sees of it."""

from __future__ import annotations

from collections.abc import Sequence

from microsoft_teams.cards import Action, CardElement, Column, ColumnSet, TextBlock

from cards.helpdesk.sections import NO_SECTION, Section
from cards.kit import Card, card, facts, group, heading, press, text, text_input, unfold, user_text
from domain.helpdesk.ticket import Ticket
from domain.satisfaction.rating import Rating
from domain.satisfaction.rules import WORDS_LIMIT
from locales import N_, Translator

FACES = {1: "😞", 2: "🙁", 3: "😐", 4: "🙂", 5: "😀"}
WORDS = {1: N_("very bad"), 2: N_("not good"), 3: N_("all right"), 4: N_("good"), 5: N_("very good")}


def for_requester(t: Translator, ticket: Ticket, rating: Rating | None, *, changes: bool) -> Section:
    """The question, or what was given with the chance to change it, on the receipt of a closed ticket."""
    if rating is None:
        question = text(t("How did we help you?"), bold=True, spacing="Medium")
        return Section([question, _faces(t, ticket)])
    return Section(
        [*_given(t, ticket, rating, changes=changes)], _say_more(t, ticket, rating, changes=changes)
    )


def for_desk(t: Translator, rating: Rating | None) -> Section:
    if rating is None:
        return NO_SECTION
    said = [user_text(t, rating.words, limit=300, spacing="Small")] if rating.words else []
    return Section([text(t("Rating: {rating}", rating=words(t, rating)), bold=True, spacing="Medium"), *said])


def ask(t: Translator, ticket: Ticket, rating: Rating | None, *, changes: bool) -> Card:
    """A card of its own, for a ticket that closed by itself."""
    section = for_requester(t, ticket, rating, changes=changes)
    return card(
        heading(t("{number} is closed", number=ticket.number), size="Medium"),
        text(ticket.title, subtle=True, spacing="None"),
        *section.elements,
        actions=[
            *section.actions,
            press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id}, inputs=False),
        ],
        language=t.language,
    )


def low(t: Translator, ticket: Ticket, rating: Rating, requester: str, handler: str) -> Card:
    """For the desk lead: somebody was not happy, or has thought better of it."""
    return card(
        heading(t("A low rating") if rating.low else t("A rating went up"), size="Medium"),
        text(f"{ticket.number} · {ticket.title}", subtle=True, spacing="None"),
        facts(
            t,
            [
                (t("Rating"), words(t, rating)),
                (t("From"), requester),
                *([(t("Handled by"), handler)] if handler else []),
                (t("Given"), t.moment(rating.changed_at)),
            ],
        ),
        *([group(user_text(t, rating.words), tone="emphasis")] if rating.words else []),
        actions=[press(t("Show the ticket"), "helpdesk.open", {"id": ticket.id})],
        language=t.language,
    )


def words(t: Translator, rating: Rating) -> str:
    """Such as `😐 3 of 5 (all right)`."""
    return t(
        "{face} {score} of 5 ({words})",
        face=FACES[rating.score],
        score=rating.score,
        words=t(WORDS[rating.score]),
    )


def _given(t: Translator, ticket: Ticket, rating: Rating, *, changes: bool) -> Sequence[CardElement]:
    thanks = t("Thank you. You gave {rating}.", rating=words(t, rating))
    said = [user_text(t, rating.words, limit=300, spacing="Small")] if rating.words else []
    other = (
        [text(t("Did you mean something else? Tap another face."), subtle=True), _faces(t, ticket)]
        if changes
        else []
    )
    return [group(text(thanks, bold=True), *said, *other, spacing="Medium")]


def _say_more(t: Translator, ticket: Ticket, rating: Rating, *, changes: bool) -> Sequence[Action]:
    if not changes:
        return []
    box = text_input(
        "words",
        t("What went well, or what could be better?"),
        value=rating.words or "",
        multiline=True,
        max_length=WORDS_LIMIT,
    )
    data = {"id": ticket.id, "score": rating.score}
    return [
        unfold(
            t("Say more about it"),
            box,
            actions=[press(t("Send"), "satisfaction.rate", data, style="positive")],
        )
    ]


def _faces(t: Translator, ticket: Ticket) -> CardElement:
    """Five to tap. They fit beside each other on the narrowest phone (a coloured ground would take too much room), and
    a screen reader hears what they mean."""
    return ColumnSet(
        columns=[
            Column(
                width="stretch",
                items=[TextBlock(text=face, size="ExtraLarge", horizontal_alignment="Center")],
                select_action=press(
                    f"{score}{t.colon} {t(WORDS[score])}",
                    "satisfaction.rate",
                    {"id": ticket.id, "score": score},
                    inputs=False,
                ),
                spacing="Small",
            )
            for score, face in FACES.items()
        ],
        spacing="Small",
    )
