"""Telling people what changed. One job per change decides who sees what; the cards render as things stand then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from domain.actor import Role
from domain.approvals.stages import who_are_away
from domain.chats.actions import show
from domain.chats.models import Post
from domain.desk import Desk
from domain.helpdesk.actions import REPORT
from domain.helpdesk.assigning import share_later
from domain.helpdesk.changes import Subscriber, TicketChanged
from domain.helpdesk.majors import News, add_news
from domain.helpdesk.models import deflections, ticket_messages
from domain.helpdesk.notes import NOTED
from domain.helpdesk.reading import load_ticket
from domain.helpdesk.relations import watchers_of
from domain.helpdesk.rules import State, Step
from domain.helpdesk.search import index_words
from domain.helpdesk.steps import CHANGED
from domain.helpdesk.ticket import Ticket
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.people.names import names_of
from domain.unit import Unit

DESK = "ticket.desk"
"""View of a ticket for an agent."""
REQUESTER = "ticket.requester"
"""View of a ticket for its requester: the receipt, as it stands now."""
WATCHER = "ticket.watcher"
"""View of a ticket for a colleague who follows it: what the requester sees, without the buttons."""
ANSWER = "ticket.answer"
"""View of a message of the desk, for the requester."""
REPLY = "ticket.reply"
"""View of a message of the requester, for the agent who has the ticket, or for its group when nobody has it."""
IN_CHANNEL = "helpdesk.in_channel"
"""Job kind: the card of a ticket in its group's channel follows. Payload `{ticket, message}`; the message is what the
requester said just now, or None."""

FROM_DESK = (Step.ANSWER, Step.ASK, Step.AWAIT_SUPPLIER, Step.RESOLVE, Step.REJECT)
"""Steps in which the desk says something to the requester."""
AFTER_ALL = timedelta(hours=1)
"""For so long, a report of somebody who was helped otherwise says that they were not."""
ARRIVES = (REPORT, Step.START, Step.MOVE, Step.ESCALATE)
"""What brings a ticket to a group that has not seen it."""


def handlers(desk: Desk, subscribers: Sequence[Subscriber] = ()) -> dict[str, JobHandler]:
    async def changed(job: ClaimedJob) -> None:
        """Repeating it shows the same cards in the same places once more."""
        change = TicketChanged.from_payload(job.payload)
        async with desk.units() as unit:
            ticket = await load_ticket(unit, change.ticket_id)
            for hear in subscribers:
                await hear(unit, change, ticket)
            await _index(unit, desk, change, ticket)
            await _tell_desk(unit, desk, change, ticket)
            await _tell_requester(unit, desk, change, ticket)
            await _tell_watchers(unit, desk, change, ticket)
            await _carry_on(unit, desk, change, ticket)

    async def noted(job: ClaimedJob) -> None:
        """A note, or minutes: nobody but the desk is told, and only cards that stand follow."""
        async with desk.units() as unit:
            ticket = await load_ticket(unit, job.payload["ticket"])
            for agent_id in await _desk_of(unit, desk, ticket):
                await show(unit, DESK, ticket.id, agent_id, only_if_posted=True)
            await unit.enqueue(IN_CHANNEL, {"ticket": ticket.id}, lane=f"channel:{ticket.id}")

    return {CHANGED: changed, NOTED: noted}


async def _index(unit: Unit, desk: Desk, change: TicketChanged, ticket: Ticket) -> None:
    """What was said is found by its words; a message of the desk too, as the requester can read it."""
    if change.what == REPORT:
        name = (await names_of(desk.directory, [ticket.requester_id]))[ticket.requester_id]
        await index_words(unit, ticket.id, f"{ticket.title} {name} {ticket.text}")
    elif change.message_id is not None:
        text = select(ticket_messages.c.text).where(ticket_messages.c.id == change.message_id)
        await index_words(unit, ticket.id, (await unit.db.execute(text)).scalar_one())


async def _tell_desk(unit: Unit, desk: Desk, change: TicketChanged, ticket: Ticket) -> None:
    policy = desk.organisation.helpdesk
    agents = await _agents(desk)
    members = policy.group(ticket.group_id).members & agents
    away = await who_are_away(unit, desk, sorted(members)) if change.what in ARRIVES else {}
    # What waits for an approval comes to the desk when that has been given.
    arrives = change.what in ARRIVES and ticket.state is not State.WAITING_APPROVAL
    given = change.what == Step.HAND_OVER and ticket.assignee_id != change.by_id
    for agent_id in await _desk_of(unit, desk, ticket):
        new = (arrives and agent_id in members and agent_id not in away and agent_id != change.by_id) or (
            given and agent_id == ticket.assignee_id
        )
        await show(unit, DESK, ticket.id, agent_id, only_if_posted=not new)
    from_requester = (
        change.message_id is not None and change.what not in FROM_DESK and change.by_id == ticket.requester_id
    )
    if ticket.state is not State.WAITING_APPROVAL:
        message = change.message_id if from_requester else None
        await unit.enqueue(IN_CHANNEL, {"ticket": ticket.id, "message": message}, lane=f"channel:{ticket.id}")
    if not from_requester or change.message_id is None:
        return
    # A message is a card of its own: it is new, and they may have nothing of this ticket in sight.
    handling = [ticket.assignee_id] if ticket.assignee_id in agents else sorted(members)
    for agent_id in handling:
        if agent_id and agent_id != change.by_id:
            await show(unit, REPLY, change.message_id, agent_id)


async def _tell_requester(unit: Unit, desk: Desk, change: TicketChanged, ticket: Ticket) -> None:
    if await desk.directory.person(ticket.requester_id) is None:
        return  # a flow, or somebody who left
    # The person who reported it here sees the receipt in place of the form.
    new = change.what == REPORT and ticket.reporter_id != ticket.requester_id
    await show(unit, REQUESTER, ticket.id, ticket.requester_id, only_if_posted=not new)
    if change.message_id is not None and (change.what in FROM_DESK or change.by_id != ticket.requester_id):
        await show(unit, ANSWER, change.message_id, ticket.requester_id)


async def _tell_watchers(unit: Unit, desk: Desk, change: TicketChanged, ticket: Ticket) -> None:
    """The card they have follows. It is news that they follow a ticket, and that it is over."""
    for person_id in await watchers_of(unit, ticket):
        if await desk.directory.person(person_id) is not None:
            await show(unit, WATCHER, ticket.id, person_id, only_if_posted=change.what != Step.WATCH)


async def _count_again(unit: Unit, ticket: Ticket) -> None:
    """Who reports within the hour after all was not helped: what counted as a ticket less counts no longer."""
    came = ticket.created_at
    await unit.db.execute(
        delete(deflections).where(
            deflections.c.person_id == ticket.requester_id,
            deflections.c.at > came - AFTER_ALL,
            deflections.c.at <= came,
        )
    )


async def _carry_on(unit: Unit, desk: Desk, change: TicketChanged, ticket: Ticket) -> None:
    """What follows from the change by itself."""
    if change.what == REPORT and ticket.reporter_id == ticket.requester_id:
        await _count_again(unit, ticket)
    if ticket.state is State.NEW:
        await share_later(unit, ticket, desk.organisation.helpdesk)
    if change.what == Step.RESOLVE and ticket.major_since is not None and change.message_id is not None:
        text = select(ticket_messages.c.text).where(ticket_messages.c.id == change.message_id)
        solved = (await unit.db.execute(text)).scalar_one()
        # Under the message's own id: hearing of it twice is telling it once. Its requester has the message itself.
        news = News(change.message_id, ticket.id, change.by_id, solved, change.at)
        await add_news(unit, ticket.id, news, told=ticket.requester_id)
    if ticket.parent_id is not None and (
        change.what == Step.JOIN or change.to_state is not change.from_state
    ):
        for agent_id in await _posted(unit, DESK, ticket.parent_id):
            await show(unit, DESK, ticket.parent_id, agent_id, only_if_posted=True)


async def _agents(desk: Desk) -> frozenset[str]:
    return frozenset(person.id for person in await desk.directory.with_role(Role.AGENT))


async def _desk_of(unit: Unit, desk: Desk, ticket: Ticket) -> Iterable[str]:
    """The agents whose cards of a ticket may have to follow: its group, who has it, and who has a card of it. Not the
    whole desk, which may be large."""
    members = desk.organisation.helpdesk.group(ticket.group_id).members
    assignee = {ticket.assignee_id} if ticket.assignee_id else set()
    posted = set(await _posted(unit, DESK, ticket.id))
    return sorted((members | assignee | posted) & await _agents(desk))


async def _posted(unit: Unit, view: str, subject: str) -> Sequence[str]:
    """Who has a card of it in their chat."""
    rows = await unit.db.execute(
        select(Post.person_id).where(Post.subject == subject, Post.view == view).order_by(Post.person_id)
    )
    return rows.scalars().all()
