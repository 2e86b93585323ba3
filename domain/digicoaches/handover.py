"""From a question to a ticket: what was asked, the tips that were shown and what the digicoach says go along."""

from __future__ import annotations

from domain.desk import Desk
from domain.digicoaches.moves import ASKER_NEWS_VIEW, move, tell
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import lines_of
from domain.digicoaches.rules import State, Step
from domain.helpdesk.actions import ReportTicket, report_ticket
from domain.helpdesk.policy import Impact, Urgency
from domain.helpdesk.rules import Kind
from domain.helpdesk.texts import TEXT_LIMIT
from domain.people.models import Person
from domain.tips.reading import get_tips
from domain.unit import Unit


async def hand_over(
    unit: Unit,
    desk: Desk,
    question: CoachQuestion,
    kind: Kind,
    by_id: str,
    *,
    words: str = "",
    late: bool = False,
) -> CoachQuestion:
    """Make a ticket of it in the asker's name, and tell who did not press it themselves.

    Who left the city gets no ticket: the question ends. Raises `Conflict` when somebody was first.
    """
    asker = await desk.directory.person(question.asker_id)
    if asker is None or not asker.active:
        return await move(unit, desk, question, Step.WITHDRAW, State.WITHDRAWN, by_id)
    ticket = await report_ticket(
        unit,
        asker.as_actor(),
        ReportTicket(kind, await _text(unit, desk, question, words, late), Impact.LOW, Urgency.MEDIUM),
        desk.organisation.helpdesk,
        key=f"digicoach:{question.id}:{question.version}",
    )
    handed = await move(
        unit, desk, question, Step.TICKET, State.TICKET, by_id, text=words or None, ticket_id=ticket.id
    )
    if by_id != question.asker_id:
        await tell(unit, ASKER_NEWS_VIEW, handed, question.asker_id)
    return handed


async def _text(unit: Unit, desk: Desk, question: CoachQuestion, words: str, late: bool) -> str:
    says = desk.organisation.digicoaches.handover
    parts = [question.text]
    shown = await get_tips(unit, question.tips) if question.tips else []
    if shown:
        parts.append(says.tips.format(tips=" · ".join(one.tip.title for one in shown)))
    said = [
        (line.by_id, line.text)
        for line in await lines_of(unit, question.id)
        if line.what is Step.ANSWER and line.text
    ]
    said += [(question.coach_id, words)] if words else []
    for person_id, text in said[-3:]:
        coach: Person | None = await desk.directory.person(person_id)
        parts.append(says.words.format(coach=coach.name if coach else person_id, words=text))
    if late:
        parts.append(says.late)
    return "\n\n".join(parts)[:TEXT_LIMIT]
