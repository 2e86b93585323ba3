"""Orders on the cards of others: of their ticket, and of their approval."""

from __future__ import annotations

from collections.abc import Sequence

from microsoft_teams.cards import CardElement

from bot.turn import Card
from cards import orders as cards
from cards.helpdesk.sections import NO_SECTION, Section
from domain.approvals.actions import approval_of
from domain.approvals.approval import Approval, ApprovalState
from domain.catalogue.actions import KIND, find_order
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import State
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit
from locales import Translator, translator


async def section(unit: Unit, desk: Desk, person: Person, ticket: Ticket) -> Section:
    """What was ordered; nothing for a request in somebody's own words."""
    order = await find_order(unit, ticket.id)
    if order is None:
        return NO_SECTION
    t = translator(person.language)
    approval = await approval_of(unit, KIND, ticket.id) if order.needs_approval else None
    names = await names_of(desk.directory, _mentioned(approval))
    refused = approval is not None and approval.state is ApprovalState.REFUSED
    told = t("It was not approved. Below you read why.") if refused and ticket.state is State.REJECTED else ""
    return Section(cards.order(t, order, approval, names), next=told)


async def about(
    unit: Unit, desk: Desk, t: Translator, ticket_id: str
) -> tuple[Sequence[CardElement], Sequence[CardElement]]:
    """What an approver has to know before deciding, and how it went on."""
    order = await find_order(unit, ticket_id)
    if order is None:
        return (), ()
    item = desk.organisation.catalogue.by_id.get(order.item_id)
    return cards.approval_details(t, order, item.costs if item else None), ()


async def show_result(unit: Unit, desk: Desk, person: Person, ticket_id: str) -> Card | None:
    try:
        ticket = await access_ticket(unit, person.as_actor(), ticket_id)
    except NotFound:
        return None
    order = await find_order(unit, ticket.id)
    if order is None:
        return None
    approval = await approval_of(unit, KIND, ticket.id)
    names = await names_of(desk.directory, _mentioned(approval))
    return cards.result(translator(person.language), ticket, order, approval, names)


def _mentioned(approval: Approval | None) -> list[str]:
    if approval is None:
        return []
    return [*approval.approver_ids, *([approval.decision.person_id] if approval.decision else [])]
