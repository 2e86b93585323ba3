"""Telling people that a ticket is at risk or late."""

from __future__ import annotations

from domain.actor import Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.service_levels.actions import WARN
from domain.service_levels.policy import Measure
from domain.service_levels.rules import Level

WARNING = "service_levels.warning"
"""View of a clock of a ticket that is at risk or late; its subject is `TICKET:MEASURE:LEVEL`."""


def subject_of(ticket_id: str, measure: Measure, level: Level) -> str:
    return f"{ticket_id}:{measure}:{level:d}"


def parse_subject(subject: str) -> tuple[str, Measure, Level]:
    ticket_id, measure, level = subject.split(":")
    return ticket_id, Measure(measure), Level(int(level))
