"""Standard replies with their blanks filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.helpdesk.policy import HelpdeskPolicy, StandardReply
from domain.helpdesk.ticket import Ticket

_BLANK = re.compile(r"\{(\w+)\}")


def filled(
    reply: StandardReply, ticket: Ticket, *, requester: str, agent: str, policy: HelpdeskPolicy
) -> str:
    """The text as it would be sent; the agent reads it first. What people typed is put in as it is, so that braces in
    a title stay braces."""
    blanks: Mapping[str, str] = {
        "first_name": requester.split()[0] if requester.split() else requester,
        "number": ticket.number,
        "title": ticket.title,
        "agent": agent,
        "desk": policy.name,
        "phone": policy.phone,
    }
    return _BLANK.sub(lambda found: blanks.get(found[1], found[0]), reply.text)
