"""Where sites are built: Microsoft 365 in a city, the local tenant on a laptop, both through the same adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.building.plan import Step
from domain.building.verification import Finding
from domain.people.models import Person
from domain.sites.library import LibraryTemplate
from domain.sites.policy import Scenario


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """What to build. `key` is ours for ever: asked again with the same key, the platform makes nothing twice.

    `owners` are one or more. `guests` are addresses of people outside the city. `hub_url` is the hub it comes under.
    `retention_label` is the label's name for libraries that bring none of their own.
    """

    key: str
    number: str
    name: str
    alias: str
    purpose: str
    scenario: Scenario
    owners: tuple[Person, ...]
    members: tuple[Person, ...]
    guests: tuple[str, ...]
    language: str = "nl"
    hub_url: str | None = None
    libraries: tuple[LibraryTemplate, ...] = ()
    retention_label: str | None = None
    team: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What there is of it, as far as it got. A team has the id of its group; `team_operation` is where Microsoft says
    how far it is with making one."""

    group_id: str | None = None
    site_id: str | None = None
    web_id: str | None = None
    url: str | None = None
    team_operation: str | None = None

    def with_more(self, other: Built) -> Built:
        """This, and what `other` knows beside it."""
        return Built(
            other.group_id or self.group_id,
            other.site_id or self.site_id,
            other.web_id or self.web_id,
            other.url or self.url,
            other.team_operation or self.team_operation,
        )


class NameStatus(StrEnum):
    """Whether a new site can have an address."""

    FREE = "free"
    EXISTS = "exists"
    DELETED = "deleted"  # in the bin, and still held there


class PlatformError(Exception):
    """The platform did not do what was asked; the text is for an operator. Use one of the three below."""


class NotThereYetError(PlatformError):
    """What we just made cannot be read yet, or is still being made. Look again soon; not before `after` seconds.

    `built` is what is known by now, when that is more than before.
    """

    def __init__(self, reason: str, after: float | None = None, built: Built | None = None) -> None:
        super().__init__(reason)
        self.after = after
        self.built = built


class BusyError(PlatformError):
    """Throttled, out of order or lost on the way. `after` is what it asked us to wait, in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class RefusedError(PlatformError):
    """No, and asking again will not help: a person has to look."""


class SitePlatform(Protocol):
    """Every method looks first, does what is missing, and looks again; repeating it is harmless.

    All raise `PlatformError`. None waits long: what takes its time raises `NotThereYetError`.
    """

    async def name_status(self, alias: str) -> NameStatus:
        """Whether a group or a site has this address, or something in the bin still holds it."""
        ...

    async def build(self, step: Step, order: SiteOrder, built: Built) -> Built:
        """Take one step of the plan. `built` is what earlier steps made; the answer has what this one added.

        Also what repairs a site: a step whose work is still there does nothing.
        """
        ...

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[Finding]:
        """Read everything back: what differs from the order. Empty when all is well."""
        ...

    async def undo(self, order: SiteOrder, built: Built) -> None:
        """Take away what was made before it was handed over, and nothing that does not carry our key."""
        ...

    async def archive(self, built: Built) -> None:
        """Nobody can change anything in it any more; reading goes on."""
        ...

    async def restore(self, built: Built) -> None:
        """The opposite of `archive`."""
        ...

    async def rename(self, built: Built, name: str) -> None:
        """Another name to read; the address stays."""
        ...

    async def set_owners(self, scenario: Scenario, built: Built, owners: Sequence[Person]) -> None:
        """These, one or more, and nobody else. A service account of the scenario stays. New ones come in first, so
        that there is always an owner."""
        ...
