"""Waking the courier: the one job that delivers, for as long as there is something to deliver.

Not a job per event: at two hundred events a second claiming and finishing jobs would cost more than the deliveries.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, or_, select

from domain.jobs.models import Job, JobState
from domain.unit import Unit

DELIVER = "webhooks.deliver"
"""Job kind: deliver what waits. No payload."""
LANE = "webhooks"


# Built once: every event looks.
_jobs = cast("Table", Job.__table__)
_WAITS = and_(_jobs.c.state == JobState.PENDING.value, _jobs.c.next_attempt_at <= bindparam("when"))
_RUNS = and_(_jobs.c.state == JobState.RUNNING.value, _jobs.c.lease_until > bindparam("when"))
_COURIERS = (
    select(_jobs.c.id, _jobs.c.state, _jobs.c.lease_until)
    .where(_jobs.c.lane == LANE, or_(_WAITS, _jobs.c.state == JobState.RUNNING.value))
    .order_by(_jobs.c.state.desc(), _jobs.c.id)
    .limit(2)
)
"""The one that runs, if any, and the first of those that come after it."""
LOOKED_AFTER: ColumnElement[bool] = and_(
    *(exists().where(_jobs.c.lane == LANE, one) for one in (_RUNS, _WAITS))
)
"""Whether there is nothing to wake at the moment `when`: one runs, and the next one waits for its turn. A condition, so
that who writes something down can ask in the same statement."""


async def wake(unit: Unit, at: datetime | None = None) -> None:
    """Have a courier look after this commit, or at a moment to come. Nothing is written when one will look by then
    anyway. One that runs is rung for the end of its lease, in case its worker was killed; and one that waits while none
    runs is rung again: its ring was lost.

    A courier that is about to begin looks for `courier.LINGER` seconds at least, so it sees what this transaction
    writes, even when it begins before the commit; for a transaction that takes longer there is the sweep.
    """
    when = at or unit.now
    found = await unit.fetch(_COURIERS, {"when": when})
    first = found[0] if found else None
    runs = first is not None and first.state == JobState.RUNNING
    if len(found) == int(runs):
        await unit.enqueue(DELIVER, {}, lane=LANE, at=when)
    if first is not None:
        unit.rung.append((first.id, max(first.lease_until, unit.now) if runs else when))
