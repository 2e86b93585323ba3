"""What others hear of a ticket: every change, in order, after it was committed.

Whoever hangs something on tickets (clocks, ratings, orders) subscribes in `wiring/services.py` and hears every change
in the job that tells people about it; the actions here know nothing of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.helpdesk.rules import State
from domain.helpdesk.ticket import Ticket
from domain.unit import Unit


@dataclass(frozen=True, slots=True)
class TicketChanged:
    """One line of a ticket's history. `what` is `report` or a `rules.Step`; `from_state` is None for the report.

    `version` counts the changes of one ticket from 1. `at` is when it was done, which is earlier than now.
    """

    ticket_id: str
    version: int
    what: str
    by_id: str
    from_state: State | None
    to_state: State
    at: datetime
    message_id: str | None = None
    changed: tuple[str, ...] = ()
    """The columns of the ticket that have another value than before."""

    def as_payload(self) -> dict[str, Any]:
        return {
            "ticket": self.ticket_id,
            "version": self.version,
            "what": self.what,
            "by": self.by_id,
            "from": self.from_state.value if self.from_state else None,
            "to": self.to_state.value,
            "at": self.at.isoformat(),
            "message": self.message_id,
            "changed": list(self.changed),
        }

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> TicketChanged:
        return cls(
            ticket_id=payload["ticket"],
            version=payload["version"],
            what=payload["what"],
            by_id=payload["by"],
            from_state=State(payload["from"]) if payload["from"] else None,
            to_state=State(payload["to"]),
            at=datetime.fromisoformat(payload["at"]),
            message_id=payload["message"],
            changed=tuple(payload.get("changed", ())),  # a job of before this was kept has none
        )


class Subscriber(Protocol):
    """Hears of the changes of one ticket one after the other, never two at once.

    It may hear of one change twice, after a crash, and has to end up with the same: `version` tells a repeat.
    `ticket` is as it stands now, perhaps some changes further on. What it writes in `unit` is committed with the
    notifications of this change; what it raises has the whole job tried again.
    """

    async def __call__(self, unit: Unit, change: TicketChanged, ticket: Ticket) -> None: ...
