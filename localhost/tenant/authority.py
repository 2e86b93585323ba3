"""Signing in: checks the app's certificate as Microsoft Entra does, and gives out tokens; later checks those."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from localhost.tenant import CERTIFICATE, CLIENT_ID, TENANT_ID

MICROSOFT = "https://login.microsoftonline.com"
LIFE = 3600
GRAPH_ROLES = (
    "Directory.ReadWrite.All",
    "Group.Create",
    "Group.ReadWrite.All",
    "Sites.Manage.All",
    "Team.Create",
    "TeamsAppInstallation.ReadWriteSelfForUser.All",
    "User.Invite.All",
    "User.Read.All",
)
SHAREPOINT_ROLES = ("Sites.FullControl.All",)
"""The app roles that the city's administrator gave the app, for each of the two services."""


class Authority:
    """Its key and the app's certificate stay in `folder`, so that a restart changes nothing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key = private_key(folder / "signing.pem")
        self._certificate = _certificate(folder / CERTIFICATE)
        self._seen: dict[tuple[str, str], tuple[frozenset[str], float]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/login/{tenant}/v2.0/.well-known/openid-configuration", self._metadata),
            web.post("/login/{tenant}/oauth2/v2.0/token", self._token),
        ]

    def roles_of(self, header: str, audience: str) -> frozenset[str] | None:
        """The app roles that an `Authorization` header carries for the resource `audience`, None when it is no good."""
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer":
            return None
        if (token, audience) in self._seen:
            roles, until = self._seen[token, audience]
            return roles if time.time() < until else None
        try:
            claims = jwt.decode(token, self._key.public_key(), ["RS256"], audience=audience)
        except jwt.InvalidTokenError:
            return None
        if claims.get("appid") != CLIENT_ID:
            return None
        roles = frozenset(claims["roles"])
        self._seen[token, audience] = roles, claims["exp"]
        return roles

    def token_for(self, audience: str, roles: Sequence[str] | None = None) -> str:
        """Without `roles`, those that the app has for that resource."""
        now = int(time.time())
        granted = GRAPH_ROLES if audience.endswith("/graph") else SHAREPOINT_ROLES
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{TENANT_ID}/",
            "tid": TENANT_ID,
            "appid": CLIENT_ID,
            "appidacr": "2",
            "idtyp": "app",
            "roles": list(granted if roles is None else roles),
            "iat": now,
            "nbf": now,
            "exp": now + LIFE,
        }
        return jwt.encode(claims, self._key, "RS256")

    async def _metadata(self, request: web.Request) -> web.Response:
        at = f"{MICROSOFT}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{at}/v2.0",
                "authorization_endpoint": f"{at}/oauth2/v2.0/authorize",
                "token_endpoint": f"{at}/oauth2/v2.0/token",
                "jwks_uri": f"{at}/discovery/v2.0/keys",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        scope = str(form.get("scope", ""))
        if request.match_info["tenant"] != TENANT_ID:
            return refused(400, "invalid_request", "AADSTS90002: Tenant not found.")
        if form.get("grant_type") != "client_credentials" or not scope.endswith("/.default"):
            return refused(400, "invalid_scope", "AADSTS1002012: The scope has to end in /.default.")
        if problem := self._wrong_with(str(form.get("client_assertion", ""))):
            return refused(401, "invalid_client", f"AADSTS700027: {problem}")
        token = self.token_for(scope.removesuffix("/.default"))
        answer = {"token_type": "Bearer", "expires_in": LIFE, "ext_expires_in": LIFE, "access_token": token}
        return web.json_response(answer)

    def _wrong_with(self, assertion: str) -> str | None:
        try:
            thumbprint = jwt.get_unverified_header(assertion).get("x5t#S256", "").rstrip("=")
            claims: dict[str, Any] = jwt.decode(
                assertion,
                self._certificate.public_key(),  # type: ignore[arg-type] # ours is always RSA
                ["RS256", "PS256"],
                audience=f"{MICROSOFT}/{TENANT_ID}/oauth2/v2.0/token",
                options={"require": ["exp", "jti", "sub", "iss"]},
            )
        except jwt.InvalidTokenError as error:
            return str(error)
        ours = base64.urlsafe_b64encode(self._certificate.fingerprint(hashes.SHA256())).decode().rstrip("=")
        if thumbprint != ours:
            return "The certificate is not the one of this app."
        if not claims["iss"] == claims["sub"] == CLIENT_ID:
            return "This app is not known here."
        return None


def refused(status: int, code: str, description: str) -> web.Response:
    error = {"error": code, "error_description": description, "correlation_id": str(uuid.uuid4())}
    return web.json_response(error, status=status)


def private_key(path: Path) -> rsa.RSAPrivateKey:
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101 - we wrote it
        return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    _write(path, _pem(key))
    return key


def _certificate(path: Path) -> x509.Certificate:
    """The certificate of the app; made with its key when it is not there."""
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Wijzer on this machine")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=3650))
            .sign(key, hashes.SHA256())
        )
        _write(path, _pem(key) + made.public_bytes(serialization.Encoding.PEM))
    return x509.load_pem_x509_certificate(path.read_bytes())


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """For us alone to read, and never half there."""
    making = path.with_suffix(".new")
    making.touch(mode=0o600)
    making.write_bytes(content)
    making.replace(path)
