"""What a city decides about its digicoaches; read from `organisation/digicoaches.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class Hours:
    """When a digicoach can be asked: on these days of the week (Monday is 0), between these times on the wall."""

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Service:
    """A team with its contact persons. `wanted` is None when the number follows from how many work there.

    With more than one place it is decentralised: each place wants a digicoach of its own.
    """

    team_id: str
    contact_ids: tuple[str, ...]
    places: tuple[str, ...] = ()
    wanted: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """How a digicoach works, as the files say."""

    languages: frozenset[str]
    places: tuple[str, ...] = ()
    hours: Hours | None = None
    per_week: int | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """How a question reads as a ticket; `{}` is filled in. What there is nothing of is left out."""

    tips: str
    words: str
    late: str


@dataclass(frozen=True, slots=True)
class DigicoachPolicy:
    """Times are working time. `services` and `profiles` only hold what the files say: by team, by person."""

    per_week: int
    people_per_coach: int
    remind_after: timedelta
    accept_within: timedelta
    answer_within: timedelta
    told_days_before: int
    """How many days before everybody digicoaches hear of a new system, at least."""
    thanks_on: tuple[int, int]
    """Month and day on which digicoaches are thanked."""
    usual_hours: Hours
    handover: Handover
    services: Mapping[str, Service] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    def service(self, team_id: str, owner_ids: Sequence[str] = ()) -> Service:
        """The service of a team. Whoever leads it is the contact when the city named nobody."""
        return self.services.get(team_id) or Service(team_id, tuple(owner_ids))
