"""Signing in to the API on this machine: what Entra ID is to it in a city, for the people of this tenant.

It takes anybody's word for who they are, as the chats do, and listens on loopback only. The host uses it only while it
runs without authentication. The tokens are checked as the real ones are.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web

from localhost.tenant import API_CLIENT_ID, TENANT_ID
from localhost.tenant.authority import private_key, refused
from localhost.tenant.tenant import Tenant
from localhost.tenant.things import User

LIFE = 3600
KEY_ID = "local"
APPLICATION = "5d1c8a40-3c56-4a4e-9d0e-7b9b6f2a1c77"
"""The application that people sign in with here."""


class SignIn:
    def __init__(self, tenant: Tenant, folder: Path) -> None:
        self._tenant = tenant
        self._key = private_key(folder / "sign-in.pem")

    def routes(self) -> list[web.RouteDef]:
        at = f"/sign-in/{TENANT_ID}"
        return [
            web.get(f"{at}/v2.0/.well-known/openid-configuration", self._metadata),
            web.get(f"{at}/discovery/v2.0/keys", self._keys),
            web.post(f"{at}/oauth2/v2.0/token", self._token),
        ]

    @property
    def _base(self) -> str:
        return f"{self._tenant.base}/sign-in/{TENANT_ID}"

    async def _metadata(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": f"{self._base}/v2.0",
                "token_endpoint": f"{self._base}/oauth2/v2.0/token",
                "jwks_uri": f"{self._base}/discovery/v2.0/keys",
            }
        )

    async def _keys(self, request: web.Request) -> web.Response:
        public: Any = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**public, "use": "sig", "kid": KEY_ID}]})

    async def _token(self, request: web.Request) -> web.Response:
        """`grant_type=password` with a `username`; `scope` names what the application may do, each with the API's
        address before it or without."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if form.get("grant_type") != "password":
            return refused(400, "unsupported_grant_type", "AADSTS70003: Only grant_type=password works here.")
        name = form.get("username", "").strip().lower()
        known = (user for user in self._tenant.store.all(User) if not user.guest)
        user = next((user for user in known if user.sign_in_name.lower() == name), None)
        if user is None:
            return refused(400, "invalid_grant", "AADSTS50034: The user account does not exist.")
        scopes = form.get("scope", "").replace(f"api://{API_CLIENT_ID}/", "")
        now = int(time.time())
        claims = {
            "aud": API_CLIENT_ID,
            "iss": f"{self._base}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + LIFE,
            "azp": APPLICATION,
            "name": user.name,
            "oid": user.id,
            "preferred_username": user.sign_in_name,
            "scp": scopes,
            "sub": str(uuid.uuid5(uuid.UUID(APPLICATION), user.id)),
            "tid": TENANT_ID,
            "ver": "2.0",
        }
        token = jwt.encode(claims, self._key, "RS256", headers={"kid": KEY_ID})
        answer = {"token_type": "Bearer", "scope": scopes, "expires_in": LIFE, "access_token": token}
        return web.json_response(answer)
