"""An office in which something is asked: the approvals are real, what they are about only keeps what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from adapters.database.engine import DatabaseUnits
from domain.approvals import absences, actions, notify
from domain.approvals.actions import AskApproval, Decide, Decided, Delegate
from domain.approvals.approval import Approval
from domain.approvals.policy import ApprovalPolicy, Circle, Plan, Stage
from domain.approvals.reading import load
from domain.approvals.rules import Attribute
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.tables import new_id
from domain.unit import Unit
from tests.cast import person
from tests.conftest import Clock, RungBells
from wiring.worker import Worker

TEAM_OWNER, SUPERVISOR, MANAGER = Circle("team_owner"), Circle("supervisor"), Circle("information_manager")


def people(*ids: str) -> Circle:
    return Circle("people", ids)


def plan(*stages: Stage, restart: bool = True, bulk: bool = False) -> Plan:
    return Plan(stages, restart, bulk)


def with_policy(desk: Desk, policy: Plan, policy_id: str = "thing") -> Desk:
    others = tuple(one for one in desk.organisation.approvals if one.id != policy_id)
    policies = (*others, ApprovalPolicy(policy_id, {"nl": "een ding"}, policy))
    return replace(desk, organisation=replace(desk.organisation, approvals=policies))


@dataclass(slots=True)
class Thing:
    """A subject that keeps what it was told, each time in the same transaction."""

    told: list[tuple[str, str]] = field(default_factory=list)

    async def decided(self, unit: Unit, approval: Approval) -> None:
        self.told.append((approval.subject_id, approval.state.value))

    async def sent_back(self, unit: Unit, approval: Approval) -> None:
        self.told.append((approval.subject_id, approval.state.value))


@dataclass(slots=True)
class Office:
    """Runs the jobs as the worker does, with the clock in the test's hand. Cards are noted, not posted."""

    desk: Desk
    units: DatabaseUnits
    bells: RungBells
    clock: Clock
    thing: Thing = field(default_factory=Thing)
    shown: list[tuple[str, str, str, bool]] = field(default_factory=list)
    """View, subject, person, and whether only a card that stands is updated."""
    handlers: dict[str, JobHandler] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from domain import approvable

        async def show(job: ClaimedJob) -> None:
            names = ("view", "subject", "person", "only_if_posted")
            self.shown.append(tuple(job.payload[name] for name in names))

        self.handlers |= {
            **notify.handlers(self.desk),
            **absences.handlers(self.desk),
            **approvable.handlers(self.desk, self.subjects),
            SHOW: show,
        }

    @property
    def alone(self) -> bool:
        """Whether units that write wait for each other before they begin."""
        return self.units._engine.dialect.name == "sqlite"

    @property
    def subjects(self) -> Mapping[str, Thing]:
        return {"thing": self.thing}

    def with_policy(self, policy: Plan, policy_id: str = "thing") -> None:
        """From now on this is what is asked for a thing."""
        self.desk = with_policy(self.desk, policy, policy_id)

    async def ask(self, who: str = "amina", **attributes: Attribute) -> Approval:
        ask = AskApproval("thing", new_id(), "T-2026-000001", "Een ding", attributes=attributes)
        async with self.units() as unit:
            return await actions.ask_approval(unit, self.desk, person(who), ask)

    async def now(self, approval: Approval) -> Approval:
        async with self.units.read() as unit:
            return await load(unit, approval.id)

    async def approve(self, approval: Approval, who: str, comment: str = "", round: int = 1) -> Decided:  # noqa: A002
        return await self._decide(actions.approve, approval, who, comment, round)

    async def refuse(self, approval: Approval, who: str, comment: str = "Nee", round: int = 1) -> Decided:  # noqa: A002
        return await self._decide(actions.refuse, approval, who, comment, round)

    async def send_back(
        self,
        approval: Approval,
        who: str,
        comment: str = "Kleiner",
        round: int = 1,  # noqa: A002
    ) -> Decided:
        return await self._decide(actions.send_back, approval, who, comment, round)

    async def _decide(self, act: object, approval: Approval, who: str, comment: str, round_: int) -> Decided:
        async with self.units() as unit:
            decided: Decided = await act(  # type: ignore[operator]
                unit, self.desk, person(who).as_actor(), Decide(approval.id, comment, round_), self.subjects
            )
            return decided

    async def withdraw(self, approval: Approval, who: str = "amina") -> Decided:
        async with self.units() as unit:
            return await actions.withdraw(unit, person(who).as_actor(), Decide(approval.id), self.subjects)

    async def delegate(self, approval: Approval, who: str, to: str, round: int = 1) -> Decided:  # noqa: A002
        command = Delegate(approval.id, to, "Jij weet er meer van", round)
        async with self.units() as unit:
            return await actions.delegate(unit, self.desk, person(who).as_actor(), command)

    async def resubmit(self, approval: Approval, who: str = "amina", **attributes: Attribute) -> Approval:
        ask = AskApproval(
            "thing", approval.subject_id, approval.number, "Een kleiner ding", attributes=attributes
        )
        async with self.units() as unit:
            return await actions.resubmit(unit, self.desk, person(who).as_actor(), ask)

    async def run_due(self) -> None:
        """Every job that is due now, and what those ask for."""
        worker = Worker(self.units, self.bells, self.handlers, jitter=lambda: 0.0)
        while self.bells.rung:
            job_id, due = self.bells.rung.pop(0)
            if due <= self.clock.now:
                await worker.run(job_id)

    def at(self, text: str) -> None:
        """Move the clock there."""
        self.clock.now = datetime.fromisoformat(text)


@pytest.fixture
def office(desk: Desk, units: DatabaseUnits, bells: RungBells, clock: Clock) -> Office:
    office = Office(desk, units, bells, clock)
    office.with_policy(plan(Stage((TEAM_OWNER, SUPERVISOR, MANAGER))))
    return office
