"""The product as `wiring` builds it, on SQLite, with a folder for files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.database.tables import METADATA
from tests.attachments.office import Office
from tests.servers.connector import ConnectorServer
from wiring import services as wiring
from wiring.services import build
from wiring.settings import Settings


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with ConnectorServer() as server:
        given = Settings(
            database_url=f"sqlite+aiosqlite:///{tmp_path / 'office.db'}",
            unsafe_no_authentication_on_loopback=True,
            files_folder=tmp_path / "files",
            file_hosts=("sharepoint.com", f"127.0.0.1:{urlsplit(server.url).port}"),
            public_url="http://127.0.0.1:3978",
        )
        built = await build(given)
        monkeypatch.setattr(wiring, "_services", built)
        async with built.engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        yield Office(built, server)
        await built.close()
