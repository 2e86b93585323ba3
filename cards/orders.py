"""What was ordered, on the cards of its ticket and of its approval."""

from __future__ import annotations

from datetime import date

from microsoft_teams.cards import CardElement

from cards.approvals.approval import decision
from cards.approvals.trail import waited_for
from cards.kit import Card, card, facts, heading, press, text, user_text
from domain.approvals.approval import Approval, ApprovalState
from domain.catalogue.item import YES, Costs, FieldType, Per
from domain.catalogue.order import Order
from domain.catalogue.rules import Answer
from domain.helpdesk.ticket import Ticket
from locales import Translator


def order(
    t: Translator, ordered: Order, approval: Approval | None, names: dict[str, str]
) -> list[CardElement]:
    """The answers, who approves or approved, and by when it is there."""
    approved = approval is not None and approval.decision is not None
    return [
        facts(
            t, [*answers(t, ordered), *_delivery(t, ordered, waits=approval is not None and approval.open)]
        ),
        *([decision(t, approval, names)] if approval and approved else []),
        *([_waits_for(t, approval, names)] if approval and approval.pending else []),
    ]


def approval_details(t: Translator, ordered: Order, price: Costs | None) -> list[CardElement]:
    """What an approver has to know before deciding."""
    paid = [(t("Costs for your team"), costs(t, price))] if price else []
    takes = (t("Delivery"), t("{time} after approval", time=working_days(t, ordered.delivery_days)))
    return [facts(t, [(t("What"), ordered.item_name), *answers(t, ordered), *paid, takes])]


def result(t: Translator, ticket: Ticket, ordered: Order, approval: Approval, names: dict[str, str]) -> Card:
    """A new message once it was decided: what happens now, or why not."""
    approved = approval.state is ApprovalState.APPROVED
    title = (
        t("{number} was approved", number=ticket.number)
        if approved
        else t("{number} was not approved", number=ticket.number)
    )
    return card(
        heading(title),
        user_text(t, ticket.title, bold=True),
        decision(t, approval, names),
        *([facts(t, _delivery(t, ordered, waits=False))] if ordered.due_on else []),
        actions=[press(t("Show the request"), "helpdesk.open", {"id": ticket.id}, inputs=False)],
        language=t.language,
    )


def answers(t: Translator, ordered: Order) -> list[tuple[str, str]]:
    return [(answer.label.rstrip("?:"), said(t, answer)) for answer in ordered.answers]


def said(t: Translator, answer: Answer) -> str:
    match answer.type:
        case FieldType.YES_NO:
            return t("Yes") if answer.value == YES else t("No")
        case FieldType.DATE:
            return t.day(date.fromisoformat(answer.value))
        case _:
            return answer.text


def costs(t: Translator, given: Costs) -> str:
    amount = t.money(given.cents)
    match given.per:
        case Per.ONCE:
            return t("{amount}, once", amount=amount)
        case Per.MONTH:
            return t("{amount} a month", amount=amount)
        case Per.YEAR:
            return t("{amount} a year", amount=amount)


def working_days(t: Translator, days: int) -> str:
    return t.plural("{n} working day", "{n} working days", days) if days else t("the same day")


def _delivery(t: Translator, ordered: Order, *, waits: bool) -> list[tuple[str, str]]:
    if ordered.due_on is not None:
        return [(t("There by"), t.day(ordered.due_on))]
    if waits:
        return [(t("Delivery"), t("{time} after approval", time=working_days(t, ordered.delivery_days)))]
    return []


def _waits_for(t: Translator, approval: Approval, names: dict[str, str]) -> CardElement:
    who = waited_for(t, approval, names)
    return text(t("Waits for approval by {who}.", who=who), bold=True)
