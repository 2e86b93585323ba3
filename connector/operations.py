"""Every operation of the API: what the routes, the documents and the tools of MCP are made from."""

from __future__ import annotations

from typing import Any

from connector import (
    approvals,
    catalogue,
    comments,
    lookups,
    messages,
    sites,
    ticket_changes,
    tickets,
    tips,
    webhooks,
)
from connector.operation import Operation

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    *tickets.OPERATIONS,
    *ticket_changes.OPERATIONS,
    *comments.OPERATIONS,
    *catalogue.OPERATIONS,
    *sites.OPERATIONS,
    *approvals.OPERATIONS,
    *tips.OPERATIONS,
    *messages.OPERATIONS,
    *lookups.OPERATIONS,
    *webhooks.OPERATIONS,
)

BY_ID = {operation.id: operation for operation in OPERATIONS}
