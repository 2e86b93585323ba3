"""The local tenant with the clock in the test's hand, and an app that calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from localhost.tenant.trouble import Trouble
from tests.servers.tenant import TenantServer, keys, tenant
from tests.tenant.caller import Caller

__all__ = ["keys", "tenant"]


@pytest.fixture
def trouble(tenant: TenantServer) -> Trouble:
    """How the tenant misbehaves: set on it what a test needs."""
    return tenant.tenant.trouble


@pytest.fixture
async def app(tenant: TenantServer) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, tenant.tenant.base, tenant.authority)
