"""The local tenant with the clock in the test's hand, and an app that calls it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from domain.organisation import Organisation
from localhost.tenant.authority import Authority
from localhost.tenant.trouble import Trouble
from tests.conftest import Clock
from tests.servers.tenant import TenantServer, serve_tenant
from tests.tenant.caller import Caller


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of a tenant, made once: that takes longer than all its calls."""
    folder = tmp_path_factory.mktemp("tenant-keys")
    Authority(folder)
    return folder


@pytest.fixture
async def tenant(
    organisation: Organisation, keys: Path, tmp_path: Path, clock: Clock
) -> AsyncIterator[TenantServer]:
    folder = tmp_path / "tenant"
    shutil.copytree(keys, folder)
    async with serve_tenant(organisation, folder) as server:
        server.tenant.clock = lambda: clock().timestamp()
        yield server


@pytest.fixture
def trouble(tenant: TenantServer) -> Trouble:
    """How the tenant misbehaves: set on it what a test needs."""
    return tenant.tenant.trouble


@pytest.fixture
async def app(tenant: TenantServer) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, tenant.tenant.base, tenant.authority)
