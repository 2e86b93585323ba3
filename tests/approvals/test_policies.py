"""What a policy decides by itself, and the lists of what waits and was decided."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from domain.actor import Actor
from domain.approvals.actions import AskApproval, ask_approval, waiting_for
from domain.approvals.approval import ApprovalState, Event
from domain.approvals.models import DecisionRow, SeatRow
from domain.approvals.policy import ALL, Condition, Stage
from domain.errors import Invalid
from domain.tables import new_id
from tests.approvals.conftest import MANAGER, SUPERVISOR, TEAM_OWNER, Office, people, plan
from tests.cast import person

APPROVED = ApprovalState.APPROVED


async def test_what_a_condition_lets_through_is_not_asked_and_the_subject_hears_it_once(
    office: Office,
) -> None:
    cheap = Condition({"scenario": ("1",)}, {"cost": 50})
    office.with_policy(plan(Stage((TEAM_OWNER,), auto_approve=(cheap,))))
    asked = await office.ask(scenario="1", cost=50)
    assert asked.state is APPROVED
    assert asked.decision is not None
    assert asked.decision.person_id == ""
    await office.run_due()
    assert office.thing.told == [(asked.subject_id, "approved")]
    for attributes in ({"scenario": "1", "cost": 51}, {"scenario": "2", "cost": 1}, {"scenario": "1"}, {}):
        assert (await office.ask(**attributes)).pending


async def test_only_the_stages_whose_condition_holds_pass_by_themselves(office: Office) -> None:
    office.with_policy(
        plan(
            Stage((TEAM_OWNER,), auto_approve=(Condition({"requester_role": ("agent",)}),)),
            Stage((MANAGER,)),
            Stage((SUPERVISOR,), auto_approve=(Condition({"scenario": ("1", "2")}),)),
        )
    )
    assert (await office.ask("amina", scenario="2")).stage == 0
    asked = await office.ask("bram", scenario="2")
    assert (asked.stage, asked.approver_ids) == (1, ("els",))
    decided = await office.approve(asked, "els")
    assert decided.approval.state is APPROVED
    assert decided.approval.decision is not None
    assert decided.approval.decision.person_id == "els"
    assert office.thing.told == [(asked.subject_id, "approved")]


async def test_who_approved_already_is_not_asked_the_same_again(office: Office) -> None:
    office.with_policy(plan(Stage((people("els"),)), Stage((people("els", "bram"),), needed=ALL)))
    asked = await office.ask()
    decided = await office.approve(asked, "els")
    assert (decided.approval.stage, decided.approval.approver_ids) == (1, ("bram",))
    assert (await office.approve(asked, "bram")).approval.state is APPROVED


async def test_an_unknown_policy_is_a_mistake_of_ours(office: Office) -> None:
    ask = AskApproval("thing", new_id(), "T-1", "Een ding", policy="nergens")
    with pytest.raises(LookupError):
        async with office.units() as unit:
            await ask_approval(unit, office.desk, person("amina"), ask)


async def test_a_policy_that_changes_leaves_what_was_asked_as_it_was(office: Office) -> None:
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((MANAGER,))))
    asked = await office.ask()
    office.with_policy(plan(Stage((people("gust"),))))
    await office.approve(asked, "bram")
    assert (await office.approve(asked, "els")).approval.state is APPROVED


async def test_what_waits_comes_oldest_first_page_by_page_and_leaves_when_decided(
    office: Office, bram: Actor, dirk: Actor
) -> None:
    asked = [await office.ask() for _ in range(12)]
    await office.approve(asked[3], "carla")
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


async def test_each_vote_is_one_line_of_the_log(office: Office) -> None:
    asked = await office.ask()
    await office.approve(asked, "bram")
    await office.approve(asked, "bram")
    async with office.units.read() as unit:
        votes = select(func.count()).where(DecisionRow.outcome == Event.APPROVED.value)
        assert (await unit.db.execute(votes)).scalar_one() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_waits_is_read_from_an_index_alone(office: Office) -> None:
    waiting = select(SeatRow.approval_id).where(
        SeatRow.person_id == "bram", SeatRow.waiting.is_(True), SeatRow.approval_id > new_id()
    )
    async with office.units.read() as unit:
        statement = waiting.order_by(SeatRow.approval_id).limit(11)
        sql = str(statement.compile(unit.db.sync_engine, compile_kwargs={"literal_binds": True}))
        plan_ = (await unit.db.execute(text(f"EXPLAIN QUERY PLAN {sql}"))).all()
    assert [row[3].split(" (")[0] for row in plan_] == [
        "SEARCH approval_seats USING COVERING INDEX ix_approval_seats_waiting"
    ]
