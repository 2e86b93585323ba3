"""Doing on the platform what was approved for a site that stands. The job may be killed anywhere and run again: the
platform looks before it does, and a change counts as done only once that is written."""

from __future__ import annotations

import logging
from datetime import date

from sqlalchemy import update

from domain.actor import Role
from domain.building.build import load_build
from domain.chats.actions import show
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler, RetryLaterError
from domain.people.models import Person
from domain.sites import lifecycle
from domain.sites.actions import find_request
from domain.sites.changes import CHANGE, FAILED_VIEW, close_change, find_change, refresh_site, tell_requester
from domain.sites.models import SiteRow
from domain.sites.ports import Built, BusyError, NotThereYetError, RefusedError, SitePlatform
from domain.sites.register import find_site, write_people
from domain.sites.site import ChangeKind, ChangeState, Site, SiteChange, StandingState
from domain.sites.upkeep import close_notices, plan
from domain.unit import Unit

log = logging.getLogger(__name__)

ERROR_LIMIT = 500


def handlers(desk: Desk, platform: SitePlatform) -> dict[str, JobHandler]:
    async def perform(job: ClaimedJob) -> None:
        async with desk.units.read() as unit:
            change = await find_change(unit, job.payload["change"])
            site = await find_site(unit, change.site_id) if change else None
            request = await find_request(unit, site.id) if site else None
            build = await load_build(unit, request) if request else None
        if change is None or site is None or request is None or change.state is not ChangeState.DOING:
            return  # it was recorded before this job came back
        built = build.built if build else Built(request.group_id, request.site_id, url=request.url)
        try:
            await _do(desk, platform, site, change, built)
        except (BusyError, NotThereYetError) as error:
            raise RetryLaterError(str(error), error.after) from error
        except RefusedError as error:
            await _failed(desk, site, change, str(error))
        else:
            async with desk.units() as unit:
                await _done(unit, desk, site, change)

    return {CHANGE: perform}


async def _do(desk: Desk, platform: SitePlatform, site: Site, change: SiteChange, built: Built) -> None:
    match change.kind:
        case ChangeKind.ARCHIVE:
            await platform.archive(built)
        case ChangeKind.RESTORE:
            await platform.restore(built)
        case ChangeKind.RENAME:
            await platform.rename(built, str(change.wanted["name"]))
        case ChangeKind.OWNER:
            scenario = desk.organisation.scenario(site.scenario_id)
            await platform.set_owners(scenario, built, await _owners(desk, change))
        case ChangeKind.EXTEND:
            pass  # the platform knows no end dates


async def _done(unit: Unit, desk: Desk, site: Site, change: SiteChange) -> None:
    if not await close_change(unit, change.id, ChangeState.DONE):
        return
    match change.kind:
        case ChangeKind.ARCHIVE:
            await _write(unit, site, state=StandingState.ARCHIVED.value, archived_at=unit.now)
        case ChangeKind.RESTORE:
            await _write(unit, site, state=StandingState.ACTIVE.value, archived_at=None)
            await _begin_anew(unit, desk, site)
        case ChangeKind.RENAME:
            await _write(unit, site, name=str(change.wanted["name"]))
        case ChangeKind.OWNER:
            owner_ids = [str(owner) for owner in change.wanted["owners"]]
            former = [owner for owner in site.owner_ids if owner not in change.wanted.get("gone", ())]
            await write_people(unit, site.id, owner_ids, (*site.member_ids, *former))
        case ChangeKind.EXTEND:
            await close_notices(unit, desk, site)
            await plan(unit, desk, site.id, site.review_on, date.fromisoformat(change.wanted["end_date"]))
    await refresh_site(unit, change.id)
    await tell_requester(unit, change.id)
    log.info("site_changed", extra={"site": site.number, "what": change.kind.value})


async def _begin_anew(unit: Unit, desk: Desk, site: Site) -> None:
    """Brought back: it stays until somebody gives it an end again, and its owners are asked in a year."""
    today, policy = desk.organisation.day(unit.now), desk.organisation.life_cycle
    end_date = site.end_date if site.end_date and site.end_date > today else None
    await plan(unit, desk, site.id, lifecycle.months_later(today, policy.review_months), end_date)


async def _failed(desk: Desk, site: Site, change: SiteChange, reason: str) -> None:
    async with desk.units() as unit:
        if not await close_change(unit, change.id, ChangeState.FAILED, reason[:ERROR_LIMIT]):
            return
        await refresh_site(unit, change.id)
        for operator in await desk.directory.with_role(Role.ADMIN):
            await show(unit, FAILED_VIEW, change.id, operator.id)
    log.error("site_change_failed", extra={"site": site.number, "what": change.kind.value, "reason": reason})


async def _write(unit: Unit, site: Site, **values: object) -> None:
    await unit.db.execute(update(SiteRow).where(SiteRow.id == site.id).values(**values))


async def _owners(desk: Desk, change: SiteChange) -> tuple[Person, ...]:
    """Who is to own it. Who left between the request and now stays out; with nobody left, it stops."""
    found = [await desk.directory.person(person_id) for person_id in change.wanted["owners"]]
    owners = tuple(person for person in found if person is not None and person.active)
    if not owners:
        raise RefusedError("None of these owners works for the city any more.")
    return owners
