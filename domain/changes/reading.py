"""Changes from their rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from domain.changes.change import Change, Outcome
from domain.changes.models import ChangeRow
from domain.changes.policy import ChangeType, Risk
from domain.changes.rules import ChangeState, Result, Window
from domain.helpdesk.models import tickets
from domain.unit import Unit


async def find_change(unit: Unit, ticket_id: str) -> Change | None:
    """The plan of a ticket that the caller has access to already; None for a wish that nobody planned yet."""
    row = (await unit.db.execute(select(ChangeRow).where(ChangeRow.ticket_id == ticket_id))).one_or_none()
    return _change(row) if row else None


async def change_of(unit: Unit, ticket_id: str) -> Change:
    """The plan of a ticket that is known to have one."""
    return _change((await unit.db.execute(select(ChangeRow).where(ChangeRow.ticket_id == ticket_id))).one())


def listed() -> Select[Any]:
    """Changes with the number and title of their ticket."""
    columns = (
        ChangeRow.ticket_id,
        ChangeRow.type,
        ChangeRow.risk,
        ChangeRow.systems,
        ChangeRow.starts_at,
        ChangeRow.ends_at,
        ChangeRow.state,
        tickets.c.number,
        tickets.c.title,
    )
    return select(*columns).join(tickets, tickets.c.id == ChangeRow.ticket_id)


def _change(row: Row[Any]) -> Change:
    return Change(
        ticket_id=row.ticket_id,
        type=ChangeType(row.type),
        standard_id=row.standard_id,
        systems=tuple(row.systems),
        answers=row.answers,
        risk=Risk(row.risk),
        plan=row.plan,
        back_out=row.back_out,
        window=Window(row.starts_at, row.ends_at),
        state=ChangeState(row.state),
        needs_approval=row.needs_approval,
        planned_by_id=row.planned_by_id,
        result=Result(row.result) if row.result else None,
        outcome=_outcome(row.result_note, row.result_by_id, row.result_at),
        review=_outcome(row.review, row.review_by_id, row.review_at),
    )


def _outcome(text: str | None, by_id: str | None, at: datetime | None) -> Outcome | None:
    return Outcome(text, by_id or "", at) if text is not None and at is not None else None
