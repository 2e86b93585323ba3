"""Keeping the figures of a ticket: told from its clocks and history after every change, in the job that follows it."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Executable, func, select

from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.models import ticket_events
from domain.helpdesk.rules import Step
from domain.helpdesk.ticket import Ticket
from domain.reports.models import TicketFigureRow
from domain.service_levels.models import ticket_clocks
from domain.unit import Unit, dialect_insert


async def keep_figures(unit: Unit, change: TicketChanged, ticket: Ticket) -> None:
    """Subscribes after the clocks, so that these are up to date. Repeating it writes the same."""
    clock = (
        await unit.db.execute(select(ticket_clocks).where(ticket_clocks.c.ticket_id == ticket.id))
    ).one_or_none()
    reopened = 0
    if ticket.version > 2:  # reported, resolved, reopened: before that there is nothing to count
        again = select(func.count()).select_from(ticket_events)
        mine = (ticket_events.c.ticket_id == ticket.id, ticket_events.c.what == Step.REOPEN.value)
        reopened = (await unit.db.execute(again.where(*mine))).scalar_one()
    responded = clock.response_done_at if clock else None
    solved = ticket.resolved_at
    row = {
        "ticket_id": ticket.id,
        "version": ticket.version,
        "kind": ticket.kind.value,
        "category": ticket.category,
        "team_id": ticket.team_id,
        "priority": ticket.priority.value,
        "created_at": ticket.created_at,
        "responded_at": responded,
        "solved_at": solved,
        "ended_at": solved or ticket.closed_at,
        "response_seconds": clock.response_used if clock and responded else None,
        "solution_seconds": clock.resolution_used if clock and solved else None,
        # A clock that ended with a moment at which it was due, ended after it.
        "response_met": clock.response_due_at is None
        if clock and responded and clock.response_target
        else None,
        "solution_met": clock.resolution_due_at is None
        if clock and solved and clock.resolution_target
        else None,
        "reopened": reopened,
    }
    await unit.db.execute(_upsert(unit.db.dialect.name), row)


@cache
def _upsert(dialect: str) -> Executable:
    statement = dialect_insert(dialect, TicketFigureRow)
    new = statement.excluded
    changed = {column.name: column for column in new if column.name != "ticket_id"}
    return statement.on_conflict_do_update(
        index_elements=["ticket_id"], set_=changed, where=TicketFigureRow.version <= new.version
    )
