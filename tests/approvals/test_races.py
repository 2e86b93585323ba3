"""People act at the same moment, again and again: exactly one outcome, once told, and everybody sees the same one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.approvals import actions
from domain.approvals.actions import Decide, Decided, Delegate
from domain.approvals.approval import Approval, ApprovalState, Event
from domain.approvals.models import ApprovalRow, DecisionRow, SeatRow
from domain.approvals.policy import Plan, Stage
from domain.approvals.reading import load_all
from domain.approvals.snapshot import write_plan
from domain.tables import new_id
from domain.unit import Unit
from tests.approvals.conftest import MANAGER, Office, people, plan
from tests.cast import person

REPEATS = 1000
AT_ONCE = 6
"""Races that run beside each other; every racer has a connection of its own."""
postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Racer = Callable[[Unit, Approval], Awaitable[Decided]]
Pair = Sequence[Decided]


async def asked(office: Office, policy: Plan, approvers: Sequence[str], count: int) -> list[Approval]:
    """So many approvals that wait, as `ask_approval` leaves them, in two statements."""
    ids = [new_id() for _ in range(count)]
    same = {
        "kind": "thing",
        "policy": "thing",
        "number": "T-2026-000001",
        "title": "Een ding",
        "requester_id": "amina",
        "team_id": "digitaal",
        "role": "people",
        "state": ApprovalState.PENDING.value,
        "asked_at": office.clock.now,
        "stage_at": office.clock.now,
        "plan": write_plan(policy),
    }
    seat = {"round": 1, "stage": 0, "why": "asked", "waiting": True}
    seats = [
        {"approval_id": one, "person_id": who, "seat_of": who, **seat} for one in ids for who in approvers
    ]
    async with office.units() as unit:
        await unit.db.execute(insert(ApprovalRow), [{"id": one, "subject_id": one, **same} for one in ids])
        await unit.db.execute(insert(SeatRow), seats)
    async with office.units.read() as unit:
        return await load_all(unit, ids)


def approve(office: Office, who: str) -> Racer:
    actor = person(who).as_actor()
    return lambda unit, one: actions.approve(unit, office.desk, actor, Decide(one.id), office.subjects)


def refuse(office: Office, who: str) -> Racer:
    actor = person(who).as_actor()
    command = "Liever niet"
    return lambda unit, one: actions.refuse(
        unit, office.desk, actor, Decide(one.id, command), office.subjects
    )


def withdraw(office: Office) -> Racer:
    actor = person("amina").as_actor()
    return lambda unit, one: actions.withdraw(unit, actor, Decide(one.id), office.subjects)


def delegate(office: Office, who: str, to: str) -> Racer:
    actor = person(who).as_actor()
    return lambda unit, one: actions.delegate(unit, office.desk, actor, Delegate(one.id, to))


async def race(office: Office, approvals: Sequence[Approval], *racers: Racer) -> list[Pair]:
    """Have the racers act on each approval at once; what each of them saw. On SQLite they stand in line anyway."""
    alone = office.alone
    results: list[Pair] = []
    left = list(approvals)

    async def lane() -> None:
        while left:
            approval = left.pop()
            start = asyncio.Barrier(1 if alone else len(racers))

            async def act(racer: Racer, one: Approval, start: asyncio.Barrier) -> Decided:
                async with office.units() as unit:
                    await unit.db.execute(select(1))  # the transaction is open before anybody acts
                    await start.wait()
                    return await racer(unit, one)

            results.append(await asyncio.gather(*(act(racer, approval, start) for racer in racers)))

    lanes = min(AT_ONCE, 18 // len(racers))
    await asyncio.gather(*(lane() for _ in range(lanes)))
    return results


async def stands(office: Office, approvals: Sequence[Approval]) -> dict[str, Approval]:
    async with office.units.read() as unit:
        found = [
            approval
            for start in range(0, len(approvals), 100)
            for approval in await load_all(unit, [one.id for one in approvals[start : start + 200]])
        ]
    return {approval.id: approval for approval in found}


async def check_one_outcome(
    office: Office, approvals: Sequence[Approval], results: Sequence[Pair]
) -> Counter[str]:
    """One of the racers was first, the log has their line alone, nobody is still asked, the subject heard it once."""
    now = await stands(office, approvals)
    outcomes: Counter[str] = Counter()
    for pair in results:
        assert [one.first for one in pair].count(True) == 1
        approval = now[pair[0].approval.id]
        assert all(one.approval.state is approval.state for one in pair)
        assert all(one.approval.decision == approval.decision for one in pair)
        assert len(approval.log) == 1
        assert not any(seat.waiting for seat in approval.seats)
        outcomes[approval.state.value] += 1
    told = Counter(subject for subject, _ in office.thing.told)
    assert set(told.values()) == {1}
    assert len(told) == len(approvals)
    assert Counter(state for _, state in office.thing.told) == outcomes
    return outcomes


@postgresql
async def test_of_two_approvers_at_once_one_approves(office: Office) -> None:
    policy = plan(Stage((people("bram", "carla"),)))
    approvals = await asked(office, policy, ["bram", "carla"], REPEATS)
    results = await race(office, approvals, approve(office, "bram"), approve(office, "carla"))
    assert await check_one_outcome(office, approvals, results) == {"approved": REPEATS}


@postgresql
async def test_approving_against_withdrawing_has_one_outcome(office: Office) -> None:
    approvals = await asked(office, plan(Stage((people("bram"),))), ["bram"], REPEATS)
    results = await race(office, approvals, approve(office, "bram"), withdraw(office))
    outcomes = await check_one_outcome(office, approvals, results)
    assert outcomes["approved"] + outcomes["withdrawn"] == REPEATS


@postgresql
async def test_a_quorum_that_is_reached_by_all_at_once_is_reached_once(office: Office) -> None:
    board = ["bram", "carla", "els"]
    approvals = await asked(office, plan(Stage((people(*board),), needed=2)), board, REPEATS)
    results = await race(office, approvals, *(approve(office, who) for who in board))
    now = await stands(office, approvals)
    for trio in results:
        assert [one.first for one in trio].count(True) == 2
        approval = now[trio[0].approval.id]
        assert approval.state is ApprovalState.APPROVED
        voted = [line.person_id for line in approval.log if line.event is Event.APPROVED]
        assert len(voted) == len(set(voted)) == 2
    assert set(Counter(office.thing.told).values()) == {1}
    assert len(office.thing.told) == REPEATS


@postgresql
async def test_approving_against_refusing_has_one_outcome(office: Office) -> None:
    policy = plan(Stage((people("bram", "carla"),)))
    approvals = await asked(office, policy, ["bram", "carla"], 100)
    results = await race(office, approvals, approve(office, "bram"), refuse(office, "carla"))
    outcomes = await check_one_outcome(office, approvals, results)
    assert outcomes["approved"] + outcomes["refused"] == 100


@postgresql
async def test_deciding_against_passing_on_leaves_one_of_the_two(office: Office) -> None:
    approvals = await asked(office, plan(Stage((people("bram"),))), ["bram"], 100)
    results = await race(office, approvals, approve(office, "bram"), delegate(office, "bram", "dirk"))
    now = await stands(office, approvals)
    for pair in results:
        assert [one.first for one in pair].count(True) == 1
        approval = now[pair[0].approval.id]
        if pair[0].first:
            assert approval.state is ApprovalState.APPROVED
        else:
            assert (approval.state, approval.approver_ids) == (ApprovalState.PENDING, ("dirk",))


@postgresql
async def test_the_next_stage_begins_once(office: Office) -> None:
    board = ["bram", "carla", "dirk"]
    policy = plan(Stage((people(*board),)), Stage((MANAGER,)))
    approvals = await asked(office, policy, board, 100)
    await race(office, approvals, *(approve(office, who) for who in board))
    for approval in (await stands(office, approvals)).values():
        assert (approval.state, approval.stage) == (ApprovalState.PENDING, 1)
        assert [seat.person_id for seat in approval.seats if seat.stage == 1] == ["els"]
        assert [line.event for line in approval.log] == [Event.APPROVED]
    assert office.thing.told == []


async def test_at_once_on_either_database_one_outcome_stands(office: Office) -> None:
    approvals = await asked(office, plan(Stage((people("bram"),))), ["bram"], 40)
    results = await race(office, approvals, approve(office, "bram"), withdraw(office))
    await check_one_outcome(office, approvals, results)


@postgresql
async def test_asked_twice_at_once_it_is_asked_once(office: Office) -> None:
    from domain.errors import Conflict

    async def ask(subject: str) -> Any:
        async with office.units() as unit:
            command = actions.AskApproval("thing", subject, "T-1", "Een ding")
            return await actions.ask_approval(unit, office.desk, person("amina"), command)

    for _ in range(30):
        subject = new_id()
        both = await asyncio.gather(ask(subject), ask(subject), return_exceptions=True)
        assert {type(one) for one in both} == {Approval, Conflict}
    async with office.units.read() as unit:
        lines = (await unit.db.execute(select(DecisionRow.id))).all()
    assert len(lines) == 30
