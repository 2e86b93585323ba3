"""A stand-in for a city's Microsoft 365 tenant, on this machine: a server of its own that keeps what it was told.

It speaks the calls of Graph, SharePoint and the sign-in service that Wijzer makes, checks each strictly, and shows what
was built on a page. Wijzer reaches it with the same adapter and the same kind of tokens as the real one.
"""

from __future__ import annotations

from pathlib import Path

TENANT_ID = "7d0b2c8e-4a51-4c0d-9a35-0c1f6f3c5a10"
CLIENT_ID = "1f4f7a52-9b8e-4f5f-8d0a-6a8f2f0a7c31"
API_CLIENT_ID = "2b9f5d16-6c0e-4d0b-8a57-91c4f0e7d3a2"
"""The app registration of our own API, for which people of this tenant sign in."""
CERTIFICATE = "app.pem"
"""The private key and certificate of the app registration, made at the first start."""


def environment(port: int, folder: Path) -> dict[str, str]:
    """The settings with which Wijzer uses the tenant that listens on `port` and keeps itself in `folder`."""
    base = f"http://127.0.0.1:{port}"
    return {
        "WIJZER_GRAPH_URL": f"{base}/graph/v1.0",
        "WIJZER_GRAPH_LOGIN_URL": f"{base}/login",
        "WIJZER_GRAPH_TENANT_ID": TENANT_ID,
        "WIJZER_GRAPH_CLIENT_ID": CLIENT_ID,
        "WIJZER_GRAPH_CERTIFICATE": str(folder / CERTIFICATE),
        "WIJZER_GRAPH_POLL_SECONDS": "1",
        "WIJZER_SHAREPOINT_URL": base,
        "WIJZER_SHAREPOINT_ADMIN_URL": f"{base}/admin",
    }


def signing_in(port: int) -> dict[str, str]:
    """The settings with which the API takes the tokens of the tenant that listens on `port`."""
    return {
        "WIJZER_API_CLIENT_ID": API_CLIENT_ID,
        "WIJZER_API_TENANT_ID": TENANT_ID,
        "WIJZER_API_LOGIN_URL": f"http://127.0.0.1:{port}/sign-in",
    }
