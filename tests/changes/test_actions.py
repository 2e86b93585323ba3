"""Changes on both databases: planned, put to the board, made, and looked back upon."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.approvable import subjects
from domain.approvals.actions import approval_of, waiting_for
from domain.approvals.approval import ApprovalState
from domain.changes.actions import (
    KIND,
    find_clashes,
    list_ahead,
    record_result,
    replan_change,
    review_change,
)
from domain.changes.models import ChangeRow
from domain.changes.policy import ChangeType, Risk
from domain.changes.reading import change_of
from domain.changes.rules import ChangeState, ClashKind, Result, Window
from domain.changes.subject import RESULT_VIEW, subscriber
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.errors import Conflict, Invalid, InvalidForm, NotFound
from domain.helpdesk import actions as helpdesk
from domain.helpdesk.actions import ReportTicket, Say
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.reading import access_conversation, access_ticket, list_history
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.ticket import Ticket
from domain.jobs.models import Job
from tests.cast import person
from tests.changes.conftest import EMERGENCY, NORMAL, STANDARD, WINDOW, Board


async def state_of(units: DatabaseUnits, ticket: Ticket) -> tuple[ChangeState, State]:
    async with units.read() as unit:
        change = await change_of(unit, ticket.id)
        return change.state, (await access_ticket(unit, person("bram").as_actor(), ticket.id)).state


async def shown(units: DatabaseUnits) -> list[str]:
    async with units.read() as unit:
        payloads: list[dict[str, Any]] = list(
            (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars()
        )
    return [payload["person"] for payload in payloads if payload["view"] == RESULT_VIEW]


async def wish(units: DatabaseUnits, desk: Desk, who: str = "amina") -> Ticket:
    async with units() as unit:
        command = ReportTicket(Kind.CHANGE, "Graag mail op de tablet.", Impact.LOW, Urgency.LOW)
        actor = person(who).as_actor()
        return await helpdesk.report_ticket(unit, actor, command, desk.organisation.helpdesk, key="wish")


# --- planning ---------------------------------------------------------------------------------------------


async def test_a_normal_change_waits_for_the_board(board: Board, units: DatabaseUnits) -> None:
    planned = await board.plan()
    assert planned.ticket.number == "W-2026-000001"
    assert (planned.ticket.title, planned.ticket.state) == ("Mail overzetten", State.WAITING_APPROVAL)
    assert (planned.change.state, planned.change.risk) == (ChangeState.ASKED, Risk.MEDIUM)
    assert planned.change.window == WINDOW
    async with units.read() as unit:
        approval = await approval_of(unit, KIND, planned.ticket.id)
    assert (approval.policy, approval.approver_ids) == ("change_normal", ("carla", "els", "gust"))


async def test_two_of_the_board_approve_it(board: Board, units: DatabaseUnits) -> None:
    planned = await board.plan()
    await board.decide(planned, "carla")
    assert await state_of(units, planned.ticket) == (ChangeState.ASKED, State.WAITING_APPROVAL)
    await board.decide(planned, "gust")
    assert await state_of(units, planned.ticket) == (ChangeState.PLANNED, State.NEW)
    assert await shown(units) == ["bram"]


async def test_one_refusal_of_the_board_ends_it(board: Board, units: DatabaseUnits) -> None:
    planned = await board.plan()
    await board.decide(planned, "carla")
    await board.decide(planned, "els", "refuse", "Niet in de jaarafsluiting.")
    assert await state_of(units, planned.ticket) == (ChangeState.REFUSED, State.REJECTED)
    assert await shown(units) == ["bram"]


async def test_one_of_the_board_is_enough_in_an_emergency(board: Board, units: DatabaseUnits) -> None:
    planned = await board.plan(EMERGENCY)
    await board.decide(planned, "els")
    assert await state_of(units, planned.ticket) == (ChangeState.PLANNED, State.NEW)


async def test_a_member_of_the_board_does_not_decide_on_their_own_change(
    board: Board, units: DatabaseUnits, carla: Actor
) -> None:
    planned = await board.plan(EMERGENCY, who="carla")
    async with units.read() as unit:
        assert (await waiting_for(unit, carla)).approvals == ()
    with pytest.raises(Conflict):
        await board.decide(planned, "carla")


async def test_a_standard_change_is_planned_at_once(board: Board, units: DatabaseUnits) -> None:
    planned = await board.plan(STANDARD)
    assert (planned.change.state, planned.change.risk) == (ChangeState.PLANNED, Risk.LOW)
    assert planned.ticket.state is State.NEW
    assert not planned.change.needs_approval


async def test_a_wish_that_is_planned_keeps_its_number_and_stays_the_desks(
    board: Board, units: DatabaseUnits, desk: Desk
) -> None:
    ticket = await wish(units, desk)
    planned = await board.plan(ticket_id=ticket.id)
    assert (planned.ticket.number, planned.ticket.state) == (ticket.number, State.NEW)
    await board.decide(planned, "els", "refuse", "Nu niet.")
    assert await state_of(units, ticket) == (ChangeState.REFUSED, State.NEW)
    async with units.read() as unit:
        history = [event.what for event in await list_history(unit, person("bram").as_actor(), ticket.id)]
    assert history == ["report", "plan"]


async def test_a_ticket_gets_one_plan(board: Board, units: DatabaseUnits, desk: Desk) -> None:
    ticket = await wish(units, desk)
    await board.plan(ticket_id=ticket.id)
    other = replace(NORMAL, window=Window(WINDOW.starts_at, WINDOW.ends_at + timedelta(hours=1)))
    with pytest.raises(Conflict):
        await board.plan(other, ticket_id=ticket.id)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_same_form_sent_at_once_is_one_change(board: Board, units: DatabaseUnits) -> None:
    made = await asyncio.gather(*(board.plan(key="form:1") for _ in range(6)))
    assert len({planned.ticket.id for planned in made}) == 1
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(ChangeRow))).scalar_one() == 1


async def test_only_agents_plan(board: Board) -> None:
    for who in ("amina", "els", "fatima"):
        with pytest.raises(NotFound):
            await board.plan(who=who)


async def test_only_a_change_can_be_planned(board: Board, units: DatabaseUnits, desk: Desk) -> None:
    async with units() as unit:
        command = ReportTicket(Kind.INCIDENT, "Mail ligt plat.", Impact.LOW, Urgency.LOW)
        ticket = await helpdesk.report_ticket(
            unit, person("amina").as_actor(), command, desk.organisation.helpdesk, key="1"
        )
    with pytest.raises(Conflict, match="Only a change"):
        await board.plan(ticket_id=ticket.id)


async def test_everything_that_is_wrong_with_a_plan_is_named(board: Board) -> None:
    empty = replace(
        NORMAL,
        window=Window(WINDOW.ends_at, WINDOW.starts_at),
        systems=("onbekend",),
        plan=" ",
        back_out="x" * 4001,
        title="",
        why="\x00",
        answers={},
    )
    with pytest.raises(InvalidForm) as refused:
        await board.plan(empty)
    assert [one.field for one in refused.value.problems] == [
        "plan", "back_out", "title", "why", "systems",
        "risk_wie", "risk_eerder", "risk_terug", "risk_getest", "risk_stil",
        "end",
    ]  # fmt: skip
    with pytest.raises(InvalidForm, match="no standard change"):
        await board.plan(replace(STANDARD, standard_id="weg"))


# --- the calendar -----------------------------------------------------------------------------------------


async def test_another_change_in_the_window_is_warned_of(
    board: Board, units: DatabaseUnits, desk: Desk
) -> None:
    first = await board.plan()
    later = Window(WINDOW.starts_at + timedelta(hours=1), WINDOW.ends_at + timedelta(hours=1))
    async with units.read() as unit:
        [same] = await find_clashes(unit, desk, later, ["mail"])
        [other] = await find_clashes(unit, desk, later, ["telefonie"])
        assert await find_clashes(unit, desk, later, ["mail"], besides=first.ticket.id) == ()
        after = Window(WINDOW.ends_at, WINDOW.ends_at + timedelta(hours=1))
        assert await find_clashes(unit, desk, after, ["mail"]) == ()
    assert (same.kind, same.name) == (ClashKind.SAME_SYSTEM, f"{first.ticket.number} · Mail overzetten")
    assert other.kind is ClashKind.SAME_TIME
    await board.decide(first, "els", "refuse", "Nee.")
    async with units.read() as unit:
        assert await find_clashes(unit, desk, later, ["mail"]) == ()


async def test_closing_days_and_freezes_are_warned_of(units: DatabaseUnits, desk: Desk) -> None:
    window = Window(WINDOW.starts_at.replace(day=28), WINDOW.ends_at.replace(day=28))
    async with units.read() as unit:
        found = await find_clashes(unit, desk, window, ["mail"])
    assert [(clash.kind, clash.name) for clash in found] == [
        (ClashKind.FREEZE, "Jaarafsluiting boekhouding"),
        (ClashKind.CLOSED, "Kerstsluiting"),
    ]


async def test_the_calendar_lists_what_is_ahead_page_by_page(
    board: Board, units: DatabaseUnits, bram: Actor, els: Actor, amina: Actor
) -> None:
    hours = [3, 1, 2, 1, 5]
    for hour in hours:
        moved = Window(WINDOW.starts_at + timedelta(hours=hour), WINDOW.ends_at + timedelta(hours=hour))
        await board.plan(replace(NORMAL, window=moved, title=f"Uur {hour}"))
    refused = await board.plan(replace(NORMAL, title="Weg"))
    await board.decide(refused, "els", "refuse", "Nee.")
    seen: list[str] = []
    cursor = None
    async with units.read() as unit:
        while True:
            page = await list_ahead(unit, bram, limit=2, cursor=cursor)
            assert len(page.changes) <= 2
            seen += [one.title for one in page.changes]
            if (cursor := page.next_cursor) is None:
                break
        assert seen == ["Uur 1", "Uur 1", "Uur 2", "Uur 3", "Uur 5"]
        assert len((await list_ahead(unit, els)).changes) == 5
        with pytest.raises(NotFound):
            await list_ahead(unit, amina)
        for bad in ("x", "2026-12-10|x", "2026-12-10T10:00:00|" + refused.ticket.id, "|"):
            with pytest.raises(Invalid):
                await list_ahead(unit, bram, cursor=bad)


# --- afterwards -------------------------------------------------------------------------------------------


async def test_success_resolves_the_ticket_and_is_reviewed(
    board: Board, units: DatabaseUnits, desk: Desk, bram: Actor, carla: Actor
) -> None:
    planned = await board.plan(STANDARD)
    said = Say(planned.ticket.id, "Alles werkt met het nieuwe certificaat.")
    for _ in range(2):  # pressed twice
        async with units() as unit:
            done = await record_result(unit, desk, bram, said, Result.SUCCESS, key="r")
    assert done.change.result is Result.SUCCESS
    assert await state_of(units, planned.ticket) == (ChangeState.IMPLEMENTED, State.RESOLVED)
    async with units() as unit:
        learnt = Say(planned.ticket.id, "Volgende keer een week vroeger.")
        reviewed = await review_change(unit, desk, carla, learnt, key="v")
    assert reviewed.change.review
    assert (reviewed.change.review.text, reviewed.change.review.by_id) == (learnt.text, "carla")
    assert reviewed.change.state is ChangeState.REVIEWED
    async with units.read() as unit:
        history = [event.what for event in await list_history(unit, bram, planned.ticket.id)]
        conversation = await access_conversation(unit, bram, planned.ticket.id)
    assert history == ["report", "result", "resolve", "review"]
    # What was learnt is the desk's: it is no message of the ticket.
    assert [message.text for message in conversation.messages] == [said.text]


@pytest.mark.parametrize("result", [Result.FAILED, Result.ROLLED_BACK])
async def test_what_did_not_succeed_leaves_the_ticket_open(
    board: Board, units: DatabaseUnits, desk: Desk, bram: Actor, result: Result
) -> None:
    planned = await board.plan(STANDARD)
    async with units() as unit:
        await record_result(unit, desk, bram, Say(planned.ticket.id, "Teruggedraaid."), result, key="r")
    change, ticket = await state_of(units, planned.ticket)
    assert change is ChangeState.IMPLEMENTED
    assert ticket.open


async def test_a_result_comes_once_and_only_after_the_board(
    board: Board, units: DatabaseUnits, desk: Desk, bram: Actor, amina: Actor
) -> None:
    planned = await board.plan()
    said = Say(planned.ticket.id, "Klaar")
    for actor, result, wrong in (
        (bram, Result.SUCCESS, Conflict),  # the board has not decided
        (bram, None, InvalidForm),
        (amina, Result.SUCCESS, NotFound),
    ):
        with pytest.raises(wrong):
            async with units() as unit:
                await record_result(unit, desk, actor, said, result, key="r")
    await board.decide(planned, "els")
    await board.decide(planned, "gust")
    async with units() as unit:
        await record_result(unit, desk, bram, said, Result.FAILED, key="r2")
    with pytest.raises(Conflict):
        async with units() as unit:
            await record_result(unit, desk, bram, said, Result.SUCCESS, key="r3")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_of_two_results_at_once_one_stands(board: Board, units: DatabaseUnits, desk: Desk) -> None:
    planned = await board.plan(STANDARD)

    async def note(who: str, result: Result) -> bool:
        try:
            async with units() as unit:
                said = Say(planned.ticket.id, "Klaar")
                await record_result(unit, desk, person(who).as_actor(), said, result, key=who)
        except Conflict:
            return False
        return True

    noted = await asyncio.gather(note("bram", Result.FAILED), note("carla", Result.ROLLED_BACK))
    assert sorted(noted) == [False, True]


# --- sent back and taken back -----------------------------------------------------------------------------


async def test_a_change_that_was_sent_back_is_planned_again(
    board: Board, units: DatabaseUnits, desk: Desk
) -> None:
    planned = await board.plan()
    await board.decide(planned, "els", "send_back", "Kan het na de jaarafsluiting?")
    later = Window(WINDOW.starts_at + timedelta(days=40), WINDOW.ends_at + timedelta(days=40))
    other = replace(NORMAL, window=later, title="Mail overzetten in januari")
    async with units() as unit:
        again = await replan_change(unit, desk, person("bram"), planned.ticket.id, other, key="again")
    assert (again.change.window, again.ticket.title) == (later, "Mail overzetten in januari")
    await board.decide(again, "carla")
    await board.decide(again, "gust")
    assert await state_of(units, planned.ticket) == (ChangeState.PLANNED, State.NEW)
    with pytest.raises(Conflict):
        async with units() as unit:
            await replan_change(unit, desk, person("bram"), planned.ticket.id, other, key="once more")


async def test_only_who_planned_it_plans_it_again(board: Board, units: DatabaseUnits, desk: Desk) -> None:
    planned = await board.plan()
    for who in ("carla", "amina"):
        with pytest.raises(NotFound):
            async with units() as unit:
                await replan_change(unit, desk, person(who), planned.ticket.id, NORMAL, key="x")


@pytest.mark.parametrize("type_", [ChangeType.NORMAL, ChangeType.STANDARD])
async def test_a_change_whose_ticket_ended_is_off_the_calendar(
    board: Board, units: DatabaseUnits, desk: Desk, bram: Actor, type_: ChangeType
) -> None:
    planned = await board.plan(NORMAL if type_ is ChangeType.NORMAL else STANDARD)
    async with units() as unit:
        said = Say(planned.ticket.id, "Niet meer nodig")
        ended = await helpdesk.withdraw(unit, bram, said, desk.organisation.helpdesk, key="w")
    change = TicketChanged(
        ended.id, ended.version, "withdraw", "bram", planned.ticket.state, ended.state, ended.updated_at
    )
    hear = subscriber(subjects(desk))
    for _ in range(2):  # jobs may run twice
        async with units() as unit:
            await hear(unit, change, ended)
    assert (await state_of(units, ended))[0] is ChangeState.WITHDRAWN
    async with units.read() as unit:
        assert (await list_ahead(unit, bram)).changes == ()
        if type_ is ChangeType.NORMAL:
            assert (await approval_of(unit, KIND, ended.id)).state is ApprovalState.WITHDRAWN
