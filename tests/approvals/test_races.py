"""Two people decide at the same moment, again and again: exactly one outcome, and both see the same one."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from domain.actor import Actor
from domain.approvable import subjects
from domain.approvals.actions import Decide, Decided, approve, refuse
from domain.approvals.approval import ApprovalState
from domain.approvals.models import ApproverRow, DecisionRow
from domain.sites.models import SiteStepRow
from domain.sites.request import SiteState
from domain.unit import Unit
from tests.sites.conftest import Office

REPEATS = 100
postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def both(
    office: Office, number: int, first: tuple[Actor, ApprovalState], second: tuple[Actor, ApprovalState]
) -> ApprovalState:
    """Have two people decide on a fresh request at once. What stands, after checking that it is one thing."""
    request = await office.request(name=f"Markt nummer {number}", key=f"k{number}")
    asked = await office.approval(request)
    start = asyncio.Barrier(2)

    async def decide(actor: Actor, outcome: ApprovalState) -> Decided:
        act = approve if outcome is ApprovalState.APPROVED else refuse
        async with office.units() as unit:
            await unit.db.execute(select(1))  # the transaction is open before either decides
            await start.wait()
            return await act(unit, actor, Decide(asked.id, f"door {actor.id}"), subjects(office.desk))

    one, two = await asyncio.gather(decide(*first), decide(*second))
    assert [one.first, two.first].count(True) == 1
    assert one.approval == two.approval
    winner = first if one.first else second
    stands = one.approval.decision
    assert stands is not None
    assert (stands.person_id, stands.outcome) == (winner[0].id, winner[1])
    async with office.units.read() as unit:
        assert await count(unit, select(DecisionRow).where(DecisionRow.approval_id == asked.id)) == 1
        waiting = select(ApproverRow).where(
            ApproverRow.approval_id == asked.id, ApproverRow.waiting.is_(True)
        )
        assert await count(unit, waiting) == 0
        planned = await count(unit, select(SiteStepRow).where(SiteStepRow.request_id == request.id))
    state = (await office.now(request)).state
    if winner[1] is ApprovalState.APPROVED:
        assert (state, planned) == (SiteState.BUILDING, 5)
    else:
        assert (state, planned) == (SiteState.REFUSED, 0)
    return winner[1]


async def count(unit: Unit, statement: object) -> int:
    return int((await unit.db.execute(select(func.count()).select_from(statement.subquery()))).scalar_one())  # type: ignore[attr-defined]


@postgresql
async def test_approving_against_refusing_has_one_outcome(office: Office, bram: Actor, carla: Actor) -> None:
    yes, no = ApprovalState.APPROVED, ApprovalState.REFUSED
    outcomes = [await both(office, number, (bram, yes), (carla, no)) for number in range(REPEATS)]
    assert len(outcomes) == REPEATS


@postgresql
async def test_two_approvals_at_once_are_one(office: Office, bram: Actor, carla: Actor) -> None:
    yes = ApprovalState.APPROVED
    for number in range(REPEATS):
        assert await both(office, number, (bram, yes), (carla, yes)) is yes


@postgresql
async def test_the_same_request_sent_twice_at_once_is_one(office: Office) -> None:
    for number in range(REPEATS):
        name = f"Plein nummer {number}"
        one, two = await asyncio.gather(
            office.request(name=name, key=f"k{number}"), office.request(name=name, key=f"k{number}")
        )
        assert one == two
