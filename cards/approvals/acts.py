"""What can be done with an approval, as buttons: the boxes they unfold, and what they send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from microsoft_teams.cards import Action, CardElement

from cards.kit import press, text_input, unfold
from domain.approvals.approval import Approval
from domain.approvals.rules import COMMENT_LIMIT, Act
from locales import Translator


@dataclass(frozen=True, slots=True)
class Retry:
    """What somebody filled in that needs another look: it comes back open, with what is wrong at its place."""

    act: Act
    comment: str = ""
    colleague: str = ""
    field: str = "comment"
    problem: str = ""


def fields(t: Translator, act: Act, retry: Retry | None = None) -> tuple[CardElement, ...]:
    """The boxes of an act, with what was filled in before."""
    comment, problems = (retry.comment, {retry.field: retry.problem}) if retry else ("", {})
    words = {
        Act.APPROVE: (t("Comment (not required)"), "", ""),
        Act.REFUSE: (
            t("Why not?"),
            t("Say why: the person who asked reads it."),
            t("The person who asked reads this."),
        ),
        Act.SEND_BACK: (
            t("What has to change?"),
            t("Say what has to change: the person who asked reads it."),
            t("The person who asked reads this."),
        ),
        Act.DELEGATE: (t("Comment (not required)"), "", ""),
        Act.RESUBMIT: (t("What did you change, or why not?"), "", t("Who decides reads this.")),
        Act.WITHDRAW: (t("Why? (not required)"), "", ""),
    }
    label, error, placeholder = words[act]
    box = text_input(
        "reason" if act is Act.REFUSE else f"comment_{act.value}" if act is not Act.APPROVE else "comment",
        label,
        value=comment,
        required=bool(error),
        error=error,
        problem=problems.get("comment", ""),
        multiline=True,
        max_length=COMMENT_LIMIT,
        placeholder=placeholder,
    )
    if act is not Act.DELEGATE:
        return (box,)
    colleague = text_input(
        "colleague",
        t("Which colleague?"),
        value=retry.colleague if retry else "",
        required=True,
        error=t("Type a name or an e-mail address."),
        problem=problems.get("colleague", ""),
        max_length=120,
        placeholder=t("A name or an e-mail address"),
    )
    return (colleague, box)


def send(t: Translator, act: Act, approval: Approval) -> Action:
    """The button that does it."""
    titles = {
        Act.APPROVE: t("Yes, approve"),
        Act.REFUSE: t("Yes, refuse"),
        Act.SEND_BACK: t("Send back"),
        Act.DELEGATE: t("Pass on"),
        Act.RESUBMIT: t("Send again"),
        Act.WITHDRAW: t("Yes, withdraw"),
    }
    return press(titles[act], f"approvals.{act.value}", card_data(approval), style=_style(act))


def unfolded(t: Translator, act: Act, approval: Approval) -> Action:
    """The button that unfolds its boxes and, under them, the button that does it."""
    titles = {
        Act.APPROVE: t("Approve"),
        Act.REFUSE: t("Refuse"),
        Act.SEND_BACK: t("Ask for a change"),
        Act.DELEGATE: t("Pass on"),
        Act.RESUBMIT: t("Send again"),
        Act.WITHDRAW: t("Withdraw"),
    }
    return unfold(titles[act], *fields(t, act), actions=[send(t, act, approval)], style=_style(act))


def back(t: Translator, approval: Approval) -> Action:
    """Leaves a box that came back open."""
    return press(t("Back"), "approvals.open", {"id": approval.id}, inputs=False)


def _style(act: Act) -> Literal["positive", "destructive"] | None:
    if act in (Act.APPROVE, Act.RESUBMIT):
        return "positive"
    return "destructive" if act is Act.REFUSE else None


def card_data(approval: Approval) -> dict[str, str]:
    """What a button sends: which approval, and the round that the person looked at."""
    return {"id": approval.id} if approval.round == 1 else {"id": approval.id, "round": str(approval.round)}
