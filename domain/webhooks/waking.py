"""Waking the courier: the one job that delivers, for as long as there is something to deliver.

Not a job per event: at two hundred events a second claiming and finishing jobs would cost more than the deliveries.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from domain.jobs.models import Job, JobState
from domain.unit import Unit

DELIVER = "webhooks.deliver"
"""Job kind: deliver what waits. No payload."""
LANE = "webhooks"


async def wake(unit: Unit, at: datetime | None = None) -> None:
    """Have a courier look after this commit, or at a moment to come. Nothing is written when one will look by then
    anyway.

    A courier that is about to begin looks for `courier.LINGER` seconds at least, so it sees what this transaction
    writes, even when it begins before the commit; for a transaction that takes longer there is the sweep.
    """
    when = at or unit.now
    waits = (Job.lane == LANE, Job.state == JobState.PENDING, Job.next_attempt_at <= when)
    if not (await unit.db.execute(select(exists().where(*waits)))).scalar_one():
        await unit.enqueue(DELIVER, {}, lane=LANE, at=when)
