"""A platform that is out of order, for tests in which nothing gets built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from domain.sites.ports import Built, BusyError, SiteOrder


def _out_of_order() -> NoReturn:
    raise BusyError("out of order")


class Nowhere:
    """Implements `domain.sites.ports.SitePlatform`."""

    async def check_address(self, order: SiteOrder) -> None:
        _out_of_order()

    async def make_group(self, order: SiteOrder) -> str:
        _out_of_order()

    async def make_site(self, order: SiteOrder, built: Built) -> Built:
        _out_of_order()

    async def set_sharing(self, order: SiteOrder, built: Built) -> None:
        _out_of_order()

    async def close_to_guests(self, order: SiteOrder, built: Built) -> None:
        _out_of_order()

    async def register_hub(self, order: SiteOrder, built: Built) -> None:
        _out_of_order()

    async def add_people(self, order: SiteOrder, built: Built) -> None:
        _out_of_order()

    async def verify(self, order: SiteOrder, built: Built) -> Sequence[str]:
        _out_of_order()
