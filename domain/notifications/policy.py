"""What people are told about, and how a city tells them when they chose nothing else; read from
`organisation/notifications.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a message is about."""

    ANSWER = "answer"  # somebody of the desk says something on your ticket
    APPROVAL = "approval"  # somebody asks for your decision
    MAJOR = "major"  # news of a major incident
    RESULT = "result"  # what you asked for was decided, or is there
    PROGRESS = "progress"  # other news of what you asked for or look after
    REPLY = "reply"  # a requester says something on a ticket you handle
    WORK = "work"  # a ticket for the desk
    DEADLINE = "deadline"  # a ticket of yours is at risk or late


FOR_AGENTS = frozenset({Kind.REPLY, Kind.WORK, Kind.DEADLINE})


class Mode(StrEnum):
    """When people are told. Nothing is ever left out."""

    ALWAYS = "always"  # at once, in quiet hours too
    AT_ONCE = "at_once"  # at once, and after quiet hours what came in them
    BUNDLED = "bundled"  # the first at once, what follows within some minutes together
    DAILY = "daily"  # all of a day together


@dataclass(frozen=True, slots=True)
class Quiet:
    """From a time of day until another, past midnight when `until` comes first; and days the city is closed."""

    start: time
    until: time
    closed_days: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """How one person is told. No `quiet`: at any hour."""

    modes: Mapping[Kind, Mode]
    quiet: Quiet | None
    digest_at: time


@dataclass(frozen=True, slots=True)
class NotificationPolicy:
    """`usual` is complete: every kind has a mode. Bundled messages to one person are `apart` or more."""

    usual: Settings
    apart: timedelta
