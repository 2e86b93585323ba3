"""Where every conversation can start and none gets stuck: welcome, small talk, people, and "did I get that right?"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.tips import questions as tips
from bot.turn import Card, Feature, Reply, Turn
from cards import home as cards
from domain.actor import Role
from domain.intents.models import Intent
from domain.intents.small_talk import SmallTalk, is_plainly_small_talk, small_talk
from domain.tips.rules import redact, searchable
from locales import N_

SMALL_TALK = {
    SmallTalk.THANKS: N_("With pleasure! Type whenever you need me."),
    SmallTalk.HOW_ARE_YOU: N_("All is well here, thank you. What can I do for you?"),
    SmallTalk.JOKE: N_("Why was the computer cold? Its Windows were open. What else can I do for you?"),
    SmallTalk.ROBOT: N_(
        "I am a computer program, day and night. Would you like a person? Type: talk to somebody."
    ),
    SmallTalk.GOODBYE: N_("Until next time! Have a nice day."),
    SmallTalk.UNKIND: N_("I am sorry to be of no help. Say it in other words, or type: talk to somebody."),
    SmallTalk.OTHER: N_("Glad to be here. Type whenever you need me."),
}


async def welcome(turn: Turn) -> Reply:
    author = turn.actor.has(Role.TIP_AUTHOR)
    return Reply(cards.welcome(turn.t, turn.person.first_name, turn.desk.organisation.name, author=author))


async def chat(turn: Turn) -> Reply:
    """One short friendly line to small talk."""
    return Reply(text=turn.t(SMALL_TALK[small_talk(turn.text)]))


async def ask(turn: Turn) -> Reply:
    return Reply(text=turn.t("Type your question in one sentence, and I look for the answer."))


async def unsure(turn: Turn) -> Reply:
    """A line for what is plainly small talk, a tip that plainly answers what may be a question; else the person chooses
    among what the classifier offers."""
    offered = turn.guess.offered if turn.guess else ()
    if offered[:1] == (Intent.THANKS,) and is_plainly_small_talk(turn.text):
        return await chat(turn)
    answer = await tips.plain_answer(turn) if Intent.QUESTION in offered else None
    return answer or Reply(await _choice(turn, offered))


async def nonsense(turn: Turn) -> Reply:
    return Reply(await _choice(turn, ()))


async def human(turn: Turn) -> Reply:
    return Reply(cards.reach_a_person(turn.t, turn.desk.organisation.helpdesk.phone))


async def _choice(turn: Turn, offered: Sequence[Intent]) -> Card:
    found = await tips.closest(turn.desk, turn.person, turn.text)
    suggestions = [cards.Suggestion(tip.id, tip.title) for tip in found]
    secrets = redact(searchable(turn.text)).found
    return cards.choose(turn.t, turn.text, offered, suggestions, secrets)


FEATURE = Feature(
    name="home",
    verbs={"home.ask": ask, "home.welcome": welcome},
    intents={
        Intent.HELP: welcome,
        Intent.THANKS: chat,
        Intent.HUMAN: human,
        Intent.NONSENSE: nonsense,
        "unsure": unsure,
    },
)
