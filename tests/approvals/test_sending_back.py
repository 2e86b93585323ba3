"""Asked for a change, sent again and withdrawn; and given to a colleague."""

from __future__ import annotations

import pytest

from domain.approvals.approval import ApprovalState, Event
from domain.approvals.policy import ALL, Stage
from domain.errors import Conflict, Invalid, NotFound
from tests.approvals.conftest import MANAGER, TEAM_OWNER, Office, people, plan

APPROVED, PENDING = ApprovalState.APPROVED, ApprovalState.PENDING


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
