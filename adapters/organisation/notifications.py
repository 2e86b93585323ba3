"""`notifications.yaml`: how people are told who chose nothing themselves."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from adapters.organisation.files import Shape, read, wrong
from domain.notifications.policy import Kind, Mode, NotificationPolicy, Quiet, Settings

NOTIFICATIONS = "notifications.yaml"

Word = Literal["always", "at_once", "bundled", "daily"]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Modes(Shape):
    """Named fields, so that a kind that is missing is named too."""

    answer: Word
    approval: Word
    major: Word
    result: Word
    progress: Word
    reply: Word
    work: Word
    deadline: Word


class QuietShape(Shape):
    start: TimeOfDay = Field(alias="from")
    until: TimeOfDay
    closed_days: bool


class NotificationsFile(Shape):
    modes: Modes
    bundle_minutes: int = Field(ge=1, le=240)
    quiet: QuietShape | None = None
    digest_at: TimeOfDay


def load_notifications(folder: Path) -> NotificationPolicy:
    path = folder / NOTIFICATIONS
    file = read(path, NotificationsFile)
    quiet = None
    if file.quiet is not None:
        quiet = Quiet(
            time.fromisoformat(file.quiet.start),
            time.fromisoformat(file.quiet.until),
            file.quiet.closed_days,
        )
        if quiet.start == quiet.until:
            raise wrong(path, ("quiet", "until"), "It would be quiet for no time, or always")
    modes = {kind: Mode(getattr(file.modes, kind.value)) for kind in Kind}
    usual = Settings(modes, quiet, time.fromisoformat(file.digest_at))
    return NotificationPolicy(usual, timedelta(minutes=file.bundle_minutes))
