"""What else a requester can do with a ticket, withdraw it and let colleagues follow it, and what those see."""

from __future__ import annotations

from collections.abc import Mapping

from cards.helpdesk.requester import Notice, TicketFace, messages_of, notice_of, own_text, state_of
from cards.helpdesk.words import KIND_NAMES, explain_priority
from cards.kit import Card, buttons, card, facts, heading, press, row, text, text_input, unfold, user_text
from domain.helpdesk.notify import REQUESTER
from domain.helpdesk.rules import Step
from domain.helpdesk.texts import REASON_LIMIT
from domain.helpdesk.ticket import Ticket
from locales import Translator


def watcher(t: Translator, face: TicketFace, notice: Notice | None = None) -> Card:
    """What a colleague who follows the ticket sees of it."""
    ticket = face.ticket
    return card(
        *notice_of(t, notice),
        heading(f"{ticket.number} · {t(KIND_NAMES[ticket.kind])}"),
        user_text(t, ticket.title, bold=True),
        text(t("You follow this ticket of {name}.", name=face.names[ticket.requester_id]), subtle=True),
        facts(
            t,
            [
                (t("State"), state_of(t, face)),
                (t("Priority"), explain_priority(t, ticket)),
                (t("Reported"), t.moment(ticket.created_at)),
            ],
        ),
        *own_text(t, ticket),
        *messages_of(t, face),
        actions=[press(t("Stop following"), "helpdesk.stop_watching", {"id": ticket.id}, inputs=False)],
        language=t.language,
    )


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
