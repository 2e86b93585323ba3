"""Two tickets about one thing become one: what was said goes along, and what is said later lands there too."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from domain.actor import Actor
from domain.errors import Conflict
from domain.helpdesk.models import (
    TicketWatcherRow,
    ticket_messages,
    ticket_notes,
    ticket_times,
    ticket_watchers,
    tickets,
)
from domain.helpdesk.notes import access_as_agent
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.rules import Step
from domain.helpdesk.steps import Effect, take_step
from domain.helpdesk.ticket import Ticket
from domain.unit import Unit


async def merge(
    unit: Unit, actor: Actor, ticket_id: str, into: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Merge a ticket into another of the same requester, by id or number. Returns the one that goes on.

    Raises `Conflict` for tickets of two people, since one would read what the other wrote: those are made parts of a
    main ticket. Merged is merged: there is no way back, so that every reply has one place to land.
    """
    survivor = await access_as_agent(unit, actor, into)
    merged = await access_as_agent(unit, actor, ticket_id)
    # One merge at a time: of two that cross, each would wait for the other.
    await unit.hold("helpdesk.merge")
    survivor = await access_as_agent(unit, actor, survivor.id)
    if survivor.id == merged.id:
        raise Conflict("That is this ticket itself.", field="into")
    if survivor.requester_id != merged.requester_id:
        raise Conflict("These tickets are of two people: make one part of the other instead.", field="into")
    if survivor.merged_into_id is not None or not survivor.state.open:
        raise Conflict("{number} is not open any more: choose another.", field="into", number=survivor.number)

    def gone(now: Ticket) -> Effect:
        if now.major_since is not None:
            raise Conflict("A major incident is not merged away: end it first.")
        return Effect({"merged_into_id": survivor.id, "parent_id": None}, {"into": survivor.number})

    merged = await take_step(
        unit, actor, Step.MERGE, merged.id, policy, key=key, effect=gone, command=survivor.id
    )
    if await unit.once(actor.id, f"{key}:moved", ("moved", merged.id, survivor.id), survivor.id) is not None:
        return await access_as_agent(unit, actor, survivor.id)
    await _take_along(unit, merged, survivor)

    def grow(_: Ticket) -> Effect:
        return Effect(details={"from": merged.number})

    return await take_step(
        unit,
        actor,
        Step.ABSORB,
        survivor.id,
        policy,
        key=f"{key}:into",
        effect=grow,
        command=merged.id,
    )


async def _take_along(unit: Unit, merged: Ticket, survivor: Ticket) -> None:
    """What was said and noted goes along, and so do who followed it and what was merged into it before."""
    await unit.db.execute(
        insert(ticket_messages),
        {
            "id": merged.id,  # so that it stands where it was said, before what came after it
            "ticket_id": survivor.id,
            "author_id": merged.requester_id,
            "from_desk": False,
            "text": merged.text,
            "at": merged.created_at,
        },
    )
    for table in (ticket_messages, ticket_notes, ticket_times):
        await unit.db.execute(
            update(table).where(table.c.ticket_id == merged.id).values(ticket_id=survivor.id)
        )
    await unit.db.execute(
        update(tickets).where(tickets.c.merged_into_id == merged.id).values(merged_into_id=survivor.id)
    )
    await unit.db.execute(
        update(tickets).where(tickets.c.parent_id == merged.id).values(parent_id=survivor.id)
    )
    followers = await unit.db.execute(select(ticket_watchers).where(ticket_watchers.c.ticket_id == merged.id))
    for row in followers.all():
        values = {"person_id": row.person_id, "added_by_id": row.added_by_id, "at": row.at}
        await unit.insert_new(TicketWatcherRow, {"ticket_id": survivor.id, **values})
