"""The local tenant, served in the test's own process, and the product's own adapter on it."""

from __future__ import annotations

import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web

from adapters.graph.pace import Pace
from adapters.graph.platform import Addresses, GraphPlatform
from adapters.graph.tokens import AppRegistration, MsalTokens
from domain.organisation import Organisation
from localhost.tenant import CERTIFICATE, CLIENT_ID, TENANT_ID
from localhost.tenant.authority import Authority
from localhost.tenant.server import application
from localhost.tenant.store import Store
from localhost.tenant.tenant import Tenant
from localhost.tenant.trouble import Fault


@dataclass(slots=True)
class TenantServer:
    tenant: Tenant
    authority: Authority
    folder: Path
    platform: GraphPlatform

    def go_wrong(self, *faults: Fault) -> None:
        """From now on these calls go wrong."""
        self.tenant.trouble.faults = list(faults)

    @property
    def addresses(self) -> Addresses:
        return addresses(self.tenant.base)


def addresses(base: str) -> Addresses:
    return Addresses(f"{base}/graph/v1.0", base, f"{base}/admin")


def registration(base: str, folder: Path) -> AppRegistration:
    return AppRegistration(TENANT_ID, CLIENT_ID, folder / CERTIFICATE, f"{base}/login")


def platform_at(base: str, folder: Path, pace: Pace | None = None) -> GraphPlatform:
    """In no hurry to be polite: what it may ask per minute is tested apart."""
    tokens = MsalTokens(registration(base, folder))
    return GraphPlatform(tokens, addresses(base), "Stad Vlaskerke", "0", pace=pace or Pace(speed=1000.0))


@asynccontextmanager
async def serve_tenant(organisation: Organisation, folder: Path) -> AsyncIterator[TenantServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        store = Store(folder / "tenant.db")
        tenant = Tenant(store, base, "vlaskerke.sharepoint.com")
        tenant.settle(organisation)
        tenant.watch.keeping = True
        authority = Authority(folder)
        runner = web.AppRunner(application(tenant, authority), access_log=None)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        platform = platform_at(base, folder)
        try:
            yield TenantServer(tenant, authority, folder, platform)
        finally:
            await platform.close()
            await runner.cleanup()
            store.close()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of a tenant, made once: that takes longer than all its calls."""
    folder = tmp_path_factory.mktemp("tenant-keys")
    Authority(folder)
    return folder


@pytest.fixture
async def tenant(
    organisation: Organisation, keys: Path, tmp_path: Path, clock: Callable[[], datetime]
) -> AsyncIterator[TenantServer]:
    """One with the clock in the test's hand."""
    folder = tmp_path / "tenant"
    shutil.copytree(keys, folder)
    async with serve_tenant(organisation, folder) as server:
        server.tenant.clock = lambda: clock().timestamp()
        yield server
