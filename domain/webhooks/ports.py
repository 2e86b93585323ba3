"""What webhooks need from outside: a way to send, and the objects as flows know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from domain.approvals.approval import Approval
from domain.helpdesk.ticket import Message, Ticket
from domain.sites.request import SiteRequest
from domain.webhooks.subscription import Letter, Subscription


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None when there was none. `after` is what the receiver asked us to wait, in seconds; `error` says
    what was wrong, without the address."""

    status: int | None
    after: float | None = None
    error: str = ""


class Sender(Protocol):
    async def send(self, subscription: Subscription, letter: Letter) -> Answer:
        """Send once, within some twenty seconds. Never raises for what the receiver or the network does."""
        ...


class Objects(Protocol):
    """Things as the connector's operations answer with them, ready for JSON."""

    async def ticket(self, ticket: Ticket) -> Mapping[str, Any]: ...

    async def comment(self, message: Message) -> Mapping[str, Any]: ...

    async def approval(self, approval: Approval) -> Mapping[str, Any]: ...

    async def site(self, request: SiteRequest) -> Mapping[str, Any]: ...
