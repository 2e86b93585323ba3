"""`attachments.yaml`: which files the desk takes, and how large they may be."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from adapters.organisation.files import Shape, read
from domain.attachments.rules import AttachmentPolicy, Sort

MEGABYTE = 1024 * 1024


class AttachmentsFile(Shape):
    largest_megabytes: int = Field(ge=1, le=100)
    most: int = Field(ge=1, le=50)
    sorts: list[Sort] = Field(min_length=1)


def load_attachments(folder: Path) -> AttachmentPolicy:
    file = read(folder / "attachments.yaml", AttachmentsFile)
    return AttachmentPolicy(file.largest_megabytes * MEGABYTE, file.most, frozenset(file.sorts))
