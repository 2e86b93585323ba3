"""Another moment for a change that is still ahead: what a board decides about is asked anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from domain.approvals.actions import approval_of, ask_again, asked_before
from domain.approvals.approval import Approval
from domain.approvals.rules import COMMENT_LIMIT
from domain.changes.actions import KIND, Planned
from domain.changes.change import Change
from domain.changes.models import ChangeRow
from domain.changes.reading import change_of, find_change
from domain.changes.rules import ChangeState, Window, check_window
from domain.desk import Desk
from domain.errors import Conflict, Invalid, InvalidForm, NotFound
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import Step
from domain.helpdesk.steps import Effect, take_step
from domain.helpdesk.texts import clean
from domain.people.models import Person
from domain.unit import Unit

MOVED = "planned"
"""In the details of the step: from when to when it happens now, in ISO format; `was` has the moment before."""


@dataclass(frozen=True, slots=True)
class MoveWindow:
    """`why` is read by the board and by the requester."""

    ticket_id: str
    window: Window
    why: str


async def move_window(unit: Unit, desk: Desk, mover: Person, command: MoveWindow, *, key: str) -> Planned:
    """Give a change another moment. A standard change moves at once; of any other the board decides anew, whatever it
    had said about the moment before. With a key used before, the change as it stands now.

    Raises `NotFound` for who is no agent, `InvalidForm` (fields `start`, `end`, `why`), and `Conflict` when it is not
    ahead any more or when the mover is one of those who decide about it.
    """
    actor = mover.as_actor()
    ticket = await access_ticket(unit, actor, command.ticket_id)
    change = await find_change(unit, ticket.id)
    if change is None or not actor.is_agent:
        raise NotFound("There is no such ticket.", field="id")
    if await unit.once(actor.id, key, command, ticket.id) is not None:
        return Planned(ticket, change)
    if not change.state.ahead:
        raise Conflict("That is not possible (any more): the change has moved on.")
    why = _check_move(change, command, unit.now)
    if change.needs_approval:
        approval = await approval_of(unit, KIND, ticket.id)
        if not may_move(mover, change, approval):
            raise Conflict("Who decides about this change does not move it.")
        await ask_again(unit, desk, actor, await asked_before(unit, approval), why)
    state = ChangeState.ASKED if change.needs_approval else ChangeState.PLANNED
    # After the approval: who decides holds that first too, and then the change.
    moved = await unit.db.execute(
        update(ChangeRow)
        .where(
            ChangeRow.ticket_id == ticket.id,
            ChangeRow.state == change.state.value,
            ChangeRow.starts_at == change.window.starts_at,
            ChangeRow.ends_at == change.window.ends_at,
        )
        .values(state=state.value, starts_at=command.window.starts_at, ends_at=command.window.ends_at)
    )
    if moved.rowcount != 1:
        raise Conflict("That is not possible (any more): the change has moved on.")
    details = {"was": _iso(change.window), MOVED: _iso(command.window), "why": why}
    ticket = await take_step(
        unit,
        actor,
        Step.MOVE_WINDOW,
        ticket.id,
        desk.organisation.helpdesk,
        key=f"{key}:step",
        effect=lambda _: Effect(details=details),
    )
    return Planned(ticket, await change_of(unit, ticket.id))


def may_move(mover: Person, change: Change, approval: Approval | None) -> bool:
    """Nobody changes what they decide about. Who planned it decides nothing, even as a member of the board."""
    decides = approval is not None and mover.id in approval.asked_ids and mover.id != change.planned_by_id
    return change.state.ahead and mover.as_actor().is_agent and not decides


def _check_move(change: Change, command: MoveWindow, now: datetime) -> str:
    """Why it moves, as it is kept. Raises `InvalidForm` with everything that is wrong."""
    problems: list[Invalid] = []
    why = clean(command.why)
    if not why:
        problems.append(Invalid("Write something here, please.", field="why"))
    elif len(why) > COMMENT_LIMIT:
        problems.append(Invalid("At most {limit} characters.", field="why", limit=COMMENT_LIMIT))
    try:
        check_window(command.window, change.type, now)
    except Invalid as problem:
        problems.append(problem)
    if command.window == change.window:
        problems.append(Invalid("This is when it is planned already.", field="start"))
    if problems:
        raise InvalidForm(problems)
    return why


def _iso(window: Window) -> list[str]:
    return [window.starts_at.isoformat(), window.ends_at.isoformat()]
