"""Where events are sent: to allowed names only, and to no address inside the network, whatever name it has."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.webhooks.sender import HttpSender, seconds_of, sign
from domain.errors import Invalid
from domain.webhooks.addresses import Addresses
from domain.webhooks.ports import Answer
from domain.webhooks.rules import EventType, State
from domain.webhooks.subscription import Letter, Subscription
from tests.servers.receivers import Answering, Receivers

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
LETTER = Letter(
    1, "018f0000-0000-7000-8000-000000000001", EventType.TICKET_CREATED, "t1", AT, '{"eventId": "…"}'
)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def subscription(url: str) -> Subscription:
    return Subscription("s1", "flow:a", EventType.TICKET_CREATED, url, {}, SECRET, State.ACTIVE, AT)


class Rebinding(AbstractResolver):
    """A name server that answers what it likes, as an attacker's does."""

    def __init__(self, *answers: str) -> None:
        self._answers = answers

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in self._answers
        ]

    async def close(self) -> None: ...


@pytest.fixture
async def receivers() -> AsyncIterator[Receivers]:
    async with Receivers() as running:
        yield running


@pytest.mark.parametrize(
    "url",
    [
        "https://prod-12.westeurope.logic.azure.com:443/workflows/1/triggers/x/run?sig=abc",
        "https://a.b.environment.api.powerplatform.com/x",
        "https://logic.azure.com",
    ],
)
def test_the_platforms_own_addresses_are_taken(url: str) -> None:
    Addresses().check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://prod-12.logic.azure.com/x",
        "https://evil.example/x",
        "https://logic.azure.com.evil.example/x",
        "https://evillogic.azure.com/x",
        "https://logic.azure.com@evil.example/x",
        "https://evil.example\\@logic.azure.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/metadata",
        "https://localhost/x",
        "ftp://logic.azure.com/x",
        "https://logic.azure.com:99999/x",
        "https://logic.azure.com/ x",
        "https://logic.azure.com/\nHost: x",
        "https://",
        "https://[",
        "logic.azure.com",
        "",
        "https://logic.azure.com/" + "a" * 2000,
    ],
)
def test_no_other_address_is(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        Addresses().check(url)
    assert refused.value.field == "callbackUrl"


def test_this_machine_is_an_address_when_the_local_host_says_so() -> None:
    here = Addresses(unsafe_loopback=True)
    here.check("http://127.0.0.1:4000/x")
    here.check("http://localhost:4000/x")
    for url in ("http://10.0.0.1/x", "http://192.168.1.1/x", "http://logic.azure.com/x"):
        with pytest.raises(Invalid):
            here.check(url)


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "168.63.129.16",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "nonsense",
]


@pytest.mark.parametrize("ip", INSIDE)
def test_no_address_inside_is_connected_to(ip: str) -> None:
    assert not Addresses().may_connect(ip)


@pytest.mark.parametrize("ip", ["20.50.2.1", "2603:1020::1", "::ffff:20.50.2.1"])
def test_addresses_outside_are_connected_to(ip: str) -> None:
    assert Addresses().may_connect(ip)


def test_the_local_host_reaches_itself_and_nothing_else_inside() -> None:
    here = Addresses(unsafe_loopback=True)
    assert here.may_connect("127.0.0.1")
    assert here.may_connect("::1")
    assert not here.may_connect("169.254.169.254")
    assert not here.may_connect("10.0.0.1")


@pytest.mark.parametrize("ips", [("127.0.0.1",), ("::1",), ("::ffff:127.0.0.1",), ("10.0.0.1", "127.0.0.1")])
async def test_an_allowed_name_that_leads_inside_gets_nothing(
    receivers: Receivers, ips: tuple[str, ...]
) -> None:
    """Whatever the name led to when it was checked: what counts is where the connection goes."""
    sender = HttpSender(Addresses(("evil.example",)), "https://w.example", "W", resolver=Rebinding(*ips))
    answer = await sender.send(subscription(f"http://a.evil.example:{receivers.port}/x"), LETTER)
    await sender.close()
    assert answer == Answer(None, error="an address inside the network")
    assert receivers.calls["x"] == 0


async def test_a_number_that_slipped_through_is_judged_as_well(receivers: Receivers) -> None:
    """aiohttp resolves no numbers: the guard is not in the resolver."""
    sender = HttpSender(Addresses(), "https://w.example", "W")
    answer = await sender.send(subscription(f"http://127.0.0.1:{receivers.port}/x"), LETTER)
    await sender.close()
    assert (answer.status, receivers.calls["x"]) == (None, 0)


async def test_a_redirect_is_not_followed(receivers: Receivers) -> None:
    receivers.secrets["a"] = SECRET
    sender = HttpSender(Addresses(unsafe_loopback=True), "https://w.example", "W")
    letter = Letter(
        1,
        LETTER.event_id,
        LETTER.type,
        "t1",
        AT,
        f'{{"eventId":"{LETTER.event_id}","event":"ticket.created","time":"2026-11-23T08:30:00Z","number":1}}',
    )
    receivers.always["a"] = Answering(307, {"Location": receivers.address_of("b")})
    answer = await sender.send(subscription(receivers.address_of("a")), letter)
    await sender.close()
    assert (answer.status, receivers.calls["b"]) == (307, 0)


async def test_who_does_not_answer_in_time_is_left(receivers: Receivers) -> None:
    receivers.always["a"] = Answering(delay=2)
    quick = aiohttp.ClientTimeout(total=0.1)
    sender = HttpSender(Addresses(unsafe_loopback=True), "https://w.example", "W", timeout=quick)
    answer = await sender.send(subscription(receivers.address_of("a")), LETTER)
    await sender.close()
    assert answer == Answer(None, error="no answer in time")


async def test_a_closed_port_is_no_answer_and_says_nothing_of_the_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        sender = HttpSender(Addresses(unsafe_loopback=True), "https://w.example", "W")
        answer = await sender.send(subscription(f"http://127.0.0.1:{port}/x?sig=geheim"), LETTER)
        await sender.close()
    assert answer.status is None
    assert "geheim" not in answer.error
    assert "127" not in answer.error


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of its specification."""
    body = b'{"test": 2432232314}'
    signed = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        ("-5", 0.0),
        ("Mon, 23 Nov 2026 08:31:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: Any) -> None:
    assert seconds_of(header, AT.timestamp()) == seconds
