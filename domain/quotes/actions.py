"""A ticket made of a message somebody wrote in a chat or channel: its text, author and link stay with the ticket."""

from __future__ import annotations

from sqlalchemy import insert, select

from domain.actor import Actor
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.ticket import Ticket
from domain.quotes.models import quotes
from domain.quotes.quote import Quote
from domain.unit import Unit

TEXT_LIMIT = 10_000
"""Characters of a message that are kept."""


async def report_message(
    unit: Unit, actor: Actor, command: ReportTicket, quote: Quote | None, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """A ticket of the actor's own about a message of somebody else's or their own. With a key used before, the ticket
    made then. Raises what `report_ticket` does."""
    ticket = await report_ticket(unit, actor, command, policy, key=key)
    if quote is not None and await quote_of(unit, ticket.id) is None:
        row = {
            "ticket_id": ticket.id,
            "author": quote.author[:200],
            "author_id": quote.author_id,
            "text": quote.text[:TEXT_LIMIT],
            "link": quote.link,
            "sent_at": quote.sent_at,
        }
        await unit.db.execute(insert(quotes), row)
    return ticket


async def quote_of(unit: Unit, ticket_id: str) -> Quote | None:
    """The message a ticket was made of. Who asks may see the ticket: the caller has looked."""
    row = (await unit.db.execute(select(quotes).where(quotes.c.ticket_id == ticket_id))).one_or_none()
    if row is None:
        return None
    return Quote(row.author, row.author_id, row.text, row.link, row.sent_at)
