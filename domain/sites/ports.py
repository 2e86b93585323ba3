"""Where sites are built: Microsoft 365 in a city, the local tenant on a laptop, both through the same adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.people.models import Person
from domain.sites.policy import Scenario


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """What to build. `key` is ours for ever: asked again with the same key, the platform makes nothing twice.

    `owners` are one or more. `guests` are addresses of people outside the city.
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


@dataclass(frozen=True, slots=True)
class Built:
    """What there is of it, as far as it got."""

    group_id: str | None = None
    site_id: str | None = None
    url: str | None = None


class PlatformError(Exception):
    """The platform did not do what was asked; the text is for an operator. Use one of the three below."""


class NotThereYetError(PlatformError):
    """What we just made cannot be read yet, or is still being made. Look again soon."""


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

    async def check_address(self, order: SiteOrder) -> None:
        """Refuses when somebody else has the address, in use or in the bin."""
        ...

    async def make_group(self, order: SiteOrder) -> str:
        """The id of the group."""
        ...

    async def make_site(self, order: SiteOrder, built: Built) -> Built:
        """With the site's id and address."""
        ...

    async def set_sharing(self, order: SiteOrder, built: Built) -> None: ...

    async def close_to_guests(self, order: SiteOrder, built: Built) -> None: ...

    async def register_hub(self, order: SiteOrder, built: Built) -> None: ...

    async def add_people(self, order: SiteOrder, built: Built) -> None: ...

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[str]:
        """Read everything back: what differs from the order, in words for an operator. Empty when all is well."""
        ...
