"""Another moment for a change: the board decides anew, a standard change moves at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from domain.approvals.actions import approval_of, waiting_for
from domain.approvals.approval import Approval, ApprovalState, Event
from domain.changes.actions import KIND, Planned, find_clashes, record_result, replan_change
from domain.changes.moving import MoveWindow, move_window
from domain.changes.reading import change_of
from domain.changes.rules import ChangeState, Result, Window
from domain.changes.subject import RESULT_VIEW
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.errors import Conflict, InvalidForm, NotFound
from domain.helpdesk import actions as helpdesk
from domain.helpdesk.actions import Say
from domain.helpdesk.reading import list_history
from domain.helpdesk.rules import State
from domain.jobs.models import Job
from tests.cast import person
from tests.changes.conftest import EMERGENCY, NORMAL, STANDARD, WINDOW, Board
from tests.changes.test_actions import state_of, wish

LATER = Window(WINDOW.starts_at + timedelta(days=1), WINDOW.ends_at + timedelta(days=1))


async def move(
    board: Board, planned: Planned, window: Window = LATER, *, who: str = "bram", why: str = "Stroompanne"
) -> Planned:
    async with board.units() as unit:
        command = MoveWindow(planned.ticket.id, window, why)
        return await move_window(unit, board.desk, person(who), command, key=f"move-{next(board.keys)}")


async def asked(board: Board, planned: Planned) -> Approval:
    async with board.units.read() as unit:
        return await approval_of(unit, KIND, planned.ticket.id)


async def approved(board: Board) -> Planned:
    planned = await board.plan()
    for who in ("carla", "els"):
        await board.decide(planned, who)
    return planned


async def test_what_was_approved_is_decided_anew(board: Board, units: DatabaseUnits) -> None:
    planned = await approved(board)
    moved = await move(board, planned)
    assert (moved.change.window, moved.change.state) == (LATER, ChangeState.ASKED)
    again = await asked(board, planned)
    assert (again.state, again.round, again.decision) == (ApprovalState.PENDING, 2, None)
    assert (again.log[-1].event, again.log[-1].comment) == (Event.RESUBMITTED, "Stroompanne")
    async with units.read() as unit:
        waits = await waiting_for(unit, person("gust").as_actor())
    assert [one.subject_id for one in waits.approvals] == [planned.ticket.id]
    for who in ("gust", "els"):
        await board.decide(planned, who)
    assert await state_of(units, planned.ticket) == (ChangeState.PLANNED, State.NEW)
    async with units.read() as unit:
        jobs = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars()
        told = [payload["subject"] for payload in jobs if payload["view"] == RESULT_VIEW]
    # The second decision is a message of its own: an update of the first one nobody would see.
    assert told == [planned.ticket.id, f"{planned.ticket.id}:2"]


async def test_votes_for_the_moment_before_count_no_longer(board: Board) -> None:
    planned = await board.plan()
    await board.decide(planned, "carla")
    await move(board, planned)
    await board.decide(planned, "els")
    assert (await asked(board, planned)).state is ApprovalState.PENDING
    await board.decide(planned, "carla")
    assert (await asked(board, planned)).state is ApprovalState.APPROVED


async def test_a_standard_change_moves_at_once(board: Board, units: DatabaseUnits) -> None:
    planned = await board.plan(STANDARD)
    moved = await move(board, planned, who="carla")
    assert (moved.change.window, moved.change.state) == (LATER, ChangeState.PLANNED)
    async with units.read() as unit:
        [_, line] = await list_history(unit, person("bram").as_actor(), planned.ticket.id)
        assert [c.name for c in await find_clashes(unit, board.desk, WINDOW, ["mail"])] == []
    assert (line.what, line.by_id, line.details["why"]) == ("move_window", "carla", "Stroompanne")
    assert line.details["was"] == [WINDOW.starts_at.isoformat(), WINDOW.ends_at.isoformat()]


async def test_a_refused_move_takes_it_off_the_calendar_and_it_can_be_planned_anew(
    board: Board, units: DatabaseUnits, desk: Desk
) -> None:
    planned = await approved(board)
    await move(board, planned)
    await board.decide(planned, "els", "refuse", "Dan is er raad.")
    assert await state_of(units, planned.ticket) == (ChangeState.REFUSED, State.NEW)
    for _ in range(2):  # pressed twice
        async with units() as unit:
            again = await replan_change(
                unit, desk, person("bram"), planned.ticket.id, replace(NORMAL, window=LATER), key="again"
            )
    assert again.change.state is ChangeState.ASKED
    assert (await asked(board, planned)).round == 3
    for who in ("carla", "gust"):
        await board.decide(planned, who)
    assert await state_of(units, planned.ticket) == (ChangeState.PLANNED, State.NEW)


async def test_a_wish_that_the_board_refused_is_planned_anew(
    board: Board, units: DatabaseUnits, desk: Desk
) -> None:
    ticket = await wish(units, desk)
    planned = await board.plan(ticket_id=ticket.id)
    await board.decide(planned, "els", "refuse", "Nu niet.")
    async with units() as unit:
        again = await replan_change(unit, desk, person("bram"), ticket.id, NORMAL, key="again")
    assert (again.change.state, again.ticket.title) == (ChangeState.ASKED, ticket.title)


async def test_what_was_sent_back_after_it_began_is_planned_again(
    board: Board, units: DatabaseUnits, desk: Desk
) -> None:
    planned = await approved(board)
    await move(board, planned)
    await board.decide(planned, "els", "send_back", "Liever een week later.")
    async with units() as unit:
        again = await replan_change(unit, desk, person("bram"), planned.ticket.id, NORMAL, key="again")
    assert again.change.window == NORMAL.window


async def test_who_may_not_move_it(board: Board) -> None:
    planned = await board.plan()
    with pytest.raises(Conflict, match="Who decides"):
        await move(board, planned, who="carla")  # an agent, of the board
    for who in ("amina", "els"):
        with pytest.raises(NotFound):
            await move(board, planned, who=who)
    own = await board.plan(EMERGENCY, who="carla")
    assert (await move(board, own, who="carla")).change.window == LATER


async def test_everything_that_is_wrong_is_named(board: Board) -> None:
    planned = await board.plan()
    for window, why, fields in (
        (WINDOW, "", ["why", "start"]),
        (Window(LATER.ends_at, LATER.starts_at), "x" * 1001, ["why", "end"]),
        (Window(LATER.starts_at, LATER.ends_at + timedelta(days=20)), "Nu", ["end"]),
        (Window(WINDOW.starts_at - timedelta(days=30), WINDOW.ends_at - timedelta(days=30)), "Nu", ["start"]),
    ):
        with pytest.raises(InvalidForm) as refused:
            await move(board, planned, window, why=why)
        assert [one.field for one in refused.value.problems] == fields


async def test_what_was_done_is_not_moved(board: Board, units: DatabaseUnits, desk: Desk) -> None:
    planned = await board.plan(STANDARD)
    said = Say(planned.ticket.id, "Klaar")
    async with units() as unit:
        await record_result(unit, desk, person("bram").as_actor(), said, Result.FAILED, key="r")
    with pytest.raises(Conflict):
        await move(board, planned)
    other = await board.plan(replace(STANDARD, title="Nog een"))
    async with units() as unit:
        withdrawn = Say(other.ticket.id, "Niet meer nodig")
        await helpdesk.withdraw(
            unit, person("bram").as_actor(), withdrawn, desk.organisation.helpdesk, key="w"
        )
    with pytest.raises(Conflict):
        await move(board, other)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_decision_and_a_move_at_once_never_leave_a_moment_that_nobody_approved(
    board: Board, units: DatabaseUnits
) -> None:
    planned = await board.plan(EMERGENCY)

    async def moves() -> bool:
        try:
            await move(board, planned)
        except Conflict:
            return False
        return True

    moved, _ = await asyncio.gather(moves(), board.decide(planned, "els"))
    async with units.read() as unit:
        change = await change_of(unit, planned.ticket.id)
    asked_in = (await asked(board, planned)).round
    assert (change.window == LATER) == moved
    assert (change.state is ChangeState.PLANNED) == (not moved and asked_in == 1)
