"""The approver's card: what is asked, by whom and why; and once decided, who decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microsoft_teams.cards import Action, CardElement

from cards.kit import (
    Card,
    buttons,
    card,
    facts,
    group,
    heading,
    press,
    row,
    text,
    text_input,
    unfold,
    user_text,
)
from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.rules import COMMENT_LIMIT
from locales import N_, Translator

WHAT = {"site": N_("a new site")}
"""By the approval's kind."""


@dataclass(frozen=True, slots=True)
class ApprovalFace:
    """An approval with what its card shows beside it. `names` has everybody it mentions; `details` are about the
    subject, `outcome` says how things went after the decision."""

    approval: Approval
    names: Mapping[str, str]
    details: Sequence[CardElement]
    outcome: Sequence[CardElement] = ()


def approver(
    t: Translator, face: ApprovalFace, viewer_id: str, *, reason: str = "", problem: str = ""
) -> Card:
    """For `viewer_id`, who may decide. With `problem`, what was wrong with the `reason` they gave for refusing."""
    approval = face.approval
    asked = [
        (t("Asked by"), face.names[approval.requester_id]),
        (t("On"), t.moment(approval.asked_at)),
    ]
    others = [face.names[person] for person in approval.approver_ids if person != viewer_id]
    if approval.pending and others:
        asked.append((t("Can decide too"), ", ".join(others)))
    top = (
        heading(f"{approval.number} · {approval.title}"),
        text(t("You are asked to approve {what}.", what=t(WHAT[approval.kind])))
        if approval.pending
        else decision(t, approval, face.names),
        *face.outcome,
        facts(asked),
        *face.details,
    )
    if not approval.pending:
        return card(*top, language=t.language)
    if problem:
        body = (*top, *_refusal(t, approval.id, reason, problem))
        return card(*body, actions=[_approve(t, approval.id)], language=t.language)
    refuse = unfold(t("Refuse"), _reason(t), actions=[_refuse(t, approval.id)], style="destructive")
    return card(*top, actions=[_approve(t, approval.id), refuse], language=t.language)


def decision(t: Translator, approval: Approval, names: Mapping[str, str]) -> CardElement:
    """Who decided, when, and what they said about it."""
    stands = approval.decision
    if stands is None:
        return text(t("Waits for a decision"))
    approved = stands.outcome is ApprovalState.APPROVED
    who = {"name": names[stands.person_id], "moment": t.moment(stands.at)}
    line = (
        t("Approved by {name} on {moment}.", **who)
        if approved
        else t("Refused by {name} on {moment}.", **who)
    )
    said = [user_text(t, stands.comment, spacing="Small")] if stands.comment else []
    return group(text(line, bold=True), *said, tone="good" if approved else "attention")


def waiting(
    t: Translator, approvals: Sequence[Approval], names: Mapping[str, str], cursor: str | None
) -> Card:
    """What waits for a person, the oldest first."""
    if not approvals:
        return card(
            heading(t("Nothing waits for your approval")),
            text(t("When somebody asks you something, I let you know here.")),
            language=t.language,
        )
    more = [press(t("Show more"), "approvals.list", {"cursor": cursor}, inputs=False)] if cursor else []
    return card(
        heading(t("Waits for your approval")),
        *(
            row(
                [
                    text(f"{approval.number} · {approval.title}", bold=True),
                    text(
                        f"{names[approval.requester_id]}, {t.day(approval.asked_at)}",
                        subtle=True,
                        spacing="None",
                    ),
                ],
                [buttons(press(t("Open"), "approvals.open", {"id": approval.id}, inputs=False))],
                separator=True,
            )
            for approval in approvals
        ),
        actions=more,
        language=t.language,
    )


def _approve(t: Translator, approval_id: str) -> Action:
    comment = text_input("comment", t("Comment (not required)"), multiline=True, max_length=COMMENT_LIMIT)
    send = press(t("Yes, approve"), "approvals.approve", {"id": approval_id}, style="positive")
    return unfold(t("Approve"), comment, actions=[send], style="positive")


def _reason(t: Translator, value: str = "", problem: str = "") -> CardElement:
    return text_input(
        "reason",
        t("Why not?"),
        value=value,
        required=True,
        error=t("Say why: the person who asked reads it."),
        problem=problem,
        multiline=True,
        max_length=COMMENT_LIMIT,
        placeholder=t("The person who asked reads this."),
    )


def _refuse(t: Translator, approval_id: str) -> Action:
    return press(t("Yes, refuse"), "approvals.refuse", {"id": approval_id}, style="destructive")


def _refusal(t: Translator, approval_id: str, reason: str, problem: str) -> tuple[CardElement, ...]:
    """The box to refuse in, open: what was sent in it needs another look."""
    return (_reason(t, reason, problem), buttons(_refuse(t, approval_id)))
