"""Asking something for a site that stands: a later end, another name, other owners, the archive and back.

Each is approved by its own policy, then done by a job through the platform. One at a time per site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update

from domain.actor import Actor, Role
from domain.approvals.actions import (
    AskApproval,
    Decide,
    approval_of,
    ask_approval,
    resubmit,
    withdraw,
)
from domain.approvals.approval import Approval, ApprovalState
from domain.approvals.subjects import Subjects
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.models import Person
from domain.sites import lifecycle, rules
from domain.sites.errors import InvalidRequest
from domain.sites.models import SiteChangeRow
from domain.sites.people import find_owners
from domain.sites.register import access_site, load_sites, read_change
from domain.sites.site import ChangeKind, ChangeState, Site, SiteChange
from domain.tables import is_id, new_id
from domain.unit import Unit

CHANGE = "sites.change"
"""Job kind: payload `{change: id}`. Does on the platform what was approved, unless that was done."""

SITE_VIEW = "site.card"
"""A site, with what is open about it; its subject is the site."""
CHANGE_VIEW = "site.change"
"""How something that was asked for a site ended; its subject is the change."""
FAILED_VIEW = "site.change_failed"
"""For administrators: what the platform refused."""


@dataclass(frozen=True, slots=True)
class AskChange:
    """As typed; only the fields of its kind count. `owner` is a person's id, or a name or address, and
    `second_owner` a name or address; `end_date` is ISO."""

    kind: ChangeKind
    reason: str
    name: str = ""
    owner: str = ""
    second_owner: str = ""
    end_date: str = ""


async def ask_change(
    unit: Unit, desk: Desk, person: Person, site_id: str, command: AskChange, key: str
) -> Site:
    """Ask it, and its approval. The same `key` again changes nothing more.

    Raises `InvalidRequest` with every problem, and `Conflict` when something else is open for this site or when it
    is not possible as the site stands.
    """
    change_id = new_id()
    if await unit.once(person.id, key, (site_id, command), change_id):
        return await access_site(unit, desk, person.as_actor(), site_id)
    site = await access_to_change(unit, desk, person.as_actor(), site_id)
    if command.kind not in lifecycle.possible(site):
        raise _not_now(site)
    wanted = await check_change(unit, desk, site, command)
    row = {
        "id": change_id,
        "site_id": site.id,
        "kind": command.kind.value,
        "wanted": wanted,
        "reason": command.reason.strip(),
        "requester_id": person.id,
        "state": ChangeState.ASKED.value,
        "created_at": unit.now,
    }
    if not await unit.insert_new(SiteChangeRow, row):
        raise _not_now(site)
    await ask_approval(unit, desk, person, approval_for(desk, site, command.kind, change_id))
    return await _load_site(unit, site.id)


async def send_change_again(
    unit: Unit, desk: Desk, person: Person, change_id: str, command: AskChange, key: str
) -> Site:
    """After an approver asked for a change in it. Raises as `ask_change` does."""
    change = await access_change(unit, person.as_actor(), change_id)
    command = replace(command, kind=change.kind)
    site = await _load_site(unit, change.site_id)
    if await unit.once(person.id, key, (change_id, command), change_id):
        return site
    wanted = await check_change(unit, desk, site, command)
    values = {"wanted": wanted, "reason": command.reason.strip(), "state": ChangeState.ASKED.value}
    if not await _move(unit, change.id, ChangeState.SENT_BACK, values):
        raise Conflict("This does not wait for a change from you (any more).")
    await resubmit(unit, desk, person.as_actor(), approval_for(desk, site, change.kind, change.id))
    return await _load_site(unit, site.id)


async def withdraw_change(unit: Unit, actor: Actor, change_id: str, subjects: Subjects) -> Site:
    """Its requester takes it back. When it was decided meanwhile, that stands and the site shows it."""
    change = await access_change(unit, actor, change_id)
    approval = await approval_of(unit, change.kind.approval_kind, change.id)
    await withdraw(unit, actor, Decide(approval.id, round=approval.round), subjects)
    return await _load_site(unit, change.site_id)


async def access_change(unit: Unit, actor: Actor, change_id: str) -> SiteChange:
    """What this person asked for; `NotFound` for anybody else."""
    change = await find_change(unit, change_id) if is_id(change_id) else None
    if change is None or change.requester_id != actor.id:
        raise NotFound("This site is not there.")
    return change


async def access_to_change(unit: Unit, desk: Desk, actor: Actor, site_id: str) -> Site:
    """A site for who may ask something about it; `NotFound` for anybody else."""
    site = await access_site(unit, desk, actor, site_id)
    if not lifecycle.may_change(site, actor, await desk.directory.team(site.team_id)):
        raise NotFound("This site is not there.")
    return site


async def find_change(unit: Unit, change_id: str) -> SiteChange | None:
    """A change for a caller that has access already, such as a job."""
    row = (await unit.db.execute(select(SiteChangeRow).where(SiteChangeRow.id == change_id))).one_or_none()
    return read_change(row) if row else None


async def check_change(unit: Unit, desk: Desk, site: Site, command: AskChange) -> dict[str, Any]:
    """What it becomes. Raises `InvalidRequest`, each problem with its field."""
    wanted: dict[str, Any] = {}
    problems: list[Invalid | None] = []
    match command.kind:
        case ChangeKind.RENAME:
            wanted["name"] = name = " ".join(command.name.split())
            scenario = desk.organisation.scenario(site.scenario_id)
            problems.append(rules.name_problem(scenario, desk.organisation.naming, name))
            if name == site.name:
                problems.append(Invalid("It is called that already.", field="name"))
        case ChangeKind.OWNER:
            typed = (command.owner, command.second_owner)
            owners, unclear = await find_owners(desk.directory, desk.organisation.domain, *typed)
            wanted["owners"] = [owner.id for owner in owners]
            problems += [*unclear, None if unclear else lifecycle.owners_problem(wanted["owners"])]
            if tuple(wanted["owners"]) == site.owner_ids:
                problems.append(Invalid("They own it already.", field="owner"))
        case ChangeKind.EXTEND:
            wanted["end_date"] = command.end_date
            policy, today = desk.organisation.life_cycle, desk.organisation.day(unit.now)
            problems.append(
                lifecycle.end_date_problem(command.end_date, today, policy, required=True)
                or lifecycle.later_problem(command.end_date, site.end_date)
            )
        case ChangeKind.ARCHIVE | ChangeKind.RESTORE:
            pass
    problems.append(lifecycle.change_reason_problem(command.reason))
    if wrong := [problem for problem in problems if problem is not None]:
        raise InvalidRequest(wrong)
    return wanted


async def order_change(unit: Unit, site: Site, kind: ChangeKind, wanted: Mapping[str, Any]) -> str:
    """Have something done that needs no approval, as the desk's own doing. Its id. Nothing else may be open."""
    change_id = new_id()
    row = {
        "id": change_id,
        "site_id": site.id,
        "kind": kind.value,
        "wanted": dict(wanted),
        "reason": "",
        "requester_id": "",
        "state": ChangeState.DOING.value,
        "created_at": unit.now,
    }
    await unit.db.execute(insert(SiteChangeRow), row)
    await _enqueue(unit, change_id, "ordered")
    return change_id


async def start_change(unit: Unit, change_id: str) -> None:
    """It was approved: do it, after the commit."""
    if await _move(unit, change_id, ChangeState.ASKED, {"state": ChangeState.DOING.value}):
        await _enqueue(unit, change_id, "approved")
        await refresh_site(unit, change_id)


async def stop_change(unit: Unit, change_id: str, state: ChangeState) -> None:
    """It was refused or withdrawn: the site stays as it was. The requester hears of a refusal."""
    values = {"state": state.value, "finished_at": unit.now}
    for was in (ChangeState.ASKED, ChangeState.SENT_BACK):
        if await _move(unit, change_id, was, values):
            await refresh_site(unit, change_id)
            if state is ChangeState.REFUSED:
                await tell_requester(unit, change_id)
            return


async def return_change(unit: Unit, change_id: str) -> None:
    """An approver asked for a change in it: the requester can edit it and send it again. The approval tells them."""
    if await _move(unit, change_id, ChangeState.ASKED, {"state": ChangeState.SENT_BACK.value}):
        await refresh_site(unit, change_id)


async def close_change(unit: Unit, change_id: str, state: ChangeState, error: str | None = None) -> bool:
    """The platform did it, or refused. False when another worker wrote that already."""
    finished = unit.now if state is ChangeState.DONE else None
    values = {"state": state.value, "error": error, "finished_at": finished}
    return await _move(unit, change_id, ChangeState.DOING, values)


async def retry_change(unit: Unit, actor: Actor, change_id: str, key: str) -> SiteChange:
    """An administrator has a failed one tried again. Raises `Conflict` when it has not failed."""
    change = await find_change(unit, change_id) if is_id(change_id) else None
    if change is None or not actor.has(Role.ADMIN):
        raise NotFound("This site is not there.")
    values = {"state": ChangeState.DOING.value, "error": None}
    if not await _move(unit, change.id, ChangeState.FAILED, values):
        raise Conflict("There is nothing to try again here.")
    await _enqueue(unit, change.id, key)
    await refresh_site(unit, change.id)
    return await _load_change(unit, change.id)


async def refresh_site(unit: Unit, change_id: str) -> None:
    """Every card of the site that stands in the chat of its requester or an owner follows."""
    change = await _load_change(unit, change_id)
    site = await _load_site(unit, change.site_id)
    for person_id in filter(None, dict.fromkeys((change.requester_id, *site.owner_ids))):
        await show(unit, SITE_VIEW, site.id, person_id, only_if_posted=True)


async def tell_requester(unit: Unit, change_id: str) -> None:
    """A new card about how it went; what the desk did of itself has no requester."""
    change = await _load_change(unit, change_id)
    if change.requester_id:
        await show(unit, CHANGE_VIEW, change.id, change.requester_id)


class ChangeSubject:
    """Implements `domain.approvals.subjects.Subject`, for every kind of change."""

    async def decided(self, unit: Unit, approval: Approval) -> None:
        if approval.state is ApprovalState.APPROVED:
            await start_change(unit, approval.subject_id)
        elif approval.state is ApprovalState.WITHDRAWN:
            await stop_change(unit, approval.subject_id, ChangeState.WITHDRAWN)
        else:
            await stop_change(unit, approval.subject_id, ChangeState.REFUSED)

    async def sent_back(self, unit: Unit, approval: Approval) -> None:
        await return_change(unit, approval.subject_id)


def change_subjects() -> Subjects:
    return {kind.approval_kind: ChangeSubject() for kind in ChangeKind}


def approval_for(desk: Desk, site: Site, kind: ChangeKind, change_id: str) -> AskApproval:
    classification = desk.organisation.scenario(site.scenario_id).classification
    attributes: Mapping[str, Any] = {"scenario": site.scenario_id, "classification": classification}
    return AskApproval(kind.approval_kind, change_id, site.number, site.name, attributes=attributes)


def _not_now(site: Site) -> Conflict:
    if site.change is not None:
        return Conflict("Something is open for this site already. That has to be decided first.")
    return Conflict("That is not possible for this site now.")


async def _move(unit: Unit, change_id: str, was: ChangeState, values: Mapping[str, Any]) -> bool:
    """Change the state once. False when somebody was first."""
    here = (SiteChangeRow.id == change_id, SiteChangeRow.state == was.value)
    return (await unit.db.execute(update(SiteChangeRow).where(*here).values(**values))).rowcount == 1


async def _enqueue(unit: Unit, change_id: str, why: str) -> None:
    await unit.enqueue(CHANGE, {"change": change_id}, key=f"{CHANGE}:{change_id}:{why}")


async def _load_change(unit: Unit, change_id: str) -> SiteChange:
    return read_change(
        (await unit.db.execute(select(SiteChangeRow).where(SiteChangeRow.id == change_id))).one()
    )


async def _load_site(unit: Unit, site_id: str) -> Site:
    return (await load_sites(unit, [site_id]))[0]
