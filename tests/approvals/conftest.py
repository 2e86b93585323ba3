from __future__ import annotations

import pytest

from adapters.database.engine import DatabaseUnits
from domain.desk import Desk
from tests.conftest import Clock, RungBells
from tests.sites.conftest import Office, requester
from tests.sites.nowhere import Nowhere

__all__ = ["requester"]


@pytest.fixture
def office(desk: Desk, units: DatabaseUnits, bells: RungBells, clock: Clock) -> Office:
    """Approvals need no tenant: what is approved is not built here."""
    from tests.sites.conftest import office_with

    return office_with(desk, units, bells, clock, Nowhere())
