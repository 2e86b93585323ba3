"""Webhook triggers for flows: subscribing, ending a subscription, and what an event carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.authentication import Caller
from connector.operation import Answer, Call, Operation, Parameter, Trigger
from connector.shapes import webhooks as shapes
from connector.shapes.base import present
from connector.tickets import shape_of
from domain.api_keys.models import Scope
from domain.approvals.approval import Approval
from domain.desk import Desk
from domain.helpdesk.ticket import Message, Ticket
from domain.people.names import names_of
from domain.sites.request import SiteRequest
from domain.webhooks import actions
from domain.webhooks.actions import Subscribe
from domain.webhooks.rules import EventType

SCOPES: Mapping[str, Scope] = {
    "ticket": Scope.READ,
    "approval": Scope.APPROVALS_READ,
    "site": Scope.SITES_READ,
    "question": Scope.TIPS_READ,
}
"""What a connection needs besides `EVENTS`: to be allowed to read what the events are about."""


class ConnectorObjects:
    """Implements `domain.webhooks.ports.Objects`: the same shapes as the operations answer with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ticket(self, ticket: Ticket) -> Mapping[str, Any]:
        return await shape_of(self._desk, ticket)
