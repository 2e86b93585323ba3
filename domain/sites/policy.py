"""The governance table: what each site scenario means, read from `organisation/sites.yaml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    id: str
