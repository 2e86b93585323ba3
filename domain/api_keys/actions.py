"""Making, using, rotating and revoking API keys."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from domain.actor import Actor, Role
from domain.api_keys.models import ApiKey, ApiKeyRow, Scope
from domain.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from domain.tables import is_id, new_id
from domain.unit import Unit

PREFIX = "wijzer_"
USED_TO_THE = timedelta(minutes=1)
PAGE_LIMIT = 50
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_SCOPES = {scope.value: scope for scope in Scope}
_BY_HASH = select(ApiKeyRow).where(
    or_(ApiKeyRow.key_hash == bindparam("hash"), ApiKeyRow.previous_hash == bindparam("hash"))
)


@dataclass(frozen=True, slots=True)
class MakeKey:
    name: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class MadeKey:
    """`secret` is what the flow sends. None when this repeats what was done before: nobody can show it again."""

    key: ApiKey
    secret: str | None


@dataclass(frozen=True, slots=True)
class KeyPage:
    keys: tuple[ApiKey, ...]
    next_cursor: str | None


# --- for administrators -----------------------------------------------------------------------------------


def check_admin(actor: Actor) -> None:
    if not actor.has(Role.ADMIN):
        raise Forbidden("Only administrators manage API keys.")


async def make_key(unit: Unit, actor: Actor, command: MakeKey, key: str) -> MadeKey:
    """Raises `Invalid` with the field `name` or `scopes`, or `Conflict` when the name is taken."""
    check_admin(actor)
    if not command.scopes:
        raise Invalid("Choose at least one thing the key may do.", field="scopes")
    row_id = new_id()
    first = await unit.once(actor.id, f"api-key:{key}", (command.name, sorted(command.scopes)), row_id)
    if first is not None:
        return MadeKey(await access_key(unit, actor, first), None)
    secret = await _create(unit, row_id, command.name, command.scopes, actor.id)
    return MadeKey(await access_key(unit, actor, row_id), secret)


async def access_key(unit: Unit, actor: Actor, key_id: str) -> ApiKey:
    check_admin(actor)
    row = await _row(unit, key_id)
    if row is None:
        raise NotFound("There is no such key.")
    return _api_key(row)


async def page_of_keys(
    unit: Unit, actor: Actor, *, limit: int = 10, cursor: str | None = None, revoked: bool = False
) -> KeyPage:
    """By name, from the one after `cursor` on: those that open, or those that were revoked."""
    check_admin(actor)
    limit = max(1, min(limit, PAGE_LIMIT))
    kept = ApiKeyRow.revoked_at.is_not(None) if revoked else ApiKeyRow.revoked_at.is_(None)
    wanted = select(ApiKeyRow).where(kept).order_by(ApiKeyRow.name).limit(limit + 1)
    if cursor is not None:
        wanted = wanted.where(ApiKeyRow.name > cursor)
    keys = tuple(_api_key(row) for row in await unit.db.execute(wanted))
    return KeyPage(keys[:limit], keys[limit - 1].name if len(keys) > limit else None)


async def rotate_key(unit: Unit, actor: Actor, key_id: str, keep_old: timedelta, key: str) -> MadeKey:
    """A new secret for the same flow. The old one opens for `keep_old` more, so that the flow can be changed
    meanwhile; one that was still kept from before ends now. Raises `Conflict` when the key is revoked."""
    known = await access_key(unit, actor, key_id)
    if await unit.once(actor.id, f"api-key:{key}", (key_id, keep_old), key_id) is not None:
        return MadeKey(known, None)
    secret = await _renew(unit, key_id, keep_old)
    return MadeKey(await access_key(unit, actor, key_id), secret)


async def end_key(unit: Unit, actor: Actor, key_id: str) -> ApiKey:
    """Revoke it, with what was kept of before. Its tickets and its name stay. Twice changes nothing."""
    await access_key(unit, actor, key_id)
    await _revoke(unit, key_id)
    return await access_key(unit, actor, key_id)


# --- for whoever runs the machine -------------------------------------------------------------------------


async def create_key(unit: Unit, name: str, scopes: Iterable[Scope]) -> str:
    """A new key, which nobody can show again. Raises `Invalid`, or `Conflict` when the name is taken."""
    return await _create(unit, new_id(), name, scopes, None)


async def list_keys(unit: Unit) -> tuple[ApiKey, ...]:
    """By name. A city has a handful."""
    rows = await unit.db.execute(select(ApiKeyRow).order_by(ApiKeyRow.name))
    return tuple(_api_key(row) for row in rows)


async def renew_key(unit: Unit, name: str, keep_old: timedelta) -> str:
    """Its new secret; the old one opens for `keep_old` more. Raises `NotFound`, or `Conflict` when it is revoked."""
    return await _renew(unit, await _id_of(unit, name), keep_old)


async def revoke_key(unit: Unit, name: str) -> None:
    """Its tickets and its name stay. Raises `NotFound`; revoking twice changes nothing."""
    await _revoke(unit, await _id_of(unit, name))


# --- for whoever has a key --------------------------------------------------------------------------------


async def authenticate_key(unit: Unit, key: str) -> ApiKey:
    """Whose key this is. Raises `Unauthenticated` for one that is missing, unknown or revoked."""
    key_hash = hash_of(key)
    found = (await find_keys(unit, [key_hash])).get(key_hash)
    if found is None:
        raise Unauthenticated("This API key is not known here.")
    return found


async def find_keys(unit: Unit, hashes: Collection[str]) -> Mapping[str, ApiKey]:
    """Of some hashes the keys that open now, in one statement. A revoked key has no entry."""
    if len(hashes) == 1:
        rows = await unit.fetch(_BY_HASH, {"hash": next(iter(hashes))})
    else:
        several = or_(ApiKeyRow.key_hash.in_(hashes), ApiKeyRow.previous_hash.in_(hashes))
        rows = (await unit.db.execute(select(ApiKeyRow).where(several))).all()
    found: dict[str, ApiKey] = {}
    for row in rows:
        if row.revoked_at is None:
            found[row.key_hash] = _api_key(row)
            if row.previous_hash is not None and row.previous_until > unit.now:
                found[row.previous_hash] = found[row.key_hash]
    return found


async def note_use(unit: Unit, key: ApiKey) -> None:
    await unit.db.execute(update(ApiKeyRow).where(ApiKeyRow.id == key.id).values(last_used_at=unit.now))


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


async def _create(unit: Unit, row_id: str, name: str, scopes: Iterable[Scope], owner_id: str | None) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid("A name has small letters, digits and hyphens.", field="name")
    secret = _new_secret()
    row = {
        "id": row_id,
        "name": name,
        "key_hash": hash_of(secret),
        "scopes": sorted({scope.value for scope in scopes}),
        "created_at": unit.now,
        "last_used_at": None,
        "revoked_at": None,
        "owner_id": owner_id,
    }
    if not await unit.insert_new(ApiKeyRow, row):
        raise Conflict("There is a key with this name already.", field="name")
    return secret


async def _renew(unit: Unit, key_id: str, keep_old: timedelta) -> str:
    secret = _new_secret()
    changed = await unit.db.execute(
        update(ApiKeyRow)
        .where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        .values(
            previous_hash=ApiKeyRow.key_hash if keep_old else None,
            previous_until=unit.now + keep_old if keep_old else None,
            key_hash=hash_of(secret),
            rotated_at=unit.now,
        )
    )
    if changed.rowcount != 1:
        raise Conflict("This key was revoked.")
    return secret


async def _revoke(unit: Unit, key_id: str) -> None:
    await unit.db.execute(
        update(ApiKeyRow)
        .where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=unit.now, previous_hash=None, previous_until=None)
    )


async def _row(unit: Unit, key_id: str) -> Row[Any] | None:
    if not is_id(key_id):
        return None
    return (await unit.db.execute(select(ApiKeyRow).where(ApiKeyRow.id == key_id))).one_or_none()


async def _id_of(unit: Unit, name: str) -> str:
    named = select(ApiKeyRow.id).where(ApiKeyRow.name == name)
    found = (await unit.db.execute(named)).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no key with this name.", field="name")
    return found


def _api_key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        frozenset(map(_SCOPES.__getitem__, row.scopes)),
        row.created_at,
        row.last_used_at,
        row.revoked_at,
        row.owner_id,
        row.rotated_at,
        row.previous_until,
    )
