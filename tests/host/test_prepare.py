"""What the local host makes before the first message."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from adapters.database.engine import DatabaseUnits
from domain.api_keys.actions import authenticate_key, list_keys, revoke_key
from domain.api_keys.models import Scope
from localhost.prepare import KEY_FILE, KEY_NAME, demo_key
from wiring.services import Services


async def test_the_key_to_try_it_with_has_a_name_and_survives_a_lost_file_and_its_end(
    units: DatabaseUnits, tmp_path: Path
) -> None:
    built = cast("Services", SimpleNamespace(units=units))
    first = await demo_key(built, tmp_path)
    assert await demo_key(built, tmp_path) == first
    (tmp_path / KEY_FILE).unlink()
    second = await demo_key(built, tmp_path)
    async with units() as unit:
        assert (await authenticate_key(unit, second)).scopes == set(Scope)
        assert [key.name for key in await list_keys(unit)] == [KEY_NAME]
        await revoke_key(unit, KEY_NAME)
    assert await demo_key(built, tmp_path) not in (first, second)
    async with units.read() as unit:
        assert [key.name for key in await list_keys(unit)] == [KEY_NAME, f"{KEY_NAME}-2"]
