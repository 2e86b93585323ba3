"""Reporting a ticket and every step after it, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk import actions, reading
from domain.helpdesk.actions import ReportTicket
from domain.helpdesk.changes import TicketChanged
from domain.helpdesk.models import tickets
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Priority, Urgency
from domain.helpdesk.rules import Kind, State, Step
from domain.helpdesk.steps import CHANGED
from domain.helpdesk.texts import TEXT_LIMIT
from domain.helpdesk.ticket import Ticket
from domain.jobs.models import Job
from tests.cast import person
from tests.conftest import Clock
from tests.helpdesk.conftest import LAPTOP, PLAIN, Report, Take, incident

InState = Callable[[State], Awaitable[Ticket]]
DIFFICULT = (
    "👩🏽‍🔧🇧🇪 **vet** _schuin_ [link](http://x) <b>html</b> & {{DATE(2026)}} مرحبا بالعالم 'x' \\ \"y\""
)


async def history(units: DatabaseUnits, actor: Actor, ticket_id: str) -> list[tuple[str, str, State]]:
    async with units.read() as unit:
        events = await reading.list_history(unit, actor, ticket_id)
    return [(event.what, event.by_id, event.state) for event in events]


async def jobs(units: DatabaseUnits) -> list[dict[str, Any]]:
    async with units.read() as unit:
        found = await unit.db.execute(select(Job.payload).where(Job.kind == CHANGED).order_by(Job.id))
        return list(found.scalars())


# --- reporting --------------------------------------------------------------------------------------------


async def test_a_report_becomes_a_ticket_with_a_number_a_history_and_one_job(
    units: DatabaseUnits, report: Report, amina: Actor, clock: Clock
) -> None:
    ticket = await report(amina)
    assert ticket.number == "I-2026-000001"
    assert (ticket.kind, ticket.state, ticket.priority) == (Kind.INCIDENT, State.NEW, Priority.NORMAL)
    assert ticket.title == "Mijn laptop start niet meer op."
    assert ticket.text == LAPTOP
    assert (ticket.requester_id, ticket.reporter_id, ticket.team_id) == ("amina", "amina", "digitaal")
    assert ticket.created_at == ticket.updated_at == clock.now
    async with units.read() as unit:
        assert await reading.access_ticket(unit, amina, ticket.id) == ticket
    assert await history(units, amina, ticket.id) == [("report", "amina", State.NEW)]
    told = TicketChanged(ticket.id, 1, "report", "amina", None, State.NEW, clock.now)
    assert [TicketChanged.from_payload(payload) for payload in await jobs(units)] == [told]


@pytest.mark.parametrize("kind", Kind)
async def test_each_kind_counts_its_own_numbers(report: Report, amina: Actor, kind: Kind) -> None:
    command = ReportTicket(kind, "Iets", Impact.LOW, Urgency.LOW)
    assert [(await report(amina, command)).number for _ in range(2)] == [
        f"{kind.letter}-2026-000001",
        f"{kind.letter}-2026-000002",
    ]


async def test_the_same_key_reports_once(units: DatabaseUnits, report: Report, amina: Actor) -> None:
    first = await report(amina, key="form-1")
    assert await report(amina, key="form-1") == first
    assert len(await jobs(units)) == 1
    async with units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(tickets))).scalar_one() == 1


async def test_the_same_key_for_something_else_is_refused(report: Report, amina: Actor, dirk: Actor) -> None:
    first = await report(amina, key="form-1")
    with pytest.raises(Conflict):
        await report(amina, incident("Iets heel anders"), key="form-1")
    assert (await report(dirk, key="form-1")).id != first.id  # everybody has keys of their own


async def test_what_cannot_be_reported_leaves_nothing_behind(
    units: DatabaseUnits, report: Report, amina: Actor
) -> None:
    for text in ("", " \n ", "\x00", "x" * (TEXT_LIMIT + 1)):
        with pytest.raises(Invalid) as refusal:
            await report(amina, incident(text), key="form-1")
        assert refusal.value.field == "text"
    assert await jobs(units) == []
    assert (await report(amina, key="form-1")).number == "I-2026-000001"


@pytest.mark.parametrize("text", [DIFFICULT, "x" * TEXT_LIMIT, "🙂" * TEXT_LIMIT])
async def test_every_text_comes_back_as_it_was_typed(
    units: DatabaseUnits, report: Report, amina: Actor, text: str
) -> None:
    ticket = await report(amina, replace(incident(text), title=text))
    async with units.read() as unit:
        kept = await reading.access_ticket(unit, amina, ticket.id)
    assert kept.text == text
    assert len(kept.title) <= 120


async def test_null_characters_are_left_out(units: DatabaseUnits, report: Report, amina: Actor) -> None:
    ticket = await report(amina, replace(incident("een\x00twee"), title="drie\x00vier"))
    async with units.read() as unit:
        kept = await reading.access_ticket(unit, amina, ticket.id)
    assert (kept.text, kept.title) == ("eentwee", "drievier")


async def test_an_agent_reports_for_a_colleague_and_a_colleague_does_not(
    units: DatabaseUnits, policy: HelpdeskPolicy, bram: Actor, dirk: Actor, amina: Actor
) -> None:
    async def report_for_amina(actor: Actor) -> Ticket:
        async with units() as unit:
            return await actions.report_ticket(
                unit, actor, incident(), policy, key="call", on_behalf_of=person("amina")
            )

    ticket = await report_for_amina(bram)
    assert (ticket.requester_id, ticket.reporter_id, ticket.team_id) == ("amina", "bram", "digitaal")
    with pytest.raises(NotFound):
        await report_for_amina(dirk)
    async with units.read() as unit:
        assert [t.id for t in (await reading.list_tickets(unit, amina)).tickets] == [ticket.id]


# --- steps ------------------------------------------------------------------------------------------------


async def test_from_report_to_confirmation(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor, clock: Clock
) -> None:
    ticket = await report(amina)
    for actor, step, state in (
        (bram, Step.ASSIGN, State.ASSIGNED),
        (amina, Step.REPLY, State.ASSIGNED),
        (bram, Step.ANSWER, State.IN_PROGRESS),
        (amina, Step.REPLY, State.IN_PROGRESS),
        (bram, Step.RESOLVE, State.RESOLVED),
        (amina, Step.REOPEN, State.IN_PROGRESS),
        (bram, Step.RESOLVE, State.RESOLVED),
        (amina, Step.CLOSE, State.CLOSED),
    ):
        clock.forward(minutes=5)
        ticket = await take(actor, step, ticket.id, f"{step} van {actor.id}")
        assert ticket.state is state
        async with units.read() as unit:
            assert await reading.access_ticket(unit, amina, ticket.id) == ticket
    assert (ticket.assignee_id, ticket.version, ticket.updated_at) == ("bram", 9, clock.now)
    assert [line[:2] for line in await history(units, amina, ticket.id)] == [
        ("report", "amina"),
        ("assign", "bram"),
        ("reply", "amina"),
        ("answer", "bram"),
        ("reply", "amina"),
        ("resolve", "bram"),
        ("reopen", "amina"),
        ("resolve", "bram"),
        ("close", "amina"),
    ]
    async with units.read() as unit:
        conversation = await reading.access_conversation(unit, amina, ticket.number)
    assert conversation.earlier == 1
    assert [(message.author_id, message.from_desk) for message in conversation.messages] == [
        ("bram", True),
        ("amina", False),
        ("bram", True),
        ("amina", False),
        ("bram", True),
    ]
    assert (conversation.latest.what, conversation.latest.by_id) == ("close", "amina")
    assert len(await jobs(units)) == 9


async def test_who_answers_or_resolves_a_ticket_that_nobody_has_has_it_from_then_on(
    report: Report, take: Take, amina: Actor, carla: Actor
) -> None:
    for step in (Step.ANSWER, Step.RESOLVE):
        assert (await take(carla, step, (await report(amina)).id)).assignee_id == "carla"


async def test_another_agent_can_answer_and_the_ticket_stays_with_who_has_it(
    in_state: InState, take: Take, carla: Actor
) -> None:
    ticket = await in_state(State.ASSIGNED)
    assert (await take(carla, Step.ANSWER, ticket.id)).assignee_id == "bram"


async def test_the_second_agent_finds_out_who_was_first(
    units: DatabaseUnits, in_state: InState, take: Take, carla: Actor
) -> None:
    ticket = await in_state(State.ASSIGNED)
    with pytest.raises(Conflict):
        await take(carla, Step.ASSIGN, ticket.id)
    async with units.read() as unit:
        assert (await reading.access_ticket(unit, carla, ticket.id)).assignee_id == "bram"


@pytest.mark.parametrize("step", [step for step in PLAIN if step not in (Step.REOPEN, Step.CLOSE)])
@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.WITHDRAWN, State.REJECTED])
async def test_what_is_resolved_takes_no_more_steps_but_opening_again(
    units: DatabaseUnits,
    in_state: InState,
    take: Take,
    amina: Actor,
    bram: Actor,
    state: State,
    step: Step,
) -> None:
    ticket = await in_state(state)
    before = await history(units, amina, ticket.id)
    with pytest.raises(Conflict):
        await take(amina if step in (Step.REPLY, Step.WITHDRAW) else bram, step, ticket.id)
    assert await history(units, amina, ticket.id) == before


async def test_opening_again_has_an_end(
    in_state: InState, take: Take, amina: Actor, clock: Clock, policy: HelpdeskPolicy
) -> None:
    ticket = await in_state(State.CLOSED)
    clock.forward(days=policy.reopen_days, seconds=1)
    with pytest.raises(Conflict, match="too long ago"):
        await take(amina, Step.REOPEN, ticket.id)


async def test_the_same_key_takes_a_step_once(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    for step in (Step.ASSIGN, Step.ANSWER, Step.RESOLVE):
        first = await take(bram, step, ticket.id, key=step)
        assert await take(bram, step, ticket.id, key=step) == first
    assert len(await history(units, amina, ticket.id)) == 4
    with pytest.raises(Conflict):
        await take(bram, Step.RESOLVE, ticket.id, "iets anders", key=Step.RESOLVE)


@pytest.mark.parametrize(
    "step", [Step.ANSWER, Step.ASK, Step.AWAIT_SUPPLIER, Step.REPLY, Step.RESOLVE, Step.REJECT]
)
async def test_nothing_empty_is_said(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, bram: Actor, step: Step
) -> None:
    ticket = await report(amina)
    with pytest.raises(Invalid) as refusal:
        await take(amina if step is Step.REPLY else bram, step, ticket.id, " \x00 ")
    assert refusal.value.field == "text"
    assert len(await history(units, amina, ticket.id)) == 1


# --- whose it is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", PLAIN)
async def test_an_outsider_finds_no_ticket_whatever_the_step(
    units: DatabaseUnits, report: Report, take: Take, amina: Actor, dirk: Actor, step: Step
) -> None:
    ticket = await report(amina)
    with pytest.raises(NotFound):
        await take(dirk, step, ticket.id)
    assert len(await history(units, amina, ticket.id)) == 1


async def test_a_requester_takes_no_steps_of_the_desk_nor_an_agent_those_of_a_requester(
    report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    for actor, step in (
        (amina, Step.ASSIGN),
        (amina, Step.ANSWER),
        (amina, Step.RESOLVE),
        (bram, Step.REPLY),
        (bram, Step.CLOSE),
    ):
        with pytest.raises(Conflict):
            await take(actor, step, ticket.id)


async def test_an_agents_own_ticket_has_the_agent_on_both_sides(
    units: DatabaseUnits, report: Report, take: Take, bram: Actor
) -> None:
    ticket = await report(bram)
    await take(bram, Step.REPLY, ticket.id)
    await take(bram, Step.ANSWER, ticket.id)
    await take(bram, Step.RESOLVE, ticket.id)
    await take(bram, Step.REOPEN, ticket.id)
    async with units.read() as unit:
        conversation = await reading.access_conversation(unit, bram, ticket.id)
    assert [message.from_desk for message in conversation.messages] == [False, True, True, False]


async def test_an_agent_who_lost_the_role_takes_no_more_steps(
    report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await take(bram, Step.ASSIGN, (await report(amina)).id)
    with pytest.raises(NotFound):
        await take(replace(bram, roles=frozenset()), Step.ANSWER, ticket.id)


@pytest.mark.parametrize("unknown", ["", "I-2026-000002", "nonsense", "x" * 500, "\x00", "I-2026-\x00000001"])
async def test_an_unknown_ticket_and_someone_elses_look_alike(
    units: DatabaseUnits, report: Report, amina: Actor, dirk: Actor, unknown: str
) -> None:
    ticket = await report(amina)
    async with units.read() as unit:
        for actor, wanted in ((amina, unknown), (dirk, ticket.id), (dirk, ticket.number)):
            with pytest.raises(NotFound, match=r"There is no such ticket\."):
                await reading.access_ticket(unit, actor, wanted)
        assert (await reading.access_ticket(unit, amina, f" {ticket.number.lower()} ")).id == ticket.id
