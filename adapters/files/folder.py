"""Files in a folder of this machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from domain.errors import NotFound
from domain.tables import is_id


class FolderFiles:
    """One file for each name, which is an id of ours: nothing that somebody typed becomes a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, name: str, content: IO[bytes], content_type: str) -> None:
        await asyncio.to_thread(self._save, self._path(name), content)

    async def read(self, name: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(name).read_bytes)
        except FileNotFoundError:
            raise NotFound("There is no such file.") from None

    async def delete(self, name: str) -> None:
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    async def ready(self) -> bool:
        def writable() -> bool:
            self._folder.mkdir(parents=True, exist_ok=True)
            return os.access(self._folder, os.W_OK)

        return await asyncio.to_thread(writable)

    def _path(self, name: str) -> Path:
        if not is_id(name):
            raise ValueError(f"not a name of ours: {name!r}")
        return self._folder / name[-2:] / name  # ids end at random: the files spread over 256 folders

    @staticmethod
    def _save(path: Path, content: IO[bytes]) -> None:
        """Whole or not at all, whatever happens meanwhile."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content.seek(0)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as half:
            try:
                shutil.copyfileobj(content, half)
            except BaseException:
                Path(half.name).unlink()
                raise
        Path(half.name).replace(path)
