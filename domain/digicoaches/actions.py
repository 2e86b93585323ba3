"""A question for a digicoach and every step after it. Each is one transaction, and the same again when repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import insert, select, update

from domain.actor import Actor, Role
from domain.authoring.draft import DraftTip
from domain.authoring.writing import draft_tip
from domain.chats.actions import show
from domain.desk import Desk
from domain.digicoaches.choosing import choose_coach
from domain.digicoaches.coach import Coach
from domain.digicoaches.handover import hand_over
from domain.digicoaches.models import CoachQuestionRow
from domain.digicoaches.moves import (
    ASKER_NEWS_VIEW,
    COACH_NEWS_VIEW,
    COACH_VIEW,
    access_as_asker,
    access_as_coach,
    move,
    record,
    tell,
)
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import access_question, coaches_asked, lines_of, load_question
from domain.digicoaches.register import service_of
from domain.digicoaches.rules import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    State,
    Step,
    Wish,
    due_at,
    schedule,
)
from domain.errors import Conflict, DeskError, NotFound
from domain.helpdesk.rules import Kind
from domain.helpdesk.texts import check_text, clean, shorten_title, title_of
from domain.tables import is_id, new_id
from domain.tips import feedback
from domain.tips.models import QuestionRow
from domain.tips.reading import get_tips
from domain.tips.rules import redact
from domain.unit import Unit

MOST_TIPS = 5
"""Tips that travel along."""
_NUMBERING = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")


class NobodyFree(DeskError):
    """No digicoach can take a question now."""

    code = "nobody_free"
    status = 409


@dataclass(frozen=True, slots=True)
class AskCoach:
    """`tips` are the ids of tips that the asker saw; `question_id` is their question to the tips, whose tips come
    along by themselves. `place` is where they work, one of the places of their service."""

    text: str
    tips: tuple[str, ...] = ()
    question_id: str | None = None
    place: str | None = None


async def ask_coach(unit: Unit, desk: Desk, actor: Actor, command: AskCoach, key: str) -> CoachQuestion:
    """Put a question to the digicoach whose turn it is. Secrets in it are left out.

    Raises `Invalid` (field `text`) and `NobodyFree`, after which nothing was written.
    """
    text = redact(check_text(command.text, "text", LONGEST_QUESTION)).text
    question_id = new_id()
    first = await unit.once(actor.id, key, command, question_id)
    if first is not None:
        return await access_question(unit, actor, first)
    service = await service_of(desk, actor.team_id or "")
    service_id = service.team_id if service else ""
    place = command.place if service and command.place in service.places else None
    organisation = desk.organisation
    due = due_at(unit.now, organisation.digicoaches, organisation.calendar)
    coach = await _choose(unit, desk, actor.id, service_id, actor.language, place, {actor.id})
    if coach is None:
        raise NobodyFree("No digicoach is free at the moment.")
    followed = await _seen_before(unit, actor, command)
    soonest = schedule(State.OFFERED, unit.now, None, due, organisation.digicoaches, organisation.calendar)
    await unit.db.execute(
        insert(CoachQuestionRow),
        {
            "id": question_id,
            "state": State.OFFERED.value,
            "version": 1,
            "asker_id": actor.id,
            "service_id": service_id,
            "language": actor.language,
            "place": place,
            "text": text,
            "tips": followed,
            "tip_question_id": command.question_id if is_id(command.question_id or "") else None,
            "coach_id": coach.person_id,
            "asked_at": unit.now,
            "offered_at": unit.now,
            "reminded_at": None,
            "due_at": due,
            "next_at": soonest[0] if soonest else None,
            "changed_at": unit.now,
            "ticket_id": None,
            "draft_id": None,
        },
    )
    await record(unit, question_id, Step.ASK, actor.id)
    await record(unit, question_id, Step.OFFER, "", whom=coach.person_id)
    if command.question_id:
        await feedback.hand_over(unit, actor, command.question_id, feedback.HandedTo.DIGICOACH)
    await show(unit, COACH_VIEW, question_id, coach.person_id)
    return await load_question(unit, question_id)


async def accept(unit: Unit, desk: Desk, actor: Actor, question_id: str, *, key: str) -> CoachQuestion:
    """The digicoach takes it; the asker sees who."""
    if await unit.once(actor.id, key, (Step.ACCEPT, question_id), question_id) is not None:
        return await access_question(unit, actor, question_id)
    question = await access_as_coach(unit, actor, question_id, Step.ACCEPT)
    # From here on the digicoach has the time again that one has to begin.
    return await move(unit, desk, question, Step.ACCEPT, State.ACCEPTED, actor.id, offered_at=unit.now)


async def pass_on(unit: Unit, desk: Desk, actor: Actor, question_id: str, *, key: str) -> CoachQuestion:
    """The digicoach gives it to the next one; to the helpdesk when nobody else is free."""
    if await unit.once(actor.id, key, (Step.PASS, question_id), question_id) is not None:
        return await load_question(unit, question_id)
    question = await access_as_coach(unit, actor, question_id, Step.PASS)
    passed = await offer_next(unit, desk, question, actor.id)
    return passed or await hand_over(unit, desk, question, Kind.REQUEST, actor.id, late=True)


async def offer_next(unit: Unit, desk: Desk, question: CoachQuestion, by_id: str) -> CoachQuestion | None:
    """Put it to a digicoach who did not have it yet. None, and nothing changed, when nobody else is free."""
    besides = {question.asker_id, question.coach_id} | await coaches_asked(unit, question.id)
    coach = await _choose(
        unit, desk, question.asker_id, question.service_id, question.language, question.place, besides
    )
    if coach is None:
        return None
    await record(unit, question.id, Step.PASS, by_id, whom=question.coach_id)
    moved = await move(
        unit,
        desk,
        question,
        Step.OFFER,
        State.OFFERED,
        "",
        whom=coach.person_id,
        coach_id=coach.person_id,
        offered_at=unit.now,
        reminded_at=None,
    )
    await show(unit, COACH_VIEW, question.id, coach.person_id)
    return moved


async def answer(
    unit: Unit, desk: Desk, actor: Actor, question_id: str, text: str, *, key: str
) -> CoachQuestion:
    """The digicoach answers. Who answers what they had not taken yet takes it. Raises `Invalid` (field `answer`)."""
    text = redact(check_text(text, "answer", LONGEST_ANSWER)).text
    if await unit.once(actor.id, key, (Step.ANSWER, question_id, text), question_id) is not None:
        return await access_question(unit, actor, question_id)
    question = await access_as_coach(unit, actor, question_id, Step.ANSWER)
    answered = await move(unit, desk, question, Step.ANSWER, State.ANSWERED, actor.id, text=text)
    await tell(unit, ASKER_NEWS_VIEW, answered, question.asker_id)
    return answered


async def ask_on(
    unit: Unit, desk: Desk, actor: Actor, question_id: str, text: str, *, key: str
) -> CoachQuestion:
    """The asker does not get there with the answer, and says why; the same digicoach goes on. The clock starts anew.

    Raises `Invalid` (field `words`).
    """
    text = redact(check_text(text, "words", LONGEST_ANSWER)).text
    if await unit.once(actor.id, key, (Step.ASK_ON, question_id, text), question_id) is not None:
        return await access_question(unit, actor, question_id)
    question = await access_as_asker(unit, actor, question_id, Step.ASK_ON)
    organisation = desk.organisation
    due = due_at(unit.now, organisation.digicoaches, organisation.calendar)
    on = await move(
        unit,
        desk,
        question,
        Step.ASK_ON,
        State.ACCEPTED,
        actor.id,
        text=text,
        offered_at=unit.now,
        due_at=due,
    )
    await tell(unit, COACH_NEWS_VIEW, on, question.coach_id)
    return on


async def helped(unit: Unit, desk: Desk, actor: Actor, question_id: str, *, key: str) -> CoachQuestion:
    """The asker is helped: it is over."""
    if await unit.once(actor.id, key, (Step.HELPED, question_id), question_id) is not None:
        return await access_question(unit, actor, question_id)
    question = await access_as_asker(unit, actor, question_id, Step.HELPED)
    if question.state is State.DONE:  # the digicoach registered it already
        return question
    return await move(unit, desk, question, Step.HELPED, State.DONE, actor.id)


async def withdraw(unit: Unit, desk: Desk, actor: Actor, question_id: str, *, key: str) -> CoachQuestion:
    """The asker does not need it any more."""
    if await unit.once(actor.id, key, (Step.WITHDRAW, question_id), question_id) is not None:
        return await access_question(unit, actor, question_id)
    question = await access_as_asker(unit, actor, question_id, Step.WITHDRAW)
    return await move(unit, desk, question, Step.WITHDRAW, State.WITHDRAWN, actor.id)


async def make_ticket(
    unit: Unit, desk: Desk, actor: Actor, question_id: str, kind: Kind, words: str = "", *, key: str
) -> CoachQuestion:
    """The asker or the digicoach has the helpdesk go on with it; a digicoach may add what the desk has to know."""
    words = redact(clean(words)[:LONGEST_ANSWER]).text
    if await unit.once(actor.id, key, (Step.TICKET, question_id, kind, words), question_id) is not None:
        return await access_question(unit, actor, question_id)
    question = await access_question(unit, actor, question_id)
    as_whom = access_as_coach if actor.id == question.coach_id else access_as_asker
    question = await as_whom(unit, actor, question_id, Step.TICKET)
    return await hand_over(unit, desk, question, kind, actor.id, words=words)


async def propose_tip(unit: Unit, desk: Desk, actor: Actor, question_id: str, *, key: str) -> str:
    """Propose the answer to the tip authors, with the question as its title. The id of the draft.

    Raises `Conflict` as long as there is no answer. Proposed once, it is not again.
    """
    question = await access_question(unit, actor, question_id)
    if actor.id != question.coach_id:
        raise NotFound("There is no such question.")
    if question.draft_id is not None:
        return question.draft_id
    said = [line.text for line in await lines_of(unit, question.id) if line.what is Step.ANSWER and line.text]
    if not said:
        raise Conflict("Answer the question first, then it can become a tip.")
    first, *rest = (line.strip() for line in said[-1].splitlines() if line.strip())
    title, way = (
        line[:1].upper() + line[1:] for line in (title_of(question.text), shorten_title(question.text))
    )
    # Who is a digicoach by the register alone may propose as well as who has the role.
    proposer = replace(actor, roles=actor.roles | {Role.DIGICOACH})
    draft = await draft_tip(
        unit,
        proposer,
        DraftTip(
            title=title,
            alternates=(way,) if way != title else (),
            intro=first,
            steps=tuple(_NUMBERING.sub("", line) for line in rest),
            language=question.language,
            origin=f"digicoach:{question.id}",
        ),
        f"digicoach:{question.id}",
    )
    proposed = (CoachQuestionRow.id == question.id, CoachQuestionRow.draft_id.is_(None))
    await unit.db.execute(update(CoachQuestionRow).where(*proposed).values(draft_id=draft.id))
    return draft.id


async def _choose(
    unit: Unit,
    desk: Desk,
    asker_id: str,
    service_id: str,
    language: str,
    place: str | None,
    besides: set[str],
) -> Coach | None:
    organisation = desk.organisation
    until = organisation.calendar.add(unit.now, organisation.digicoaches.accept_within)
    wish = Wish(language, place, unit.now, until)
    return await choose_coach(unit, desk, service_id, wish, besides | {asker_id})


async def _seen_before(unit: Unit, actor: Actor, command: AskCoach) -> list[str]:
    """Which tips travel along: those that exist and that this person gets to see, whatever a card said."""
    seen = list(command.tips)
    if is_id(command.question_id or ""):
        asked = select(QuestionRow.shown).where(
            QuestionRow.id == command.question_id, QuestionRow.person_id == actor.id
        )
        seen += (await unit.db.execute(asked)).scalar_one_or_none() or []
    ids = [one for one in dict.fromkeys(seen) if len(one) <= 80][:MOST_TIPS]
    found = await get_tips(unit, ids) if ids else []
    return [one.tip.id for one in found if one.tip.is_for(actor.team_id)]
