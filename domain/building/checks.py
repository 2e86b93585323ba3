"""Sites that stand, compared with their scenario: monthly, after a repair, and whenever somebody asks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.actor import Actor, Role
from domain.building.build import (
    Attention,
    Build,
    What,
    change_build,
    hold_build,
    load_build,
    write_event,
    write_findings,
)
from domain.building.models import SiteBuildRow
from domain.building.plan import Step
from domain.building.tasks import tell_governors
from domain.building.verification import Finding, Setting
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.jobs.handling import ClaimedJob, JobHandler, PermanentFailureError, RetryLaterError
from domain.sites.actions import find_request
from domain.sites.order import is_archived, order_of, planned_steps
from domain.sites.ports import BusyError, NotThereYetError, RefusedError, SiteOrder, SitePlatform
from domain.tables import is_id
from domain.unit import Unit

log = logging.getLogger(__name__)

CHECK = "sites.check"
"""Job kind: payload `{request}`. Compares the site and writes down what differs."""
REPAIR = "sites.repair"
"""Job kind: payload `{request}`. Sets again what the city decides about a site, and compares it."""
REPAIRS = (Step.SHARING, Step.GUESTS, Step.CLASSIFICATION, Step.LIBRARIES, Step.LABELS, Step.HUB)
"""Governance only: who is in a site, and its views, are its owners' since they have it."""


async def sweep_checks(desk: Desk, page: int = 100) -> int:
    """Have every site compared whose time has come, and plan its next time. How many."""
    count = 0
    while True:
        async with desk.units() as unit:
            found = await _sweep_page(unit, desk, page)
        count += found
        if found < page:
            return count


async def _sweep_page(unit: Unit, desk: Desk, limit: int) -> int:
    due = (
        select(SiteBuildRow.request_id)
        .where(SiteBuildRow.check_on <= unit.now)
        .order_by(SiteBuildRow.check_on, SiteBuildRow.request_id)
        .limit(limit)
    )
    found = (await unit.db.execute(due)).scalars().all()
    for request_id in found:
        await _plan_next(unit, desk, request_id, unit.now)
        await _enqueue(unit, CHECK, request_id, unit.now)
    return len(found)


async def repair_site(unit: Unit, actor: Actor, request_id: str) -> Build:
    """Set everything again as the scenario says. For information managers and administrators.

    Raises `Conflict` when nothing differs, and `NotFound` for anybody else.
    """
    build = await access_findings(unit, actor, request_id)
    await hold_build(unit, request_id)
    if build.handed_over_at is None or not build.findings:
        raise Conflict("There is nothing to repair here.")
    await write_event(unit, request_id, What.REPAIRED, actor.id)
    await change_build(unit, request_id, repair_error=None)
    await _enqueue(unit, REPAIR, request_id, unit.now)
    return await access_findings(unit, actor, request_id)


async def check_now(unit: Unit, actor: Actor, request_id: str) -> Build:
    """Compare the site now. For information managers and administrators, once it was handed over."""
    build = await access_findings(unit, actor, request_id)
    if build.handed_over_at is None:
        raise Conflict("This site is still being made.")
    await _enqueue(unit, CHECK, request_id, unit.now)
    return build


async def access_findings(unit: Unit, actor: Actor, request_id: str) -> Build:
    """A build for who governs sites; `NotFound` for anybody else."""
    if is_id(request_id) and (actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)):
        request = await find_request(unit, request_id)
        build = await load_build(unit, request) if request else None
        if build is not None:
            return build
    raise NotFound("This site is not there.")


def handlers(desk: Desk, platform: SitePlatform) -> dict[str, JobHandler]:
    async def check(job: ClaimedJob) -> None:
        if (found := await _ordered(desk, job)) is not None:
            build, order = found
            await _write(desk, build, await _compare(platform, build, order))

    async def repair(job: ClaimedJob) -> None:
        found = await _ordered(desk, job)
        if found is None:
            return
        build, order = found
        problems = []
        for step in planned_steps(desk, build.request):
            if step not in REPAIRS:
                continue
            try:
                await platform.build(step, order, build.built)
            except BusyError as error:
                raise RetryLaterError(str(error), error.after) from error
            except (RefusedError, NotThereYetError) as error:
                problems.append(str(error))  # the others can still be mended
        await _write(desk, build, await _compare(platform, build, order), "; ".join(problems)[:500])

    return {CHECK: check, REPAIR: repair}


async def _ordered(desk: Desk, job: ClaimedJob) -> tuple[Build, SiteOrder] | None:
    """None for a site that nobody can change any more."""
    async with desk.units.read() as unit:
        request = await find_request(unit, job.payload["request"])
        build = await load_build(unit, request) if request else None
        if build is None or build.handed_over_at is None or await is_archived(unit, build.request.id):
            return None
        try:
            return build, await order_of(unit, desk, build.request)
        except RefusedError as error:
            raise PermanentFailureError(str(error)) from error


async def _compare(platform: SitePlatform, build: Build, order: SiteOrder) -> Sequence[Finding]:
    try:
        found = await platform.verify(order, build.built)
    except BusyError as error:
        raise RetryLaterError(str(error), error.after) from error
    except NotThereYetError:
        # It was handed over long ago: what cannot be read now is gone.
        return [Finding(Setting.SITE, build.built.url or order.alias, "–")]
    except RefusedError as error:
        raise PermanentFailureError(str(error)) from error
    return [finding for finding in found if finding.governance]


async def _write(desk: Desk, build: Build, findings: Sequence[Finding], repair_error: str = "") -> None:
    async with desk.units() as unit:
        request = build.request
        await hold_build(unit, request.id)
        new = await write_findings(unit, request.id, findings)
        await change_build(
            unit,
            request.id,
            attention=Attention.FINDINGS.value if findings else None,
            checked_at=unit.now,
            repair_error=repair_error or None,
        )
        if new or findings or build.findings:
            await tell_governors(unit, desk, request)
    if findings:
        log.warning(
            "site_differs",
            extra={"request": build.request.number, "settings": [one.setting.value for one in findings]},
        )


async def _plan_next(unit: Unit, desk: Desk, request_id: str, now: datetime) -> None:
    next_on = now + timedelta(days=desk.organisation.building.check_days)
    await change_build(unit, request_id, check_on=next_on)


async def _enqueue(unit: Unit, kind: str, request_id: str, at: datetime) -> None:
    await unit.enqueue(
        kind, {"request": request_id}, key=f"{kind}:{request_id}:{at.isoformat()}", lane=f"site:{request_id}"
    )
