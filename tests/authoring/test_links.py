"""Links in tips: looked at over real HTTP on this machine, noted, shown to the authors, and never inside the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import select

from adapters.database.engine import DatabaseUnits
from adapters.links.checker import HttpLinkChecker
from domain.actor import Role
from domain.authoring import links
from domain.authoring.concerns import Worry, concerns_about
from domain.authoring.link_models import TipLinkRow
from domain.authoring.links import BrokenLink, Trouble, broken_in, is_broken, is_our_own_line, sweep_links
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.tips.bringing import import_tips
from domain.tips.tip import Link, Source, Tip
from domain.webhooks.addresses import Addresses
from tests.conftest import Clock
from tests.tips.conftest import city_tips

ANSWERS: Mapping[str, tuple[int, dict[str, str]]] = {
    "/here": (200, {}),
    "/sign-in": (403, {}),
    "/seldom": (429, {}),
    "/gone": (404, {}),
    "/for-good": (410, {}),
    "/ill": (503, {}),
    "/moved": (301, {"Location": "/here"}),
    "/moved-away": (302, {"Location": "/gone"}),
    "/round": (302, {"Location": "/round"}),
    "/files": (302, {"Location": "file:///etc/passwd"}),
    "/inside": (302, {"Location": "https://169.254.169.254/metadata"}),
}


@pytest.fixture
async def site() -> AsyncIterator[tuple[str, list[str]]]:
    """A site on loopback: its address, and what was asked of it."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(f"{request.method} {request.path}")
        if request.path == "/no-head":
            return web.Response(status=405 if request.method == "HEAD" else 200)
        if request.path == "/silent":
            await asyncio.sleep(5)
        status, headers = ANSWERS[request.path]
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}", asked
    await runner.cleanup()


def checker_of_loopback(seconds: float) -> HttpLinkChecker:
    """One that may open a site on this machine, and waits so long for it."""
    return HttpLinkChecker(
        "Wijzer/test",
        Addresses(unsafe_loopback=True),
        schemes=frozenset({"http", "https"}),
        timeout=aiohttp.ClientTimeout(total=seconds),
    )


@pytest.fixture
async def on_loopback() -> AsyncIterator[HttpLinkChecker]:
    checker = checker_of_loopback(30)
    yield checker
    await checker.close()


@pytest.fixture
async def as_shipped() -> AsyncIterator[HttpLinkChecker]:
    checker = HttpLinkChecker("Wijzer/test")
    yield checker
    await checker.close()


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("/here", None),
        ("/sign-in", None),
        ("/seldom", None),
        ("/no-head", None),
        ("/moved", None),
        ("/gone", Trouble.GONE),
        ("/for-good", Trouble.GONE),
        ("/moved-away", Trouble.GONE),
        ("/ill", Trouble.UNREACHABLE),
        ("/round", Trouble.LOOPS),
        ("/files", Trouble.INSECURE),
        ("/inside", Trouble.INSIDE),
    ],
)
async def test_what_an_address_leads_to(
    site: tuple[str, list[str]], on_loopback: HttpLinkChecker, path: str, trouble: Trouble | None
) -> None:
    assert await on_loopback.check(site[0] + path) is trouble


async def test_a_site_that_says_nothing_is_unreachable(site: tuple[str, list[str]]) -> None:
    impatient = checker_of_loopback(0.3)
    assert await impatient.check(site[0] + "/silent") is Trouble.UNREACHABLE
    await impatient.close()


async def test_nobody_there_is_unreachable(on_loopback: HttpLinkChecker) -> None:
    assert await on_loopback.check("http://127.0.0.1:9/") is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "10.0.0.8",
        "192.168.1.1",
        "169.254.169.254",
        "168.63.129.16",
        "[::ffff:127.0.0.1]",
    ],
)
async def test_an_address_inside_is_never_opened(as_shipped: HttpLinkChecker, host: str) -> None:
    assert await as_shipped.check(f"https://{host}/") is Trouble.INSIDE


async def test_a_name_that_leads_inside_is_never_opened(site: tuple[str, list[str]]) -> None:
    """Whatever the name server says at whatever moment: what counts is the number that is connected to."""

    class Rebinding(aiohttp.abc.AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
            flags = {"proto": 0, "flags": 0}
            return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, **flags}]

        async def close(self) -> None:
            pass

    address, asked = site
    port = address.rpartition(":")[2]
    checker = HttpLinkChecker("Wijzer/test", schemes=frozenset({"http"}), resolver=Rebinding())
    assert await checker.check(f"http://support.example:{port}/here") is Trouble.INSIDE
    assert asked == []
    await checker.close()


async def test_a_page_without_encryption_is_not_secure(as_shipped: HttpLinkChecker) -> None:
    assert await as_shipped.check("http://support.example/") is Trouble.INSECURE


@pytest.mark.parametrize(
    ("trouble", "days", "broken"),
    [
        (None, 9, False),
        (Trouble.GONE, 0, True),
        (Trouble.INSECURE, 0, True),
        (Trouble.UNREACHABLE, 0, False),
        (Trouble.UNREACHABLE, 1, True),
    ],
)
def test_what_may_pass_gets_a_day(clock: Clock, trouble: Trouble | None, days: int, broken: bool) -> None:
    assert is_broken(trouble, clock.now - timedelta(days=days), clock.now) is broken


def test_when_nothing_can_be_reached_it_is_our_own_line() -> None:
    sites = [f"https://{name}.example/" for name in "abc"]
    assert is_our_own_line(dict.fromkeys(sites, Trouble.UNREACHABLE))
    assert not is_our_own_line(dict.fromkeys(sites, Trouble.UNREACHABLE) | {sites[0]: None})
    assert not is_our_own_line({sites[0]: Trouble.UNREACHABLE})


class Seen:
    """What a look finds, for addresses of which something is to be found."""

    def __init__(self, **found: Trouble | None) -> None:
        self.found: dict[str, Trouble | None] = {address(name): trouble for name, trouble in found.items()}
        self.asked: list[str] = []

    async def check(self, url: str) -> Trouble | None:
        self.asked.append(url)
        return self.found.get(url)


def address(name: str) -> str:
    return f"https://{name}.example/page"


def tip(number: int, source: str | None = None, *others: str) -> Tip:
    first = city_tips().tips[0]
    return replace(
        first,
        id=f"tip-{number:03}",
        title=f"Vraag {number}?",
        related=(),
        translation_of=None,
        source=Source("Bron", address(source) if source else None),
        links=tuple(Link(name, address(name)) for name in others),
    )


async def work_off(desk: Desk, checker: Seen, clock: Clock) -> list[dict[str, Any]]:
    """Do what is due, as the worker does: also what that leaves. The payloads, in order."""
    handlers = links.handlers(desk, checker)
    done: list[dict[str, Any]] = []
    while True:
        async with desk.units() as unit:
            due = select(Job).where(
                Job.state == "pending", Job.next_attempt_at <= clock.now, Job.kind.in_(handlers)
            )
            row = (await unit.db.execute(due.order_by(Job.next_attempt_at, Job.id))).first()
            if row is None:
                return done
            await unit.db.execute(Job.__table__.update().where(Job.id == row.id).values(state="done"))  # type: ignore[attr-defined]
        for _ in range(2):  # a job may come twice
            await handlers[row.kind](ClaimedJob(row.id, row.kind, row.payload, 1))
        done.append(row.payload)


async def test_what_is_broken_is_noted_told_and_mended(
    desk: Desk, units: DatabaseUnits, clock: Clock
) -> None:
    tips = [tip(1, "good", "gone"), tip(2, "good", "slow", "passing"), tip(3), tip(4, "gone")]
    async with units() as unit:
        await import_tips(unit, tips)
    checker = Seen(gone=Trouble.GONE, slow=Trouble.UNREACHABLE, passing=Trouble.UNREACHABLE)
    assert await sweep_links(desk) == 1
    assert await sweep_links(desk) == 0
    await work_off(desk, checker, clock)
    assert checker.asked.count(address("good")) == 1
    async with units.read() as unit:
        assert [link.url for link in await broken_in(unit, "tip-001")] == [address("gone")]
        assert await broken_in(unit, "tip-002") == []

    clock.forward(days=1, hours=2)
    checker.found[address("passing")] = None
    done = await work_off(desk, checker, clock)
    assert [payload.get("tips") for payload in done] == [["tip-002"], None]
    async with units.read() as unit:
        slow = BrokenLink("tip-002", "Vraag 2?", address("slow"), Trouble.UNREACHABLE)
        assert await broken_in(unit, "tip-002") == [slow]
        concerns = await concerns_about(unit, desk, tips[1], published=True)
        assert [one.links for one in concerns if one.worry is Worry.BROKEN_LINKS] == [(slow,)]
        shown = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars().all()
    authors = {person.id for person in await desk.directory.with_role(Role.TIP_AUTHOR)}
    assert {(job["view"], job["person"]) for job in shown} == {(links.LINKS_VIEW, who) for who in authors}
    assert authors

    async with units() as unit:
        await import_tips(unit, [replace(tips[0], links=()), tips[1], tips[2], tip(4, "good")])
        assert await broken_in(unit, "tip-001") == []  # mended: nobody has to wait for the next look
    clock.forward(days=7)
    checker.found.clear()
    assert await sweep_links(desk) == 1
    await work_off(desk, checker, clock)
    async with units.read() as unit:
        rows = (await unit.db.execute(select(TipLinkRow.url, TipLinkRow.broken))).all()
        assert address("gone") not in {row.url for row in rows}
        assert not any(row.broken for row in rows)


async def test_nothing_is_noted_when_our_own_line_is_down(
    desk: Desk, units: DatabaseUnits, clock: Clock
) -> None:
    names = ("a", "b", "c")
    async with units() as unit:
        await import_tips(unit, [tip(number, name) for number, name in enumerate(names)])
    await sweep_links(desk)
    await work_off(desk, Seen(**dict.fromkeys(names, Trouble.UNREACHABLE)), clock)
    async with units.read() as unit:
        assert (await unit.db.execute(select(TipLinkRow.url))).all() == []


async def test_every_page_of_tips_gets_its_look(
    desk: Desk, units: DatabaseUnits, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "PAGE", 2)
    async with units() as unit:
        await import_tips(unit, [tip(number, f"site{number}") for number in range(5)])
    await sweep_links(desk)
    checker = Seen()
    await work_off(desk, checker, clock)
    assert set(checker.asked) == {address(f"site{number}") for number in range(5)}
