"""Asking for a site, and looking at what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update

from domain.actor import Actor, Role
from domain.approvals.actions import AskApproval, approval_of, ask_approval
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.models import Person
from domain.sites import rules
from domain.sites.errors import InvalidRequest
from domain.sites.models import HOLDS_ADDRESS, SiteRequestRow, SiteStepRow
from domain.sites.people import Found, entries, find_people
from domain.sites.policy import Scenario
from domain.sites.request import SiteRequest, SiteState, SiteStep, Step, StepState
from domain.sites.steps import KIND, REQUESTER_VIEW, plan_building, restart_building, tell_outcome
from domain.tables import is_id, new_id
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class RequestSite:
    """As typed. `owner` is a person's id, or a name or address; `members` are names and addresses between commas."""

    scenario_id: str
    name: str
    purpose: str
    owner: str
    members: str = ""


@dataclass(frozen=True, slots=True)
class RequestPage:
    requests: tuple[SiteRequest, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Checked:
    scenario: Scenario
    owner: Person
    found: Found


async def request_site(
    unit: Unit, desk: Desk, requester: Person, command: RequestSite, key: str
) -> SiteRequest:
    """Ask for a site, and for its approval. The same `key` again gives the request of the first time.

    Raises `InvalidRequest` with every problem, and `Conflict` (field `name`) when the address is taken.
    """
    request_id = new_id()
    if first := await unit.once(requester.id, key, "request_site", request_id):
        return await _load(unit, first)
    command = RequestSite(
        scenario_id=command.scenario_id.strip(),
        name=" ".join(command.name.split()),
        purpose=command.purpose.strip(),
        owner=command.owner.strip(),
        members=command.members,
    )
    checked = await _check(desk, requester, command)
    alias = rules.alias_of(checked.scenario, command.name)
    members = [person.id for person in checked.found.people if person.id != checked.owner.id]
    row = {
        "id": request_id,
        "number": await unit.next_number("S"),
        "requester_id": requester.id,
        "team_id": requester.team_id,
        "scenario_id": checked.scenario.id,
        "name": command.name,
        "alias": alias,
        "purpose": command.purpose,
        "owner_ids": [checked.owner.id],
        "member_ids": members,
        "guests": list(checked.found.guests),
        "state": SiteState.ASKED.value,
        "created_at": unit.now,
    }
    if not await unit.insert_new(SiteRequestRow, row):
        await _refuse_twin(unit, requester, alias)
    await ask_approval(unit, desk, requester, AskApproval(KIND, request_id, str(row["number"]), command.name))
    return await _load(unit, request_id)


async def access_request(unit: Unit, actor: Actor, request_id: str) -> SiteRequest:
    """For who asked, who decides, information managers and admins; `NotFound` for anybody else."""
    if is_id(request_id):
        request = await find_request(unit, request_id)
        if request is not None:
            approval = await approval_of(unit, KIND, request_id)
            if rules.may_see(request, actor, approval.approver_ids):
                return request
    raise NotFound("This site request is not there.")


async def my_requests(unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None) -> RequestPage:
    """What this person asked for, the newest first."""
    return await _page(unit, [SiteRequestRow.requester_id == actor.id], limit, cursor)


async def list_requests(
    unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None
) -> RequestPage:
    """All requests, the newest first, for information managers and admins; others get their own."""
    if not rules.may_list_all(actor):
        return await my_requests(unit, actor, limit=limit, cursor=cursor)
    return await _page(unit, [], limit, cursor)


async def retry_building(unit: Unit, actor: Actor, request_id: str) -> SiteRequest:
    """Go on building where it failed. Raises `Conflict` when it has not failed."""
    request = await access_request(unit, actor, request_id)
    if not actor.has(Role.ADMIN):
        raise NotFound("This site request is not there.")
    failed = (SiteRequestRow.id == request.id, SiteRequestRow.state == SiteState.FAILED)
    claimed = await unit.db.execute(
        update(SiteRequestRow).where(*failed).values(state=SiteState.BUILDING.value)
    )
    if claimed.rowcount != 1:
        raise Conflict("There is nothing to try again here.")
    await restart_building(unit, request)
    await show(unit, REQUESTER_VIEW, request.id, request.requester_id, only_if_posted=True)
    return await _load(unit, request.id)


async def start_building(unit: Unit, desk: Desk, request_id: str) -> None:
    """The request was approved: build it, starting after the commit."""
    asked = (SiteRequestRow.id == request_id, SiteRequestRow.state == SiteState.ASKED)
    claimed = await unit.db.execute(
        update(SiteRequestRow).where(*asked).values(state=SiteState.BUILDING.value)
    )
    if claimed.rowcount == 1:
        request = await _load(unit, request_id)
        await plan_building(unit, request, rules.steps_for(scenario_of(desk, request)))
        await show(unit, REQUESTER_VIEW, request_id, request.requester_id, only_if_posted=True)


async def turn_down(unit: Unit, request_id: str) -> None:
    """The request was refused: it lets go of its address."""
    asked = (SiteRequestRow.id == request_id, SiteRequestRow.state == SiteState.ASKED)
    claimed = await unit.db.execute(
        update(SiteRequestRow).where(*asked).values(state=SiteState.REFUSED.value, finished_at=unit.now)
    )
    if claimed.rowcount == 1:
        await tell_outcome(unit, await _load(unit, request_id))


def scenario_of(desk: Desk, request: SiteRequest) -> Scenario:
    """Raises `LookupError` when the city took a scenario out of its table that is still in use."""
    for scenario in desk.organisation.scenarios:
        if scenario.id == request.scenario_id:
            return scenario
    raise LookupError(f"scenario {request.scenario_id} of {request.number} is not in the governance table")


async def find_request(unit: Unit, request_id: str) -> SiteRequest | None:
    """A request for a caller that has access already, such as a job."""
    found = await _load_all(unit, [request_id])
    return found[0] if found else None


async def _check(desk: Desk, requester: Person, command: RequestSite) -> _Checked:
    scenario = next((s for s in desk.organisation.scenarios if s.id == command.scenario_id), None)
    if scenario is None:
        raise InvalidRequest([Invalid("Choose what kind of site you need.", field="scenario")])
    team = await desk.directory.team(requester.team_id)
    owner = await _owner(desk, command.owner)
    found = await find_people(desk.directory, desk.organisation.domain, entries(command.members))
    owner_ids = [owner.id] if owner else []
    people_ids = [person.id for person in found.people]
    problems = (
        rules.scenario_problem(scenario, team, await _whom_to_talk_to(desk, requester)),
        rules.name_problem(scenario, desk.organisation.naming, command.name),
        rules.purpose_problem(command.purpose),
        rules.unclear_people_problem(found.unknown, found.several),
        rules.people_problem(scenario, owner_ids, people_ids, found.guests),
    )
    wrong = [problem for problem in problems if problem is not None]
    if owner is None or wrong:
        raise InvalidRequest(wrong)
    return _Checked(scenario, owner, found)


async def _owner(desk: Desk, typed: str) -> Person | None:
    if not typed:
        return None
    if person := await desk.directory.person(typed):
        return person
    found = await find_people(desk.directory, desk.organisation.domain, [typed])
    return found.people[0] if found.people else None


async def _whom_to_talk_to(desk: Desk, requester: Person) -> str:
    """The information manager of the requester's team; without one, all of them."""
    team = await desk.directory.team(requester.team_id)
    if (
        team
        and team.information_manager_id
        and (one := await desk.directory.person(team.information_manager_id))
    ):
        return one.name
    return ", ".join(person.name for person in await desk.directory.with_role(Role.INFORMATION_MANAGER))


async def _refuse_twin(unit: Unit, requester: Person, alias: str) -> None:
    held = (SiteRequestRow.alias == alias, text(HOLDS_ADDRESS))
    columns = (SiteRequestRow.number, SiteRequestRow.requester_id)
    twin = (await unit.db.execute(select(*columns).where(*held))).one_or_none()
    if twin is not None and twin.requester_id == requester.id:
        raise Conflict(
            "You asked for a site with this name already: {number}.", field="name", number=twin.number
        )
    raise Conflict("Somebody asked for a site with this name already. Choose another name.", field="name")


async def _load(unit: Unit, request_id: str) -> SiteRequest:
    return (await _load_all(unit, [request_id]))[0]


async def _page(unit: Unit, where: list[Any], limit: int, cursor: str | None) -> RequestPage:
    limit = max(1, min(limit, 50))
    if cursor is not None:
        if not is_id(cursor):
            raise Invalid("This list cannot be continued from here.", field="cursor")
        where = [*where, SiteRequestRow.id < cursor]
    statement = select(SiteRequestRow.id).where(*where).order_by(SiteRequestRow.id.desc()).limit(limit + 1)
    ids = (await unit.db.execute(statement)).scalars().all()
    return RequestPage(
        tuple(await _load_all(unit, ids[:limit])), ids[limit - 1] if len(ids) > limit else None
    )


async def _load_all(unit: Unit, ids: Sequence[str]) -> list[SiteRequest]:
    """These requests, the newest first; ids that are not there are left out."""
    if not ids:
        return []
    rows = (
        await unit.db.execute(
            select(SiteRequestRow).where(SiteRequestRow.id.in_(ids)).order_by(SiteRequestRow.id.desc())
        )
    ).all()
    steps: dict[str, list[SiteStep]] = {}
    for row in await unit.db.execute(
        select(SiteStepRow).where(SiteStepRow.request_id.in_(ids)).order_by(SiteStepRow.position)
    ):
        step = SiteStep(
            Step(row.step), StepState(row.state), row.attempts, row.started_at, row.finished_at, row.error
        )
        steps.setdefault(row.request_id, []).append(step)
    return [
        SiteRequest(
            id=row.id,
            number=row.number,
            requester_id=row.requester_id,
            team_id=row.team_id,
            scenario_id=row.scenario_id,
            name=row.name,
            alias=row.alias,
            purpose=row.purpose,
            owner_ids=tuple(row.owner_ids),
            member_ids=tuple(row.member_ids),
            guests=tuple(row.guests),
            state=SiteState(row.state),
            group_id=row.group_id,
            site_id=row.site_id,
            url=row.url,
            created_at=row.created_at,
            finished_at=row.finished_at,
            steps=tuple(steps.get(row.id, ())),
            hub_id=row.hub_id,
            language=row.language,
            library_ids=tuple(row.library_ids),
            retention_label=row.retention_label,
            end_date=row.end_date,
            answers=row.answers,
            advised_id=row.advised_id,
            scenario_reason=row.scenario_reason,
        )
        for row in rows
    ]
