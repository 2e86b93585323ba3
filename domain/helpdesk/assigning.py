"""Who handles a ticket: a colleague, another group, the next line, and the turns a group takes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, text, update

from domain.actor import Actor, Role
from domain.approvals.stages import who_are_away
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk.models import OPEN, AgentRow, agents, tickets
from domain.helpdesk.notes import access_as_agent, write_note
from domain.helpdesk.policy import Group, HelpdeskPolicy, Sharing
from domain.helpdesk.reading import BY_ITSELF
from domain.helpdesk.routing import next_agent
from domain.helpdesk.rules import State, Step
from domain.helpdesk.steps import Effect, take_step
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.unit import Unit

SHARE = "helpdesk.share"
"""Job kind: give a ticket to the agent whose turn it is. Payload `{ticket}`; a group's jobs run one after the other."""
CLOCK = Actor(BY_ITSELF, "")


async def hand_over(
    unit: Unit,
    actor: Actor,
    ticket_id: str,
    colleague: Person,
    policy: HelpdeskPolicy,
    *,
    had: str | None,
    key: str,
) -> Ticket:
    """Give a ticket to a colleague, or take it over. `had` is who had it on the card that was pressed: of two agents
    at once the first gets it done and the other gets `Conflict`. Raises `Invalid` for who is no agent."""
    if Role.AGENT not in colleague.roles:
        raise Invalid("{name} does not work at the helpdesk.", field="colleague", name=colleague.name)

    def give(ticket: Ticket) -> Effect:
        if ticket.assignee_id == colleague.id:
            raise Conflict("{name} has this ticket already.", name=colleague.name)
        if ticket.assignee_id != had:
            raise Conflict("Somebody else was first: look at who has it now.")
        return Effect(
            {"assignee_id": colleague.id, "group_id": _group_with(colleague.id, ticket, policy)},
            {"to": colleague.id},
        )

    return await take_step(
        unit, actor, Step.HAND_OVER, ticket_id, policy, key=key, effect=give, command=(colleague.id, had)
    )


async def release(unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """Back to the group: nobody has it any more."""

    def free(ticket: Ticket) -> Effect:
        return Effect({"assignee_id": None}, {"had": ticket.assignee_id})

    return await take_step(unit, actor, Step.RELEASE, ticket_id, policy, key=key, effect=free)


async def move(
    unit: Unit, actor: Actor, ticket_id: str, group_id: str, policy: HelpdeskPolicy, *, why: str, key: str
) -> Ticket:
    """Give a ticket to another group, whose agents see it as new; `why` stays at the desk, as a note."""
    group = policy.group(group_id)
    if group.id != group_id:
        raise NotFound("There is no such group.", field="group")
    return await _give_to(unit, actor, Step.MOVE, ticket_id, group, policy, why, key)


async def escalate(
    unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, why: str, key: str
) -> Ticket:
    """Ask the line behind the ticket's group; `why` stays at the desk, as a note. Raises `Conflict` without one."""
    ticket = await access_as_agent(unit, actor, ticket_id)
    behind = policy.group(ticket.group_id).escalates_to
    if behind is None:
        raise Conflict("There is no line behind this group.")
    return await _give_to(unit, actor, Step.ESCALATE, ticket_id, policy.group(behind), policy, why, key)


async def _give_to(
    unit: Unit,
    actor: Actor,
    step: Step,
    ticket_id: str,
    group: Group,
    policy: HelpdeskPolicy,
    why: str,
    key: str,
) -> Ticket:
    def give(ticket: Ticket) -> Effect:
        if policy.group(ticket.group_id).id == group.id:
            raise Conflict("{name} has this ticket already.", name=group.name)
        return Effect({"group_id": group.id, "assignee_id": None}, {"group": group.id})

    if why:
        await write_note(unit, actor, ticket_id, why, key=f"{key}:why")
    return await take_step(unit, actor, step, ticket_id, policy, key=key, effect=give, command=group.id)


def _group_with(person_id: str, ticket: Ticket, policy: HelpdeskPolicy) -> str:
    """The ticket stays with its group when the colleague is in it; else it goes along to a group of the colleague's."""
    theirs = policy.groups_of(person_id)
    stays = policy.group(ticket.group_id)
    return stays.id if stays in theirs else theirs[0].id


# --- by itself --------------------------------------------------------------------------------------------


async def share_later(unit: Unit, ticket: Ticket, policy: HelpdeskPolicy) -> None:
    """Have a new ticket given to whose turn it is, when its group shares its work that way."""
    group = policy.group(ticket.group_id)
    if group.sharing is Sharing.LEAST_LOADED and ticket.state is State.NEW and ticket.assignee_id is None:
        await unit.enqueue(
            SHARE,
            {"ticket": ticket.id, "version": ticket.version},
            lane=f"group:{group.id}",
            key=f"share:{ticket.id}:{ticket.version}",
        )


async def give_turn(unit: Unit, desk: Desk, ticket: Ticket) -> str | None:
    """Give the ticket to whose turn it is; the person's id, or None when everybody is away or somebody was first."""
    policy = desk.organisation.helpdesk
    group = policy.group(ticket.group_id)
    if ticket.state is not State.NEW or ticket.assignee_id is not None:
        return None
    staff = [person.id for person in await desk.directory.with_role(Role.AGENT)]
    chosen = next_agent(
        group,
        staff,
        frozenset(await who_are_away(unit, desk, sorted(group.members))),
        await _loads(unit, group.members),
        await _last_given(unit, group.members),
    )
    if chosen is None:
        return None

    def give(now: Ticket) -> Effect:
        if now.assignee_id is not None:
            raise Conflict("Somebody else was first: look at who has it now.")
        return Effect({"assignee_id": chosen}, {"to": chosen})

    key = f"share:{ticket.id}:{ticket.version}"
    await take_step(unit, CLOCK, Step.HAND_OVER, ticket.id, policy, key=key, effect=give)
    if not await unit.insert_new(AgentRow, {"person_id": chosen, "last_given_at": unit.now}):
        await unit.db.execute(
            update(agents).where(agents.c.person_id == chosen).values(last_given_at=unit.now)
        )
    return chosen


async def _loads(unit: Unit, members: frozenset[str]) -> Mapping[str, int]:
    """How many open tickets each has."""
    rows = await unit.db.execute(
        select(tickets.c.assignee_id, func.count())
        .where(tickets.c.assignee_id.in_(members), text(OPEN))
        .group_by(tickets.c.assignee_id)
    )
    return {row[0]: row[1] for row in rows}


async def _last_given(unit: Unit, members: frozenset[str]) -> Mapping[str, datetime]:
    rows = await unit.db.execute(
        select(agents.c.person_id, agents.c.last_given_at).where(agents.c.person_id.in_(members))
    )
    return {row.person_id: row.last_given_at for row in rows}
