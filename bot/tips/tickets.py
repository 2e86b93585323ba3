"""From an agent's list: solve a ticket with a tip, or propose its resolution as one."""

from __future__ import annotations

from dataclasses import replace

from bot.helpdesk.desk_menu import press_key
from bot.helpdesk.faces import render
from bot.tips.questions import closest
from bot.turn import Feature, Reply, Turn
from cards.tips import tickets as cards
from cards.tips.tickets import ProposalForm
from domain.actor import Actor
from domain.authoring.rules import LONGEST_TEXT
from domain.authoring.solutions import (
    ProposeTip,
    plain_text,
    propose_from_ticket,
    resolution_of,
    solve_with_tip,
)
from domain.errors import Invalid
from domain.helpdesk.notes import access_as_agent
from domain.helpdesk.notify import DESK
from domain.helpdesk.ticket import Ticket
from domain.people.names import names_of
from domain.tips.reading import access_tip

FOUND = 5


async def search(turn: Turn) -> Reply:
    """Tips near to what was typed, or else to what the ticket says."""
    typed = turn.field("text")[: cards.SEARCH_LIMIT]
    async with turn.desk.units.read() as unit:
        ticket = await access_as_agent(unit, turn.actor, turn.field("id"))
    reader = replace(
        turn.person, team_id=ticket.team_id or ""
    )  # what is for another team is not sent to them
    found = await closest(turn.desk, reader, typed or ticket.text, FOUND)
    if not found and not typed:  # a long story may be about nothing in particular
        found = await closest(turn.desk, reader, ticket.title, FOUND)
    return Reply(cards.search(turn.t, ticket, found, typed))


async def choose(turn: Turn) -> Reply:
    """The tip's text, to send."""
    async with turn.desk.units.read() as unit:
        ticket = await access_as_agent(unit, turn.actor, turn.field("id"))
        tip = (await access_tip(unit, _theirs(turn, ticket), turn.field("tip"))).tip
    who = (await names_of(turn.desk.directory, [ticket.requester_id]))[ticket.requester_id]
    return Reply(cards.solution(turn.t, ticket, tip, plain_text(tip), who))


async def solve(turn: Turn) -> Reply:
    """The ticket, solved; or the form again with what is wrong in it."""
    ticket_id, tip_id, words = turn.field("id"), turn.field("tip"), turn.field("words")
    policy = turn.desk.organisation.helpdesk
    key = press_key(turn, "solve_with_tip", tip_id, words)
    try:
        async with turn.desk.units() as unit:
            ticket = await solve_with_tip(unit, turn.actor, ticket_id, tip_id, words, policy, key=key)
            card = await render(unit, turn.desk, turn.person, DESK, ticket.id)
            await turn.keep(unit, DESK, ticket.id)
    except Invalid as wrong:
        async with turn.desk.units.read() as unit:
            ticket = await access_as_agent(unit, turn.actor, ticket_id)
            tip = (await access_tip(unit, _theirs(turn, ticket), tip_id)).tip
        who = (await names_of(turn.desk.directory, [ticket.requester_id]))[ticket.requester_id]
        return Reply(cards.solution(turn.t, ticket, tip, words, who, turn.t.error(wrong)))
    return Reply(card, view=DESK, subject=ticket.id)


def _theirs(turn: Turn, ticket: Ticket) -> Actor:
    """The agent, as far as the requester may read what they send."""
    return replace(turn.actor, team_id=ticket.team_id)


async def form(turn: Turn) -> Reply:
    """The proposal, with what the desk said last filled in."""
    async with turn.desk.units.read() as unit:
        ticket, said = await resolution_of(unit, turn.actor, turn.field("id"))
    return Reply(cards.proposal(turn.t, ticket, ProposalForm(ticket.title, said[:LONGEST_TEXT])))


async def propose(turn: Turn) -> Reply:
    title, answer = turn.field("title"), turn.field("answer")
    command = ProposeTip(turn.field("id"), title, answer)
    async with turn.desk.units() as unit:
        ticket = await access_as_agent(unit, turn.actor, command.ticket_id)
        try:
            draft = await propose_from_ticket(
                unit, turn.actor, command, press_key(turn, "propose_tip", title, answer)
            )
        except Invalid as wrong:
            problems = turn.t.problems(wrong, "answer")
            return Reply(cards.proposal(turn.t, ticket, ProposalForm(title, answer, problems)))
    if draft.author_id == turn.person.id:
        return Reply(cards.drafted(turn.t, ticket, draft.tip.title, draft.id))
    return Reply(cards.proposed(turn.t, ticket, draft.tip.title))


FEATURE = Feature(
    name="tip_tickets",
    verbs={
        "tip_tickets.search": search,
        "tip_tickets.choose": choose,
        "tip_tickets.solve": solve,
        "tip_tickets.form": form,
        "tip_tickets.propose": propose,
    },
)
