"""Changes of the demo city, and the board that decides about them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from adapters.database.engine import DatabaseUnits
from domain.approvable import subjects
from domain.approvals.actions import Decide, Decided, approval_of, approve, refuse, send_back
from domain.changes.actions import KIND, PlanChange, Planned, plan_change
from domain.changes.policy import ChangeType
from domain.changes.rules import Window
from domain.desk import Desk
from tests.cast import person

WINDOW = Window(datetime(2026, 12, 10, 17, 0, tzinfo=UTC), datetime(2026, 12, 10, 20, 0, tzinfo=UTC))
ANSWERS = {"wie": "teams", "eerder": "goed", "terug": "snel", "getest": "deels", "stil": "buiten"}
NORMAL = PlanChange(
    type=ChangeType.NORMAL,
    window=WINDOW,
    systems=("mail",),
    plan="Eerst de testgroep, dan iedereen.",
    back_out="De oude verbinding blijft twee weken staan.",
    title="Mail overzetten",
    why="De oude verbinding wordt niet meer ondersteund.",
    answers=ANSWERS,
)
STANDARD = replace(
    NORMAL,
    type=ChangeType.STANDARD,
    standard_id="certificaat",
    answers=None,
    title="Certificaat van het e-loket",
)
EMERGENCY = replace(NORMAL, type=ChangeType.EMERGENCY, title="Lek in de mailserver dichten")


@dataclass
class Board:
    """Plans, and what the board says about them; each in a transaction of its own."""

    units: DatabaseUnits
    desk: Desk
    keys: count[int] = field(default_factory=count)

    async def plan(
        self, command: PlanChange = NORMAL, *, who: str = "bram", key: str = "", **changed: Any
    ) -> Planned:
        async with self.units() as unit:
            return await plan_change(
                unit,
                self.desk,
                person(who),
                command,
                key=key or f"plan-{next(self.keys)}",
                **changed,
            )

    async def decide(self, planned: Planned, who: str, what: str = "approve", comment: str = "") -> Decided:
        async with self.units() as unit:
            approval = await approval_of(unit, KIND, planned.ticket.id)
            act = {"approve": approve, "refuse": refuse, "send_back": send_back}[what]
            command = Decide(approval.id, comment, approval.round)
            return await act(unit, self.desk, person(who).as_actor(), command, subjects(self.desk))


@pytest.fixture
def board(units: DatabaseUnits, desk: Desk) -> Board:
    return Board(units, desk)
