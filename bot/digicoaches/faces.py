"""What the cards of a question for a digicoach show: gathered once per card, for the side that looks."""

from __future__ import annotations

from bot.turn import Card
from cards.digicoaches import asking as cards
from cards.digicoaches import questions as coach_cards
from cards.digicoaches.parts import QuestionFace
from cards.helpdesk.requester import Notice
from domain.chats.actions import post_of
from domain.desk import Desk
from domain.digicoaches.help import help_with
from domain.digicoaches.moves import COACH_NEWS_VIEW
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import coaches_asked, lines_of, load_question
from domain.errors import NotFound
from domain.helpdesk.reading import load_ticket
from domain.people.models import Person
from domain.people.names import names_of
from domain.tips.reading import get_tips
from domain.unit import Unit
from locales import translator


async def show_asker(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    question = await _question(unit, subject)
    if question is None or question.asker_id != person.id:
        return None
    return cards.asker(translator(person.language), await face_of(unit, desk, question))


async def show_coach(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    question = await _question(unit, subject)
    return None if question is None else await coach_card(unit, desk, person, question)


async def show_coach_news(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    """A reminder comes too late for who gave the question away meanwhile; one that stands already says so."""
    question = await _question(unit, subject)
    if question is None:
        return None
    if question.coach_id != person.id and await post_of(unit, COACH_NEWS_VIEW, subject, person.id) is None:
        return None
    return await coach_card(unit, desk, person, question)


async def coach_card(
    unit: Unit, desk: Desk, person: Person, question: CoachQuestion, notice: Notice | None = None
) -> Card | None:
    """None for who never had it."""
    t = translator(person.language)
    if question.coach_id == person.id:
        return coach_cards.coach(t, await face_of(unit, desk, question), notice)
    if person.id in await coaches_asked(unit, question.id):
        return coach_cards.passed(t, await face_of(unit, desk, question), notice)
    return None


async def _question(unit: Unit, subject: str) -> CoachQuestion | None:
    try:
        return await load_question(unit, subject.partition(":")[0])
    except NotFound:
        return None


async def face_of(unit: Unit, desk: Desk, question: CoachQuestion) -> QuestionFace:
    """For one of the two whom it concerns: the caller has looked."""
    directory, lines = desk.directory, await lines_of(unit, question.id)
    both = {one: await directory.person(one) for one in (question.asker_id, question.coach_id)}
    coach = both[question.coach_id]
    service = await directory.team(question.service_id)
    team = await directory.team(coach.team_id) if coach else None
    shown = await get_tips(unit, question.tips) if question.tips else []
    made = await load_ticket(unit, question.ticket_id) if question.ticket_id else None
    return QuestionFace(
        question,
        lines,
        await names_of(directory, [*both, *(line.by_id for line in lines if line.by_id)]),
        {one: person.email for one, person in both.items() if person is not None and person.active},
        service.name if service else "",
        team.name if team else "",
        [one.tip.title for one in shown],
        (made.id, made.number) if made else None,
        await help_with(unit, question.id),
    )
