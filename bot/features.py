"""The features the dispatcher serves: one module each."""

from __future__ import annotations

from importlib import import_module

from bot.turn import Feature

NAMES = ("home", "items", "helpdesk", "sites", "approvals", "tips")


def features() -> tuple[Feature, ...]:
    found = []
    for name in NAMES:
        try:
            module = import_module(f"bot.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"bot.{name}":
                raise
            continue
        found.append(module.FEATURE)
    return tuple(found)
