"""What a call is told when something is wrong: the same in HTTP and in MCP, in the language it asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from connector.shapes.base import present
from domain.errors import DeskError, InvalidForm
from locales import LANGUAGES, N_, translator

BROKEN = N_("Something went wrong here. The reference is {reference}.")


def problem_of(error: DeskError, language: str = "en") -> dict[str, Any]:
    """`{"code", "message", "target", "details"}`: `target` is the field, `details` has all that is wrong when that is
    more than one thing."""
    said = _one(error, language)
    if isinstance(error, InvalidForm):
        said["details"] = [_one(one, language) for one in error.problems]
    return said


def _one(error: DeskError, language: str) -> dict[str, Any]:
    message = translator(language).error(error)
    return present({"code": error.code, "message": message, "target": error.field})


@lru_cache(256)
def language_of(accepted: str | None) -> str:
    """The first of our languages that `Accept-Language` would rather have; English without one."""
    wishes: list[tuple[float, str]] = []
    for wish in (accepted or "")[:500].split(","):
        name, _, weight = wish.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        wishes.append((-quality, name.strip().split("-")[0].lower()))
    known = (
        name for weight, name in sorted(wishes, key=lambda wish: wish[0]) if weight and name in LANGUAGES
    )
    return next(known, "en")
