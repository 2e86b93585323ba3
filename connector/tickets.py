"""Tickets for flows: the same actions as in chat, in the connector's shapes."""

from __future__ import annotations

from connector.acting import check_choices, colleague, key_of, named, on_behalf
from connector.authentication import Caller
from connector.operation import Answer, Call, Operation, Parameter
from connector.shapes import tickets as shapes
from connector.shapes.base import present
from domain.api_keys.models import Scope
from domain.desk import Desk
from domain.errors import DeskError, Invalid
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.filters import Filter
from domain.helpdesk.finding import find_tickets
from domain.helpdesk.reading import access_ticket
from domain.helpdesk.ticket import Ticket
from domain.tables import new_id
from locales import translator

TICKET = {"ticketId": Parameter("Ticket ID", "The key or the number of the ticket.")}


async def create(desk: Desk, caller: Caller, call: Call[None, shapes.NewTicket]) -> Answer:
    ticket = await report(desk, caller, call.body, key_of("ticket", call.key, call.body.external_id))
    return await answer_of(desk, ticket)


async def report(desk: Desk, caller: Caller, wanted: shapes.NewTicket, key: str) -> Ticket:
    """The ticket; the first one when the key was used before for the same."""
    requester = await on_behalf(desk, caller, wanted.on_behalf_of)
    if wanted.category is not None and not desk.organisation.helpdesk.category_name(wanted.category):
        raise Invalid("Choose one of the list.", field="category")
    command = ReportTicket(
        wanted.kind, wanted.text, wanted.impact, wanted.urgency, wanted.title, wanted.category
    )
    async with desk.units() as unit:
        return await report_ticket(
            unit, caller.actor, command, desk.organisation.helpdesk, key=key, on_behalf_of=requester
        )


async def get(desk: Desk, caller: Caller, call: Call[None, None]) -> Answer:
    async with desk.units.read() as unit:
        ticket = await access_ticket(unit, caller.actor, call.path["ticketId"])
    return Answer(await shape_of(desk, ticket), version=ticket.version)


async def find(desk: Desk, caller: Caller, call: Call[shapes.TicketFilter, None]) -> Answer:
    """A page of tickets; of everybody's, for the desk and for flows."""
    wanted = call.query
    await check_choices(desk, category=wanted.category, group=wanted.group, team=wanted.team)
    requester = await colleague(desk, wanted.requester, "requester") if wanted.requester else None
    assignee = await colleague(desk, wanted.assignee, "assignee") if wanted.assignee else None
    having = Filter(
        kind=wanted.kind,
        state=wanted.state,
        category=wanted.category,
        group_id=wanted.group,
        team_id=wanted.team,
        requester_id=requester.id if requester else None,
        assignee_id=assignee.id if assignee else None,
        created_from=wanted.created_from,
        created_to=wanted.created_to,
        updated_from=wanted.updated_from,
    )
    with named(cursor="$skiptoken"):
        async with desk.units.read() as unit:
            page = await find_tickets(
                unit, caller.actor, having, text=wanted.text or "", limit=wanted.top, cursor=wanted.skiptoken
            )
    found = [await shape_of(desk, ticket) for ticket in page.tickets]
    return Answer(present(shapes.TicketPage(value=found, nextLink=call.next_link(page.next_cursor))))


async def create_many(desk: Desk, caller: Caller, call: Call[None, shapes.NewTickets]) -> Answer:
    """Each is made or refused by itself. A repeat with the same key makes only what was not made before."""
    results = []
    together = key_of("tickets", call.key, None) if call.key is not None else None
    if together is not None:
        async with desk.units() as unit:
            await unit.once(caller.actor.id, f"{together}:all", call.body, new_id())
    for index, wanted in enumerate(call.body.tickets):
        try:
            key = f"{together}:{index}" if together else key_of("ticket", None, wanted.external_id)
            with named(key="externalId"):
                ticket = await report(desk, caller, wanted, key)
            results.append(
                present(shapes.MadeTicket(index=index, status=201, ticket=await shape_of(desk, ticket)))
            )
        except DeskError as error:
            problem = shapes.Problem(
                code=error.code, message=translator(call.language).error(error), target=error.field
            )
            results.append(
                present(shapes.MadeTicket(index=index, status=error.status, error=present(problem)))
            )
    return Answer(shapes.MadeTickets(value=results))


async def answer_of(desk: Desk, ticket: Ticket) -> Answer:
    """A ticket that was made or changed, and where it is."""
    return Answer(await shape_of(desk, ticket), version=ticket.version, location=f"/tickets/{ticket.id}")


async def shape_of(desk: Desk, ticket: Ticket) -> shapes.Ticket:
    requester = await desk.directory.person(ticket.requester_id)
    assignee = await desk.directory.person(ticket.assignee_id) if ticket.assignee_id else None
    return present(
        shapes.Ticket(
            id=ticket.id,
            number=ticket.number,
            kind=ticket.kind,
            state=ticket.state,
            title=ticket.title,
            text=ticket.text,
            impact=ticket.impact,
            urgency=ticket.urgency,
            priority=ticket.priority.name.lower(),
            priorityReason=ticket.priority_reason,
            category=ticket.category,
            group=ticket.group_id,
            team=ticket.team_id,
            requesterName=requester.name if requester else ticket.requester_id.removeprefix("flow:"),
            requesterEmail=requester.email if requester else None,
            assigneeName=assignee.name if assignee else None,
            assigneeEmail=assignee.email if assignee else None,
            createdAt=ticket.created_at,
            updatedAt=ticket.updated_at,
            resolvedAt=ticket.resolved_at,
            closedAt=ticket.closed_at,
            majorSince=ticket.major_since,
            mainTicketId=ticket.parent_id,
            mergedIntoId=ticket.merged_into_id,
            version=ticket.version,
        )
    )


OPERATIONS = (
    Operation(
        id="CreateTicket",
        method="POST",
        path="/tickets",
        summary="Create a ticket",
        description="Reports an incident, a request or a change to the helpdesk, for the caller or for a colleague.",
        scope=Scope.CREATE,
        handler=create,
        body=shapes.NewTicket,
        answer=shapes.Ticket,
        status=201,
        located=True,
        important=True,
    ),
    Operation(
        id="CreateTickets",
        method="POST",
        path="/tickets/batch",
        summary="Create many tickets",
        description="Reports up to 100 tickets in one call; each is made or refused by itself.",
        scope=Scope.CREATE,
        handler=create_many,
        body=shapes.NewTickets,
        answer=shapes.MadeTickets,
        most_bytes=2_000_000,
    ),
    Operation(
        id="ListTickets",
        method="GET",
        path="/tickets",
        summary="List tickets",
        description="Gets the tickets that fit all filters, the newest first.",
        scope=Scope.READ,
        handler=find,
        query=shapes.TicketFilter,
        answer=shapes.TicketPage,
        pageable=True,
    ),
    Operation(
        id="GetTicket",
        method="GET",
        path="/tickets/{ticketId}",
        summary="Get a ticket",
        description="Gets one ticket by its key or its number.",
        scope=Scope.READ,
        handler=get,
        parameters=TICKET,
        answer=shapes.Ticket,
        versioned=True,
        important=True,
    ),
)
