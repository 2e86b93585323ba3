"""Where files are kept, and where they come from."""

from __future__ import annotations

from typing import IO, Protocol

from domain.attachments.attachment import Source
from domain.errors import NotFound, Unavailable


class FileStore(Protocol):
    """Keeps the content of files under names of ours. A folder here, Azure Blob in a city."""

    async def save(self, name: str, content: IO[bytes], content_type: str) -> None:
        """Keep what `content` holds from its start to its end. Doing it again overwrites."""
        ...

    async def read(self, name: str) -> bytes:
        """The whole content. Raises `NotFound`."""
        ...

    async def delete(self, name: str) -> None:
        """Deleting what is not there is no error."""
        ...

    async def ready(self) -> bool: ...


class NoFiles:
    """A desk without a place for files."""

    async def save(self, name: str, content: IO[bytes], content_type: str) -> None:
        raise Unavailable("Files cannot be kept here.")

    async def read(self, name: str) -> bytes:
        raise NotFound("There is no such file.")

    async def delete(self, name: str) -> None:
        pass

    async def ready(self) -> bool:
        return True


class Downloads(Protocol):
    async def fetch(self, source: Source, into: IO[bytes], limit: int) -> None:
        """Write the content of a source, `limit` bytes of it at most.

        Raises `rules.Refused` when trying again cannot help, and `RetryLaterError` otherwise.
        """
        ...
