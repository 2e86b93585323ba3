"""Waking the courier: the one job that delivers, for as long as there is something to deliver.

Not a job per event: at two hundred events a second claiming and finishing jobs would cost more than the deliveries.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from domain.jobs.models import Job, JobState
from domain.unit import Unit

DELIVER = "webhooks.deliver"
"""Job kind: deliver what waits. No payload."""
LANE = "webhooks"


async def wake(unit: Unit, at: datetime | None = None) -> None:
    """Have a courier look after this commit, or at a moment to come. Nothing is written when one will look by then
    anyway; one whose worker was killed is followed up as soon as its lease is over.

    A courier that is about to begin looks for `courier.LINGER` seconds at least, so it sees what this transaction
    writes, even when it begins before the commit; for a transaction that takes longer there is the sweep.
    """
    when = at or unit.now
    waits = and_(Job.state == JobState.PENDING, Job.next_attempt_at <= when)
    left = and_(Job.state == JobState.RUNNING, Job.lease_until <= unit.now)
    found = await unit.db.execute(
        select(Job.id, Job.state)
        .where(Job.lane == LANE, or_(waits, left))
        .order_by(Job.state.desc())
        .limit(2)
    )
    jobs = {row.state: row.id for row in found}
    if JobState.RUNNING in jobs:
        unit.rung.append((jobs[JobState.RUNNING], unit.now))
    if JobState.PENDING not in jobs:
        await unit.enqueue(DELIVER, {}, lane=LANE, at=when)
