"""What happens in the desk becomes events: which, with what in them, and once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from connector.shapes import webhooks as shapes
from connector.webhooks import ROWS, ConnectorObjects
from domain.actor import Actor
from domain.api_keys.actions import create_key
from domain.api_keys.models import Scope
from domain.approvals.actions import AskApproval, Decide, ask_approval, refuse
from domain.desk import Desk
from domain.helpdesk import actions as tickets
from domain.helpdesk import notify
from domain.helpdesk.actions import ReportTicket, Say
from domain.helpdesk.notes import write_note
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.jobs.models import Job
from domain.satisfaction.actions import rate_ticket
from domain.service_levels import notify as service_levels
from domain.service_levels.actions import Timekeeper
from domain.tables import new_id
from domain.tips.actions import choose_tip, record_questions
from domain.tips.tip import Asked, Zone
from domain.webhooks import hearing
from domain.webhooks.actions import Subscribe, subscribe
from domain.webhooks.addresses import Addresses
from domain.webhooks.models import events
from domain.webhooks.rules import EventType
from tests.cast import person
from tests.conftest import Clock

_keys = count(1)
SHAPES = {row.event.value: row.notification for row in ROWS}


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The statements are tried on both kinds with the deliveries."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


class Told:
    """Somebody subscribed to everything; jobs run once, or twice as after a crash."""

    def __init__(self, units: DatabaseUnits, desk: Desk) -> None:
        self.units, self.desk = units, desk
        objects = ConnectorObjects(desk)
        listener = hearing.Listener(objects)
        self._handlers: Mapping[str, JobHandler] = {
            **notify.handlers(desk, [Timekeeper(desk), listener]),
            **service_levels.handlers(desk, listener.overdue),
            **hearing.handlers(desk, objects),
        }
        self._done: set[str] = set()

    async def listen(self, *types: EventType) -> None:
        async with self.units() as unit:
            await create_key(unit, "alles", Scope)
            for event in types or EventType:
                command = Subscribe(event, "https://x.logic.azure.com/", {})
                await subscribe(unit, Actor("flow:alles", "alles"), command, Addresses())

    async def since(self) -> list[dict[str, Any]]:
        """The bodies of the events since the last time."""
        async with self.units.read() as unit:
            rows = await unit.db.execute(select(Job.id, Job.kind, Job.payload).order_by(Job.id))
            jobs = [ClaimedJob(row.id, row.kind, row.payload, 1) for row in rows if row.id not in self._done]
            before = set((await unit.db.execute(select(events.c.id))).scalars())
        for job in jobs:
            self._done.add(job.id)
            if job.kind in self._handlers:
                await self._handlers[job.kind](job)
                await self._handlers[job.kind](job)
        async with self.units.read() as unit:
            rows = await unit.db.execute(select(events).order_by(events.c.position))
            new = [row for row in rows if row.id not in before]
        bodies = [json.loads(row.body) for row in new]
        for row, body in zip(new, bodies, strict=True):
            assert (row.id, row.type) == (body["eventId"], body["event"])
            check_shape(body, SHAPES[row.type])
        return bodies

    async def report(self, actor: Actor) -> Ticket:
        command = ReportTicket(Kind.INCIDENT, "Mijn laptop start niet.", Impact.LOW, Urgency.HIGH)
        async with self.units() as unit:
            return await tickets.report_ticket(unit, actor, command, self.policy, key=f"k{next(_keys)}")

    async def step(self, how: Any, actor: Actor, *given: Any) -> None:
        async with self.units() as unit:
            await how(unit, actor, *given, self.policy, key=f"k{next(_keys)}")

    @property
    def policy(self) -> Any:
        return self.desk.organisation.helpdesk


def check_shape(body: Mapping[str, Any], shape: Any) -> None:
    """The body has what the documented shape has, and nothing else."""
    adapter = TypeAdapter(shape)
    known = adapter.json_schema()
    adapter.validate_json(json.dumps(body))
    assert set(body) <= set(known["properties"])
    assert set(known["required"]) <= set(body)


@pytest.fixture
def told(units: DatabaseUnits, desk: Desk) -> Told:
    return Told(units, desk)


def names(bodies: list[dict[str, Any]]) -> list[str]:
    return [body["event"] for body in bodies]


async def test_the_life_of_a_ticket(told: Told, amina: Actor, bram: Actor) -> None:
    await told.listen()
    ticket = await told.report(amina)
    (created,) = await told.since()
    assert created["event"] == "ticket.created"
    assert created["ticket"]["number"] == ticket.number
    assert created["ticket"]["requesterEmail"] == person("amina").email
    assert created["changed"] == []

    await told.step(tickets.assign_to_me, bram, ticket.id)
    updated, assigned = await told.since()
    assert names([updated, assigned]) == ["ticket.updated", "ticket.assigned"]
    assert assigned["changed"] == ["assigneeEmail", "assigneeName", "state"]
    assert assigned["ticket"]["assigneeEmail"] == person("bram").email

    await told.step(tickets.answer, bram, Say(ticket.id, "Probeer eens *dit*."))
    updated, commented = await told.since()
    assert names([updated, commented]) == ["ticket.updated", "ticket.commented"]
    assert commented["comment"]["text"] == "Probeer eens *dit*."
    assert commented["comment"]["fromDesk"] is True

    await told.step(tickets.resolve, bram, Say(ticket.id, "Hij doet het."))
    assert names(await told.since()) == ["ticket.updated", "ticket.commented", "ticket.resolved"]
    await told.step(tickets.reopen, amina, Say(ticket.id, "Toch niet."))
    assert names(await told.since()) == ["ticket.updated", "ticket.commented", "ticket.reopened"]


async def test_who_answers_what_nobody_had_has_it(told: Told, amina: Actor, bram: Actor) -> None:
    await told.listen(EventType.TICKET_ASSIGNED)
    ticket = await told.report(amina)
    await told.step(tickets.answer, bram, Say(ticket.id, "Dag Amina"))
    (assigned,) = await told.since()
    assert "assigneeEmail" in assigned["changed"]


async def test_a_note_of_the_desk_is_no_event(told: Told, amina: Actor, bram: Actor) -> None:
    await told.listen()
    ticket = await told.report(amina)
    await told.since()
    async with told.units() as unit:
        await write_note(unit, bram, ticket.id, "Geheim", key="n1")
    assert await told.since() == []


async def test_a_promise_at_risk_and_then_broken(told: Told, amina: Actor, clock: Clock) -> None:
    await told.listen(EventType.TICKET_AT_RISK, EventType.TICKET_BREACHED)
    await told.report(amina)
    assert await told.since() == []
    clock.forward(days=20)
    await Timekeeper(told.desk).sweep()
    bodies = await told.since()
    assert {(body["event"], body["measure"]) for body in bodies} == {
        ("ticket.breached", "response"),
        ("ticket.breached", "resolution"),
    }


async def test_a_rating(told: Told, amina: Actor, bram: Actor) -> None:
    await told.listen(EventType.TICKET_RATED)
    ticket = await told.report(amina)
    await told.step(tickets.resolve, bram, Say(ticket.id, "Klaar"))
    await told.step(tickets.close, amina, ticket.id)
    async with told.units() as unit:
        await rate_ticket(unit, amina, ticket.id, 2, "Het duurde lang")
    (rated,) = await told.since()
    assert (rated["rating"]["score"], rated["rating"]["words"]) == (2, "Het duurde lang")


async def test_an_approval_asked_and_refused(told: Told) -> None:
    class Nothing:
        """What is approved hears of it; here that is nobody."""

        async def decided(self, *_: object) -> None: ...

        async def sent_back(self, *_: object) -> None: ...

    await told.listen()
    policy = min(policy.id for policy in told.desk.organisation.approvals)
    ask = AskApproval("order", new_id(), "A-2026-000001", "Een toestel", policy=policy)
    async with told.units() as unit:
        approval = await ask_approval(unit, told.desk, person("amina"), ask)
    (asked,) = await told.since()
    assert asked["event"] == "approval.asked"
    approver = approval.approver_ids[0]
    assert person(approver).email in asked["approval"]["approvers"]
    async with told.units() as unit:
        decide = Decide(approval.id, "Te duur")
        await refuse(unit, told.desk, person(approver).as_actor(), decide, {"order": Nothing()})
    (decided,) = await told.since()
    assert (decided["event"], decided["approval"]["state"]) == ("approval.decided", "refused")
    assert decided["approval"]["decidedBy"] == person(approver).name
    assert decided["approval"]["comment"] == "Te duur"


async def test_a_question_that_nobody_could_answer_comes_once_and_without_who_asked(
    told: Told, amina: Actor
) -> None:
    await told.listen(EventType.QUESTION_UNANSWERED)
    asked = Asked(new_id(), "amina", "nl", "Waar staat de koffie?", Zone.UNKNOWN, 0.1, ())
    async with told.units() as unit:
        await record_questions(unit, [asked])
    async with told.units() as unit:
        await choose_tip(unit, amina, asked.id, None)
    (question,) = await told.since()
    assert question["question"]["text"] == "Waar staat de koffie?"
    assert "amina" not in json.dumps(question).lower()


async def test_when_nobody_listens_nothing_is_written_down(told: Told, amina: Actor) -> None:
    await told.listen(EventType.TICKET_RATED)
    await told.report(amina)
    assert await told.since() == []


def test_every_event_is_a_trigger_with_a_shape() -> None:
    assert [row.event for row in ROWS] == list(EventType)
    assert shapes.TicketEvent in SHAPES.values()
