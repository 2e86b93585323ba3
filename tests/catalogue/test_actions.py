"""Ordering on both databases: one ticket per form, approval when the item asks for it, and every end of that."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.approvable import subjects
from domain.approvals.actions import approval_of, waiting_for
from domain.approvals.approval import ApprovalState
from domain.approvals.policy import ApprovalPolicy, Circle, Plan, Stage
from domain.catalogue.actions import (
    KIND,
    OrderItem,
    change_order,
    due_on,
    find_order,
    items_for,
    most_ordered,
    order_item,
    order_of,
    ordered_before,
)
from domain.catalogue.models import OrderRow
from domain.catalogue.subject import RESULT_VIEW, subscriber
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.errors import Conflict, Invalid, InvalidForm, NotFound
from domain.helpdesk import actions as helpdesk
from domain.helpdesk.actions import Say
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.models import tickets
from domain.helpdesk.notify import REQUESTER
from domain.helpdesk.notify import handlers as notify_handlers
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.steps import CHANGED
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.organisation import Organisation
from tests.cast import person
from tests.catalogue.conftest import LAPTOP, RESET, Counter
from tests.conftest import Clock


async def shown(units: DatabaseUnits, view: str) -> list[str]:
    async with units.read() as unit:
        payloads: list[dict[str, Any]] = list(
            (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars()
        )
    return [payload["person"] for payload in payloads if payload["view"] == view]


# --- ordering ---------------------------------------------------------------------------------------------


async def test_an_order_is_a_request_with_what_was_answered(counter: Counter, units: DatabaseUnits) -> None:
    made = await counter.order("tweestaps", RESET, note="Het is dringend.")
    assert (made.ticket.number, made.ticket.category) == ("A-2026-000001", "account")
    assert (made.ticket.kind, made.ticket.state, made.ticket.urgency) == (
        Kind.REQUEST,
        State.NEW,
        Urgency.HIGH,
    )
    assert (made.ticket.title, made.ticket.text) == (
        "Tweestapsverificatie opnieuw instellen",
        "Het is dringend.",
    )
    async with units.read() as unit:
        order = await order_of(unit, made.ticket.id)
    assert order == made.order
    assert [(one.field_id, one.value, one.text) for one in order.answers] == [
        ("wie", "collega", "Voor een collega"),
        ("collega", "dirk", "Dirk Peeters"),
        ("reden", "nieuw", "Ik heb een nieuwe telefoon"),
        ("nummer", "0470 00 00 00", "0470 00 00 00"),
    ]
    assert (order.needs_approval, order.due_on) == (False, date(2026, 11, 23))


async def test_the_same_form_sent_twice_is_one_order(counter: Counter, units: DatabaseUnits) -> None:
    made = [await counter.order(key="form:1") for _ in range(2)]
    assert made[0].ticket.id == made[1].ticket.id
    assert made[0].order == made[1].order
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(tickets))).scalar_one() == 1
        assert await most_ordered(unit, 5) == ("laptop",)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_same_form_sent_at_once_is_one_order(counter: Counter, units: DatabaseUnits) -> None:
    made = await asyncio.gather(*(counter.order(key="form:1") for _ in range(8)))
    assert len({one.ticket.id for one in made}) == 1
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(OrderRow))).scalar_one() == 1


async def test_a_form_with_mistakes_orders_nothing(counter: Counter, units: DatabaseUnits) -> None:
    with pytest.raises(InvalidForm) as refused:
        await counter.order("tweestaps", RESET | {"collega": "Jos Niemand", "nummer": ""})
    assert [one.field for one in refused.value.problems] == ["collega", "nummer"]
    with pytest.raises(Invalid, match="At most 2000"):
        await counter.order(note="x" * 2001)
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(tickets))).scalar_one() == 0


async def test_a_colleague_is_found_by_name_or_address(counter: Counter) -> None:
    for typed in ("dirk peeters", "Peeters", " DIRK.PEETERS@vlaskerke.example "):
        made = await counter.order("tweestaps", RESET | {"collega": typed})
        assert made.order.answers[1].value == "dirk"


async def test_what_is_not_in_the_catalogue_is_not_there(counter: Counter) -> None:
    with pytest.raises(NotFound):
        await counter.order("vliegtuig")


async def test_who_may_not_order_something_does_not_find_it_either(counter: Counter, desk: Desk) -> None:
    starter = {"naam": "Jan", "begin": "2026-12-01", "statuut": "vast", "leidinggevende": "Fatima Benali"}
    assert "starter" not in {item.id for item in await items_for(desk, person("amina"))}
    assert "starter" in {item.id for item in await items_for(desk, person("fatima"))}
    with pytest.raises(NotFound):
        await counter.order("starter", starter)
    made = await counter.order("starter", starter, who="fatima")
    assert made.ticket.title == "Nieuwe collega: Jan"


async def test_an_agent_orders_for_somebody_whose_supervisor_decides_and_who_is_told(
    counter: Counter, units: DatabaseUnits, desk: Desk
) -> None:
    bram, command = person("bram").as_actor(), OrderItem("laptop", LAPTOP)
    async with units() as unit:
        made = await order_item(unit, desk, bram, person("amina"), command, key="1")
    assert (made.ticket.requester_id, made.ticket.reporter_id) == ("amina", "bram")
    async with units() as unit:
        approval = await approval_of(unit, KIND, made.ticket.id)
        ticket = await access_ticket(unit, person("amina").as_actor(), made.ticket.id)
        job = (await unit.db.execute(select(Job.payload).where(Job.kind == CHANGED))).scalar_one()
    assert (approval.requester_id, approval.approver_ids) == ("amina", ("fatima",))
    await notify_handlers(desk)[CHANGED](ClaimedJob("j", CHANGED, job, 1))
    assert ticket.state is State.WAITING_APPROVAL
    async with units.read() as unit:
        payloads = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars().all()
    assert [one["only_if_posted"] for one in payloads if one["view"] == REQUESTER] == [False]


async def test_nobody_but_an_agent_orders_for_somebody(units: DatabaseUnits, desk: Desk) -> None:
    fatima = person("fatima").as_actor()
    with pytest.raises(NotFound):
        async with units() as unit:
            await order_item(unit, desk, fatima, person("amina"), OrderItem("laptop", LAPTOP), key="1")
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(tickets))).scalar_one() == 0


async def test_a_flow_orders_for_somebody(counter: Counter, units: DatabaseUnits, desk: Desk) -> None:
    flow = Actor("flow:intake", "intake")
    async with units() as unit:
        made = await order_item(unit, desk, flow, person("amina"), OrderItem("laptop", LAPTOP), key="1")
    assert (made.ticket.requester_id, made.ticket.reporter_id) == ("amina", "flow:intake")
    async with units.read() as unit:
        assert (await approval_of(unit, KIND, made.ticket.id)).requester_id == "amina"


async def test_an_order_that_nobody_can_approve_is_not_made(units: DatabaseUnits, desk: Desk) -> None:
    """Els is the only information manager, and here nobody decides in her place."""
    only = ApprovalPolicy("information_manager", {}, Plan((Stage((Circle("information_manager"),)),)))
    there = replace(desk, organisation=replace(desk.organisation, approvals=(only,)))
    els = person("els")
    given = {"programma": "X", "waarvoor": "Y", "gegevens": "geen", "toestel": "LT-1"}
    with pytest.raises(Conflict, match="nobody"):
        async with units() as unit:
            await order_item(unit, there, els.as_actor(), els, OrderItem("programma", given), key="1")
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(tickets))).scalar_one() == 0


async def test_what_is_asked_most_and_what_somebody_asked_before(
    counter: Counter, units: DatabaseUnits
) -> None:
    for _ in range(2):
        await counter.order("tweestaps", RESET, who="dirk")
    await counter.order()
    await counter.order("tweestaps", RESET)
    async with units.read() as unit:
        assert await most_ordered(unit, 5) == ("tweestaps", "laptop")
        assert await most_ordered(unit, 1) == ("tweestaps",)
        assert await ordered_before(unit, "amina", 5) == ("tweestaps", "laptop")
        assert await ordered_before(unit, "els", 5) == ()


# --- approval ---------------------------------------------------------------------------------------------


async def test_an_item_with_a_policy_waits_for_its_approver(
    counter: Counter, units: DatabaseUnits, fatima: Actor
) -> None:
    made = await counter.order()
    assert (made.ticket.state, made.order.due_on) == (State.WAITING_APPROVAL, None)
    async with units.read() as unit:
        [asked] = (await waiting_for(unit, fatima)).approvals
    assert (asked.kind, asked.policy, asked.number, asked.title) == (
        KIND,
        "supervisor",
        made.ticket.number,
        "Nieuwe laptop",
    )


async def test_approval_starts_it_and_its_delivery_time(
    counter: Counter, units: DatabaseUnits, amina: Actor, clock: Clock
) -> None:
    made = await counter.order()
    clock.forward(days=3)  # a Thursday
    await counter.decide(made, "fatima", "approve")
    async with units.read() as unit:
        assert (await access_ticket(unit, amina, made.ticket.id)).state is State.NEW
        assert (await order_of(unit, made.ticket.id)).due_on == date(2026, 12, 10)
    assert await shown(units, RESULT_VIEW) == ["amina"]


async def test_refusal_ends_it_and_is_told(counter: Counter, units: DatabaseUnits, amina: Actor) -> None:
    made = await counter.order()
    await counter.decide(made, "fatima", "refuse", "Er is dit jaar geen budget.")
    async with units.read() as unit:
        ticket = await access_ticket(unit, amina, made.ticket.id)
        assert ticket.state is State.REJECTED
        assert (await order_of(unit, ticket.id)).due_on is None
        decision = (await approval_of(unit, KIND, ticket.id)).decision
    assert decision
    assert decision.comment == "Er is dit jaar geen budget."
    assert await shown(units, RESULT_VIEW) == ["amina"]


async def test_the_desk_cannot_go_on_before_it_is_approved(
    counter: Counter, units: DatabaseUnits, bram: Actor, desk: Desk
) -> None:
    made = await counter.order()
    policy = desk.organisation.helpdesk
    for step in (helpdesk.resolve, helpdesk.ask):
        with pytest.raises(Conflict):
            async with units() as unit:
                await step(unit, bram, Say(made.ticket.id, "Klaar"), policy, key="1")
    with pytest.raises(Conflict):
        async with units() as unit:
            await helpdesk.assign_to_me(unit, bram, made.ticket.id, policy, key="2")


@pytest.mark.parametrize("by", ["amina", "bram"])
async def test_a_ticket_that_ended_takes_the_question_back(
    counter: Counter, units: DatabaseUnits, desk: Desk, by: str, fatima: Actor
) -> None:
    """Withdrawn by who asked, or refused by the desk."""
    made = await counter.order()
    end = helpdesk.withdraw if by == "amina" else helpdesk.reject
    async with units() as unit:
        said = Say(made.ticket.id, "Toch niet nodig")
        ended = await end(unit, person(by).as_actor(), said, desk.organisation.helpdesk, key="1")
    change = TicketChanged(
        ended.id, ended.version, "withdraw", by, State.WAITING_APPROVAL, ended.state, ended.updated_at
    )
    hear = subscriber(subjects(desk))
    for _ in range(2):  # jobs may run twice
        async with units() as unit:
            await hear(unit, change, ended)
    async with units.read() as unit:
        assert (await approval_of(unit, KIND, ended.id)).state is ApprovalState.WITHDRAWN
        assert (await waiting_for(unit, fatima)).approvals == ()


async def test_a_withdrawn_question_withdraws_the_ticket(
    counter: Counter, units: DatabaseUnits, amina: Actor
) -> None:
    made = await counter.order()
    await counter.decide(made, "amina", "withdraw")
    async with units.read() as unit:
        assert (await access_ticket(unit, amina, made.ticket.id)).state is State.WITHDRAWN


async def test_a_decision_after_the_ticket_ended_changes_nothing(
    counter: Counter, units: DatabaseUnits, desk: Desk, amina: Actor
) -> None:
    """The job that takes the question back has not run yet."""
    made = await counter.order()
    async with units() as unit:
        await helpdesk.withdraw(unit, amina, Say(made.ticket.id, ""), desk.organisation.helpdesk, key="1")
    await counter.decide(made, "fatima", "approve")
    async with units.read() as unit:
        assert (await access_ticket(unit, amina, made.ticket.id)).state is State.WITHDRAWN
    assert await shown(units, RESULT_VIEW) == []


# --- sent back --------------------------------------------------------------------------------------------


async def test_an_order_that_was_sent_back_is_changed_and_asked_again(
    counter: Counter, units: DatabaseUnits, desk: Desk, amina: Actor, fatima: Actor
) -> None:
    made = await counter.order()
    await counter.decide(made, "fatima", "send_back", "Is een lichte niet genoeg?")
    other = OrderItem("laptop", LAPTOP | {"model": "groot"}, "Ik werk met kaarten.")
    async with units() as unit:
        changed = await change_order(unit, desk, person("amina"), made.ticket.id, other, key="1")
    assert changed.ticket.text == "Ik werk met kaarten."
    assert changed.ticket.state is State.WAITING_APPROVAL
    async with units.read() as unit:
        assert (await order_of(unit, made.ticket.id)).answers == changed.order.answers
        assert len((await waiting_for(unit, fatima)).approvals) == 1
    await counter.decide(made, "fatima", "approve")
    async with units.read() as unit:
        assert (await access_ticket(unit, amina, made.ticket.id)).state is State.NEW


async def test_only_who_ordered_changes_an_order_and_only_when_asked(
    counter: Counter, units: DatabaseUnits, desk: Desk
) -> None:
    made = await counter.order()
    command = OrderItem("laptop", LAPTOP)
    with pytest.raises(Conflict):
        async with units() as unit:
            await change_order(unit, desk, person("amina"), made.ticket.id, command, key="1")
    for other in ("dirk", "bram"):
        with pytest.raises(NotFound):
            async with units() as unit:
                await change_order(unit, desk, person(other), made.ticket.id, command, key="1")


# --- delivery ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23T08:30:00+00:00", 10, date(2026, 12, 7)),
        ("2026-11-20T20:00:00+00:00", 1, date(2026, 11, 23)),  # late on a Friday
        ("2026-12-23T08:30:00+00:00", 2, date(2027, 1, 4)),  # Christmas and the closing after it in between
        ("2026-11-21T08:30:00+00:00", 0, date(2026, 11, 23)),  # at once, on a Saturday
    ],
)
async def test_delivery_counts_working_days(
    organisation: Organisation, start: str, days: int, due: date
) -> None:
    assert due_on(organisation.calendar, datetime.fromisoformat(start), days) == due


async def test_a_request_in_somebodys_own_words_is_no_order(
    units: DatabaseUnits, desk: Desk, amina: Actor
) -> None:
    async with units() as unit:
        ticket = await helpdesk.report_ticket(
            unit,
            amina,
            helpdesk.ReportTicket(Kind.REQUEST, "Een fiets", Impact.LOW, Urgency.LOW),
            desk.organisation.helpdesk,
            key="1",
        )
        assert await find_order(unit, ticket.id) is None


@pytest.mark.parametrize("who", ["amina", "bram"])
async def test_what_was_never_approved_is_not_opened_again(
    counter: Counter, units: DatabaseUnits, desk: Desk, who: str
) -> None:
    made = await counter.order()
    await counter.decide(made, "fatima", "refuse", "Er is geen budget.")
    with pytest.raises(Conflict, match="never approved"):
        async with units() as unit:
            said = Say(made.ticket.id, "Toch graag")
            await helpdesk.reopen(
                unit, person(who).as_actor(), said, desk.organisation.helpdesk, key="reopen"
            )
