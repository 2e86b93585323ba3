"""What else a requester can do with a ticket: withdraw it, and let colleagues follow it."""

from __future__ import annotations

from collections.abc import Mapping

from cards.helpdesk import TicketFace
from cards.kit import Card, buttons, card, heading, press, row, text, text_input, unfold, user_text
from domain.helpdesk.notify import REQUESTER
from domain.helpdesk.rules import Step
from domain.helpdesk.texts import REASON_LIMIT
from domain.helpdesk.ticket import Ticket
from locales import Translator


def own_actions(t: Translator, face: TicketFace, followers: Mapping[str, str]) -> Card:
    """What else a requester can do: withdraw the ticket, and have colleagues follow it. `followers` are names by id."""
    ticket = face.ticket
    data = {"id": ticket.id, "seen": ticket.version, "view": REQUESTER}
    withdraw = Step.WITHDRAW in face.possible
    return card(
        heading(ticket.number),
        user_text(t, ticket.title, bold=True),
        *(
            [
                text(t("Colleagues who follow this ticket"), bold=True),
                *(
                    row(
                        [text(name)],
                        [
                            buttons(
                                press(
                                    t("Take off"),
                                    "helpdesk.unwatch",
                                    {**data, "person": person},
                                    inputs=False,
                                )
                            )
                        ],
                    )
                    for person, name in followers.items()
                ),
            ]
            if followers
            else []
        ),
        actions=[
            *(
                [
                    unfold(
                        t("Let a colleague follow"),
                        text_input(
                            "colleague",
                            t("Name or e-mail address"),
                            required=True,
                            error=t("Choose a colleague."),
                            max_length=120,
                        ),
                        actions=[press(t("Let them follow"), "helpdesk.watch", data, style="positive")],
                    )
                ]
                if Step.WATCH in face.possible
                else []
            ),
            *(
                [
                    unfold(
                        t("Withdraw"),
                        text_input(
                            "withdraw", t("Why? (You may leave this empty.)"), max_length=REASON_LIMIT
                        ),
                        actions=[press(t("Yes, withdraw"), "helpdesk.withdraw", data, style="destructive")],
                    )
                ]
                if withdraw
                else []
            ),
            press(t("Back"), "helpdesk.open", {"id": ticket.id}, inputs=False),
        ],
        language=t.language,
    )


def not_following(t: Translator, ticket: Ticket) -> Card:
    return card(
        heading(ticket.number),
        text(t("You do not follow this ticket any more.")),
        language=t.language,
    )
