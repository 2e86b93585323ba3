"""Between tickets and tips: a resolution is proposed as a tip, and a tip resolves a ticket and is counted for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import select

from domain.actor import Actor
from domain.authoring.draft import Draft, DraftTip
from domain.authoring.rules import LONGEST_TEXT, LONGEST_TITLE
from domain.authoring.writing import draft_tip
from domain.helpdesk import actions
from domain.helpdesk.actions import Say
from domain.helpdesk.models import ticket_messages
from domain.helpdesk.notes import access_as_agent
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.texts import check_text
from domain.helpdesk.ticket import Ticket
from domain.tips.feedback_models import SolutionRow
from domain.tips.reading import access_tip
from domain.tips.tip import Tip
from domain.unit import Unit, dialect_insert

_STEP = re.compile(r"\s*(?:[-*•–]|\d{1,2}[.)])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class ProposeTip:
    """`title` is the question it answers. Lines of `answer` that begin with a number or a dash become steps."""

    ticket_id: str
    title: str
    answer: str


async def propose_from_ticket(unit: Unit, actor: Actor, command: ProposeTip, key: str) -> Draft:
    """An agent's resolution as a proposal for the tip authors, who see which ticket it is from.

    Raises `NotFound` for who is not of the desk, `Invalid` with the field `title` or `answer`.
    """
    ticket = await access_as_agent(unit, actor, command.ticket_id)
    title = check_text(command.title, "title", LONGEST_TITLE)
    intro, steps = steps_of(check_text(command.answer, "answer", LONGEST_TEXT))
    origin = f"ticket:{ticket.id}"
    return await draft_tip(unit, actor, DraftTip(title, intro=intro, steps=steps, origin=origin), key)


async def solve_with_tip(
    unit: Unit, actor: Actor, ticket_id: str, tip_id: str, words: str, policy: HelpdeskPolicy, *, key: str
) -> Ticket:
    """Resolve a ticket with a tip, in these words: it counts for the tip as long as the ticket stays resolved.

    Raises `NotFound` for who is not of the desk and for a tip that is unknown or not for the requester, and what
    `resolve` raises.
    """
    ticket = await access_as_agent(unit, actor, ticket_id)
    tip = (await access_tip(unit, replace(actor, team_id=ticket.team_id), tip_id)).tip
    solved = await actions.resolve(unit, actor, Say(ticket.id, words), policy, key=key)
    row = {
        "ticket_id": ticket.id,
        "tip_id": tip.id,
        "team_id": ticket.team_id,
        "agent_id": actor.id,
        "at": unit.now,
    }
    latest = {name: value for name, value in row.items() if name != "ticket_id"}
    await unit.db.execute(
        dialect_insert(unit.db.dialect.name, SolutionRow)
        .values(row)
        .on_conflict_do_update(index_elements=["ticket_id"], set_=latest)
    )
    return solved


async def resolution_of(unit: Unit, actor: Actor, ticket_id: str) -> tuple[Ticket, str]:
    """A ticket, with what the desk said last on it. Raises `NotFound` for who is not of the desk."""
    ticket = await access_as_agent(unit, actor, ticket_id)
    said = (
        select(ticket_messages.c.text)
        .where(ticket_messages.c.ticket_id == ticket.id, ticket_messages.c.from_desk.is_(True))
        .order_by(ticket_messages.c.id.desc())
        .limit(1)
    )
    return ticket, (await unit.db.execute(said)).scalar_one_or_none() or ""


def steps_of(answer: str) -> tuple[str, tuple[str, ...]]:
    """What is said first, and the steps. A line without a number or dash goes on with the step before it."""
    intro: list[str] = []
    steps: list[str] = []
    for line in filter(None, map(str.strip, answer.splitlines())):
        if _STEP.match(line):
            steps.append(_STEP.sub("", line, count=1))
        elif steps:
            steps[-1] += f" {line}"
        else:
            intro.append(line)
    return "\n".join(intro), tuple(steps)


def plain_text(tip: Tip) -> str:
    """A tip as an agent can send it on a ticket, to be changed before it goes."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(tip.steps, 1))
    return "\n\n".join(filter(None, (tip.intro, steps, tip.phone, tip.note, tip.source.url)))
