"""What a ticket's cards need beside the ticket: gathered once per card, for the side of the desk that looks."""

from __future__ import annotations

from bot.helpdesk.sections import section_of
from bot.turn import Card
from cards.helpdesk import desk as desk_cards
from cards.helpdesk import own as own_cards
from cards.helpdesk import requester as cards
from cards.helpdesk.desk import DeskFace
from cards.helpdesk.requester import Notice, TicketFace
from cards.helpdesk.sections import NO_SECTION
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk import reading
from domain.helpdesk.closing import CLOSES_SOON, closes_at
from domain.helpdesk.majors import Major, count_parts, latest_news, major_of
from domain.helpdesk.notes import read_file
from domain.helpdesk.notify import ANSWER, DESK, REPLY, REQUESTER, WATCHER
from domain.helpdesk.reading import BY_ITSELF, load_ticket
from domain.helpdesk.relations import links_of, watchers_of
from domain.helpdesk.rules import Party, State, possible, reopen_until
from domain.helpdesk.steps import parties
from domain.helpdesk.ticket import Conversation
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit
from locales import translator

VIEWS = (DESK, REQUESTER, ANSWER, REPLY, WATCHER, CLOSES_SOON)


async def render(
    unit: Unit, desk: Desk, person: Person, view: str, subject: str, notice: Notice | None = None
) -> Card:
    """A view for a person as it stands now. Raises `NotFound` when it is not this person's to see."""
    actor, t = person.as_actor(), translator(person.language)
    if view in (ANSWER, REPLY):
        message, conversation = await reading.access_message(unit, actor, subject)
        if view == ANSWER:
            return cards.answer(t, await face_of(unit, desk, person, conversation), message, notice)
        return desk_cards.reply(t, await desk_face_of(unit, desk, person, conversation), message, notice)
    conversation = await reading.access_conversation(unit, actor, subject)
    if view == DESK:
        return desk_cards.desk(t, await desk_face_of(unit, desk, person, conversation), notice)
    if view == WATCHER:
        if person.id not in await watchers_of(unit, conversation.ticket):
            raise NotFound("There is no such ticket.", field="id")
        return own_cards.watcher(t, await face_of(unit, desk, person, conversation, watching=True), notice)
    face = await face_of(unit, desk, person, conversation)
    return (cards.closes_soon if view == CLOSES_SOON else cards.requester)(t, face, notice)


async def face_of(
    unit: Unit, desk: Desk, person: Person, conversation: Conversation, *, watching: bool = False
) -> TicketFace:
    """What its requester sees of a ticket, and so does who follows it, without what only the requester can do.

    Raises `NotFound` for anybody else. Nothing in here comes from the desk's own file.
    """
    if not watching and Party.REQUESTER not in parties(person.as_actor(), conversation.ticket):
        raise NotFound("There is no such ticket.", field="id")
    side = frozenset() if watching else frozenset({Party.REQUESTER})
    return await _face(unit, desk, person, conversation, side)


async def desk_face_of(unit: Unit, desk: Desk, person: Person, conversation: Conversation) -> DeskFace:
    """What an agent sees of a ticket. Raises `NotFound` for anybody else."""
    ticket, actor, policy = conversation.ticket, person.as_actor(), desk.organisation.helpdesk
    if Party.DESK not in parties(actor, ticket):
        raise NotFound("There is no such ticket.", field="id")
    file = await read_file(unit, actor, ticket.id)
    watchers = await watchers_of(unit, ticket)
    face = await _face(unit, desk, person, conversation, frozenset({Party.DESK}))
    names = await names_of(desk.directory, [*watchers, *(note.author_id for note in file.notes)])
    looks_like = None
    if ticket.state.open and ticket.parent_id is None and ticket.major_since is None:
        looks_like = await desk.majors.matching(ticket.text, policy)
    return DeskFace(
        face=face,
        file=file,
        names={**names, **face.names},
        group=policy.group(ticket.group_id).name,
        category=policy.category_name(ticket.category),
        links=await links_of(unit, actor, ticket.id),
        watchers=watchers,
        parts=await count_parts(unit, ticket.id),
        looks_like=looks_like,
        viewer_id=person.id,
    )


async def channel_face_of(unit: Unit, desk: Desk, ticket_id: str) -> tuple[TicketFace, str]:
    """What everybody in a group's channel sees of a ticket, and the group's name. Not the desk's file."""
    conversation = await reading.load_conversation(unit, ticket_id)
    face = await _face(unit, desk, None, conversation, frozenset({Party.DESK}))
    return face, desk.organisation.helpdesk.group(conversation.ticket.group_id).name


async def _face(
    unit: Unit, desk: Desk, person: Person | None, conversation: Conversation, side: frozenset[Party]
) -> TicketFace:
    ticket, policy = conversation.ticket, desk.organisation.helpdesk
    mentioned = [ticket.requester_id, ticket.reporter_id, conversation.latest.by_id]
    mentioned += [ticket.assignee_id] if ticket.assignee_id else []
    mentioned += [message.author_id for message in conversation.messages]
    names = await names_of(desk.directory, mentioned)
    team = await desk.directory.team(ticket.team_id) if ticket.team_id else None
    party = Party.DESK if Party.DESK in side else Party.REQUESTER
    resolved = ticket.resolved_at if ticket.state is State.RESOLVED else None
    return TicketFace(
        conversation=conversation,
        names={
            who: policy.name if who == BY_ITSELF else name.removeprefix("flow:")
            for who, name in names.items()
        },
        possible=possible(ticket.standing, side, unit.now, policy),
        team=team.name if team else "",
        desk=policy.name,
        reopen_until=reopen_until(ticket.standing, policy),
        section=await section_of(unit, desk, person, ticket, party) if person else NO_SECTION,
        closes_at=closes_at(resolved, desk.organisation) if resolved else None,
        part_of=await _part_of(unit, ticket.parent_id),
        goes_on_in=(await load_ticket(unit, ticket.merged_into_id)).number if ticket.merged_into_id else "",
        policy=policy,
    )


async def _part_of(unit: Unit, main_id: str | None) -> Major | None:
    """The main ticket, as anybody who is touched by it may know it."""
    if main_id is None:
        return None
    return major_of(await load_ticket(unit, main_id), await latest_news(unit, main_id, 1))
