"""`authoring.yaml`: how tips are looked at before and after they are published."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from adapters.organisation.files import Shape, read
from domain.authoring.policy import AuthoringPolicy


class AuthoringFile(Shape):
    review_after_days: int = Field(ge=30, le=1825)
    remind_every_days: int = Field(ge=7, le=365)
    four_eyes: bool


def load_authoring(folder: Path) -> AuthoringPolicy:
    file = read(folder / "authoring.yaml", AuthoringFile)
    return AuthoringPolicy(
        timedelta(days=file.review_after_days), timedelta(days=file.remind_every_days), file.four_eyes
    )
