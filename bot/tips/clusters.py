"""`vragen zonder tip`: what people asked and no tip answered, for the tip authors."""

from __future__ import annotations

import re

from sqlalchemy import delete

from bot.authoring.faces import draft_card
from bot.tips.questions import closest
from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.tips import clusters as cards
from domain.actor import Role
from domain.authoring.draft import Draft
from domain.authoring.news import DRAFT_VIEW
from domain.chats.models import Post
from domain.desk import Desk
from domain.errors import NotFound
from domain.people.models import Person
from domain.tips import clusters
from domain.tips.cluster import ClusterState
from domain.tips.clusters import VIEW
from domain.unit import Unit
from locales import translator

_COMMAND = re.compile(
    r"\s*(?:(?:open |onbeantwoorde )vragen|vragen zonder (?:tip|antwoord)|(?:open|unanswered) questions"
    r"|questions without (?:a |an )?(?:tip|answer)|questions sans (?:conseil|réponse))\s*[.!?]?\s*",
    re.IGNORECASE,
)


async def claims(turn: Turn) -> Reply:
    if _COMMAND.fullmatch(turn.text[:100]) is None or not turn.actor.has(Role.TIP_AUTHOR):
        return NOTHING
    return await show_list(turn)


@own_chat_only
async def show_list(turn: Turn) -> Reply:
    dismissed = turn.field("state") == ClusterState.DISMISSED
    state = ClusterState.DISMISSED if dismissed else ClusterState.OPEN
    cursor = turn.field("cursor") or None
    async with turn.desk.units.read() as unit:
        page = await clusters.list_clusters(unit, turn.actor, state, cursor=cursor)
    return Reply(cards.listed(turn.t, page, state))


async def open_one(turn: Turn) -> Reply:
    return await _show(turn, turn.field("id"))


async def draft(turn: Turn) -> Reply:
    """The draft takes the place of the questions it is made of."""
    async with turn.desk.units() as unit:
        made = await clusters.draft_cluster(unit, turn.actor, turn.field("id"), turn.key)
        return await _drafted(unit, turn, made)


async def attach(turn: Turn) -> Reply:
    """The next version of the tip that answers them after all."""
    async with turn.desk.units() as unit:
        made = await clusters.attach_cluster(unit, turn.actor, turn.field("id"), turn.field("tip"), turn.key)
        return await _drafted(unit, turn, made)


async def dismiss(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await clusters.dismiss_cluster(unit, turn.actor, turn.field("id"))
    return await show_list(turn)


async def restore(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await clusters.restore_cluster(unit, turn.actor, turn.field("id"))
    return await _show(turn, turn.field("id"))


async def _drafted(unit: Unit, turn: Turn, made: Draft) -> Reply:
    """From now on the pressed card follows the draft, and not the questions."""
    if turn.card_id:
        pressed = (Post.view == VIEW, Post.subject == turn.field("id"), Post.person_id == turn.person.id)
        await unit.db.execute(delete(Post).where(*pressed, Post.activity_id == turn.card_id))
    card = await draft_card(unit, turn.desk, turn.person, made)
    await turn.keep(unit, DRAFT_VIEW, made.id)
    return Reply(card, view=DRAFT_VIEW, subject=made.id)


async def _show(turn: Turn, cluster_id: str) -> Reply:
    async with turn.desk.units.read() as unit:
        card = await _card(unit, turn.desk, turn.person, cluster_id)
    return Reply(card, view=VIEW, subject=cluster_id)


async def _card(unit: Unit, desk: Desk, person: Person, cluster_id: str) -> Card:
    file = await clusters.open_cluster(unit, person.as_actor(), cluster_id)
    nearest = await closest(desk, person, file.cluster.text)
    return cards.cluster(translator(person.language), file, nearest)


async def show_cluster(unit: Unit, desk: Desk, person: Person, cluster_id: str) -> Card | None:
    try:
        return await _card(unit, desk, person, cluster_id)
    except NotFound:
        return None


FEATURE = Feature(
    name="tip_clusters",
    verbs={
        "tip_clusters.list": show_list,
        "tip_clusters.open": open_one,
        "tip_clusters.draft": draft,
        "tip_clusters.attach": attach,
        "tip_clusters.dismiss": dismiss,
        "tip_clusters.restore": restore,
    },
    views={VIEW: show_cluster},
    claims=claims,
)
