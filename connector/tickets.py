"""Tickets for flows: the same actions as in chat, in the connector's shapes."""

from __future__ import annotations

from connector import shapes
from connector.authentication import check_scope
from domain.api_keys.models import ApiKey, Scope
from domain.desk import Desk
from domain.errors import Invalid
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.reading import access_ticket, list_tickets
from domain.helpdesk.rules import Kind, State
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.tables import new_id


async def create_ticket(
    desk: Desk, caller: ApiKey, wanted: shapes.NewTicket, idempotency_key: str | None
) -> shapes.Ticket:
    """The ticket; the first one when the key, or else the external id, was used before for the same."""
    email = wanted.on_behalf_of
    on_behalf_of = await requester_of(desk, caller, email) if email is not None else None
    key = checked_key(wanted.external_id, idempotency_key)
    async with desk.units() as unit:
        ticket = await report_ticket(
            unit,
            caller.as_actor(),
            ReportTicket(wanted.kind, wanted.text, wanted.impact, wanted.urgency, wanted.title),
            desk.organisation.helpdesk,
            key=f"ticket:{key}",
            on_behalf_of=on_behalf_of,
        )
    return await shape_of(desk, ticket)


async def get_ticket(desk: Desk, caller: ApiKey, id_or_number: str) -> shapes.Ticket:
    async with desk.units.read() as unit:
        ticket = await access_ticket(unit, caller.as_actor(), id_or_number)
    return await shape_of(desk, ticket)


async def find_tickets(
    desk: Desk, caller: ApiKey, kind: Kind | None, state: State | None, limit: int, cursor: str | None
) -> tuple[list[shapes.Ticket], str | None]:
    """A page of the desk's tickets, newest first, and the cursor of the next."""
    async with desk.units.read() as unit:
        page = await list_tickets(
            unit, caller.as_actor(), mine=False, kind=kind, state=state, limit=limit, cursor=cursor
        )
    return [await shape_of(desk, ticket) for ticket in page.tickets], page.next_cursor


def checked_key(external_id: str | None, idempotency_key: str | None) -> str:
    """What makes a repeat find the first: the header's key, or else the body's, or else nothing that comes again."""
    key = external_id if idempotency_key is None else idempotency_key
    if key is not None and not (0 < len(key) <= shapes.KEY_LIMIT and key.isprintable()):
        raise Invalid(
            "A key has 1 to {limit} printable characters.",
            field="Idempotency-Key" if idempotency_key is not None else "externalId",
            limit=shapes.KEY_LIMIT,
        )
    return key or new_id()


async def requester_of(desk: Desk, caller: ApiKey, email: str) -> Person:
    check_scope(caller, Scope.ON_BEHALF)
    person = await desk.directory.by_email(email)
    if person is None:
        raise Invalid("Nobody here has this e-mail address.", field="onBehalfOf")
    return person


async def shape_of(desk: Desk, ticket: Ticket) -> shapes.Ticket:
    requester = await desk.directory.person(ticket.requester_id)
    assignee = await desk.directory.person(ticket.assignee_id) if ticket.assignee_id else None
    return shapes.Ticket(
        id=ticket.id,
        number=ticket.number,
        kind=ticket.kind,
        state=ticket.state,
        title=ticket.title,
        text=ticket.text,
        impact=ticket.impact,
        urgency=ticket.urgency,
        priority=ticket.priority.name.lower(),
        requester_name=requester.name if requester else ticket.requester_id.removeprefix("flow:"),
        requester_email=requester.email if requester else None,
        assignee_name=assignee.name if assignee else None,
        assignee_email=assignee.email if assignee else None,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        category=ticket.category,
        group=ticket.group_id,
        priority_reason=ticket.priority_reason,
        major_since=ticket.major_since,
        main_ticket_id=ticket.parent_id,
        merged_into_id=ticket.merged_into_id,
    )
