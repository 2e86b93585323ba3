"""Asking and deciding, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from domain.actor import Actor, Role
from domain.approvable import subjects
from domain.approvals.actions import Decide, access_approval, approve, refuse, waiting_for
from domain.approvals.approval import ApprovalState
from domain.approvals.models import ApproverRow, DecisionRow
from domain.errors import Conflict, Invalid, NotFound
from domain.jobs.models import Job
from domain.sites.request import SiteState
from domain.sites.steps import PROVISION
from domain.tables import new_id
from tests.cast import demo_city, person
from tests.sites.conftest import Office


async def test_the_owners_of_the_requesters_team_are_asked_and_get_a_card(office: Office) -> None:
    approval = await office.approval(await office.request())
    assert (approval.approver_ids, approval.role) == (("bram", "carla"), Role.TEAM_OWNER)
    assert approval.pending
    await office.run_due()
    assert office.shown == [("approval.approver", approval.id, who) for who in ("bram", "carla")]


async def test_an_owner_who_asks_is_judged_by_the_other_owner(office: Office) -> None:
    approval = await office.approval(await office.request("bram"))
    assert approval.approver_ids == ("carla",)


async def test_an_only_owner_who_asks_is_judged_by_the_supervisor(office: Office) -> None:
    alone = next(
        person(team.owner_ids[0])
        for team in demo_city().teams
        if len(team.owner_ids) == 1
        and person(team.owner_ids[0]).team_id == team.id
        and person(team.owner_ids[0]).supervisor_id
    )
    approval = await office.approval(await office.request(alone.id))
    assert (approval.approver_ids, approval.role) == ((alone.supervisor_id,), Role.SUPERVISOR)


async def test_approving_records_who_and_when_and_starts_the_building_in_the_same_transaction(
    office: Office, bram: Actor
) -> None:
    request = await office.request()
    asked = await office.approval(request)
    office.clock.forward(hours=2)
    async with office.units() as unit:
        decided = await approve(unit, bram, Decide(asked.id, "  Goed plan.  "), subjects(office.desk))
    assert decided.first
    stands = decided.approval.decision
    assert stands is not None
    assert (stands.person_id, stands.outcome, stands.comment) == (
        "bram",
        ApprovalState.APPROVED,
        "Goed plan.",
    )
    assert stands.at == office.clock.now
    assert (await office.now(request)).state is SiteState.BUILDING
    async with office.units.read() as unit:
        jobs = (await unit.db.execute(select(Job.payload).where(Job.kind == PROVISION))).scalars().all()
    assert jobs == [{"request": request.id, "step": "address", "attempt": 0}]


async def test_a_failure_after_the_decision_takes_it_all_back(office: Office, bram: Actor) -> None:
    request = await office.request()
    asked = await office.approval(request)
    with pytest.raises(ZeroDivisionError):
        async with office.units() as unit:
            await approve(unit, bram, Decide(asked.id), subjects(office.desk))
            _ = 1 / 0
    assert (await office.approval(request)).pending
    assert (await office.now(request)).state is SiteState.ASKED


async def test_a_refusal_is_final_and_frees_the_name(office: Office, bram: Actor, carla: Actor) -> None:
    request = await office.request()
    asked = await office.approval(request)
    async with office.units() as unit:
        await refuse(unit, bram, Decide(asked.id, "We hebben al zo een site."), subjects(office.desk))
    async with office.units() as unit:
        late = await approve(unit, carla, Decide(asked.id), subjects(office.desk))
    assert not late.first
    assert late.approval.state is ApprovalState.REFUSED
    assert (await office.now(request)).state is SiteState.REFUSED
    await office.run_due()
    assert ("site.result", request.id, "amina") in office.shown
    again = await office.request(key="k2")
    assert again.state is SiteState.ASKED


async def test_a_refusal_without_a_reason_changes_nothing(office: Office, bram: Actor) -> None:
    request = await office.request()
    asked = await office.approval(request)
    with pytest.raises(Invalid):
        async with office.units() as unit:
            await refuse(unit, bram, Decide(asked.id, " … "), subjects(office.desk))
    assert (await office.approval(request)).pending


async def test_who_comes_late_sees_the_decision_that_stands(
    office: Office, bram: Actor, carla: Actor
) -> None:
    asked = await office.approval(await office.request())
    async with office.units() as unit:
        first = await approve(unit, carla, Decide(asked.id, "Ja"), subjects(office.desk))
    for actor, act in ((bram, refuse), (bram, approve), (carla, approve)):
        async with office.units() as unit:
            late = await act(unit, actor, Decide(asked.id, "Nee"), subjects(office.desk))
        assert not late.first
        assert late.approval == first.approval
    async with office.units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(DecisionRow))).scalar_one() == 1


async def test_the_requester_sees_the_approval_and_cannot_decide_it(office: Office, amina: Actor) -> None:
    asked = await office.approval(await office.request())
    async with office.units.read() as unit:
        assert await access_approval(unit, amina, asked.id) == asked
    for act in (approve, refuse):
        with pytest.raises(Conflict):
            async with office.units() as unit:
                await act(unit, amina, Decide(asked.id, "Ik wil het zo graag"), subjects(office.desk))


@pytest.mark.parametrize("outsider", ["dirk", "gust", "els", "fatima"])
async def test_for_others_somebody_elses_approval_is_not_there(office: Office, outsider: str) -> None:
    asked = await office.approval(await office.request())
    actor = person(outsider).as_actor()
    for approval_id in (asked.id, new_id()):
        for act in (approve, refuse):
            with pytest.raises(NotFound) as refused:
                async with office.units() as unit:
                    await act(unit, actor, Decide(approval_id, "zomaar"), subjects(office.desk))
            assert str(refused.value) == "This approval is not there."


@pytest.mark.parametrize(
    "forged", ["", "1", "' OR 1=1 --", "x" * 10_000, "00000000000000000000000000000000", "\u202e"]
)
async def test_an_id_that_cannot_be_one_is_not_there(office: Office, bram: Actor, forged: str) -> None:
    with pytest.raises(NotFound):
        async with office.units() as unit:
            await approve(unit, bram, Decide(forged), subjects(office.desk))


async def test_what_waits_comes_oldest_first_page_by_page_and_leaves_when_decided(
    office: Office, bram: Actor, carla: Actor, dirk: Actor
) -> None:
    asked = [
        await office.approval(await office.request(name=f"Markt nummer {n}", key=f"k{n}")) for n in range(12)
    ]
    async with office.units() as unit:
        await approve(unit, carla, Decide(asked[3].id), subjects(office.desk))
    seen: list[str] = []
    cursor: str | None = None
    pages = 0
    while True:
        async with office.units.read() as unit:
            page = await waiting_for(unit, bram, limit=5, cursor=cursor)
        seen += [approval.id for approval in page.approvals]
        pages += 1
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [approval.id for index, approval in enumerate(asked) if index != 3]
    assert pages == 3
    async with office.units.read() as unit:
        assert (await waiting_for(unit, dirk)).approvals == ()
        with pytest.raises(Invalid):
            await waiting_for(unit, bram, cursor="'; drop table approvals")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_waits_is_read_from_an_index_alone(office: Office) -> None:
    waiting = select(ApproverRow.approval_id).where(
        ApproverRow.person_id == "bram", ApproverRow.waiting.is_(True), ApproverRow.approval_id > new_id()
    )
    async with office.units.read() as unit:
        statement = waiting.order_by(ApproverRow.approval_id).limit(11)
        sql = str(statement.compile(unit.db.sync_engine, compile_kwargs={"literal_binds": True}))
        plan = (await unit.db.execute(text(f"EXPLAIN QUERY PLAN {sql}"))).all()
    assert [row[3].split(" (")[0] for row in plan] == [
        "SEARCH approvers USING COVERING INDEX ix_approvers_waiting"
    ]
