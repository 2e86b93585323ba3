"""A token issuer of our own on loopback: what login.botframework.com and login.microsoftonline.com are to the bot.

It publishes OpenID metadata and keys with endorsements, gives the bot its tokens over https (msal takes nothing
else), and signs for the channel: rightly, or wrongly in every way somebody could think of.
"""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import time
from functools import cache
from pathlib import Path
from typing import Any, Self

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

APP_ID = "6f1f6d4e-0000-4000-8000-00000000b071"
PASSWORD = "a secret of the tests"
TENANT_ID = "6f1f6d4e-0000-4000-8000-0000000c17e5"
ISSUER = "https://api.botframework.com"

SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=True,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """The same key for the same name: making one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class TokenIssuer:
    """Runs in the test's event loop. `url` serves metadata and keys, `login_url` the bot's own tokens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.key_ids = ["key-1"]
        self.endorsements = ["msteams"]
        self.down = False
        self.delay = 0.0
        self.metadata_requests = 0
        self.token_requests: list[dict[str, str]] = []
        self.issued: list[str] = []
        self._lifetime = 3600

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def ca_file(self) -> Path:
        """Whoever calls `login_url` has to trust this one."""
        return self._folder / "login.pem"

    def rotate(self, *, keep_old: bool = False) -> None:
        """Sign with a new key from now on."""
        number = int(self.key_ids[-1].removeprefix("key-")) + 1
        self.key_ids = [*(self.key_ids if keep_old else []), f"key-{number}"]

    def sign(
        self,
        service_url: str,
        *,
        key: str | None = None,
        key_id: str | None = None,
        algorithm: str = "RS256",
        leave_out: tuple[str, ...] = (),
        **changed: Any,
    ) -> str:
        """A token of the channel for this service URL: right, but for what is changed or left out. `key` signs with
        another key than `key_id` says."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 10,
            "exp": now + 3600,
            "serviceurl": service_url,
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

    async def __aenter__(self) -> Self:
        self._runners: list[web.AppRunner] = []
        channel, login = web.Application(), web.Application()
        channel.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        channel.router.add_get("/v1/.well-known/keys", self._keys)
        login.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._authority)
        login.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        self.url = await self._serve(channel, None)
        self.login_url = await self._serve(login, self._certificate())
        return self

    async def __aexit__(self, *_: object) -> None:
        for runner in self._runners:
            await runner.cleanup()

    async def _serve(self, app: web.Application, tls: ssl.SSLContext | None) -> str:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        port = runner.addresses[0][1]
        return f"{'https' if tls else 'http'}://127.0.0.1:{port}"

    def _certificate(self) -> ssl.SSLContext:
        key = private_key("tls")
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the tests' token issuer")])
        today = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - datetime.timedelta(days=1))
            .not_valid_after(today + datetime.timedelta(days=2))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                critical=False,
            )
            # From Python 3.13 on an authority has to say that it is one, and by which key.
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(SIGNS_CERTIFICATES, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        self.ca_file.write_bytes(certificate.public_bytes(Encoding.PEM))
        key_file = self._folder / "login.key"
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca_file, key_file)
        return context

    async def _metadata(self, request: web.Request) -> web.Response:
        self.metadata_requests += 1
        await asyncio.sleep(self.delay)
        if self.down:
            raise web.HTTPServiceUnavailable
        return web.json_response(
            {
                "issuer": ISSUER,
                "jwks_uri": f"{self.url}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _keys(self, request: web.Request) -> web.Response:
        keys = []
        for key_id in self.key_ids:
            public: Any = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(key_id).public_key(), as_dict=True)
            keys.append({**public, "kid": key_id, "x5t": key_id, "endorsements": self.endorsements})
        return web.json_response({"keys": keys})

    async def _authority(self, request: web.Request) -> web.Response:
        base = f"{self.login_url}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.token_requests.append({**form, "tenant": request.match_info["tenant"]})
        if self.down:
            raise web.HTTPServiceUnavailable
        wrong = form.get("client_id") != APP_ID or form.get("client_secret") != PASSWORD
        if wrong or form.get("grant_type") != "client_credentials":
            refusal = {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret.",
            }
            return web.json_response(refusal, status=401)
        now = int(time.time())
        audience = form["scope"].removesuffix("/.default")
        claims = {"aud": audience, "appid": APP_ID, "exp": now + self._lifetime, "jti": str(len(self.issued))}
        self.issued.append(jwt.encode(claims, private_key(self.key_ids[-1]), algorithm="RS256"))
        return web.json_response(
            {"token_type": "Bearer", "expires_in": self._lifetime, "access_token": self.issued[-1]}
        )
