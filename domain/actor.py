"""Who acts. Built by an edge from an authenticated activity or token, never from what a card or body says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    EMPLOYEE = "employee"
    AGENT = "agent"
    TEAM_OWNER = "team_owner"
    SUPERVISOR = "supervisor"
    INFORMATION_MANAGER = "information_manager"
    TIP_AUTHOR = "tip_author"
    DIGICOACH = "digicoach"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the person's id in the directory, or `flow:NAME` for a Power Automate flow with an API key."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    team_id: str | None = None
    language: str = "nl"

    def has(self, role: Role) -> bool:
        return role in self.roles

    @property
    def is_agent(self) -> bool:
        return Role.AGENT in self.roles

    @property
    def is_flow(self) -> bool:
        return self.id.startswith("flow:")
