"""Where files are kept: a folder, and Azure Blob Storage as Azurite has it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.files.blob import BlobFiles
from adapters.files.folder import FolderFiles
from domain.attachments.ports import FileStore
from domain.errors import NotFound
from domain.tables import new_id
from tests.attachments.contents import PNG
from tests.servers.azurite import Azurite


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    with Azurite(tmp_path_factory.mktemp("azurite"), "blob") as server:
        yield server


@pytest.fixture(params=["folder", "blob"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FileStore]:
    if request.param == "folder":
        yield FolderFiles(tmp_path / "files")
        return
    server: Azurite = request.getfixturevalue("azurite")
    files = BlobFiles(server.connection, f"files-{new_id()}")
    yield files
    await files.close()


async def test_what_is_saved_is_read_again(store: FileStore) -> None:
    name = new_id()
    await store.save(name, io.BytesIO(PNG), "image/png")
    assert await store.read(name) == PNG


async def test_saving_twice_keeps_the_last(store: FileStore) -> None:
    name = new_id()
    await store.save(name, io.BytesIO(b"first and longer"), "text/plain")
    await store.save(name, io.BytesIO(b"second"), "text/plain")
    assert await store.read(name) == b"second"


async def test_a_large_file_goes_in_pieces(store: FileStore) -> None:
    name, content = new_id(), bytes(range(256)) * 50_000  # 12.8 MB
    await store.save(name, io.BytesIO(content), "application/pdf")
    assert await store.read(name) == content


async def test_what_is_not_there_is_not_found(store: FileStore) -> None:
    with pytest.raises(NotFound):
        await store.read(new_id())


async def test_what_is_deleted_is_gone_and_deleting_again_is_no_error(store: FileStore) -> None:
    name = new_id()
    await store.save(name, io.BytesIO(PNG), "image/png")
    await store.delete(name)
    await store.delete(name)
    with pytest.raises(NotFound):
        await store.read(name)


async def test_it_is_ready(store: FileStore) -> None:
    assert await store.ready()


async def test_a_folder_takes_no_name_that_somebody_typed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a name of ours"):
        await FolderFiles(tmp_path).read("../secret")


def test_a_folder_keeps_no_half_file(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError("the disk is full")

    store = FolderFiles(tmp_path)
    with pytest.raises(OSError, match="disk"):
        asyncio.run(store.save(new_id(), Broken(b"x"), "text/plain"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
