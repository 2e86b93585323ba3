"""`python -m localhost.tenant`: the local tenant, on loopback only.

TENANT_PORT (56170), TENANT_FOLDER (.local/tenant) and WIJZER_ORGANISATION (organisation) say where, and whose it is.
With TENANT_UNSAFE_TROUBLE_ON_DEMAND=1 it misbehaves for who has the key in the folder's `control-key`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from aiohttp import web

from adapters.organisation.loader import OrganisationError, load_organisation
from localhost.tenant.authority import Authority
from localhost.tenant.control import control_key
from localhost.tenant.server import application
from localhost.tenant.sign_in import SignIn
from localhost.tenant.store import Store
from localhost.tenant.tenant import Tenant

ROOT = Path(__file__).resolve().parent.parent.parent


async def serve(port: int, folder: Path, organisation: Path, *, unsafe_trouble_on_demand: bool) -> None:
    """Serve until asked to end. Raises `OSError` when the port is taken."""
    city = load_organisation(organisation)
    store = Store(folder / "tenant.db")
    tenant = Tenant(store, f"http://127.0.0.1:{port}", f"{city.domain.split('.')[0]}.sharepoint.com")
    tenant.settle(city)
    key = control_key(folder) if unsafe_trouble_on_demand else None
    app = application(tenant, Authority(folder), sign_in=SignIn(tenant, folder), unsafe_control_key=key)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        print(f"The local tenant of {city.name} answers at {tenant.base}/", flush=True)
        ended = asyncio.Event()
        for wish in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(wish, ended.set)
        await ended.wait()
    finally:
        await runner.cleanup()
        store.close()


def main() -> int:
    port = int(os.environ.get("TENANT_PORT") or 56170)
    folder = Path(os.environ.get("TENANT_FOLDER") or ROOT / ".local" / "tenant")
    organisation = Path(os.environ.get("WIJZER_ORGANISATION") or ROOT / "organisation")
    unsafe = os.environ.get("TENANT_UNSAFE_TROUBLE_ON_DEMAND") == "1"
    try:
        asyncio.run(serve(port, folder, organisation, unsafe_trouble_on_demand=unsafe))
    except OrganisationError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"The local tenant cannot start: {error.strerror or error}. Another port: TENANT_PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
