"""Asking, deciding, giving it to a colleague, changing and taking back, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from domain.actor import Actor, Role
from domain.approvals.actions import (
    AskApproval,
    Decide,
    access_approval,
    approve,
    ask_approval,
    refuse,
    waiting_for,
)
from domain.approvals.approval import ApprovalState, Event
from domain.approvals.models import DecisionRow, SeatRow
from domain.approvals.policy import ALL, Condition, Stage
from domain.errors import Conflict, Invalid, NotFound
from domain.tables import new_id
from tests.approvals.conftest import MANAGER, SUPERVISOR, TEAM_OWNER, Office, people, plan
from tests.cast import demo_city, person

APPROVED, REFUSED, PENDING = ApprovalState.APPROVED, ApprovalState.REFUSED, ApprovalState.PENDING


async def test_the_owners_of_the_requesters_team_are_asked_and_get_a_card(office: Office) -> None:
    asked = await office.ask()
    assert (asked.approver_ids, asked.role, asked.state) == (("bram", "carla"), Role.TEAM_OWNER, PENDING)
    await office.run_due()
    cards = [shown for shown in office.shown if shown[0] == "approval.approver"]
    assert cards == [("approval.approver", asked.id, who, False) for who in ("bram", "carla")]


async def test_an_owner_who_asks_is_judged_by_the_other_owner(office: Office) -> None:
    assert (await office.ask("bram")).approver_ids == ("carla",)


async def test_an_only_owner_who_asks_is_judged_by_the_supervisor(office: Office) -> None:
    alone = next(
        person(team.owner_ids[0])
        for team in demo_city().teams
        if len(team.owner_ids) == 1
        and person(team.owner_ids[0]).team_id == team.id
        and person(team.owner_ids[0]).supervisor_id
    )
    asked = await office.ask(alone.id)
    assert (asked.approver_ids, asked.role) == ((alone.supervisor_id,), Role.SUPERVISOR)


async def test_nobody_is_asked_when_only_the_requester_could_decide(office: Office) -> None:
    office.with_policy(plan(Stage((people("amina"),))))
    with pytest.raises(Conflict):
        await office.ask()
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((people("amina"),))))
    with pytest.raises(Conflict):  # also when that is a later stage
        await office.ask()


async def test_approving_records_who_and_when_and_tells_the_subject_in_the_same_transaction(
    office: Office, bram: Actor
) -> None:
    asked = await office.ask()
    office.clock.forward(hours=2)
    decided = await office.approve(asked, "bram", "  Goed plan.  ")
    assert decided.first
    stands = decided.approval.decision
    assert stands is not None
    assert (stands.person_id, stands.outcome, stands.comment) == ("bram", APPROVED, "Goed plan.")
    assert stands.at == office.clock.now
    assert office.thing.told == [(asked.subject_id, "approved")]


async def test_a_failure_after_the_decision_takes_it_all_back(office: Office, bram: Actor) -> None:
    asked = await office.ask()
    with pytest.raises(ZeroDivisionError):
        async with office.units() as unit:
            await approve(unit, office.desk, bram, Decide(asked.id), office.subjects)
            _ = 1 / 0
    assert (await office.now(asked)).pending


async def test_the_stages_come_one_after_the_other(office: Office) -> None:
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((MANAGER,))))
    asked = await office.ask()
    first = await office.approve(asked, "carla")
    assert (first.first, first.approval.state, first.approval.stage) == (True, PENDING, 1)
    assert first.approval.approver_ids == ("els",)
    assert office.thing.told == []
    late = await office.approve(asked, "bram")
    assert (late.first, late.approval.stage) == (False, 1)
    with pytest.raises(NotFound):
        await office.approve(asked, "dirk")
    second = await office.approve(asked, "els")
    assert (second.first, second.approval.state) == (True, APPROVED)
    assert second.approval.decision is not None
    assert second.approval.decision.person_id == "els"
    assert office.thing.told == [(asked.subject_id, "approved")]


async def test_who_is_asked_again_in_a_later_stage_gets_a_new_card(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "els"),)), Stage((people("bram", "carla"),))))
    asked = await office.ask()
    await office.run_due()
    office.shown.clear()
    await office.approve(asked, "els")
    await office.run_due()
    new = [shown[1:3] for shown in office.shown if shown[0] == "approval.approver" and not shown[3]]
    assert new == [(f"{asked.id}:1.1", "bram"), (asked.id, "carla")]
    assert ("approval.approver", asked.id, "bram", True) in office.shown


async def test_the_second_stage_cannot_be_decided_before_the_first(office: Office) -> None:
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((MANAGER,))))
    asked = await office.ask()
    with pytest.raises(NotFound):
        await office.approve(asked, "els")


async def test_all_of_them_have_to_approve_and_each_has_one_vote(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "carla", "els"),), needed=ALL)))
    asked = await office.ask()
    assert (await office.approve(asked, "bram")).first
    again = await office.approve(asked, "bram")
    assert (again.first, again.approval.state) == (False, PENDING)
    assert (await office.approve(asked, "carla")).approval.approver_ids == ("els",)
    assert (await office.approve(asked, "els")).approval.state is APPROVED


async def test_two_of_three_are_enough_and_a_member_who_asks_does_not_count(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "carla", "els"),), needed=2)))
    asked = await office.ask()
    assert (await office.approve(asked, "els")).approval.pending
    decided = await office.approve(asked, "bram")
    assert decided.approval.state is APPROVED
    assert not (await office.approve(asked, "carla")).first
    own = await office.ask("bram")
    assert own.approver_ids == ("carla", "els")
    with pytest.raises(Conflict):
        await office.approve(own, "bram")


async def test_one_refusal_ends_it_whatever_the_others_think(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "carla", "els"),), needed=2), Stage((MANAGER,))))
    asked = await office.ask()
    await office.approve(asked, "bram")
    refused = await office.refuse(asked, "carla", "We hebben al zoiets.")
    assert refused.approval.state is REFUSED
    assert not (await office.approve(asked, "els")).first
    assert office.thing.told == [(asked.subject_id, "refused")]


@pytest.mark.parametrize("comment", ["", " … ", "\n"])
async def test_refusing_and_asking_for_a_change_need_words(office: Office, comment: str) -> None:
    asked = await office.ask()
    for act in (office.refuse, office.send_back):
        with pytest.raises(Invalid) as wrong:
            await act(asked, "bram", comment)
        assert wrong.value.field == "comment"
    assert (await office.now(asked)).pending


async def test_who_comes_late_sees_the_decision_that_stands(office: Office) -> None:
    asked = await office.ask()
    first = await office.approve(asked, "carla", "Ja")
    for act, who in ((office.refuse, "bram"), (office.approve, "bram"), (office.approve, "carla")):
        late = await act(asked, who, "Nee")
        assert not late.first
        assert late.approval == first.approval
    assert [line.event for line in first.approval.log] == [Event.ASKED, Event.APPROVED]


async def test_the_requester_sees_the_approval_and_cannot_decide_it(office: Office, amina: Actor) -> None:
    asked = await office.ask()
    async with office.units.read() as unit:
        assert await access_approval(unit, amina, asked.id) == asked
    for act in (office.approve, office.refuse, office.send_back):
        with pytest.raises(Conflict):
            await act(asked, "amina", "Ik wil het zo graag")
    with pytest.raises(Conflict):
        await office.delegate(asked, "amina", "dirk")


@pytest.mark.parametrize("outsider", ["dirk", "gust", "els", "fatima"])
async def test_for_others_somebody_elses_approval_is_not_there(office: Office, outsider: str) -> None:
    asked = await office.ask()
    actor = person(outsider).as_actor()
    for approval_id in (asked.id, new_id()):
        for act in (approve, refuse):
            with pytest.raises(NotFound) as refused:
                async with office.units() as unit:
                    await act(unit, office.desk, actor, Decide(approval_id, "zomaar"), office.subjects)
            assert str(refused.value) == "This approval is not there."


@pytest.mark.parametrize(
    "forged", ["", "1", "' OR 1=1 --", "x" * 10_000, "00000000000000000000000000000000", "\u202e"]
)
async def test_an_id_that_cannot_be_one_is_not_there(office: Office, bram: Actor, forged: str) -> None:
    with pytest.raises(NotFound):
        async with office.units() as unit:
            await approve(unit, office.desk, bram, Decide(forged), office.subjects)


# --- changing ---------------------------------------------------------------------------------------------


async def test_asked_for_a_change_it_comes_back_in_a_new_round_with_new_cards(office: Office) -> None:
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((MANAGER,))))
    asked = await office.ask()
    await office.approve(asked, "bram")
    back = await office.send_back(asked, "els", "Een kortere naam, graag")
    assert (back.approval.state, back.approval.decision) == (ApprovalState.SENT_BACK, None)
    assert back.approval.log[-1].comment == "Een kortere naam, graag"
    assert office.thing.told == [(asked.subject_id, "sent_back")]
    assert not (await office.approve(asked, "els")).first
    await office.run_due()
    assert ("approval.requester", asked.id, "amina", False) in office.shown
    office.shown.clear()
    again = await office.resubmit(asked)
    assert (again.round, again.stage, again.state) == (2, 0, PENDING)
    assert (again.approver_ids, again.title) == (("bram", "carla"), "Een kleiner ding")
    await office.run_due()
    assert ("approval.approver", f"{asked.id}:2", "bram", False) in office.shown
    assert ("approval.approver", asked.id, "bram", True) in office.shown
    await office.approve(asked, "carla", round=2)
    done = await office.approve(asked, "els", round=2)
    assert done.approval.state is APPROVED


async def test_a_policy_can_go_on_where_it_was_sent_back(office: Office) -> None:
    office.with_policy(plan(Stage((TEAM_OWNER,)), Stage((MANAGER,)), restart=False))
    asked = await office.ask()
    await office.approve(asked, "bram")
    await office.send_back(asked, "els")
    again = await office.resubmit(asked)
    assert (again.round, again.stage, again.approver_ids) == (2, 1, ("els",))
    assert (await office.approve(asked, "els", round=2)).approval.state is APPROVED


async def test_a_card_from_before_the_change_decides_nothing(office: Office) -> None:
    asked = await office.ask()
    await office.send_back(asked, "bram")
    await office.resubmit(asked)
    for act in (office.approve, office.refuse, office.send_back):
        stale = await act(asked, "bram", "Nog van de oude kaart", round=1)
        assert (stale.first, stale.approval.pending, stale.approval.round) == (False, True, 2)


async def test_only_the_requester_sends_again_and_only_once(office: Office) -> None:
    asked = await office.ask()
    with pytest.raises(Conflict):  # nobody asked for a change
        await office.resubmit(asked)
    await office.send_back(asked, "bram")
    for who in ("bram", "dirk"):
        with pytest.raises(NotFound):
            await office.resubmit(asked, who)
    await office.resubmit(asked)
    with pytest.raises(Conflict):
        await office.resubmit(asked)


async def test_withdrawing_is_for_the_requester_until_it_is_decided(office: Office) -> None:
    asked = await office.ask()
    with pytest.raises(Conflict):
        await office.withdraw(asked, "bram")
    with pytest.raises(NotFound):
        await office.withdraw(asked, "dirk")
    gone = await office.withdraw(asked)
    assert (gone.first, gone.approval.state) == (True, ApprovalState.WITHDRAWN)
    assert not (await office.withdraw(asked)).first
    assert not (await office.approve(asked, "bram")).first
    assert office.thing.told == [(asked.subject_id, "withdrawn")]
    other = await office.ask()
    await office.approve(other, "bram")
    late = await office.withdraw(other)
    assert (late.first, late.approval.state) == (False, APPROVED)
    third = await office.ask()
    await office.send_back(third, "bram")
    assert (await office.withdraw(third)).first


# --- giving it to a colleague -----------------------------------------------------------------------------


async def test_a_colleague_decides_in_the_place_of_who_gave_it(office: Office) -> None:
    asked = await office.ask()
    given = await office.delegate(asked, "bram", "dirk")
    assert given.approval.approver_ids == ("carla", "dirk")
    line = given.approval.log[-1]
    assert (line.event, line.person_id, line.to_ids) == (Event.DELEGATED, "bram", ("dirk",))
    assert line.comment == "Jij weet er meer van"
    assert not (await office.approve(asked, "bram")).first
    decided = await office.approve(asked, "dirk")
    assert decided.approval.state is APPROVED
    assert (decided.approval.log[-1].person_id, decided.approval.log[-1].for_id) == ("dirk", "bram")


async def test_a_delegate_has_the_vote_of_one(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "carla"),), needed=ALL)))
    asked = await office.ask()
    await office.delegate(asked, "bram", "dirk")
    await office.delegate(asked, "dirk", "gust")
    assert (await office.approve(asked, "gust")).approval.pending
    assert (await office.approve(asked, "carla")).approval.state is APPROVED


async def test_it_can_come_back_to_who_gave_it(office: Office) -> None:
    asked = await office.ask()
    await office.delegate(asked, "bram", "dirk")
    back = await office.delegate(asked, "dirk", "bram")
    assert back.approval.approver_ids == ("bram", "carla")
    assert (await office.approve(asked, "bram")).first


@pytest.mark.parametrize("colleague", ["amina", "bram", "carla", "nobody", ""])
async def test_a_decision_is_not_given_to_the_requester_or_to_who_decides_already(
    office: Office, colleague: str
) -> None:
    asked = await office.ask()
    with pytest.raises(Invalid) as wrong:
        await office.delegate(asked, "bram", colleague)
    assert wrong.value.field == "colleague"
    assert (await office.now(asked)).approver_ids == ("bram", "carla")


async def test_a_second_vote_is_not_given_to_who_approved_already(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "carla"),), needed=ALL)))
    asked = await office.ask()
    await office.approve(asked, "bram")
    with pytest.raises(Invalid):
        await office.delegate(asked, "carla", "bram")


# --- by itself --------------------------------------------------------------------------------------------


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


# --- lists ------------------------------------------------------------------------------------------------


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
