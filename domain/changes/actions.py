"""Planning a change, having it decided, and noting how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, text, update

from domain.actor import Actor, Role
from domain.approvals.actions import AskApproval, ask_again, ask_approval, resubmit
from domain.changes.change import Change, ChangePage, Listed
from domain.changes.models import AHEAD, ChangeRow
from domain.changes.policy import ChangePolicy, ChangeType, Risk
from domain.changes.reading import change_of, find_change, listed
from domain.changes.rules import (
    TEXT_LIMIT,
    ChangeState,
    ChangeStep,
    Clash,
    Neighbour,
    Result,
    Window,
    check_step,
    check_window,
    clashes,
    risk_of,
)
from domain.desk import Desk
from domain.errors import Conflict, Invalid, InvalidForm, NotFound
from domain.helpdesk.actions import ReportTicket, Say, report_ticket, resolve, reword
from domain.helpdesk.models import tickets
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import Kind, State, Step
from domain.helpdesk.steps import take_step
from domain.helpdesk.texts import clean
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.tables import is_id
from domain.unit import Unit

KIND = "change"
"""What an approval is about when it is about a change."""
NEIGHBOURS = 20
"""Other changes in a window that are looked at."""
PAGE_LIMIT = 50


@dataclass(frozen=True, slots=True)
class PlanChange:
    """`standard_id` only of a standard change. `answers` are those to the questionnaire; a standard change needs none.
    `title` and `why` are not used for a ticket that is there already."""

    type: ChangeType
    window: Window
    systems: tuple[str, ...]
    plan: str
    back_out: str
    title: str = ""
    why: str = ""
    standard_id: str | None = None
    answers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    ticket: Ticket
    change: Change


def may_look(actor: Actor) -> bool:
    """Who sees the change calendar: the desk, and who decides about information and systems."""
    return actor.is_agent or actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)


async def plan_change(
    unit: Unit, desk: Desk, planner: Person, command: PlanChange, *, ticket_id: str = "", key: str
) -> Planned:
    """A change with its plan: a new ticket, or the plan for a ticket of the kind change that is there.

    A standard change is planned at once; any other is put to the board that its type and risk ask for. With a key
    used before, the change made then. Raises `NotFound` for who is no agent, `InvalidForm` with everything that is
    wrong, and `Conflict` when the ticket has a plan already or nobody can decide.
    """
    actor, policy = _agent(planner), desk.organisation.changes
    risk = check_plan(command, policy, unit.now, new=not ticket_id)
    approved_by = None if command.type is ChangeType.STANDARD else policy.approvals[command.type][risk]
    if ticket_id:
        ticket = await access_ticket(unit, actor, ticket_id)
        if ticket.kind is not Kind.CHANGE:
            raise Conflict("Only a change can be planned.")
        ticket = await take_step(unit, actor, Step.PLAN, ticket.id, desk.organisation.helpdesk, key=key)
    else:
        ticket = await report_ticket(
            unit,
            actor,
            ReportTicket(Kind.CHANGE, command.why, _IMPACT[risk], _URGENCY[command.type], command.title),
            desk.organisation.helpdesk,
            key=key,
            waits_for_approval=approved_by is not None,
        )
    row = _row(command, risk) | {
        "ticket_id": ticket.id,
        "state": (ChangeState.ASKED if approved_by else ChangeState.PLANNED).value,
        "needs_approval": approved_by is not None,
        "planned_by_id": planner.id,
    }
    if not await unit.insert_new(ChangeRow, row):
        change = await change_of(unit, ticket.id)
        if ticket_id and change.window != command.window:
            raise Conflict("This change has been planned already.")
        return Planned(ticket, change)
    if approved_by:
        await ask_approval(unit, desk, planner, _ask(ticket, command.type, risk, approved_by))
    return Planned(ticket, await change_of(unit, ticket.id))


async def replan_change(
    unit: Unit, desk: Desk, planner: Person, ticket_id: str, command: PlanChange, *, key: str
) -> Planned:
    """Another plan for a change that the board sent back, or refused while its ticket stayed open; and the question
    once more. With a key used before, the change as it stands now. Raises as `plan_change` does."""
    actor, policy, helpdesk = _agent(planner), desk.organisation.changes, desk.organisation.helpdesk
    ticket = await access_ticket(unit, actor, ticket_id)
    change = await find_change(unit, ticket.id)
    if change is None or change.planned_by_id != planner.id:
        raise NotFound("There is no such ticket.", field="id")
    if await unit.once(actor.id, f"{key}:again", (ticket.id, command), ticket.id) is not None:
        return Planned(ticket, change)
    if not may_replan(planner, ticket, change) or change.type is not command.type:
        raise Conflict("That is not possible (any more): the change has moved on.")
    rewords = is_reworded(planner, ticket)
    risk = check_plan(command, policy, unit.now, new=rewords)
    if rewords:
        ticket = await reword(unit, actor, ticket.id, command.title, command.why, helpdesk, key=key)
    ask = _ask(ticket, command.type, risk, policy.approvals[command.type][risk])
    if change.state is ChangeState.ASKED:
        await resubmit(unit, desk, actor, ask)
    else:
        await ask_again(unit, desk, actor, ask, "")
        ticket = await take_step(unit, actor, Step.PLAN, ticket.id, helpdesk, key=key)
    await unit.db.execute(
        update(ChangeRow)
        .where(ChangeRow.ticket_id == ticket.id)
        .values(state=ChangeState.ASKED.value, **_row(command, risk))
    )
    return Planned(ticket, await change_of(unit, ticket.id))


def may_replan(planner: Person, ticket: Ticket, change: Change) -> bool:
    """Whether another plan can be made: while the board is asked (it may have sent it back), or once it is off the
    calendar while its ticket is still open."""
    refused = change.state in (ChangeState.REFUSED, ChangeState.WITHDRAWN) and ticket.state.open
    return change.planned_by_id == planner.id and (change.state is ChangeState.ASKED or refused)


def is_reworded(planner: Person, ticket: Ticket) -> bool:
    """Whether a new plan changes what the ticket says too: the planner's own one, before it was approved."""
    return ticket.requester_id == planner.id and ticket.state is State.WAITING_APPROVAL


def check_plan(command: PlanChange, policy: ChangePolicy, now: datetime, *, new: bool) -> Risk:
    """The risk. Raises `InvalidForm` with everything that is wrong with the plan."""
    problems: list[Invalid] = []
    risk = Risk.LOW
    words = {"plan": command.plan, "back_out": command.back_out}
    words |= {"title": command.title, "why": command.why} if new else {}
    for name, said in words.items():
        if not clean(said):
            problems.append(Invalid("Write something here, please.", field=name))
        elif len(said) > TEXT_LIMIT:
            problems.append(Invalid("At most {limit} characters.", field=name, limit=TEXT_LIMIT))
    if not command.systems or not set(command.systems) <= policy.systems.keys():
        problems.append(Invalid("Choose what is changed.", field="systems"))
    if command.type is ChangeType.STANDARD:
        if command.standard_id not in {one.id for one in policy.standard}:
            problems.append(Invalid("This is no standard change (any more).", field="standard"))
    else:
        try:
            risk = risk_of(command.answers or {}, policy.questionnaire)
        except InvalidForm as unanswered:
            problems += unanswered.problems
    try:
        check_window(command.window, command.type, now)
    except Invalid as problem:
        problems.append(problem)
    if problems:
        raise InvalidForm(problems)
    return risk


async def find_clashes(
    unit: Unit, desk: Desk, window: Window, systems: Sequence[str], *, besides: str = ""
) -> tuple[Clash, ...]:
    """What speaks against this window as things stand now; `besides` is the ticket of the change itself."""
    overlapping = (
        select(ChangeRow.systems, ChangeRow.starts_at, ChangeRow.ends_at, tickets.c.number, tickets.c.title)
        .join(tickets, tickets.c.id == ChangeRow.ticket_id)
        .where(
            text(AHEAD_OF_CHANGES), ChangeRow.ends_at > window.starts_at, ChangeRow.starts_at < window.ends_at
        )
        .order_by(ChangeRow.starts_at)
        .limit(NEIGHBOURS)
    )
    if besides:
        overlapping = overlapping.where(ChangeRow.ticket_id != besides)
    neighbours = [
        Neighbour(row.number, row.title, frozenset(row.systems), Window(row.starts_at, row.ends_at))
        for row in await unit.db.execute(overlapping)
    ]
    calendar, policy = desk.organisation.calendar, desk.organisation.changes
    return clashes(window, frozenset(systems), neighbours, calendar.closed, policy.freezes, calendar.zone)


async def record_result(
    unit: Unit, desk: Desk, actor: Actor, said: Say, result: Result | None, *, key: str
) -> Planned:
    """How it went. A change that succeeded resolves its ticket; one that did not leaves it open."""
    if result is None:
        raise InvalidForm([Invalid("Choose what fits best.", field="result")])
    helpdesk = desk.organisation.helpdesk
    planned = await _take(unit, desk, actor, ChangeStep.RESULT, said, {"result": result.value}, key)
    if result is not Result.SUCCESS or not planned.ticket.state.open:
        return planned
    ticket = await resolve(unit, actor, said, helpdesk, key=f"{key}:resolve")
    return Planned(ticket, planned.change)


async def review_change(unit: Unit, desk: Desk, actor: Actor, said: Say, *, key: str) -> Planned:
    """What the desk learnt from it."""
    return await _take(unit, desk, actor, ChangeStep.REVIEW, said, {}, key)


async def list_ahead(unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None) -> ChangePage:
    """The change calendar: everything that has no result yet, the first to start first.

    Raises `NotFound` for who may not look, and `Invalid` for a cursor that is none of ours.
    """
    if not may_look(actor):
        raise NotFound("There is no such list.")
    limit = max(1, min(limit, PAGE_LIMIT))
    statement = listed().where(text(AHEAD_OF_CHANGES))
    if cursor is not None:
        starts_at, ticket_id = _place(cursor)
        statement = statement.where(
            or_(
                ChangeRow.starts_at > starts_at,
                and_(ChangeRow.starts_at == starts_at, ChangeRow.ticket_id > ticket_id),
            )
        )
    ordered = statement.order_by(ChangeRow.starts_at, ChangeRow.ticket_id).limit(limit + 1)
    found = tuple(
        Listed(
            row.ticket_id,
            row.number,
            row.title,
            ChangeType(row.type),
            Risk(row.risk),
            tuple(row.systems),
            Window(row.starts_at, row.ends_at),
            ChangeState(row.state),
        )
        for row in await unit.db.execute(ordered)
    )
    last = found[limit - 1] if len(found) > limit else None
    return ChangePage(
        found[:limit], f"{last.window.starts_at.isoformat()}|{last.ticket_id}" if last else None
    )


AHEAD_OF_CHANGES = AHEAD.replace("state", "changes.state")
"""The condition of the partial indexes, in a query that joins the tickets, which have a state too."""
_IMPACT = {Risk.LOW: Impact.LOW, Risk.MEDIUM: Impact.MEDIUM, Risk.HIGH: Impact.HIGH}
_URGENCY = {
    ChangeType.STANDARD: Urgency.LOW,
    ChangeType.NORMAL: Urgency.LOW,
    ChangeType.EMERGENCY: Urgency.HIGH,
}


def _agent(planner: Person) -> Actor:
    actor = planner.as_actor()
    if not actor.is_agent:
        raise NotFound("There is no such ticket.", field="id")
    return actor


async def _take(
    unit: Unit, desk: Desk, actor: Actor, step: ChangeStep, said: Say, more: Mapping[str, str], key: str
) -> Planned:
    ticket = await access_ticket(unit, actor, said.ticket_id)
    change = await find_change(unit, ticket.id)
    if change is None or not actor.is_agent:
        raise NotFound("There is no such ticket.", field="id")
    words = clean(said.text)
    if not words or len(words) > TEXT_LIMIT:
        raise Invalid("Write something here, please.", field="text")
    if await unit.once(actor.id, key, (step, said, dict(more)), ticket.id) is not None:
        return Planned(ticket, change)
    after = check_step(step, change.state)
    noted: dict[str, Any] = (
        {"result_note": words, "result_by_id": actor.id, "result_at": unit.now}
        if step is ChangeStep.RESULT
        else {"review": words, "review_by_id": actor.id, "review_at": unit.now}
    )
    claimed = await unit.db.execute(
        update(ChangeRow)
        .where(ChangeRow.ticket_id == ticket.id, ChangeRow.state == change.state.value)
        .values(state=after.value, **noted, **more)
    )
    if claimed.rowcount != 1:
        raise Conflict("That is not possible (any more): the change has moved on.")
    ticket = await take_step(
        unit, actor, Step(step.value), ticket.id, desk.organisation.helpdesk, key=f"{key}:step"
    )
    return Planned(ticket, await change_of(unit, ticket.id))


def _row(command: PlanChange, risk: Risk) -> dict[str, Any]:
    return {
        "type": command.type.value,
        "standard_id": command.standard_id,
        "systems": list(command.systems),
        "answers": dict(command.answers or {}),
        "risk": risk.value,
        "plan": clean(command.plan),
        "back_out": clean(command.back_out),
        "starts_at": command.window.starts_at,
        "ends_at": command.window.ends_at,
    }


def _ask(ticket: Ticket, type: ChangeType, risk: Risk, policy: str) -> AskApproval:  # noqa: A002
    return AskApproval(
        kind=KIND,
        subject_id=ticket.id,
        number=ticket.number,
        title=ticket.title,
        attributes={"type": type.value, "risk": risk.name.lower()},
        policy=policy,
    )


def _place(cursor: str) -> tuple[datetime, str]:
    starts_at, _, ticket_id = cursor.partition("|")
    try:
        moment = datetime.fromisoformat(starts_at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not is_id(ticket_id):
        raise Invalid("This list cannot be continued from here.", field="cursor")
    return moment, ticket_id
