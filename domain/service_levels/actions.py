"""Keeping the clocks of tickets, and telling people in time. All of it happens in jobs and timers, never in a turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, or_, select

from domain.catalogue.models import OrderRow
from domain.desk import Desk
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.models import ticket_events
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.ticket import Ticket
from domain.service_levels.calendar import WorkingTime
from domain.service_levels.models import TicketClockRow, ticket_clocks
from domain.service_levels.policy import ServiceLevels
from domain.service_levels.rules import Change, Clock, Level, clocks_of, level_at
from domain.unit import Unit, dialect_insert

WARN = "service_levels.warn"
"""Job kind: tell whoever has to know that a clock has come so far. Payload `{ticket, measure, level}`."""

_HISTORY = (
    select(ticket_events.c.at, ticket_events.c.state)
    .where(ticket_events.c.ticket_id == bindparam("ticket"))
    .order_by(ticket_events.c.version)
)
# Locked: a sweep and a change of the ticket must not both think that nobody was told yet.
_TOLD = (
    select(ticket_clocks.c.response_told, ticket_clocks.c.resolution_told)
    .where(ticket_clocks.c.ticket_id == bindparam("ticket"))
    .with_for_update()
)


_DELIVERY = select(OrderRow.delivery_days).where(OrderRow.ticket_id == bindparam("ticket"))


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """Hears of every change of a ticket, and writes down where its clocks stand."""

    desk: Desk

    async def __call__(self, unit: Unit, change: TicketChanged, ticket: Ticket) -> None:
        await self.keep(unit, ticket)

    async def keep(self, unit: Unit, ticket: Ticket, *, tell: bool = False) -> None:
        """Count from the history as it is now, so that hearing of a change twice or late does no harm.

        With `tell`, people are told of every clock that has come further than they know.
        """
        told = (await unit.db.execute(_TOLD, {"ticket": ticket.id})).mappings().one_or_none()
        row: dict[str, Any] = {"ticket_id": ticket.id, "counted_with": self._promises.fingerprint}
        at_risk, due, following = [], [], []
        for clock in await self.clocks(unit, ticket):
            due_at = clock.due_at(self._calendar)
            at_risk_at = clock.at_risk_at(self._calendar, self._promises.warn_at)
            level = level_at(unit.now, at_risk_at, due_at)
            known = told[f"{clock.measure}_told"] if told else Level.CALM
            if tell and clock.running and level > known:
                payload = {"ticket": ticket.id, "measure": clock.measure.value, "level": level.value}
                await unit.enqueue(WARN, payload)
                known = level
            known = min(known, level)  # a target that is further away than before has its own warnings
            row |= {
                f"{clock.measure}_target": int(clock.target.total_seconds()) if clock.target else None,
                f"{clock.measure}_used": int(clock.used(self._calendar, unit.now).total_seconds()),
                f"{clock.measure}_due_at": due_at,
                f"{clock.measure}_done_at": clock.done_at,
                f"{clock.measure}_told": known,
            }
            if clock.running and at_risk_at is not None and due_at is not None:
                at_risk.append(at_risk_at)
                due.append(due_at)
                following += [at_risk_at] if known < Level.AT_RISK else []
                following += [due_at] if known < Level.BREACHED else []
        for name, moments in (("at_risk_at", at_risk), ("due_at", due), ("next_at", following)):
            row[name] = min(moments, default=None)
        await unit.db.execute(_upsert(unit.db.dialect.name), row)

    async def clocks(self, unit: Unit, ticket: Ticket) -> tuple[Clock, Clock]:
        """Response and resolution, as the ticket stands now."""
        if ticket.version == 1:  # in the turn that reports it: nothing has to be looked up
            history = [Change(ticket.created_at, ticket.state)]
        else:
            rows = await unit.db.execute(_HISTORY, {"ticket": ticket.id})
            history = [Change(row.at, State(row.state)) for row in rows]
        response, resolution = clocks_of(history, self._promises.of(ticket.kind, ticket.priority))
        if ticket.kind is Kind.REQUEST and resolution.runs:
            days = (await unit.db.execute(_DELIVERY, {"ticket": ticket.id})).scalar_one_or_none()
            if days:  # what an item of the catalogue promises comes before what all requests do
                start = resolution.runs[0].start
                delivery = self._calendar.between(start, self._calendar.add_days(start, days))
                resolution = replace(resolution, target=delivery)
        return response, resolution

    async def sweep(self, limit: int = 100) -> int:
        """Tell people what is at risk or late now, and recount what was counted with other promises. How many
        tickets; a page is a transaction, and each finds its tickets on an index."""
        swept = 0
        for what in (self._untold, self._outdated):
            page = limit
            while page == limit:
                page = await what(limit)
                swept += page
        return swept

    async def _untold(self, limit: int) -> int:
        async with self.desk.units() as unit:
            statement = (
                select(ticket_clocks.c.ticket_id)
                .where(ticket_clocks.c.next_at <= unit.now)
                .order_by(ticket_clocks.c.next_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            ids = (await unit.db.execute(statement)).scalars().all()
            for ticket_id in ids:
                await self.keep(unit, await load_ticket(unit, ticket_id), tell=True)
        return len(ids)

    async def _outdated(self, limit: int) -> int:
        counted, now = ticket_clocks.c.counted_with, self._promises.fingerprint
        async with self.desk.units() as unit:
            statement = (
                select(ticket_clocks.c.ticket_id)
                # Not `!=`: that cannot be looked up on an index.
                .where(ticket_clocks.c.resolution_done_at.is_(None), or_(counted < now, counted > now))
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            ids = (await unit.db.execute(statement)).scalars().all()
            for ticket_id in ids:
                await self.keep(unit, await load_ticket(unit, ticket_id))
        return len(ids)

    @property
    def _promises(self) -> ServiceLevels:
        return self.desk.organisation.service_levels

    @property
    def _calendar(self) -> WorkingTime:
        return self.desk.organisation.calendar


async def sweep_clocks(desk: Desk) -> int:
    return await Timekeeper(desk).sweep()


@cache
def _upsert(dialect: str) -> Executable:
    statement = dialect_insert(dialect, TicketClockRow)
    changing = [column.name for column in ticket_clocks.c if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=["ticket_id"], set_={name: statement.excluded[name] for name in changing}
    )
