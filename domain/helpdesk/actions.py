"""Reporting a ticket and every step after it. Each is one transaction, and the same again when it is repeated."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.helpdesk.models import ticket_events, tickets
from domain.helpdesk.policy import HelpdeskPolicy, Impact, Urgency
from domain.helpdesk.reading import BY_ITSELF, access_ticket
from domain.helpdesk.routing import category_of, group_of
from domain.helpdesk.rules import Kind, State, Step, priority_of
from domain.helpdesk.steps import Effect, record, take_step
from domain.helpdesk.texts import check_text, clean, shorten_title, title_of
from domain.helpdesk.ticket import Ticket
from domain.people.models import Person
from domain.tables import new_id
from domain.unit import Unit

REPORT = "report"
"""What the first line of a ticket's history says."""

_INSERT_TICKET = insert(tickets)


@dataclass(frozen=True, slots=True)
class ReportTicket:
    """Without a title, the first sentence of the text is the title."""

    kind: Kind
    text: str
    impact: Impact
    urgency: Urgency
    title: str = ""
    category: str | None = None
    """None: as the text says."""


async def report_ticket(
    unit: Unit,
    actor: Actor,
    command: ReportTicket,
    policy: HelpdeskPolicy,
    *,
    key: str,
    on_behalf_of: Person | None = None,
    waits_for_approval: bool = False,
) -> Ticket:
    """A new ticket, for the actor or for somebody else. With a key used before, the ticket made then.

    One that `waits_for_approval` is not the desk's to work on before `settle_approval`.

    Raises `Invalid` (field `text`), `Conflict` when the key was used for another report, and
    `NotFound` when the actor may not report for this person.
    """
    text = check_text(command.text, "text")
    title = shorten_title(clean(command.title)) or title_of(text)
    requester_id = on_behalf_of.id if on_behalf_of else actor.id
    if requester_id != actor.id and not (actor.is_agent or actor.is_flow):
        raise NotFound("There is no such person.", field="on_behalf_of")
    ticket_id = new_id()
    first, number = await unit.once_numbered(
        actor.id, key, (command, requester_id), ticket_id, command.kind.letter
    )
    if first is not None:
        return await access_ticket(unit, actor, first)
    team_id = on_behalf_of.team_id if on_behalf_of else actor.team_id
    category = command.category or category_of(text, policy)
    ticket = Ticket(
        id=ticket_id,
        number=number,
        kind=command.kind,
        state=State.WAITING_APPROVAL if waits_for_approval else State.NEW,
        title=title,
        text=text,
        impact=command.impact,
        urgency=command.urgency,
        priority=priority_of(command.impact, command.urgency, policy),
        requester_id=requester_id,
        reporter_id=actor.id,
        team_id=team_id,
        assignee_id=None,
        version=1,
        created_at=unit.now,
        updated_at=unit.now,
        category=category,
        group_id=group_of(command.kind, category, team_id, policy),
    )
    await unit.add(
        _INSERT_TICKET,
        {
            "id": ticket.id,
            "number": ticket.number,
            "kind": ticket.kind.value,
            "state": ticket.state.value,
            "title": ticket.title,
            "text": ticket.text,
            "impact": ticket.impact.value,
            "urgency": ticket.urgency.value,
            "priority": ticket.priority.value,
            "requester_id": ticket.requester_id,
            "reporter_id": ticket.reporter_id,
            "team_id": ticket.team_id,
            "assignee_id": None,
            "version": ticket.version,
            "created_at": ticket.created_at,
            "updated_at": ticket.updated_at,
            "resolved_at": None,
            "unanswered_since": None,
            "category": ticket.category,
            "group_id": ticket.group_id,
        },
    )
    await record(unit, actor, ticket, REPORT, None, details={"priority": ticket.priority.name.lower()})
    return ticket


@dataclass(frozen=True, slots=True)
class Say:
    """What somebody says on a ticket: an answer, a reply, how it was solved, or what is still wrong."""

    ticket_id: str
    text: str


async def settle_approval(unit: Unit, ticket_id: str, policy: HelpdeskPolicy, *, approved: bool) -> Ticket:
    """What the ticket waited for was decided: it is the desk's from now on, or it ends. Once; who decided and why is
    in the approval."""
    step = Step.START if approved else Step.REJECT
    by_itself = Actor(BY_ITSELF, BY_ITSELF)
    return await take_step(unit, by_itself, step, ticket_id, policy, key=f"{step}:{ticket_id}")


async def reword(
    unit: Unit, actor: Actor, ticket_id: str, title: str, text: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """What a ticket says that waits for approval is changed by its requester."""
    columns = {"title": shorten_title(title), "text": check_text(text, "text")}
    command = (columns["title"], columns["text"])
    return await take_step(
        unit,
        actor,
        Step.REWORD,
        ticket_id,
        policy,
        key=key,
        effect=lambda _: Effect(columns),
        command=command,
    )


async def assign_to_me(
    unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Of two agents at once one gets it; the other gets `Conflict`, and the ticket says who was first."""
    return await take_step(unit, actor, Step.ASSIGN, ticket_id, policy, key=key)


async def answer(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk says something to the requester. Who answers a ticket that nobody has, has it from then on."""
    return await take_step(unit, actor, Step.ANSWER, said.ticket_id, policy, key=key, text=said.text)


async def ask(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk needs something from the requester, and waits for it."""
    return await take_step(unit, actor, Step.ASK, said.ticket_id, policy, key=key, text=said.text)


async def await_supplier(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk waits for a supplier, and says to the requester what for."""
    return await take_step(unit, actor, Step.AWAIT_SUPPLIER, said.ticket_id, policy, key=key, text=said.text)


async def resume(unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk goes on without waiting longer."""
    return await take_step(unit, actor, Step.RESUME, ticket_id, policy, key=key)


async def reply(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The requester says something to the desk. On a merged ticket it lands on the one that goes on."""
    return await take_step(unit, actor, Step.REPLY, said.ticket_id, policy, key=key, text=said.text)


async def resolve(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk says what was done about it; the requester can still say that it does not work."""
    return await take_step(unit, actor, Step.RESOLVE, said.ticket_id, policy, key=key, text=said.text)


async def reject(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The desk does not do it, and says why."""
    return await take_step(unit, actor, Step.REJECT, said.ticket_id, policy, key=key, text=said.text)


async def withdraw(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The requester does not need it any more; saying why is not needed."""
    text = clean(said.text) or None
    return await take_step(unit, actor, Step.WITHDRAW, said.ticket_id, policy, key=key, text=text)


async def reopen(unit: Unit, actor: Actor, said: Say, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The requester or the desk says what is still wrong; whoever had the ticket goes on with it.

    What ended before it was approved stays ended: raises `Conflict`.
    """
    ticket = await access_ticket(unit, actor, said.ticket_id)
    latest = select(ticket_events.c.from_state).where(ticket_events.c.ticket_id == ticket.id)
    latest = latest.order_by(ticket_events.c.version.desc()).limit(1)
    if (await unit.db.execute(latest)).scalar_one() == State.WAITING_APPROVAL and not ticket.state.open:
        raise Conflict("This was never approved. Ask it anew, please.")
    return await take_step(unit, actor, Step.REOPEN, said.ticket_id, policy, key=key, text=said.text)


async def close(unit: Unit, actor: Actor, ticket_id: str, policy: HelpdeskPolicy, *, key: str) -> Ticket:
    """The requester confirms that it is solved."""
    return await take_step(unit, actor, Step.CLOSE, ticket_id, policy, key=key)


async def set_answer_aside(unit: Unit, actor: Actor, ticket_id: str) -> None:
    """The person typed about something else: stop asking whether a message belongs to this ticket."""
    ticket = await access_ticket(unit, actor, ticket_id)
    await unit.db.execute(
        update(tickets)
        .where(tickets.c.id == ticket.id, tickets.c.requester_id == actor.id)
        .values(unanswered_since=None)
    )
