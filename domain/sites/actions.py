"""Asking for a site, and looking at what was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain.actor import Actor
from domain.approvals.actions import AskApproval, Decide, approval_of, ask_approval, resubmit, withdraw
from domain.approvals.subjects import Subjects
from domain.building.plan import SiteStep, Step, StepState
from domain.building.steps import KIND, REQUESTER_VIEW, plan_building, tell_outcome
from domain.chats.actions import show
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.models import Person
from domain.sites import rules
from domain.sites.checking import CheckedRequest, RequestSite, check_request, check_twin
from domain.sites.models import SiteRequestRow, SiteStepRow
from domain.sites.order import planned_steps
from domain.sites.request import SiteRequest, SiteState
from domain.tables import is_id, new_id
from domain.unit import DoneAction, Unit

NUMBER = re.compile(r"S-[0-9]{4}-[0-9]{6,9}")


@dataclass(frozen=True, slots=True)
class RequestPage:
    requests: tuple[SiteRequest, ...]
    next_cursor: str | None


async def request_site(
    unit: Unit, desk: Desk, requester: Person, command: RequestSite, key: str
) -> SiteRequest:
    """Ask for a site, and for its approval. The same `key` again gives the request of the first time.

    Raises `InvalidRequest` with every problem, and `Conflict` (field `name`) when the address is taken.
    """
    request_id = new_id()
    if first := await unit.once(requester.id, key, "request_site", request_id):
        return await _load(unit, first)
    checked = await check_request(unit, desk, requester, command)
    number = await unit.next_number("S")
    row = {
        **_columns(checked),
        "id": request_id,
        "number": number,
        "requester_id": requester.id,
        "team_id": requester.team_id,
        "alias": checked.alias,
        "state": SiteState.ASKED.value,
        "created_at": unit.now,
    }
    if not await unit.insert_new(SiteRequestRow, row):
        await check_twin(unit, requester, checked.alias)
        raise Conflict("This name was just taken. Choose another name.", field="name")
    await ask_approval(unit, desk, requester, _ask(request_id, number, checked))
    return await _load(unit, request_id)


async def asked_before(unit: Unit, requester: Person, key: str) -> SiteRequest | None:
    """The request that was made with this key, if it was: then nothing has to be checked again."""
    done = select(DoneAction.result).where(DoneAction.key == f"{requester.id}|{key}")
    first = (await unit.db.execute(done)).scalar_one_or_none()
    return await find_request(unit, first) if first else None


async def send_again(
    unit: Unit, desk: Desk, requester: Person, request_id: str, command: RequestSite, key: str
) -> SiteRequest:
    """After an approver asked for a change: the request as it is now, for approval again.

    Raises as `request_site` does, and `Conflict` when it does not wait for a change (any more).
    """
    request = await access_own_request(unit, requester.as_actor(), request_id)
    if await unit.once(requester.id, key, (request_id, command), request_id):
        return request
    checked = await check_request(unit, desk, requester, command)
    await check_twin(unit, requester, checked.alias, but=request.id)
    values = {**_columns(checked), "alias": checked.alias, "state": SiteState.ASKED.value}
    try:
        async with unit.db.begin_nested():
            changed = await _move(unit, request.id, (SiteState.SENT_BACK,), values)
    except IntegrityError:  # somebody took the name at this very moment
        raise Conflict("This name was just taken. Choose another name.", field="name") from None
    if not changed:
        raise Conflict("This request does not wait for a change (any more).")
    await resubmit(unit, desk, requester.as_actor(), _ask(request.id, request.number, checked))
    return await _load(unit, request.id)


async def withdraw_request(unit: Unit, actor: Actor, request_id: str, subjects: Subjects) -> SiteRequest:
    """The requester takes it back. When it was decided meanwhile, that stands and the request shows it."""
    request = await access_own_request(unit, actor, request_id)
    approval = await approval_of(unit, KIND, request.id)
    await withdraw(unit, actor, Decide(approval.id, round=approval.round), subjects)
    return await _load(unit, request.id)


async def access_own_request(unit: Unit, actor: Actor, id_or_number: str) -> SiteRequest:
    """For who asked; `NotFound` for anybody else."""
    request = await _find(unit, id_or_number)
    if request is None or request.requester_id != actor.id:
        raise NotFound("This site request is not there.")
    return request


async def access_request(unit: Unit, actor: Actor, id_or_number: str) -> SiteRequest:
    """For who asked, who decides, information managers and admins; `NotFound` for anybody else."""
    request = await _find(unit, id_or_number)
    if request is not None:
        approval = await approval_of(unit, KIND, request.id)
        if rules.may_see(request, actor, approval.asked_ids):
            return request
    raise NotFound("This site request is not there.")


async def my_requests(unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None) -> RequestPage:
    """What this person asked for, the newest first."""
    return await _page(unit, [SiteRequestRow.requester_id == actor.id], limit, cursor)


async def list_requests(
    unit: Unit,
    actor: Actor,
    *,
    state: SiteState | None = None,
    requester_id: str | None = None,
    limit: int = 10,
    cursor: str | None = None,
) -> RequestPage:
    """All requests, the newest first, for information managers and admins; others get their own."""
    where = [] if rules.may_list_all(actor) else [SiteRequestRow.requester_id == actor.id]
    if state is not None:
        where.append(SiteRequestRow.state == state.value)
    if requester_id is not None:
        where.append(SiteRequestRow.requester_id == requester_id)
    return await _page(unit, where, limit, cursor)


async def start_building(unit: Unit, desk: Desk, request_id: str) -> None:
    """The request was approved: build it, starting after the commit."""
    if await _move(unit, request_id, (SiteState.ASKED,), {"state": SiteState.BUILDING.value}):
        request = await _load(unit, request_id)
        await plan_building(unit, request, planned_steps(desk, request))
        await show(unit, REQUESTER_VIEW, request_id, request.requester_id, only_if_posted=True)


async def stop_request(unit: Unit, request_id: str, state: SiteState) -> None:
    """The request was refused or withdrawn: it lets go of its address. Of a refusal the requester gets a new card."""
    values = {"state": state.value, "finished_at": unit.now}
    if await _move(unit, request_id, (SiteState.ASKED, SiteState.SENT_BACK), values):
        request = await _load(unit, request_id)
        if state is SiteState.REFUSED:
            await tell_outcome(unit, request)
        else:
            await show(unit, REQUESTER_VIEW, request_id, request.requester_id, only_if_posted=True)


async def return_request(unit: Unit, request_id: str) -> None:
    """An approver asked for a change: the requester can edit it and send it again. The approval tells them."""
    if await _move(unit, request_id, (SiteState.ASKED,), {"state": SiteState.SENT_BACK.value}):
        request = await _load(unit, request_id)
        await show(unit, REQUESTER_VIEW, request_id, request.requester_id, only_if_posted=True)


async def find_request(unit: Unit, request_id: str) -> SiteRequest | None:
    """A request for a caller that has access already, such as a job."""
    found = await _load_all(unit, [request_id])
    return found[0] if found else None


async def find_requests(unit: Unit, ids: Sequence[str]) -> list[SiteRequest]:
    """These requests, the newest first; ids that are not there are left out. For a caller that has access."""
    return await _load_all(unit, ids)


def _ask(request_id: str, number: str, checked: CheckedRequest) -> AskApproval:
    attributes: Mapping[str, Any] = {
        "scenario": checked.scenario.id,
        "classification": checked.scenario.classification,
        "guests": len(checked.guests),
        "as_advised": "yes" if checked.advised_id == checked.scenario.id else "no",
    }
    return AskApproval(KIND, request_id, number, checked.name, attributes=attributes)


def _columns(checked: CheckedRequest) -> dict[str, Any]:
    return {
        "scenario_id": checked.scenario.id,
        "name": checked.name,
        "purpose": checked.purpose,
        "owner_ids": list(checked.owner_ids),
        "member_ids": list(checked.member_ids),
        "guests": list(checked.guests),
        "hub_id": checked.hub_id,
        "language": checked.language,
        "library_ids": list(checked.library_ids),
        "retention_label": checked.retention_label,
        "end_date": checked.end_date,
        "answers": {question.value: answer for question, answer in checked.answers.items()},
        "advised_id": checked.advised_id,
        "scenario_reason": checked.reason,
    }


async def _move(unit: Unit, request_id: str, was: Sequence[SiteState], values: Mapping[str, Any]) -> bool:
    """Change the state once. False when somebody was first."""
    here = (SiteRequestRow.id == request_id, SiteRequestRow.state.in_([state.value for state in was]))
    return (await unit.db.execute(update(SiteRequestRow).where(*here).values(**values))).rowcount == 1


async def _find(unit: Unit, id_or_number: str) -> SiteRequest | None:
    request_id: str | None = id_or_number if is_id(id_or_number) else None
    if NUMBER.fullmatch(number := id_or_number.strip().upper()):
        numbered = select(SiteRequestRow.id).where(SiteRequestRow.number == number)
        request_id = (await unit.db.execute(numbered)).scalar_one_or_none()
    return await find_request(unit, request_id) if request_id else None


async def _load(unit: Unit, request_id: str) -> SiteRequest:
    return (await _load_all(unit, [request_id]))[0]


async def _page(unit: Unit, where: list[Any], limit: int, cursor: str | None) -> RequestPage:
    limit = max(1, min(limit, 100))
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
            Step(row.step),
            StepState(row.state),
            row.attempts,
            row.started_at,
            row.finished_at,
            row.error,
            row.next_at,
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
            library_ids=tuple(row.library_ids or ()),
            retention_label=row.retention_label,
            end_date=row.end_date,
            answers=row.answers or {},
            advised_id=row.advised_id,
            scenario_reason=row.scenario_reason,
        )
        for row in rows
    ]
