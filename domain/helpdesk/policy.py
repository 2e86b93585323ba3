"""What a city decides about its helpdesk, read from `organisation/helpdesk.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelpdeskPolicy:
    name: str
    phone: str
