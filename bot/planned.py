"""Planned changes on the cards of others: of their ticket, and of their approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from microsoft_teams.cards import CardElement

from bot.turn import Card
from cards import planned as cards
from cards.helpdesk.sections import NO_SECTION, Section
from cards.kit import press
from domain.approvals.actions import approval_of
from domain.changes.actions import KIND, find_clashes, may_replan
from domain.changes.change import Change
from domain.changes.moving import may_move
from domain.changes.reading import find_change
from domain.changes.rules import MOVES, ChangeState
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import OPEN
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit
from locales import Translator, translator


async def section(unit: Unit, desk: Desk, person: Person, ticket: Ticket) -> Section:
    """The plan with all that belongs to it for an agent, on the ticket of a change of their own too; when it happens
    and how it went for others."""
    t, change = translator(person.language), await find_change(unit, ticket.id)
    agent = person.as_actor().is_agent
    if change is None:
        plannable = agent and ticket.state in OPEN
        data = {"ticket": ticket.id}
        return (
            Section(actions=[press(t("Plan this change"), "changes.start", data, inputs=False)])
            if plannable
            else NO_SECTION
        )
    face = await face_of(unit, desk, change)
    if agent:
        movable = may_move(person, change, face.approval) and ticket.state.open
        again = may_replan(person, ticket, change) and not change.state.ahead
        face = replace(face, movable=movable, again=again)
    if not agent:
        told = t("The change board decides about this first.") if change.state is ChangeState.ASKED else ""
        return Section(cards.for_requester(t, face), next=told)
    return Section(cards.for_desk(t, face), cards.actions(t, face))


async def about(
    unit: Unit, desk: Desk, t: Translator, ticket_id: str
) -> tuple[Sequence[CardElement], Sequence[CardElement]]:
    """What the board has to know before deciding."""
    change = await find_change(unit, ticket_id)
    if change is None:
        return (), ()
    return cards.approval_details(t, await face_of(unit, desk, change)), ()


async def show_result(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    try:
        ticket = await access_ticket(unit, person.as_actor(), subject.partition(":")[0])
    except NotFound:
        return None
    change = await find_change(unit, ticket.id)
    if change is None:
        return None
    return cards.result(translator(person.language), ticket, await face_of(unit, desk, change))


async def face_of(unit: Unit, desk: Desk, change: Change) -> cards.ChangeFace:
    approval = await approval_of(unit, KIND, change.ticket_id) if change.needs_approval else None
    mentioned = [change.planned_by_id]
    mentioned += [said.by_id for said in (change.outcome, change.review) if said]
    if approval:
        mentioned += approval.approver_ids
        mentioned += [approval.decision.person_id] if approval.decision else []
    clashes = (
        await find_clashes(unit, desk, change.window, change.systems, besides=change.ticket_id)
        if change.state.ahead
        else ()
    )
    return cards.ChangeFace(
        change,
        desk.organisation.changes,
        approval,
        await names_of(desk.directory, mentioned),
        clashes,
        frozenset(step for step, (before, _) in MOVES.items() if change.state is before),
    )
