"""The life of a job after it was enqueued: claimed, done, tried again, parked or given up; and the operator's view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import IntegrityError

from domain.actor import Actor, Role
from domain.errors import Conflict, Invalid, NotFound
from domain.jobs import rules
from domain.jobs.handling import ClaimedJob, RetryLaterError
from domain.jobs.models import Job, JobState
from domain.unit import DoneAction, Unit

# Building these statements costs several times what they take: that is done once.
_jobs = cast("SqlTable", Job.__table__)
_NOW: BindParameter[datetime] = bindparam("now")


def _lane_is_free() -> ColumnElement[bool]:
    """No job of the lane runs, and none before this one is still to run.

    A job that is parked or between two tries keeps its place, so that what it shows stays in order; one
    that is planned for later and was never due does not hold up the lane, nor does one in poison.
    """
    job, other = _jobs.c, _jobs.alias().c
    before = and_(
        other.id < job.id,
        or_(
            other.state == JobState.WAITING,
            and_(other.state == JobState.PENDING, or_(other.next_attempt_at <= _NOW, other.attempts > 0)),
        ),
    )
    ahead = exists().where(other.lane == job.lane, or_(other.state == JobState.RUNNING, before))
    return or_(job.lane.is_(None), ~ahead)


def _claimable() -> ColumnElement[bool]:
    """Due and first in its lane, or left by a worker that did not come back (it still has the lane)."""
    job = _jobs.c
    return or_(
        and_(job.state == JobState.PENDING, job.next_attempt_at <= _NOW, _lane_is_free()),
        and_(job.state == JobState.RUNNING, job.lease_until <= _NOW),
    )


_CLAIM = (
    update(_jobs)
    .where(_jobs.c.id == bindparam("job"), _claimable())
    .values(state=JobState.RUNNING, attempts=_jobs.c.attempts + 1, lease_until=bindparam("lease"))
    .returning(_jobs.c.id, _jobs.c.kind, _jobs.c.payload, _jobs.c.attempts, _jobs.c.lane)
)
_DUE = (
    select(_jobs.c.id)
    .where(_claimable())
    .order_by(_jobs.c.next_attempt_at, _jobs.c.id)
    .limit(bindparam("limit"))
)
_UPCOMING = (
    select(_jobs.c.id, _jobs.c.next_attempt_at, _jobs.c.state)
    .where(
        _jobs.c.lane == bindparam("of"),
        or_(
            _jobs.c.state == JobState.WAITING,
            and_(
                _jobs.c.state == JobState.PENDING, or_(_jobs.c.next_attempt_at <= _NOW, _jobs.c.attempts > 0)
            ),
        ),
    )
    .order_by(_jobs.c.id)
    .limit(1)
)


@cache
def _to_held(columns: tuple[str, ...]) -> Update:
    """Changes these columns of a job whose lease a worker has."""
    held = (
        _jobs.c.id == bindparam("job"),
        _jobs.c.state == JobState.RUNNING,
        _jobs.c.attempts == bindparam("attempt"),
    )
    return update(_jobs).where(*held).values({name: bindparam(f"new_{name}") for name in columns})


async def claim(unit: Unit, job_id: str) -> ClaimedJob | None:
    """Take the lease of a job, in a unit of its own. None when there is nothing to do: done, not due, not its turn, or
    someone was first."""
    try:
        rows = await unit.fetch(_CLAIM, {"job": job_id, "now": unit.now, "lease": unit.now + rules.LEASE})
    except IntegrityError:
        # At this very moment another job got the lane: `uq_jobs_running_lane` lets one in. PostgreSQL gives up the
        # transaction for it, in which nothing else was done.
        return None
    if not rows:
        return None
    [row] = rows
    job = ClaimedJob(row.id, row.kind, row.payload, row.attempts, row.lane)
    if job.attempts > rules.MAX_ATTEMPTS:
        # Its workers died with it, time and again, and never got as far as saying so.
        await give_up(unit, job, "No worker survived this job.")
        return None
    return job


async def _leave(unit: Unit, job: ClaimedJob, **values: Any) -> bool:
    """Give the lease back. False when it was lost: another worker has the job, and what it says counts."""
    return await _change_held(unit, job, lease_until=None, **values)


async def _change_held(unit: Unit, job: ClaimedJob, **values: Any) -> bool:
    given = {f"new_{name}": value for name, value in values.items()}
    changed = await unit.change(_to_held(tuple(values)), {"job": job.id, "attempt": job.attempts, **given})
    return changed == 1


async def keep_lease(unit: Unit, job: ClaimedJob, seconds: float) -> bool:
    """The worker still has this job, and is followed up when it does not say so again within these seconds. False when
    the lease was lost."""
    return await _change_held(unit, job, lease_until=unit.now + timedelta(seconds=seconds))


async def _ring_next(unit: Unit, lane: str | None) -> None:
    """Wake the job that may run now that this lane is free."""
    if lane is None:
        return
    for first in await unit.fetch(_UPCOMING, {"of": lane, "now": unit.now}):
        if first.state == JobState.PENDING:
            unit.rung.append((first.id, first.next_attempt_at))


async def finish(unit: Unit, job: ClaimedJob) -> None:
    if await _leave(unit, job, state=JobState.DONE, finished_at=unit.now, error=None):
        await _ring_next(unit, job.lane)


async def try_again(unit: Unit, job: ClaimedJob, error: BaseException, jitter: float) -> bool:
    """Plan the next attempt after a failure, or give up after too many. True when there is a next one."""
    after = error.after if isinstance(error, RetryLaterError) else None
    due = rules.next_attempt(unit.now, job.attempts, jitter, after)
    if due is None:
        await give_up(unit, job, rules.error_text(error))
        return False
    text = rules.error_text(error)
    if await _leave(unit, job, state=JobState.PENDING, next_attempt_at=due, error=text):
        unit.rung.append((job.id, due))
    return True


async def give_up(unit: Unit, job: ClaimedJob, error: str) -> None:
    """Put a job aside for an operator. Its lane goes on without it."""
    if await _leave(unit, job, state=JobState.POISON, error=error):
        await _ring_next(unit, job.lane)


async def park(unit: Unit, job: ClaimedJob, what: str, happened: bool) -> None:
    """Wait for `what`, unless it `happened` meanwhile: then the job is due again at once.

    The caller looked whether it happened in this same unit, after `unit.hold(what)`; who makes it happen holds the
    same name. So either we see that it happened, or they see a job that waits.
    """
    if not happened:
        await _leave(unit, job, state=JobState.WAITING, waits_for=what, error=None)
    elif await _leave(unit, job, state=JobState.PENDING, next_attempt_at=unit.now):
        unit.rung.append((job.id, unit.now))


async def due_jobs(unit: Unit, limit: int = 100) -> Sequence[str]:
    """Jobs that could be claimed now, the longest due first: those whose ring was lost, or whose worker was."""
    return [row.id for row in await unit.fetch(_DUE, {"now": unit.now, "limit": limit})]


@dataclass(frozen=True, slots=True)
class JobInfo:
    """A job as an operator sees it: never its payload, which can hold what people wrote."""

    id: str
    kind: str
    state: JobState
    attempts: int
    lane: str | None
    error: str | None
    created_at: datetime
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class JobPage:
    jobs: tuple[JobInfo, ...]
    next_cursor: str | None


def check_operator(actor: Actor) -> None:
    if not actor.has(Role.ADMIN):
        raise NotFound("There is nothing here for you.")


async def list_jobs(
    unit: Unit, actor: Actor, state: JobState, *, limit: int = 50, cursor: str | None = None
) -> JobPage:
    """Jobs in one state, the newest first. Raises `Invalid` when the cursor is not one of ours."""
    check_operator(actor)
    limit = max(1, min(limit, 200))
    columns = (
        Job.id,
        Job.kind,
        Job.state,
        Job.attempts,
        Job.lane,
        Job.error,
        Job.created_at,
        Job.next_attempt_at,
    )
    statement = select(*columns).where(Job.state == state)
    if cursor:
        statement = statement.where(Job.id < _job_id(cursor, "cursor"))
    rows = (await unit.db.execute(statement.order_by(Job.id.desc()).limit(limit + 1))).all()
    page = tuple(
        JobInfo(
            row.id,
            row.kind,
            JobState(row.state),
            row.attempts,
            row.lane,
            row.error,
            row.created_at,
            row.next_attempt_at,
        )
        for row in rows[:limit]
    )
    return JobPage(page, page[-1].id if len(rows) > limit else None)


async def retry_job(unit: Unit, actor: Actor, job_id: str) -> None:
    """Give a job in poison all its attempts again, now. Doing so twice changes nothing more."""
    await _release(unit, actor, job_id, JobState.PENDING, attempts=0, next_attempt_at=unit.now)
    unit.rung.append((job_id, unit.now))


async def cancel_job(unit: Unit, actor: Actor, job_id: str) -> None:
    """Leave a job in poison for good; it goes with the next prune."""
    await _release(unit, actor, job_id, JobState.CANCELLED, finished_at=unit.now)


async def _release(unit: Unit, actor: Actor, job_id: str, state: JobState, **values: Any) -> None:
    check_operator(actor)
    job_id = _job_id(job_id, "id")
    poisoned = (Job.id == job_id, Job.state == JobState.POISON)
    changed = await unit.db.execute(update(Job).where(*poisoned).values(state=state, **values))
    if changed.rowcount == 1:
        return
    now_in = (await unit.db.execute(select(Job.state).where(Job.id == job_id))).scalar_one_or_none()
    if now_in is None:
        raise NotFound("There is no such job.")
    if now_in != state:
        raise Conflict("This job is {state}: only a job in poison can be retried or cancelled.", state=now_in)


def _job_id(text: str, field: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Invalid("This is not the id of a job.", field=field) from None


async def prune(unit: Unit, *, jobs_after: timedelta, keys_after: timedelta, limit: int = 1000) -> int:
    """Delete finished jobs and keys of actions older than this, at most `limit` of each. How many of the most went."""
    over = (JobState.DONE, JobState.CANCELLED)
    old_jobs = select(Job.id).where(Job.state.in_(over), Job.finished_at < unit.now - jobs_after).limit(limit)
    old_keys = select(DoneAction.key).where(DoneAction.at < unit.now - keys_after).limit(limit)
    jobs = await unit.db.execute(delete(Job).where(Job.id.in_(old_jobs)))
    keys = await unit.db.execute(delete(DoneAction).where(DoneAction.key.in_(old_keys)))
    return max(jobs.rowcount, keys.rowcount)
