"""An Entra ID of our own on loopback: what login.microsoftonline.com is to the API.

It publishes one tenant's metadata and keys, and signs people's tokens: rightly, or wrongly in every way somebody could
think of.
"""

from __future__ import annotations

import time
from typing import Any

import jwt
from aiohttp import web

from tests.servers.loopback import LoopbackServer
from tests.servers.token_issuer import private_key

TENANT_ID = "6f1f6d4e-0000-4000-8000-0000000c17e5"
API_CLIENT_ID = "6f1f6d4e-0000-4000-8000-0000000000a9"
POWER_AUTOMATE = "6204c1d1-4712-4c46-a7d9-3ed63d992682"
"""The application that a person's flows sign in with."""


class Entra(LoopbackServer):
    """Runs in the test's event loop."""

    def __init__(self) -> None:
        self.key_ids = ["entra-1"]
        self.down = False
        self.downloads = 0

    @property
    def issuer(self) -> str:
        return f"{self.url}/{TENANT_ID}/v2.0"

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def rotate(self, *, keep_old: bool = False) -> None:
        """Sign with a new key from now on."""
        number = int(self.key_ids[-1].removeprefix("entra-")) + 1
        self.key_ids = [*(self.key_ids if keep_old else []), f"entra-{number}"]

    def sign(
        self,
        object_id: str,
        scopes: str = "access_as_user",
        *,
        key: str | None = None,
        key_id: str | None = None,
        algorithm: str = "RS256",
        leave_out: tuple[str, ...] = (),
        **changed: Any,
    ) -> str:
        """A person's token for the API: right, but for what is changed or left out. `key` signs with another key than
        `key_id` says."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "aud": API_CLIENT_ID,
            "iss": self.issuer,
            "iat": now - 10,
            "nbf": now - 10,
            "exp": now + 4000,
            "azp": POWER_AUTOMATE,
            "azpacr": "1",
            "oid": object_id,
            "scp": scopes,
            "sub": f"pairwise-{object_id}",
            "tid": TENANT_ID,
            "ver": "2.0",
        }
        claims = {name: value for name, value in (claims | changed).items() if name not in leave_out}
        key_id = key_id or self.key_ids[-1]
        headers = {"kid": key_id} if "kid" not in leave_out else {}
        secret: Any = private_key(key or key_id)
        if algorithm == "none":
            secret = None
        elif algorithm.startswith("HS"):
            secret = "x" * 64
        return jwt.encode(claims, secret, algorithm=algorithm, headers=headers)

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get(f"/{TENANT_ID}/v2.0/.well-known/openid-configuration", self._metadata)
        application.router.add_get(f"/{TENANT_ID}/discovery/v2.0/keys", self._keys)
        return application

    async def _metadata(self, request: web.Request) -> web.Response:
        if self.down:
            raise web.HTTPServiceUnavailable
        return web.json_response(
            {"issuer": self.issuer, "jwks_uri": f"{self.url}/{TENANT_ID}/discovery/v2.0/keys"}
        )

    async def _keys(self, request: web.Request) -> web.Response:
        self.downloads += 1
        keys = []
        for key_id in self.key_ids:
            public: Any = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(key_id).public_key(), as_dict=True)
            keys.append({**public, "use": "sig", "kid": key_id, "x5t": key_id, "issuer": self.issuer})
        return web.json_response({"keys": keys})
