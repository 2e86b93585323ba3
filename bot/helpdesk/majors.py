"""Major incidents in chat, for those they touch: the news, and not wanting it any more."""

from __future__ import annotations

from bot.turn import Card, Feature, Reply, Turn
from cards.helpdesk import majors as cards
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.majors import access_news, has_ticket_in, unfollow
from domain.helpdesk.work import NEWS
from domain.people.models import Person
from domain.people.names import names_of
from domain.unit import Unit
from locales import translator


async def stop(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await unfollow(unit, turn.actor, turn.field("major"))
    return Reply(cards.not_following(turn.t))


async def show_news(unit: Unit, desk: Desk, person: Person, news_id: str) -> Card | None:
    actor = person.as_actor()
    try:
        told, major = await access_news(unit, actor, news_id)
    except NotFound:
        return None
    names = await names_of(desk.directory, [told.author_id])
    concerned = await has_ticket_in(unit, actor, major.ticket_id)
    return cards.news(translator(person.language), major, told, names[told.author_id], has_ticket=concerned)


FEATURE = Feature(name="majors", verbs={"majors.unfollow": stop}, views={NEWS: show_news})
