"""What a city promises about tickets, read from `organisation/service_levels.yaml`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from domain.helpdesk.policy import Priority
from domain.helpdesk.rules import Kind


class Measure(StrEnum):
    """What is timed of a ticket."""

    RESPONSE = "response"  # until somebody of the desk works on it, and the requester sees that
    RESOLUTION = "resolution"  # until it is solved


@dataclass(frozen=True, slots=True)
class Targets:
    """Working time. None promises nothing: of a change, the moment is agreed with whoever asked for it."""

    response: timedelta | None
    resolution: timedelta | None

    def of(self, measure: Measure) -> timedelta | None:
        return self.response if measure is Measure.RESPONSE else self.resolution


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """`targets` is complete: every kind has every priority. People are warned when `warn_at` percent of a target has
    passed."""

    targets: Mapping[Kind, Mapping[Priority, Targets]]
    warn_at: int
    fingerprint: str = field(default="")
    """Changes with the promises and with the calendar they are counted in: clocks made with another are recounted."""

    def of(self, kind: Kind, priority: Priority) -> Targets:
        return self.targets[kind][priority]


def fingerprint_of(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
