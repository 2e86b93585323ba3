"""What follows on an answer that was not enough: what was missing, the tip authors, and the tip that came later."""

from __future__ import annotations

from bot.turn import Card, Feature, Reply, Turn
from cards.tips import feedback as cards
from cards.tips.answers import Question
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.people.models import Person
from domain.tables import is_id
from domain.tips.actions import question_text
from domain.tips.askers import ANSWERED, access_late_answer
from domain.tips.clustering import tell_authors
from domain.tips.feedback import HandedTo, ask_authors, hand_over, say_more
from domain.tips.reading import access_tip, get_tips
from domain.unit import Unit
from locales import translator


async def words(turn: Turn) -> Reply:
    """Thanks, or the box again with what is wrong with it."""
    question_id, typed = turn.field("question"), turn.field("words")
    async with turn.desk.units() as unit:
        tip = (await access_tip(unit, turn.actor, turn.field("id"))).tip
        asked = await question_text(unit, turn.actor, question_id) if is_id(question_id) else None
        question = Question(question_id, asked or "")
        speaks = translator(tip.language)
        try:
            kept = await say_more(unit, turn.actor, tip.id, question_id, typed)
        except Invalid as problem:
            return Reply(cards.missing_again(speaks, tip, question, typed, speaks.error(problem)))
    return Reply(cards.words_kept(speaks, tip, question, kept))


async def authors(turn: Turn) -> Reply:
    """The question is put before the authors; who asked is told once there is a tip."""
    await turn.desk.questions.drain()
    async with turn.desk.units() as unit:
        text, cluster_id = await ask_authors(unit, turn.actor, turn.field("question"))
        if cluster_id is not None:
            await tell_authors(unit, turn.desk, cluster_id)
    return Reply(cards.authors_asked(turn.t, Question(turn.field("question"), text)))


async def taken_along(turn: Turn) -> str:
    """Somebody goes on to the helpdesk from a tip or a question: noted, and the desk reads which tip they had."""
    question_id, tip_id = turn.field("question"), turn.field("tip")
    if not is_id(question_id) and not tip_id:
        return ""
    await turn.desk.questions.drain()
    async with turn.desk.units() as unit:
        await hand_over(unit, turn.actor, question_id, HandedTo.HELPDESK)
        shown = [one.tip for one in await get_tips(unit, [tip_id])] if tip_id else []
    read = [tip.title for tip in shown if tip.is_for(turn.actor.team_id)]
    return turn.t("I read this tip: {title}", title=read[0]) if read else ""


async def show_late_answer(unit: Unit, desk: Desk, person: Person, cluster_id: str) -> Card | None:
    try:
        late = await access_late_answer(unit, person.as_actor(), cluster_id)
    except NotFound:
        return None
    tip = late.tip
    return cards.late_answer(translator(tip.language), tip, Question(late.question_id, late.text))


FEATURE = Feature(
    name="tip_feedback",
    verbs={"tip_feedback.words": words, "tips.ask_authors": authors},
    views={ANSWERED: show_late_answer},
)
"""`tips.ask_authors` is named by the cards of the tips themselves."""
