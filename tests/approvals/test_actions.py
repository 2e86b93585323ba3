"""Asking and deciding, on both databases."""

from __future__ import annotations

import pytest

from domain.actor import Actor, Role
from domain.approvals.actions import Decide, access_approval, approve, refuse
from domain.approvals.approval import ApprovalState, Event
from domain.approvals.policy import ALL, Stage
from domain.errors import Conflict, Invalid, NotFound
from domain.tables import new_id
from tests.approvals.conftest import MANAGER, TEAM_OWNER, Office, people, plan
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
