"""Questions in chat: searched, answered with a tip or with who can help, and whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from bot.turn import Feature, Reply, Turn
from cards.tips import answers as cards
from cards.tips.answers import Question, Suggested
from domain.desk import Desk
from domain.errors import NotFound
from domain.intents.models import Intent
from domain.people.models import Person
from domain.tables import is_id, new_id
from domain.tips import actions
from domain.tips.actions import RateTip
from domain.tips.finding import Found, find_tips
from domain.tips.rules import redact, searchable, to_show, zone_of
from domain.tips.shelf import Shelf, ShelvedTip
from domain.tips.tip import Asked, Zone
from domain.unit import Units
from locales import Translator, translator


async def closest(desk: Desk, person: Person, text: str, limit: int = 3) -> Sequence[Suggested]:
    """The tips that may answer a text, the likeliest first; none when nothing comes near. They stand on a card about
    something else, so only those in the person's own language: a card speaks one."""
    hits = await desk.tips.search(
        redact(searchable(text)).text, person.language, limit=limit, team_id=person.team_id
    )
    if zone_of(hits) is Zone.UNKNOWN:
        return ()
    hits = [hit for hit in hits if hit.language in ("", person.language)]
    return [Suggested(hit.tip_id, hit.title) for hit in to_show(Zone.CHOOSE, hits, limit)]


async def sure_of(desk: Desk, person: Person, text: str) -> Suggested | None:
    """The one tip that plainly answers a text, in the person's own language, for a card about something else."""
    asked = redact(searchable(text)).text
    hits = await desk.tips.search(asked, person.language, team_id=person.team_id) if asked else ()
    if zone_of(hits) is not Zone.ANSWER or hits[0].language not in ("", person.language):
        return None
    return Suggested(hits[0].tip_id, hits[0].title)


async def plain_answer(turn: Turn) -> Reply | None:
    """The tip that answers this text for sure, for when it is not sure that it is a question; or None."""
    found = await _find(turn, further=False)
    return await _found(turn, found) if found.zone is Zone.ANSWER else None


async def ask(turn: Turn) -> Reply:
    """Answers a question: with a tip, up to three to choose from, or the ways on."""
    return await _found(turn, await _find(turn))


async def _find(turn: Turn, *, further: bool = True) -> Found:
    person = turn.person
    return await find_tips(turn.desk.tips, turn.text, person.language, person.team_id, further=further)


async def _found(turn: Turn, found: Found) -> Reply:
    person = turn.person
    asked = found.asked_by(person.id, person.language, person.team_id)
    if found.zone is Zone.ANSWER:
        shelved = await _shelf(turn.desk.units).tip(found.shown[0].tip_id)
        turn.desk.questions.keep(asked)
        said = await turn.desk.tips.answer(found.text, shelved.tip)
        return _answer(turn, shelved, Question(asked.id, found.text, found.secrets), said=said)
    async with turn.desk.units() as unit:
        question_id = await actions.record_question(unit, turn.actor, asked, turn.key)
    question = Question(question_id, found.text, found.secrets)
    if found.zone is Zone.CHOOSE:
        return Reply(
            cards.choose(turn.t, [Suggested(hit.tip_id, hit.title) for hit in found.shown], question)
        )
    return Reply(cards.unknown(turn.t, question, _phone(turn)))


async def show(turn: Turn) -> Reply:
    """A tip somebody pressed: chosen from a few, or as the next one after another."""
    shelved = await _shelved(turn)
    question_id = turn.field("question")
    if not is_id(question_id):
        return _answer(turn, shelved, await _picked(turn, shelved.tip.id))
    await turn.desk.questions.drain()
    async with turn.desk.units() as unit:
        await actions.choose_tip(unit, turn.actor, question_id, shelved.tip.id)
        text = await actions.question_text(unit, turn.actor, question_id)
    return _answer(turn, shelved, Question(question_id, text or ""))


async def _picked(turn: Turn, tip_id: str) -> Question:
    """The question behind a tip on a card of another feature, which carries what was typed in an input."""
    redacted = redact(searchable(turn.field("text")))
    if not redacted.text:
        return Question("", "")
    asked = Asked(
        new_id(),
        turn.person.id,
        turn.person.language,
        redacted.text,
        Zone.CHOOSE,
        0.0,
        (tip_id,),
        turn.person.team_id,
    )
    async with turn.desk.units() as unit:
        question_id = await actions.record_question(unit, turn.actor, asked, turn.key)
        await actions.choose_tip(unit, turn.actor, question_id, tip_id)
    return Question(question_id, redacted.text, redacted.found)


async def none_fits(turn: Turn) -> Reply:
    question_id = turn.field("question")
    text = None
    if is_id(question_id):
        async with turn.desk.units() as unit:
            await actions.choose_tip(unit, turn.actor, question_id, None)
            text = await actions.question_text(unit, turn.actor, question_id)
    return Reply(cards.unknown(turn.t, Question(question_id, text or ""), _phone(turn)))


async def helped(turn: Turn) -> Reply:
    shelved, question = await _rate(turn, helped=True)
    return _answer(turn, shelved, question, rated=True)


async def not_helped(turn: Turn) -> Reply:
    try:
        shelved, question = await _rate(turn, helped=False)
    except NotFound:  # out of use since: who needs help does not need to know why
        return await none_fits(turn)
    return Reply(cards.not_helped(_speaks(shelved), shelved.tip, question, _phone(turn)))


async def _rate(turn: Turn, *, helped: bool) -> tuple[ShelvedTip, Question]:
    shelved = await _shelved(turn)
    given = turn.field("question")
    question_id = given if is_id(given) else None
    await turn.desk.questions.drain()
    async with turn.desk.units() as unit:
        await actions.rate_tip(unit, turn.actor, RateTip(shelved.tip.id, helped, question_id), turn.key)
        text = await actions.question_text(unit, turn.actor, question_id) if question_id else None
    return shelved, Question(question_id or "", text or "")


async def _shelved(turn: Turn) -> ShelvedTip:
    """The tip of a pressed button. Raises `NotFound` for one that is not there, or is another team's."""
    shelved = await _shelf(turn.desk.units).tip(turn.field("id"))
    if not shelved.tip.is_for(turn.person.team_id):
        raise NotFound("This tip does not exist (any more).")
    return shelved


def _answer(
    turn: Turn, shelved: ShelvedTip, question: Question, *, rated: bool = False, said: str = ""
) -> Reply:
    theirs = [tip for tip in shelved.related if tip.is_for(turn.person.team_id)]
    related = [Suggested(tip.id, tip.title) for tip in theirs]
    return Reply(cards.tip(_speaks(shelved), shelved.tip, related, question, rated=rated, said=said))


def _speaks(shelved: ShelvedTip) -> Translator:
    """A card speaks one language: that of its tip."""
    return translator(shelved.tip.language)


def _phone(turn: Turn) -> str:
    return turn.desk.organisation.helpdesk.phone


_shelves: WeakKeyDictionary[Units, Shelf] = WeakKeyDictionary()


def _shelf(units: Units) -> Shelf:
    shelf = _shelves.get(units)
    if shelf is None:
        shelf = _shelves[units] = Shelf(units)
    return shelf


def look_again(units: Units) -> None:
    """A tip was changed on this worker: the next one that is shown is read anew."""
    _shelves.pop(units, None)


FEATURE = Feature(
    name="tips",
    verbs={"tips.show": show, "tips.none": none_fits, "tips.helped": helped, "tips.not_helped": not_helped},
    intents={Intent.QUESTION: ask},
)
