"""Making, using and revoking API keys."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from domain.api_keys.models import ApiKey, ApiKeyRow, Scope
from domain.errors import Conflict, Invalid, NotFound, Unauthenticated
from domain.tables import new_id
from domain.unit import Unit

PREFIX = "wijzer_"
USED_TO_THE = timedelta(hours=1)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


async def create_key(unit: Unit, name: str, scopes: Iterable[Scope]) -> str:
    """A new key, which nobody can show again. Raises `Invalid`, or `Conflict` when the name is taken."""
    if not _NAME.fullmatch(name):
        raise Invalid("A name has small letters, digits and hyphens.", field="name")
    if await _named(unit, name) is not None:
        raise Conflict("There is a key with this name already.", field="name")
    key = PREFIX + secrets.token_urlsafe(32)
    row = {
        "id": new_id(),
        "name": name,
        "key_hash": hash_of(key),
        "scopes": sorted({scope.value for scope in scopes}),
        "created_at": unit.now,
        "last_used_at": None,
        "revoked_at": None,
    }
    await unit.db.execute(insert(ApiKeyRow), row)
    return key


async def authenticate_key(unit: Unit, key: str) -> ApiKey:
    """Whose key this is. Raises `Unauthenticated` for one that is missing, unknown or revoked."""
    row = (await unit.db.execute(select(ApiKeyRow).where(ApiKeyRow.key_hash == hash_of(key)))).one_or_none()
    if row is None or row.revoked_at is not None:
        raise Unauthenticated("This API key is not known here.")
    return _api_key(row)


async def note_use(unit: Unit, key: ApiKey) -> None:
    await unit.db.execute(update(ApiKeyRow).where(ApiKeyRow.id == key.id).values(last_used_at=unit.now))


async def list_keys(unit: Unit) -> tuple[ApiKey, ...]:
    """By name. A city has a handful."""
    rows = await unit.db.execute(select(ApiKeyRow).order_by(ApiKeyRow.name))
    return tuple(_api_key(row) for row in rows)


async def revoke_key(unit: Unit, name: str) -> None:
    """Its tickets and its name stay. Raises `NotFound`; revoking twice changes nothing."""
    row = await _named(unit, name)
    if row is None:
        raise NotFound("There is no key with this name.", field="name")
    await unit.db.execute(
        update(ApiKeyRow)
        .where(ApiKeyRow.id == row.id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=unit.now)
    )


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


async def _named(unit: Unit, name: str) -> Row[Any] | None:
    return (await unit.db.execute(select(ApiKeyRow).where(ApiKeyRow.name == name))).one_or_none()


def _api_key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        frozenset(Scope(scope) for scope in row.scopes),
        row.created_at,
        row.last_used_at,
        row.revoked_at,
    )
