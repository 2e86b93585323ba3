"""Access tokens for Microsoft 365, by msal: with a certificate, or with the managed identity of the machine in Azure.

SharePoint refuses app-only tokens that were got with a secret.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from domain.sites.ports import BusyError, RefusedError

if TYPE_CHECKING:
    import requests

MICROSOFT = "https://login.microsoftonline.com"
RENEW_BEFORE = 120.0
"""Seconds before its end at which a token is no longer given out."""


class Tokens(Protocol):
    async def get(self, audience: str) -> str:
        """A token for `audience`, such as `https://graph.microsoft.com`. Raises `PlatformError`."""
        ...

    def forget(self, audience: str) -> None:
        """It was not accepted: get a new one next time."""
        ...


@dataclass(frozen=True, slots=True)
class AppRegistration:
    """Who we are. `certificate` is a PEM file with the private key and the certificate, None before a city gave us one.
    `login_url` is Microsoft's, or a stand-in for it on this machine.

    `managed_identity` takes the place of all of these: `system` for the identity of the Function App itself, or the
    client id of one that was assigned to it; empty for none."""

    tenant_id: str
    client_id: str
    certificate: Path | None
    login_url: str = MICROSOFT
    managed_identity: str = ""


class MsalTokens:
    """One msal application, made on first use. msal blocks, so it works in a thread, and one thread per audience at a
    time: without that, forty calls at once ask for six tokens."""

    def __init__(self, app: AppRegistration) -> None:
        self._registration = app
        self._app: Any = None
        self._locks: dict[str, asyncio.Lock] = {}
        self._hot: dict[str, tuple[str, float]] = {}

    async def get(self, audience: str) -> str:
        if hot := self._still_good(audience):
            return hot
        async with self._locks.setdefault(audience, asyncio.Lock()):
            if hot := self._still_good(audience):
                return hot
            token, seconds = await asyncio.to_thread(self._acquire, audience)
            self._hot[audience] = (token, time.monotonic() + seconds)
            return token

    def forget(self, audience: str) -> None:
        self._hot.pop(audience, None)
        self._app = None  # msal keeps tokens too

    def _still_good(self, audience: str) -> str | None:
        token, until = self._hot.get(audience, ("", 0.0))
        return token if until - time.monotonic() > RENEW_BEFORE else None

    def _acquire(self, audience: str) -> tuple[str, float]:
        import requests  # slow to import, as msal is, and only needed where sites are built
        from msal.exceptions import MsalServiceError

        try:
            app = self._app = self._app or self._open()
            answer: dict[str, Any] = self._ask(app, audience)
        except OSError as error:  # the certificate; requests' errors are OSErrors too
            if isinstance(error, requests.RequestException):
                raise BusyError(f"Signing in did not work: {error}") from error
            raise RefusedError(f"The certificate cannot be read: {error}") from error
        except (MsalServiceError, ValueError) as error:
            raise BusyError(f"Signing in did not work: {error}") from error
        if "access_token" not in answer:
            reason = f"{answer.get('error')}: {answer.get('error_description')}"
            if answer.get("error") == "temporarily_unavailable":
                raise BusyError(f"Signing in did not work. {reason}")
            raise RefusedError(f"Signing in was refused. {reason}")
        return str(answer["access_token"]), float(answer["expires_in"])

    def _ask(self, app: Any, audience: str) -> Any:
        if self._registration.managed_identity:
            return app.acquire_token_for_client(resource=audience)
        return app.acquire_token_for_client([f"{audience}/.default"])

    def _open(self) -> Any:
        from msal.application import ConfidentialClientApplication

        app = self._registration
        if app.managed_identity:
            return _managed(app.managed_identity)
        if app.certificate is None:
            raise RefusedError(
                "Neither WIJZER_GRAPH_CERTIFICATE nor WIJZER_GRAPH_MANAGED_IDENTITY is set: nobody can sign in."
            )
        pem = app.certificate.read_text("ascii")
        return ConfidentialClientApplication(  # type: ignore[no-untyped-call] # msal has no types
            app.client_id,
            authority=f"{MICROSOFT}/{app.tenant_id}",
            client_credential={"private_key": pem, "public_certificate": pem},
            instance_discovery=False,
            http_client=_Redirected(app.login_url),
        )


def _managed(identity: str) -> Any:
    import requests
    from msal.managed_identity import (
        ManagedIdentityClient,
        SystemAssignedManagedIdentity,
        UserAssignedManagedIdentity,
    )

    system: Callable[[], Any] = SystemAssignedManagedIdentity  # msal has no types
    assigned: Callable[..., Any] = UserAssignedManagedIdentity
    client: Callable[..., Any] = ManagedIdentityClient
    which = system() if identity == "system" else assigned(client_id=identity)
    session = requests.Session()
    session.trust_env = False  # it is at this machine's own address
    return client(which, http_client=session)


class _Redirected:
    """msal's `http_client`. msal insists on https; a stand-in on loopback is reached by changing the address here."""

    def __init__(self, login_url: str) -> None:
        import requests

        self._session = requests.Session()
        self._session.trust_env = login_url == MICROSOFT
        self._login_url = login_url.rstrip("/")

    def get(self, url: str, **options: Any) -> requests.Response:
        return self._session.get(self._moved(url), timeout=30, **options)

    def post(self, url: str, **options: Any) -> requests.Response:
        return self._session.post(self._moved(url), timeout=30, **options)

    def close(self) -> None:
        self._session.close()

    def _moved(self, url: str) -> str:
        return self._login_url + url.removeprefix(MICROSOFT) if url.startswith(MICROSOFT) else url
