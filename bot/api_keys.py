"""`api-sleutels`: administrators make, renew and end the keys that flows come in with. In their own chat only."""

from __future__ import annotations

from datetime import timedelta

from bot.turn import NOTHING, Feature, Reply, Turn, own_chat_only
from cards import api_keys as cards
from cards.api_keys import KEEP_OLD, KeyForm
from domain.actor import Role
from domain.api_keys.actions import (
    MadeKey,
    MakeKey,
    access_key,
    check_admin,
    end_key,
    make_key,
    page_of_keys,
    rotate_key,
)
from domain.api_keys.models import ApiKey, Scope
from domain.errors import Conflict, Invalid

COMMANDS = frozenset(
    {
        "api-sleutels",
        "api sleutels",
        "apisleutels",
        "api-sleutels beheren",
        "api keys",
        "manage api keys",
        "clés api",
        "gérer les clés api",
    }
)


async def claims(turn: Turn) -> Reply:
    if turn.text.strip().rstrip(".!").lower() not in COMMANDS or not turn.actor.has(Role.ADMIN):
        return NOTHING
    return await listed(turn)


@own_chat_only
async def listed(turn: Turn) -> Reply:
    revoked = turn.field("revoked") == "yes"
    async with turn.desk.units.read() as unit:
        page = await page_of_keys(unit, turn.actor, cursor=turn.field("cursor") or None, revoked=revoked)
    return Reply(cards.keys(turn.t, page.keys, page.next_cursor, revoked=revoked))


async def form(turn: Turn) -> Reply:
    check_admin(turn.actor)
    return Reply(cards.form(turn.t, KeyForm()))


async def make(turn: Turn) -> Reply:
    """The secret, or the form again with what is wrong at its place."""
    chosen = turn.field("scopes")
    typed = turn.field("name").lower().replace(" ", "-")
    try:
        scopes = frozenset(scope for scope in Scope if scope.value in chosen.split(","))
        async with turn.desk.units() as unit:
            made = await make_key(unit, turn.actor, MakeKey(typed, scopes), turn.key)
    except (Invalid, Conflict) as error:
        wrong = {error.field or "name": turn.t.error(error)}
        return Reply(cards.form(turn.t, KeyForm(typed, chosen, wrong)))
    return await _shown_once(turn, made)


async def opened(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        key = await access_key(unit, turn.actor, turn.field("id"))
    return await _one(turn, key)


async def rotate(turn: Turn) -> Reply:
    days = turn.field("keep_old")
    if days not in KEEP_OLD:
        raise Invalid("Choose what happens to the old secret.", field="keep_old")
    async with turn.desk.units() as unit:
        made = await rotate_key(unit, turn.actor, turn.field("id"), timedelta(days=int(days)), turn.key)
    return await _shown_once(turn, made)


async def revoke(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        key = await end_key(unit, turn.actor, turn.field("id"))
    return await _one(turn, key)


async def _shown_once(turn: Turn, made: MadeKey) -> Reply:
    if made.secret is None:
        return await _one(turn, made.key, shown_before=True)
    return Reply(cards.secret(turn.t, made.key, made.secret))


async def _one(turn: Turn, key: ApiKey, *, shown_before: bool = False) -> Reply:
    owner = await turn.desk.directory.person(key.owner_id) if key.owner_id else None
    return Reply(cards.one(turn.t, key, owner.name if owner else "", shown_before=shown_before))


FEATURE = Feature(
    name="api_keys",
    verbs={
        "api_keys.list": listed,
        "api_keys.form": form,
        "api_keys.make": make,
        "api_keys.open": opened,
        "api_keys.rotate": rotate,
        "api_keys.revoke": revoke,
    },
    claims=claims,
)
