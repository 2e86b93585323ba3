"""One approval: as who decides sees it, as who asked sees it, and as everybody sees it in a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microsoft_teams.cards import Action, CardElement

from cards.approvals.acts import Retry, back, fields, send, unfolded
from cards.approvals.trail import progress, trail, waited_for
from cards.kit import (
    Card,
    Tone,
    buttons,
    card,
    facts,
    group,
    heading,
    press,
    text,
    user_text,
)
from domain.approvals.approval import Approval, ApprovalState, Why
from domain.approvals.rules import Act, acts
from locales import Translator

MOST_REFRESHED = 60
"""People for whom Teams refreshes a card by itself."""


@dataclass(frozen=True, slots=True)
class ApprovalFace:
    """An approval with what its cards show beside it.

    `names` has everybody it mentions; `details` are about the subject, `outcome` says how things went after the
    decision. `what` says in words what is asked. `edit` is the verb with which the requester changes the subject.
    `user_ids` are the channel's ids of the people whose own view a card can be.
    """

    approval: Approval
    names: Mapping[str, str]
    details: Sequence[CardElement]
    outcome: Sequence[CardElement] = ()
    what: str = ""
    edit: str = ""
    user_ids: Sequence[str] = ()


def approver(
    t: Translator,
    face: ApprovalFace,
    viewer_id: str,
    *,
    reason: str = "",
    problem: str = "",
    retry: Retry | None = None,
    notice: str = "",
) -> Card:
    """For `viewer_id`, who was asked. With `problem`, what was wrong with the `reason` they gave for refusing."""
    if problem:
        retry = Retry(Act.REFUSE, reason, problem=problem)
    approval = face.approval
    possible = acts(approval, viewer_id)
    body = [
        heading(f"{approval.number} · {approval.title}"),
        *_notice(notice),
        *_status(t, face, asked=_asked(t, face, mine=bool(possible)), mine=bool(possible)),
        *_in_place_of(t, face, viewer_id),
        *face.outcome,
        facts(t, _about(t, face, viewer_id)),
        *face.details,
        *trail(t, approval, face.names),
    ]
    if not possible:
        return _card(t, face, body)
    if retry is not None:
        body += [*fields(t, retry.act, retry), buttons(send(t, retry.act, approval))]
        return _card(t, face, body, [back(t, approval)])
    order = (Act.APPROVE, Act.SEND_BACK, Act.REFUSE, Act.DELEGATE)
    return _card(t, face, body, [unfolded(t, act, approval) for act in order])


def requester(t: Translator, face: ApprovalFace, *, retry: Retry | None = None, notice: str = "") -> Card:
    """For who asked: how far it is, what they were told, and what they can do."""
    approval = face.approval
    possible = acts(approval, approval.requester_id)
    body = [
        heading(f"{approval.number} · {approval.title}"),
        *_notice(notice),
        *_status(t, face, asked=t("You asked for {what}.", what=_what(t, face)), mine=False),
        *face.outcome,
        facts(t, [(t("Asked on"), t.moment(approval.asked_at)), *progress(t, approval, face.names)]),
        *face.details,
        *trail(t, approval, face.names),
    ]
    actions: list[Action] = []
    if Act.RESUBMIT in possible:
        if face.edit:
            edit = {"id": approval.subject_id}
            actions.append(press(t("Change it"), face.edit, edit, inputs=False, style="positive"))
        else:
            actions.append(unfolded(t, Act.RESUBMIT, approval))
    if Act.WITHDRAW in possible:
        actions.append(unfolded(t, Act.WITHDRAW, approval))
    if retry is not None and retry.act in possible:
        body += [*fields(t, retry.act, retry), buttons(send(t, retry.act, approval))]
        actions = [back(t, approval)]
    return _card(t, face, body, actions)


def bystander(t: Translator, face: ApprovalFace) -> Card:
    """For everybody in a channel in which somebody showed it: how it stands, and nothing that was said about it."""
    approval = face.approval
    line = (
        text(_asked(t, face, mine=False))
        if approval.open
        else decision(t, approval, face.names, with_comment=False)
    )
    shown = [(t("Asked on"), t.moment(approval.asked_at)), *progress(t, approval, face.names)]
    return _card(t, face, [heading(f"{approval.number} · {approval.title}"), line, facts(t, shown)])


def decision(
    t: Translator, approval: Approval, names: Mapping[str, str], *, with_comment: bool = True
) -> CardElement:
    """How it ended: who decided, when, and what they said about it."""
    stands = approval.decision
    if stands is None:
        return text(t("Waits for a decision"))
    who = {"name": names.get(stands.person_id, stands.person_id), "moment": t.moment(stands.at)}
    match stands.outcome:
        case ApprovalState.APPROVED if not stands.person_id:
            line = t("Approved without asking anybody: the rules allow it.")
        case ApprovalState.APPROVED:
            line = t("Approved by {name} on {moment}.", **who)
        case ApprovalState.WITHDRAWN:
            line = t("Withdrawn by {name} on {moment}.", **who)
        case _:
            line = t("Refused by {name} on {moment}.", **who)
    said = [user_text(t, stands.comment, spacing="Small")] if stands.comment and with_comment else []
    tones: dict[ApprovalState, Tone] = {
        ApprovalState.APPROVED: "good",
        ApprovalState.REFUSED: "attention",
    }
    return group(text(line, bold=True), *said, tone=tones.get(stands.outcome, "emphasis"))


def given_facts(t: Translator, approval: Approval) -> list[CardElement]:
    """What was said about the subject when it was asked, for what has no card of its own."""
    return [facts(t, approval.facts)] if approval.facts else []


# --- inside -----------------------------------------------------------------------------------------------


def _asked(t: Translator, face: ApprovalFace, *, mine: bool) -> str:
    """To who can decide now that they are asked to; to others who asks, and for what."""
    if mine:
        return t("You are asked to approve {what}.", what=_what(t, face))
    return t("{name} asks for {what}.", name=face.names[face.approval.requester_id], what=_what(t, face))


def _what(t: Translator, face: ApprovalFace) -> str:
    return face.what or t("this")


def _notice(notice: str) -> list[CardElement]:
    return [group(text(notice, bold=True), tone="warning")] if notice else []


def _status(t: Translator, face: ApprovalFace, *, asked: str, mine: bool) -> list[CardElement]:
    """One line that says how it stands; for who can decide now, what is asked of them."""
    approval = face.approval
    if not approval.open:
        return [decision(t, approval, face.names)]
    if approval.state is ApprovalState.SENT_BACK:
        line = approval.log[-1]
        name = face.names.get(line.person_id, line.person_id)
        said = t("{name} asks for a change:", name=name)
        return [group(text(said, bold=True), user_text(t, line.comment, spacing="Small"), tone="warning")]
    if mine:
        return [text(asked)]
    waits = waited_for(t, approval, face.names)
    return [text(asked), text(t("Waits for a decision by {people}.", people=waits))]


def _in_place_of(t: Translator, face: ApprovalFace, viewer_id: str) -> list[CardElement]:
    seat = face.approval.seat(viewer_id)
    if seat is None or not seat.waiting or not face.approval.pending:
        return []
    name = face.names.get(seat.seat_of, seat.seat_of)
    match seat.why:
        case Why.DEPUTY:
            return [text(t("You decide in the place of {name}, who is away.", name=name))]
        case Why.DELEGATE:
            return [text(t("You decide in the place of {name}, who passed it on.", name=name))]
        case Why.ESCALATED:
            return [text(t("The deadline has passed, so you can decide this alone."))]
        case _:
            return []


def _about(t: Translator, face: ApprovalFace, viewer_id: str) -> list[tuple[str, str]]:
    approval = face.approval
    pairs = [
        (t("Asked by"), face.names[approval.requester_id]),
        (t("On"), t.moment(approval.asked_at)),
    ]
    others = [face.names[person] for person in approval.approver_ids if person != viewer_id]
    if others and acts(approval, viewer_id):
        pairs.append((t("Can decide too"), ", ".join(others)))
    return pairs + progress(t, approval, face.names)


def _card(
    t: Translator, face: ApprovalFace, body: Sequence[CardElement], actions: Sequence[Action] = ()
) -> Card:
    """While something can still happen, Teams asks by itself how it stands for each of these people."""
    made = card(*body, actions=actions, language=t.language)
    if face.user_ids and face.approval.open:
        refresh = {
            "type": "Action.Execute",
            "title": t("Show how it stands"),
            "verb": "approvals.refresh",
            "data": {"id": face.approval.id},
        }
        made["refresh"] = {"action": refresh, "userIds": list(face.user_ids)[:MOST_REFRESHED]}
    return made
