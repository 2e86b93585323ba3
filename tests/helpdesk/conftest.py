"""Tickets to act on, and what everybody may do with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.helpdesk import actions
from domain.helpdesk.actions import ReportTicket, Say
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Urgency
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import Kind, State, Step
from domain.helpdesk.ticket import Ticket
from domain.organisation import Organisation
from tests.cast import person

LAPTOP = "Mijn laptop start niet meer op. Ik kan niet verder werken."
Take = Callable[..., Awaitable[Ticket]]
Report = Callable[..., Awaitable[Ticket]]

_keys = count(1)

SAID = {
    Step.ANSWER: actions.answer,
    Step.ASK: actions.ask,
    Step.AWAIT_SUPPLIER: actions.await_supplier,
    Step.REPLY: actions.reply,
    Step.RESOLVE: actions.resolve,
    Step.REOPEN: actions.reopen,
    Step.WITHDRAW: actions.withdraw,
    Step.REJECT: actions.reject,
}
"""Steps that are taken by saying something."""
PLAIN = (Step.ASSIGN, Step.CLOSE, Step.RESUME, *SAID)
"""Steps that need a ticket and perhaps a text, and nothing else."""


def incident(text: str = LAPTOP) -> ReportTicket:
    return ReportTicket(Kind.INCIDENT, text, Impact.LOW, Urgency.HIGH)


@pytest.fixture
def stijn() -> Actor:
    """An agent of the second line."""
    return person("stijn").as_actor()


@pytest.fixture
def policy(organisation: Organisation) -> HelpdeskPolicy:
    return organisation.helpdesk


@pytest.fixture
def report(units: DatabaseUnits, policy: HelpdeskPolicy) -> Report:
    """Reports an incident in a transaction of its own."""

    async def report(actor: Actor, command: ReportTicket | None = None, key: str = "") -> Ticket:
        async with units() as unit:
            return await actions.report_ticket(
                unit, actor, command or incident(), policy, key=key or f"report-{next(_keys)}"
            )

    return report


@pytest.fixture
def take(units: DatabaseUnits, policy: HelpdeskPolicy) -> Take:
    """Takes a step in a transaction of its own."""

    async def take(
        actor: Actor, step: Step, ticket_id: str, text: str = "Tekst van de stap", key: str = ""
    ) -> Ticket:
        key = key or f"step-{next(_keys)}"
        async with units() as unit:
            if step in (Step.ASSIGN, Step.CLOSE, Step.RESUME):
                press = {
                    Step.ASSIGN: actions.assign_to_me,
                    Step.CLOSE: actions.close,
                    Step.RESUME: actions.resume,
                }[step]
                return await press(unit, actor, ticket_id, policy, key=key)
            return await SAID[step](unit, actor, Say(ticket_id, text), policy, key=key)

    return take


@pytest.fixture
def in_state(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor
) -> Callable[[State], Awaitable[Ticket]]:
    """A ticket of Amina's, handled by Bram, that came to a state by the steps that lead there."""
    ways: dict[State, list[tuple[Actor, Step]]] = {
        State.NEW: [],
        State.ASSIGNED: [(bram, Step.ASSIGN)],
        State.IN_PROGRESS: [(bram, Step.ASSIGN), (bram, Step.ANSWER)],
        State.WAITING_REQUESTER: [(bram, Step.ASK)],
        State.WAITING_SUPPLIER: [(bram, Step.AWAIT_SUPPLIER)],
        State.WITHDRAWN: [(amina, Step.WITHDRAW)],
        State.REJECTED: [(bram, Step.REJECT)],
        State.RESOLVED: [(bram, Step.ASSIGN), (bram, Step.RESOLVE)],
        State.CLOSED: [(bram, Step.ASSIGN), (bram, Step.RESOLVE), (amina, Step.CLOSE)],
    }

    async def make(state: State) -> Ticket:
        ticket = await report(amina)
        for actor, step in ways[state]:
            await take(actor, step, ticket.id)
        async with units.read() as unit:
            return await access_ticket(unit, amina, ticket.id)

    return make
