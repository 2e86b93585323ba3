"""Files in a container of Azure Blob Storage."""

from __future__ import annotations

from contextlib import suppress
from typing import IO

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import ContainerClient

from domain.errors import NotFound

PIECE = 1024 * 1024
"""Bytes of one request: a large file is never in memory at once, and sending holds up nobody else."""


class BlobFiles:
    """Makes the container, without public access, when it is not there yet."""

    def __init__(self, connection: str, container: str) -> None:
        self._connection = connection
        self._container = container
        self._opened: ContainerClient | None = None

    @property
    def _client(self) -> ContainerClient:
        if self._opened is None:  # its session belongs to the loop that runs
            self._opened = ContainerClient.from_connection_string(
                self._connection, self._container, max_block_size=PIECE, max_single_put_size=PIECE
            )
        return self._opened

    async def save(self, name: str, content: IO[bytes], content_type: str) -> None:
        settings = ContentSettings(content_type=content_type)
        try:
            await self._upload(name, content, settings)
        except ResourceNotFoundError:
            await self._make()
            await self._upload(name, content, settings)

    async def _upload(self, name: str, content: IO[bytes], settings: ContentSettings) -> None:
        content.seek(0)
        await self._client.upload_blob(name, content, overwrite=True, content_settings=settings)

    async def read(self, name: str) -> bytes:
        try:
            stream = await self._client.download_blob(name)
            return await stream.readall()
        except ResourceNotFoundError:
            raise NotFound("There is no such file.") from None

    async def delete(self, name: str) -> None:
        with suppress(ResourceNotFoundError):
            await self._client.delete_blob(name)

    async def ready(self) -> bool:
        if not await self._client.exists():
            await self._make()
        return True

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def _make(self) -> None:
        with suppress(ResourceExistsError):
            await self._client.create_container()
