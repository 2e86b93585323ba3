"""A platform that is out of order, for tests in which nothing gets built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from domain.building.plan import Step
from domain.building.verification import Finding
from domain.people.models import Person
from domain.sites.policy import Scenario
from domain.sites.ports import Built, BusyError, NameStatus, SiteOrder


def _out_of_order() -> NoReturn:
    raise BusyError("out of order")


class Nowhere:
    """Implements `domain.sites.ports.SitePlatform`."""

    async def name_status(self, alias: str) -> NameStatus:
        _out_of_order()

    async def build(self, step: Step, order: SiteOrder, built: Built) -> Built:
        _out_of_order()

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[Finding]:
        _out_of_order()

    async def undo(self, order: SiteOrder, built: Built) -> None:
        _out_of_order()

    async def archive(self, built: Built) -> None:
        _out_of_order()

    async def restore(self, built: Built) -> None:
        _out_of_order()

    async def rename(self, built: Built, name: str) -> None:
        _out_of_order()

    async def set_owners(self, scenario: Scenario, built: Built, owners: Sequence[Person]) -> None:
        _out_of_order()
