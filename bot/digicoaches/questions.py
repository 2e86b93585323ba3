"""Asking a digicoach in chat, and everything the two can do with the question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.digicoaches.faces import coach_card, face_of, show_asker, show_coach, show_coach_news
from bot.turn import Card, Feature, Reply, Turn
from cards.digicoaches import asking as cards
from cards.digicoaches import questions as coach_cards
from cards.digicoaches.asking import AskForm
from cards.helpdesk.requester import Notice
from domain.chats.actions import posts_about
from domain.digicoaches import actions
from domain.digicoaches.actions import AskCoach, NobodyFree
from domain.digicoaches.help import note_help
from domain.digicoaches.moves import ASKER_NEWS_VIEW, ASKER_VIEW, COACH_NEWS_VIEW, COACH_VIEW, subjects_of
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import access_question, load_question
from domain.digicoaches.register import LOOKS_AFTER_ALL, coach_of, service_of, services_for
from domain.digicoaches.rules import LONGEST_QUESTION, Outcome, says_no_more
from domain.digicoaches.systems import may_tell
from domain.errors import Conflict, DeskError, Invalid, NotFound
from domain.helpdesk.rules import Kind
from domain.intents.models import Intent
from domain.tables import is_id, new_id
from domain.tips.actions import latest_question, question_text
from domain.tips.reading import get_tips
from domain.tips.rules import redact
from domain.unit import Unit

A_MOMENT = timedelta(minutes=10)
"""For as long as this a question is what somebody means who then types no more than `digicoach`."""

# --- asking -----------------------------------------------------------------------------------------------


async def ask(turn: Turn) -> Reply:
    """The form, with what was typed or asked before; the tips that were shown go along."""
    if turn.text and says_no_more(turn.text):
        return await _ask_on_what_was_asked(turn)
    question_id = turn.field("question")
    typed = turn.text or turn.field("text")
    if is_id(question_id):
        await turn.desk.questions.drain()
        if not typed:
            async with turn.desk.units.read() as unit:
                typed = await question_text(unit, turn.actor, question_id) or ""
    form = AskForm(new_id(), typed[:LONGEST_QUESTION], question_id if is_id(question_id) else "", _tips(turn))
    return Reply(await _form(turn, form))


async def _ask_on_what_was_asked(turn: Turn) -> Reply:
    """Who types `digicoach` means what they asked a moment ago; if that was nothing, the form asks what it is."""
    await turn.desk.questions.drain()
    async with turn.desk.units.read() as unit:
        asked = await latest_question(unit, turn.actor, unit.now - A_MOMENT)
    if asked is None:
        return Reply(await _form(turn, AskForm(new_id())))
    tips = (asked.tip_id,) if asked.tip_id else ()
    return Reply(await _form(turn, AskForm(new_id(), asked.text, asked.id, tips)))


async def send(turn: Turn) -> Reply:
    """The receipt, the form again with what is wrong in it, or who else helps when nobody is free."""
    given = turn.field("form")
    form = AskForm(
        given if is_id(given) else new_id(),
        turn.field("text"),
        turn.field("question"),
        _tips(turn),
        turn.field("place"),
    )
    redacted = redact(form.text)
    command = AskCoach(form.text, form.tips, form.question_id or None, form.place or None)
    try:
        async with turn.desk.units() as unit:
            question = await actions.ask_coach(
                unit, turn.desk, turn.actor, command, f"digicoach:{form.form_id}"
            )
            await turn.keep(unit, ASKER_VIEW, question.id)
            face = replace(await face_of(unit, turn.desk, question), secrets=redacted.found)
    except Invalid as error:
        return Reply(await _form(turn, replace(form, problems=turn.t.problems(error, "text"))))
    except NobodyFree:
        return Reply(cards.nobody(turn.t, redacted.text, turn.desk.organisation.helpdesk.phone))
    return Reply(cards.asker(turn.t, face), view=ASKER_VIEW, subject=question.id)


async def _form(turn: Turn, form: AskForm) -> Card:
    service = await service_of(turn.desk, turn.person.team_id)
    async with turn.desk.units.read() as unit:
        shown = [one.tip for one in await get_tips(unit, form.tips)] if form.tips else []
        menu = await _menu(unit, turn)
    phone = turn.desk.organisation.helpdesk.phone
    theirs = [tip.title for tip in shown if tip.is_for(turn.person.team_id)]
    return cards.ask(turn.t, form, service.places if service else (), theirs, phone, menu)


async def _menu(unit: Unit, turn: Turn) -> list[tuple[str, str]]:
    """What somebody has to do with digicoaches beside asking one: titles and verbs."""
    entries = []
    if await coach_of(unit, turn.desk, turn.actor.id) is not None:
        entries.append((turn.t("Your questions as a digicoach"), "digicoaches.work"))
    if await services_for(turn.desk, turn.actor):
        entries.append((turn.t("The digicoaches of your service"), "digicoaches.service"))
    if LOOKS_AFTER_ALL & turn.actor.roles:
        entries.append((turn.t("The digicoaches of all services"), "digicoaches.overview"))
    if may_tell(turn.actor):
        entries.append((turn.t("Announce a new system"), "digicoaches.announce"))
    return entries


def _tips(turn: Turn) -> tuple[str, ...]:
    """Ids of tips a card sent along: one, or several with commas between."""
    sent = [*turn.field("tips").split(","), turn.field("tip")]
    return tuple(dict.fromkeys(one for one in sent if one))[: actions.MOST_TIPS]


# --- steps ------------------------------------------------------------------------------------------------

Step = Callable[[Unit, Turn, str], Awaitable[CoachQuestion]]


async def _as_coach(turn: Turn, step: Step) -> Reply:
    """Take a step and show the card of the digicoach; who gave it away sees that."""
    try:
        async with turn.desk.units() as unit:
            question = await step(unit, turn, turn.field("id"))
            await _keep(unit, turn, COACH_VIEW, question)
            card = await coach_card(unit, turn.desk, turn.person, question)
    except (Conflict, NotFound) as error:
        async with turn.desk.units.read() as unit:
            question = await load_question(unit, turn.field("id"))
            card = await coach_card(unit, turn.desk, turn.person, question, _notice(turn, error))
    if card is None:
        raise NotFound("There is no such question.")
    return Reply(card, view=COACH_VIEW, subject=question.id)


async def _as_asker(turn: Turn, step: Step) -> Reply:
    notice = None
    try:
        async with turn.desk.units() as unit:
            question = await step(unit, turn, turn.field("id"))
            await _keep(unit, turn, ASKER_VIEW, question)
            face = await face_of(unit, turn.desk, question)
    except Conflict as error:
        notice = _notice(turn, error)
        async with turn.desk.units.read() as unit:
            question = await access_question(unit, turn.actor, turn.field("id"))
            face = await face_of(unit, turn.desk, question)
    return Reply(cards.asker(turn.t, face, notice), view=ASKER_VIEW, subject=question.id)


def _notice(turn: Turn, error: DeskError) -> Notice | None:
    """Who comes late sees how it stands, and has what they typed. A card that says itself where the question went
    needs no more."""
    typed = turn.field("answer") or turn.field("words")
    if isinstance(error, NotFound) and not typed:
        return None
    return Notice(turn.t("This is not possible any more: the question has moved on."), typed)


async def _keep(unit: Unit, turn: Turn, view: str, question: CoachQuestion) -> None:
    """The pressed card shows this view from now on; one that told something new follows by itself already."""
    told = await posts_about(unit, subjects_of(question), turn.person.id)
    if any(post.activity_id == turn.card_id for post in told):
        turn.kept = True
    else:
        await turn.keep(unit, view, question.id)


async def accept(turn: Turn) -> Reply:
    return await _as_coach(
        turn, lambda unit, turn, it: actions.accept(unit, turn.desk, turn.actor, it, key=turn.key)
    )


async def pass_on(turn: Turn) -> Reply:
    return await _as_coach(
        turn, lambda unit, turn, it: actions.pass_on(unit, turn.desk, turn.actor, it, key=turn.key)
    )


async def answer(turn: Turn) -> Reply:
    words = turn.field("answer")
    return await _as_coach(
        turn, lambda unit, turn, it: actions.answer(unit, turn.desk, turn.actor, it, words, key=turn.key)
    )


async def ticket(turn: Turn) -> Reply:
    """The digicoach has the helpdesk go on with it."""
    kind = _kind(turn.field("kind"))
    words = turn.field("words")
    return await _as_coach(
        turn,
        lambda unit, turn, it: actions.make_ticket(
            unit, turn.desk, turn.actor, it, kind, words, key=turn.key
        ),
    )


async def note(turn: Turn) -> Reply:
    minutes, outcome = registered(turn)
    return await _as_coach(
        turn, lambda unit, turn, it: note_help(unit, turn.desk, turn.actor, it, minutes, outcome)
    )


async def propose(turn: Turn) -> Reply:
    async def step(unit: Unit, turn: Turn, question_id: str) -> CoachQuestion:
        await actions.propose_tip(unit, turn.desk, turn.actor, question_id, key=turn.key)
        return await load_question(unit, question_id)

    return await _as_coach(turn, step)


async def ask_on(turn: Turn) -> Reply:
    words = turn.field("words")
    return await _as_asker(
        turn, lambda unit, turn, it: actions.ask_on(unit, turn.desk, turn.actor, it, words, key=turn.key)
    )


async def helped(turn: Turn) -> Reply:
    return await _as_asker(
        turn, lambda unit, turn, it: actions.helped(unit, turn.desk, turn.actor, it, key=turn.key)
    )


async def withdraw(turn: Turn) -> Reply:
    return await _as_asker(
        turn, lambda unit, turn, it: actions.withdraw(unit, turn.desk, turn.actor, it, key=turn.key)
    )


async def to_desk(turn: Turn) -> Reply:
    """Who asked has the helpdesk go on with it."""
    return await _as_asker(
        turn,
        lambda unit, turn, it: actions.make_ticket(
            unit, turn.desk, turn.actor, it, Kind.REQUEST, key=turn.key
        ),
    )


async def open_question(turn: Turn) -> Reply:
    """A question from a list, for either of the two."""
    async with turn.desk.units() as unit:
        question = await access_question(unit, turn.actor, turn.field("id"))
        mine = question.asker_id == turn.actor.id
        view = ASKER_VIEW if mine else COACH_VIEW
        await turn.keep(unit, view, question.id)
        face = await face_of(unit, turn.desk, question)
    card = cards.asker(turn.t, face) if mine else coach_cards.coach(turn.t, face)
    return Reply(card, view=view, subject=question.id)


def registered(turn: Turn) -> tuple[int, Outcome]:
    """How long it took and how it went, as a press says. Raises `Invalid` for what no card sends."""
    minutes, outcome = turn.data.get("minutes"), turn.field("outcome")
    if not isinstance(minutes, int) or outcome not in set(Outcome):
        raise Invalid("Choose how long it took.", field="minutes")
    return minutes, Outcome(outcome)


def _kind(value: str) -> Kind:
    return Kind(value) if value in set(Kind) else Kind.REQUEST


FEATURE = Feature(
    name="digicoaches",
    verbs={
        "digicoaches.ask": ask,
        "home.digicoach": ask,  # cards that stand in chats since before
        "digicoaches.send": send,
        "digicoaches.open": open_question,
        "digicoaches.accept": accept,
        "digicoaches.pass": pass_on,
        "digicoaches.answer": answer,
        "digicoaches.ticket": ticket,
        "digicoaches.note": note,
        "digicoaches.propose": propose,
        "digicoaches.ask_on": ask_on,
        "digicoaches.helped": helped,
        "digicoaches.withdraw": withdraw,
        "digicoaches.to_desk": to_desk,
    },
    intents={Intent.DIGICOACH: ask},
    views={
        ASKER_VIEW: show_asker,
        ASKER_NEWS_VIEW: show_asker,
        COACH_VIEW: show_coach,
        COACH_NEWS_VIEW: show_coach_news,
    },
)
