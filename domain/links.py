"""Links that open one thing, for one person, for a while: what stands in them is signed, so nobody can make one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.errors import DeskError, NotFound

LINK_LASTS = timedelta(hours=1)


class Expired(DeskError):
    """The link was good once."""

    code = "expired"
    status = 410


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link is for. Whether the person may (still) see it, the one who opens it checks."""

    kind: str
    subject: str
    person_id: str


class Links:
    """Makes and opens links below `address`, such as `https://wijzer.example/api/files`."""

    def __init__(self, address: str, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("a secret of at least 16 bytes is needed")
        self._address = address.rstrip("/")
        self._secret = secret

    @classmethod
    def of_this_process(cls, address: str = "http://127.0.0.1:3978/api/files") -> Links:
        """Links that no other process and no later start knows: enough for one laptop."""
        return cls(address, secrets.token_bytes(32))

    def link(
        self, kind: str, subject: str, person_id: str, now: datetime, lasts: timedelta = LINK_LASTS
    ) -> str:
        until = int((now + lasts).timestamp())
        said = json.dumps([kind, subject, person_id, until], separators=(",", ":")).encode()
        return f"{self._address}/{_text(said)}.{_text(self._sign(said))}"

    def open(self, token: str, now: datetime) -> Opened:
        """Raises `NotFound` for what is no link of ours, and `Expired`."""
        said, _, signature = token.partition(".")
        try:
            content, given = _bytes(said), _bytes(signature)
        except ValueError:
            raise NotFound("There is nothing here.") from None
        if not hmac.compare_digest(given, self._sign(content)):
            raise NotFound("There is nothing here.")
        kind, subject, person_id, until = json.loads(content)
        if now > datetime.fromtimestamp(until, UTC):
            raise Expired("This link has expired. Ask for it again in Teams, and you get a new one.")
        return Opened(kind, subject, person_id)

    def _sign(self, said: bytes) -> bytes:
        return hmac.new(self._secret, said, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
