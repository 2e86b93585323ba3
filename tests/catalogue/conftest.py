"""Orders of the demo city: the forms as people fill them in, and the approvers they wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

import pytest

from adapters.database.engine import DatabaseUnits
from domain.approvable import subjects
from domain.approvals.actions import Decide, Decided, approval_of, approve, refuse, send_back, withdraw
from domain.catalogue.actions import KIND, Ordered, OrderItem, order_item
from domain.desk import Desk
from tests.cast import person

LAPTOP = {"wie": "mij", "model": "licht", "oud": "geen", "waar": "Stadhuis, verdieping 2"}
RESET = {"wie": "collega", "collega": "Dirk Peeters", "reden": "nieuw", "nummer": "0470 00 00 00"}


@dataclass
class Counter:
    """Orders, and what approvers say about them; each in a transaction of its own."""

    units: DatabaseUnits
    desk: Desk
    keys: count[int] = field(default_factory=count)

    async def order(
        self,
        item_id: str = "laptop",
        given: Mapping[str, str] = LAPTOP,
        *,
        who: str = "amina",
        note: str = "",
        key: str = "",
    ) -> Ordered:
        one = person(who)
        command = OrderItem(item_id, given, note)
        async with self.units() as unit:
            return await order_item(
                unit, self.desk, one.as_actor(), one, command, key=key or f"order-{next(self.keys)}"
            )

    async def decide(self, ordered: Ordered, who: str, what: str, comment: str = "") -> Decided:
        async with self.units() as unit:
            approval = await approval_of(unit, KIND, ordered.ticket.id)
            command, known = Decide(approval.id, comment, approval.round), subjects(self.desk)
            actor = person(who).as_actor()
            if what == "withdraw":
                return await withdraw(unit, actor, command, known)
            act = {"approve": approve, "refuse": refuse, "send_back": send_back}[what]
            return await act(unit, self.desk, actor, command, known)


@pytest.fixture
def counter(units: DatabaseUnits, desk: Desk) -> Counter:
    return Counter(units, desk)
