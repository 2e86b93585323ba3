"""Reminders, deadlines, escalations and absences, with the clock in the test's hand."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from domain.approvals import absences
from domain.approvals.absences import Absence, absence_of, end_absence, set_absence, sweep_absences
from domain.approvals.approval import Approval, ApprovalState, Event, Why
from domain.approvals.models import AbsenceRow, ApprovalRow
from domain.approvals.policy import ALL, Stage
from domain.approvals.timers import sweep_approvals
from domain.errors import Invalid
from domain.jobs.actions import due_jobs
from tests.approvals.conftest import MANAGER, SUPERVISOR, TEAM_OWNER, Office, people, plan
from tests.approvals.test_races import asked as many
from tests.cast import person

WITH_TIME = Stage((TEAM_OWNER,), deadline=5, reminders=(2, 4), escalate_to=(SUPERVISOR,))


async def tick(office: Office) -> None:
    """What the timer does each minute, and the jobs that follow."""
    await sweep_absences(office.desk)
    await sweep_approvals(office.desk)
    await office.run_due()


async def go_through(office: Office, until: str) -> None:
    """Every few hours until then, as the timer would."""
    while office.clock.now.isoformat() < until:
        office.clock.forward(hours=6)
        await tick(office)


def events(approval: Approval) -> list[str]:
    return [line.event.value for line in approval.log]


async def test_reminders_and_the_escalation_come_once_each_on_working_days(office: Office) -> None:
    office.with_policy(plan(WITH_TIME))
    asked = await office.ask()  # Monday 23 November 2026, 9:30
    assert asked.due_at is not None
    assert asked.due_at.isoformat() == "2026-11-30T08:30:00+00:00"
    await go_through(office, "2026-12-05T00")
    now = await office.now(asked)
    assert events(now) == ["asked", "reminded", "reminded", "escalated"]
    moments = [line.at.isoformat()[:13] for line in now.log[1:]]
    assert moments == ["2026-11-25T08", "2026-11-27T08", "2026-11-30T08"]
    reminded = [shown[1:3] for shown in office.shown if shown[0] == "approval.reminder"]
    assert reminded == [(day, who) for day in ("2026-11-25", "2026-11-27") for who in ("bram", "carla")]


async def test_who_it_was_escalated_to_decides_alone(office: Office) -> None:
    stage = Stage((people("bram", "carla", "els"),), needed=ALL, deadline=1, escalate_to=(SUPERVISOR,))
    office.with_policy(plan(stage))
    asked = await office.ask()
    await office.run_due()
    office.shown.clear()
    office.clock.forward(days=2)
    await tick(office)
    now = await office.now(asked)
    assert now.approver_ids == ("bram", "carla", "els", "fatima")
    seat = now.seat("fatima")
    assert seat is not None
    assert seat.why is Why.ESCALATED
    assert ("approval.approver", asked.id, "fatima", False) in office.shown
    decided = await office.approve(asked, "fatima")
    assert decided.approval.state is ApprovalState.APPROVED


async def test_without_anybody_to_escalate_to_the_approvers_hear_that_the_deadline_passed(
    office: Office,
) -> None:
    stage = Stage((people("fatima"),), deadline=1, escalate_to=(SUPERVISOR,))
    office.with_policy(plan(stage))
    asked = await office.ask()
    await go_through(office, "2026-11-27T00")
    assert events(await office.now(asked)) == ["asked", "reminded"]


async def test_nobody_is_reminded_of_what_was_decided_or_sent_back(office: Office) -> None:
    office.with_policy(plan(WITH_TIME))
    decided, back, gone = [await office.ask() for _ in range(3)]
    await office.approve(decided, "bram")
    await office.send_back(back, "bram")
    await office.withdraw(gone)
    await go_through(office, "2026-12-02T00")
    for one in (decided, back, gone):
        assert "reminded" not in events(await office.now(one))
    assert [shown for shown in office.shown if shown[0] == "approval.reminder"] == []


async def test_what_a_person_is_reminded_of_on_a_day_comes_in_one_card(office: Office) -> None:
    office.with_policy(plan(WITH_TIME))
    for _ in range(6):
        await office.ask()
        office.clock.forward(minutes=20)
    await go_through(office, "2026-11-26T00")
    cards = Counter(shown[2] for shown in office.shown if shown[0] == "approval.reminder")
    assert cards == {"bram": 1, "carla": 1}


async def test_a_timer_that_stood_still_for_days_does_each_thing_once(office: Office) -> None:
    office.with_policy(plan(WITH_TIME))
    asked = await office.ask()
    office.clock.forward(days=30)
    for _ in range(3):
        await tick(office)
    assert events(await office.now(asked)) == ["asked", "escalated"]


async def test_two_timers_at_once_do_each_thing_once(office: Office) -> None:
    office.with_policy(plan(WITH_TIME))
    asked = [await office.ask() for _ in range(5)]
    office.clock.forward(days=8)
    await asyncio.gather(*(sweep_approvals(office.desk) for _ in range(4)))
    for one in asked:
        assert events(await office.now(one)) == ["asked", "escalated"]


async def test_the_time_of_each_stage_is_its_own(office: Office) -> None:
    office.with_policy(plan(WITH_TIME, Stage((MANAGER,), deadline=2)))
    asked = await office.ask()
    office.at("2026-11-27T15:00:00+00:00")  # a Friday afternoon
    decided = await office.approve(asked, "bram")
    assert decided.approval.due_at is not None
    assert decided.approval.due_at.date() == date(2026, 12, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_due_is_found_on_an_index(office: Office) -> None:
    from sqlalchemy import text

    async with office.units.read() as unit:
        due = select(ApprovalRow.id).where(ApprovalRow.next_at <= unit.now).order_by(ApprovalRow.next_at)
        sql = str(due.compile(unit.db.sync_engine, compile_kwargs={"literal_binds": True}))
        steps = (await unit.db.execute(text(f"EXPLAIN QUERY PLAN {sql}"))).all()
    assert [step[3].split(" (")[0] for step in steps] == ["SEARCH approvals USING INDEX ix_approvals_next_at"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_timer_that_is_killed_in_the_middle_is_done_again_by_the_next_and_nothing_twice(
    office: Office, database_url: str
) -> None:
    """The killed one escalates the first approval, and dies before anybody is told and before the second."""
    office.with_policy(plan(WITH_TIME))
    asked = [await office.ask() for _ in range(2)]
    await office.run_due()
    office.shown.clear()
    office.clock.forward(days=8)
    moment = office.clock.now.isoformat()
    command = (sys.executable, "-m", "tests.approvals.escalate_and_die", database_url, moment)
    killed = await asyncio.create_subprocess_exec(*command)
    assert await killed.wait() == -signal.SIGKILL
    last = [events(await office.now(one))[-1] for one in asked]
    assert sorted(last) == ["asked", "escalated"]
    for _ in range(2):
        await tick(office)
        async with (
            office.units.read() as unit
        ):  # what the minute timer rings for: the dead one's bell was lost
            office.bells.rung += [(job, unit.now) for job in await due_jobs(unit)]
        await office.run_due()
    for one in asked:
        assert events(await office.now(one)) == ["asked", "escalated"]
    new = [shown[1:3] for shown in office.shown if shown[0] == "approval.approver" and not shown[3]]
    assert sorted(set(new)) == sorted((one.id, who) for one in asked for who in ("bram", "carla", "fatima"))
    assert len(new) == len(set(new))


# --- absence ----------------------------------------------------------------------------------------------


async def away(office: Office, who: str, deputy: str, first: str, last: str) -> None:
    absence = Absence(who, deputy, date.fromisoformat(first), date.fromisoformat(last))
    async with office.units() as unit:
        await set_absence(unit, office.desk, person(who).as_actor(), absence)
    await office.run_due()


async def test_the_deputy_of_who_is_away_is_asked_too_and_has_the_same_vote(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram", "carla"),), needed=ALL)))
    await away(office, "bram", "dirk", "2026-11-20", "2026-11-27")
    assert ("absence.deputy", "bram", "dirk", False) in office.shown
    asked = await office.ask()
    assert asked.approver_ids == ("bram", "carla", "dirk")
    assert (await office.approve(asked, "dirk")).approval.pending
    assert not (await office.approve(asked, "bram")).first
    done = await office.approve(asked, "carla")
    assert done.approval.state is ApprovalState.APPROVED
    voted = [(line.person_id, line.for_id) for line in done.approval.log if line.event is Event.APPROVED]
    assert voted == [("dirk", "bram"), ("carla", None)]


async def test_a_deputy_never_decides_their_own_request(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram"),), deadline=5)))
    await away(office, "bram", "amina", "2026-11-20", "2026-11-27")
    asked = await office.ask("amina")
    assert asked.approver_ids == ("bram",)
    assert (await office.ask("dirk")).approver_ids == ("amina", "bram")


async def test_a_deputy_who_is_away_too_has_a_deputy(office: Office) -> None:
    office.with_policy(plan(Stage((people("bram"),))))
    await away(office, "bram", "dirk", "2026-11-20", "2026-11-27")
    await away(office, "dirk", "gust", "2026-11-20", "2026-11-27")
    assert (await office.ask()).approver_ids == ("bram", "gust")
    await away(office, "gust", "bram", "2026-11-20", "2026-11-27")
    assert (await office.ask()).approver_ids == ("bram",)


async def test_what_waits_already_goes_to_the_deputy_on_the_first_day_and_back_after_the_last(
    office: Office,
) -> None:
    asked = await office.ask()
    await away(office, "bram", "dirk", "2026-11-25", "2026-11-26")
    assert (await office.now(asked)).approver_ids == ("bram", "carla")
    office.at("2026-11-25T06:00:00+00:00")
    await tick(office)
    assert (await office.now(asked)).approver_ids == ("bram", "carla", "dirk")
    await tick(office)
    office.at("2026-11-27T06:00:00+00:00")
    await tick(office)
    now = await office.now(asked)
    assert now.approver_ids == ("bram", "carla")
    assert events(now) == ["asked", "deputized"]
    assert not (await office.approve(asked, "dirk")).first
    async with office.units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(AbsenceRow))).scalar_one() == 0


async def test_who_comes_back_early_says_so_and_who_takes_another_deputy_too(office: Office) -> None:
    asked = await office.ask()
    await away(office, "bram", "dirk", "2026-11-20", "2026-12-24")
    assert (await office.now(asked)).approver_ids == ("bram", "carla", "dirk")
    await away(office, "bram", "gust", "2026-11-20", "2026-12-24")
    assert (await office.now(asked)).approver_ids == ("bram", "carla", "gust")
    for _ in range(2):
        async with office.units() as unit:
            await end_absence(unit, office.desk, person("bram").as_actor())
        await office.run_due()
        assert (await office.now(asked)).approver_ids == ("bram", "carla")
    async with office.units.read() as unit:
        assert await absence_of(unit, office.desk, "bram") is None
    await away(office, "bram", "dirk", "2026-11-20", "2026-12-24")  # and away again
    assert (await office.now(asked)).approver_ids == ("bram", "carla", "dirk")


async def test_what_is_passed_on_to_who_is_away_goes_to_their_deputy_too(office: Office) -> None:
    await away(office, "dirk", "gust", "2026-11-20", "2026-11-27")
    asked = await office.ask()
    given = await office.delegate(asked, "bram", "dirk")
    assert given.approval.approver_ids == ("carla", "dirk", "gust")


@pytest.mark.parametrize(
    ("deputy", "first", "last", "field"),
    [
        ("bram", "2026-12-01", "2026-12-02", "deputy"),
        ("nobody", "2026-12-01", "2026-12-02", "deputy"),
        ("dirk", "2026-12-02", "2026-12-01", "last_day"),
        ("dirk", "2026-11-01", "2026-11-02", "last_day"),
        ("dirk", "2026-12-01", "2028-12-01", "last_day"),
    ],
)
async def test_an_absence_that_cannot_be_is_refused(
    office: Office, deputy: str, first: str, last: str, field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        await away(office, "bram", deputy, first, last)
    assert wrong.value.field == field


async def test_an_absence_is_followed_whole_however_many_approvals_there_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(absences, "BITE", 3)
    approvals = await many(office, plan(Stage((people("bram"),))), ["bram"], 8)
    await away(office, "bram", "dirk", "2026-11-23", "2026-11-24")
    for one in approvals:
        assert (await office.now(one)).approver_ids == ("bram", "dirk")
    office.clock.forward(days=2)
    await tick(office)
    for one in approvals:
        assert (await office.now(one)).approver_ids == ("bram",)
