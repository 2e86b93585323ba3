"""People and teams, as the directory knows them. They are read, never written, here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from domain.actor import Actor, Role


class TrackPhase(StrEnum):
    """Where a team stands in its digital-collaboration track, in order."""

    INITIATION = "initiatie"
    DEFINITION = "definitie"
    EXECUTION = "uitvoering"
    AFTERCARE = "nazorg"
    CLOSED = "afgesloten"

    @property
    def completed(self) -> bool:
        return self in (TrackPhase.AFTERCARE, TrackPhase.CLOSED)


@dataclass(frozen=True, slots=True)
class Person:
    """`id` is stable and ours; `object_id` is the person's Entra object id, `email` the sign-in name. Who left, or
    whose account is off, is not `active`: they keep their name on what they did."""

    id: str
    name: str
    email: str
    object_id: str
    team_id: str
    language: str = "nl"
    roles: frozenset[Role] = field(default_factory=frozenset)
    supervisor_id: str | None = None
    frontline: bool = False
    active: bool = True

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    def as_actor(self) -> Actor:
        return Actor(self.id, self.name, self.roles | {Role.EMPLOYEE}, self.team_id, self.language)


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    cluster: str
    owner_ids: tuple[str, ...]
    phase: TrackPhase
    information_manager_id: str | None = None
