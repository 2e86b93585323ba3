"""A bridge with features of our own on real servers: a Bot Connector and a token issuer on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.openid.keys import PublishedKeys
from bot.bridge.authentication import TokenAuthentication, UnsafeNoAuthentication
from bot.bridge.connector import Connector
from bot.bridge.credentials import EntraCredentials
from bot.bridge.endpoint import Bridge
from bot.turn import NOTHING, Card, Feature, Reply, Turn
from domain.desk import Desk
from domain.errors import Conflict
from domain.intents.models import Guess, Intent
from domain.organisation import Organisation
from domain.people.models import Person
from domain.people.ports import Directory
from domain.tables import new_id
from domain.unit import Unit, Units
from tests.cast import person
from tests.servers.connector import ConnectorServer
from tests.servers.teams import Teams
from tests.servers.token_issuer import APP_ID, PASSWORD, TENANT_ID, TokenIssuer


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Nothing here depends on the kind of database."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


class FirstWord:
    """Takes a message's first word for its intent; a question mark at the end makes it unsure."""

    def guess(self, text: str, language: str | None = None) -> Guess:
        words = text.split()
        first = words[0] if words else ""
        found = Intent(first) if first in {str(intent) for intent in Intent} else Intent.NONSENSE
        return Guess(found, sure=not text.endswith("?"), offered=(found, Intent.HELP))


class NoTips:
    async def search(self, *_: object, **__: object) -> tuple[()]:
        return ()

    async def look_further(self, *_: object, **__: object) -> tuple[()]:
        return ()

    async def answer(self, *_: object) -> str:
        return ""

    async def refresh(self) -> None: ...

    async def ready(self) -> bool:
        return True


def card_of(text: str) -> Card:
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "speak": text,
        "body": [{"type": "TextBlock", "text": text}],
    }


@dataclass
class Probe:
    """A feature that does what a test asks for, and keeps the turns it got. `gate` holds back `probe.wait`,
    which says that it is `busy`."""

    turns: list[Turn] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    shown: Card | None = field(default_factory=lambda: card_of("as it stands"))

    async def echo(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        return Reply(card_of(turn.text or turn.field("text") or "pressed"), view="probe", subject="subject-1")

    async def notice(self, turn: Turn) -> Reply:
        return Reply(text="done")

    async def nothing(self, turn: Turn) -> Reply:
        return Reply()

    async def refuse(self, turn: Turn) -> Reply:
        raise Conflict("Somebody was first.")

    async def crash(self, turn: Turn) -> Reply:
        raise LookupError("a bug, with a secret in it")

    async def large(self, turn: Turn) -> Reply:
        return Reply(card_of("é" * 15_000))

    async def wait(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        self.busy.set()
        await self.gate.wait()
        return Reply(card_of(turn.text or "waited"))

    async def write(self, turn: Turn) -> Reply:
        """An action with an idempotency key, as all are."""
        self.turns.append(turn)
        async with turn.desk.units() as unit:
            if await unit.once(turn.actor.id, turn.key, turn.text, new_id()) is None:
                self.written.append(turn.key)
            await turn.keep(unit, "probe", "kept")
        return Reply(card_of("written"), view="probe", subject="kept")

    async def retype(self, turn: Turn) -> Reply:
        return Reply(retyped=turn.field("text"))

    async def claim(self, turn: Turn) -> Reply:
        return Reply(card_of("claimed")) if turn.text.startswith("mine") else NOTHING

    async def view(self, unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
        return self.shown

    def feature(self) -> Feature:
        names = ("echo", "notice", "nothing", "refuse", "crash", "large", "wait", "write", "retype")
        return Feature(
            name="probe",
            verbs={f"probe.{name}": getattr(self, name) for name in names},
            intents={
                Intent.HELP: self.echo,
                Intent.INCIDENT: self.write,
                Intent.CHANGE: self.crash,
                Intent.SITE: self.refuse,
                Intent.QUESTION: self.large,
                Intent.REQUEST: self.wait,
                Intent.NONSENSE: self.echo,
                "unsure": self.echo,
            },
            views={"probe": self.view},
            claims=self.claim,
        )


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture
async def connector_server() -> AsyncIterator[ConnectorServer]:
    async with ConnectorServer() as server:
        yield server


@pytest.fixture
async def issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TokenIssuer]:
    async with TokenIssuer(tmp_path) as issuer:
        monkeypatch.setenv("SSL_CERT_FILE", str(issuer.ca_file))
        yield issuer


@pytest.fixture
def desk(units: Units, organisation: Organisation, directory: Directory) -> Desk:
    return Desk(units, organisation, directory, FirstWord(), NoTips())


BridgeMaker = Callable[..., Bridge]


@pytest.fixture
async def bridges(desk: Desk, probe: Probe) -> AsyncIterator[BridgeMaker]:
    """Makes bridges as other workers would be: one database, nothing else in common. Without authentication."""
    made: list[Bridge] = []

    def make(*, answer_within: float = 8.0) -> Bridge:
        connector = Connector(None, first_wait=0.01)
        bridge = Bridge(
            desk, [probe.feature()], UnsafeNoAuthentication(), connector, answer_within=answer_within
        )
        made.append(bridge)
        return bridge

    yield make
    for bridge in made:
        await bridge.close()


@pytest.fixture
def teams(bridges: BridgeMaker, connector_server: ConnectorServer) -> Teams:
    """Amina's chat with a bot that takes her word for who she is."""
    return Teams(bridges(), connector_server.url, person("amina"), None)


@pytest.fixture
def keys(issuer: TokenIssuer) -> PublishedKeys:
    return PublishedKeys(issuer.metadata_url, refresh_at_most_every=0)


@pytest.fixture
async def guarded(
    desk: Desk, probe: Probe, issuer: TokenIssuer, keys: PublishedKeys, connector_server: ConnectorServer
) -> AsyncIterator[Teams]:
    """Amina's chat with a bot that wants tokens and sends its own."""
    bridge = Bridge(
        desk,
        [probe.feature()],
        TokenAuthentication(APP_ID, keys, tenant_id=TENANT_ID),
        Connector(EntraCredentials(APP_ID, PASSWORD, TENANT_ID, issuer.login_url), first_wait=0.01),
    )
    yield Teams(bridge, connector_server.url, person("amina"), issuer)
    await bridge.close()
