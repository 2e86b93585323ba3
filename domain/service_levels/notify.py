"""Telling people that a ticket is at risk or late: whoever can do something about it."""

from __future__ import annotations

from typing import Protocol

from domain.actor import Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.helpdesk.notify import DESK, REQUESTER
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.service_levels.actions import WARN
from domain.service_levels.policy import Measure
from domain.service_levels.rules import Level
from domain.unit import Unit

WARNING = "service_levels.warning"
"""View of a clock of a ticket that is at risk or late; its subject is `TICKET:MEASURE:LEVEL`."""


class Overdue(Protocol):
    """Hears of a clock that has come so far, perhaps twice; the id of the job tells a repeat."""

    async def __call__(self, unit: Unit, ticket: Ticket, measure: str, level: Level, job_id: str) -> None: ...


def subject_of(ticket_id: str, measure: str, level: int) -> str:
    return f"{ticket_id}:{measure}:{level}"


def parse_subject(subject: str) -> tuple[str, Measure, Level]:
    """Raises `ValueError` for what is no subject of ours."""
    ticket_id, measure, level = subject.split(":")
    return ticket_id, Measure(measure), Level(int(level))


async def concerned(desk: Desk, ticket: Ticket, level: Level) -> list[str]:
    """The agent who has it. When nobody has, or has no longer the role, who leads the group or the desk; the lead of
    the desk hears of everything that is late."""
    policy = desk.organisation.helpdesk
    agents = {person.id for person in await desk.directory.with_role(Role.AGENT)}
    people = [ticket.assignee_id if ticket.assignee_id in agents else policy.lead_of(ticket.group_id)]
    if level is Level.BREACHED:
        people.append(policy.lead_id)
    return list(dict.fromkeys(person for person in people if person))


def handlers(desk: Desk, hear: Overdue | None = None) -> dict[str, JobHandler]:
    async def warn(job: ClaimedJob) -> None:
        """Whoever it concerns by now. The view shows nothing when the ticket was done in the meantime. Cards of the
        ticket that stand show where its clocks are."""
        ticket_id, measure, level = (job.payload[name] for name in ("ticket", "measure", "level"))
        async with desk.units() as unit:
            ticket = await load_ticket(unit, ticket_id)
            if hear is not None:
                await hear(unit, ticket, measure, Level(level), job.id)
            for person_id in await concerned(desk, ticket, Level(level)):
                await show(unit, DESK, ticket.id, person_id, only_if_posted=True)
                await show(unit, WARNING, subject_of(ticket_id, measure, level), person_id)
            if await desk.directory.person(ticket.requester_id) is not None:  # and not a flow
                await show(unit, REQUESTER, ticket.id, ticket.requester_id, only_if_posted=True)

    return {WARN: warn}
