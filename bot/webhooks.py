"""`webhooks`: administrators see where flows hear of what happens, and set right what does not arrive; everybody else
sees their own."""

from __future__ import annotations

from contextlib import suppress

from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards import webhooks as cards
from domain.actor import Actor, Role
from domain.desk import Desk
from domain.errors import NotFound
from domain.people.models import Person
from domain.people.names import names_of
from domain.reports.names import names_for
from domain.unit import Unit
from domain.webhooks import actions
from domain.webhooks.notify import PAUSED_VIEW
from domain.webhooks.rules import State
from locales import translator

COMMANDS = frozenset(
    {
        "webhooks",
        "webhook",
        "mijn webhooks",
        "webhooks beheren",
        "manage webhooks",
        "my webhooks",
        "mes webhooks",
        "gérer les webhooks",
    }
)


async def claims(turn: Turn) -> Reply:
    if turn.text.strip().rstrip(".!?").lower() not in COMMANDS:
        return NOTHING
    return await listed(turn)


@own_chat_only
async def listed(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        page = await actions.list_subscriptions(unit, turn.actor, cursor=turn.field("cursor") or None)
    owners = await owners_of(turn.desk, [one.owner_id for one in page.subscriptions])
    return Reply(cards.listed(turn.t, page, owners))


async def opened(turn: Turn) -> Reply:
    return await _shown(turn)


async def resume(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await actions.resume(unit, turn.actor, turn.field("id"))
    return await _shown(turn, turn.t("It is tried again now."))


async def resend(turn: Turn) -> Reply:
    """One letter, or all of them."""
    letter = turn.field("letter")
    if letter and not (letter.isascii() and letter.isdigit() and len(letter) < 19):
        raise NotFound("There is no such subscription.", field="id")
    async with turn.desk.units() as unit:
        count = await actions.resend(unit, turn.actor, turn.field("id"), [int(letter)] if letter else None)
    return await _shown(
        turn, turn.t.plural("{n} message is sent again.", "{n} messages are sent again.", count)
    )


async def end(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        await actions.unsubscribe(unit, turn.actor, turn.field("id"))
    return await _shown(turn)


async def show_paused(unit: Unit, desk: Desk, person: Person, subscription_id: str) -> Card | None:
    with suppress(NotFound):
        face = await face_of(unit, desk, person.as_actor(), subscription_id)
        if face.subscription.state is State.PAUSED:
            return cards.paused(translator(person.language), face)
    return None


async def _shown(turn: Turn, notice: str = "") -> Reply:
    async with turn.desk.units.read() as unit:
        face = await face_of(
            unit, turn.desk, turn.actor, turn.field("id"), turn.field("cursor") or None, notice
        )
    return Reply(cards.one(turn.t, face))


async def face_of(
    unit: Unit,
    desk: Desk,
    actor: Actor,
    subscription_id: str,
    cursor: str | None = None,
    notice: str = "",
) -> cards.Face:
    subscription = await actions.access_subscription(unit, actor, subscription_id)
    owners = await owners_of(desk, [subscription.owner_id])
    return cards.Face(
        subscription,
        owners[subscription.owner_id],
        await actions.count_dead(unit, subscription.id),
        await names_of_values(desk, actor.language),
        await actions.list_dead(unit, actor, subscription.id, cursor=cursor),
        may_resend=actor.has(Role.ADMIN),
        notice=notice,
    )


async def owners_of(desk: Desk, ids: list[str]) -> dict[str, str]:
    """Names of people, and of keys."""
    names = await names_of(desk.directory, ids)
    return {owner_id: name.removeprefix("flow:") for owner_id, name in names.items()}


async def names_of_values(desk: Desk, language: str) -> dict[str, str]:
    """What people call the values that filters have."""
    names = await names_for(desk)
    scenarios = {scenario.id: scenario.name(language) for scenario in desk.organisation.scenarios}
    return {**names.categories, **names.teams, **scenarios}


FEATURE = Feature(
    name="webhooks",
    verbs={
        "webhooks.list": listed,
        "webhooks.open": opened,
        "webhooks.resume": resume,
        "webhooks.resend": resend,
        "webhooks.end": end,
    },
    views={PAUSED_VIEW: show_paused},
    claims=claims,
)
