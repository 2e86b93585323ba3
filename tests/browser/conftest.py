"""The product running, and the start page open in Chromium with the chats in sight."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from scripts.gallery.browser import chromium
from tests.browser.chat import Chat
from tests.browser.open_city import open_city
from tests.servers.local_host import ROOT, LocalHostProcess

ELSEWHERE = re.compile(r"^https?://(?!(?:127\.0\.0\.1|localhost)[:/])")
"""Where the chats ask for icons and fonts; they do without. What they ask of the product does not pass through here: it
would wait whenever a test looks into the database."""
PATIENCE = 15_000
"""Milliseconds for what has to show; mostly it is there in one second, but tests share the machine."""
expect.set_options(timeout=PATIENCE)
PICTURES = ROOT / ".cache" / "browser"
SHOWN = pytest.StashKey[tuple[Page, LocalHostProcess]]()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHostProcess]:
    city = open_city(tmp_path_factory.mktemp("city") / "organisation")
    environment = {"WIJZER_ORGANISATION": str(city)}
    with LocalHostProcess(tmp_path_factory.mktemp("product"), chats=True, environment=environment) as product:
        yield product


@pytest.fixture(scope="module")
def start_page(product: LocalHostProcess, request: pytest.FixtureRequest) -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 2100, "height": 1000}, locale="nl-BE")
        context.route(ELSEWHERE, lambda route: route.abort())
        page = context.new_page()
        request.node.stash[SHOWN] = (page, product)
        page.goto(product.address, wait_until="commit")
        yield page


@pytest.fixture(scope="module")
def amina(start_page: Page, product: LocalHostProcess) -> Chat:
    """The employee's chat, on the left."""
    return _chat(start_page, product, 0, "amina")


@pytest.fixture(scope="module")
def bram(start_page: Page, product: LocalHostProcess) -> Chat:
    """The chat of the agent who owns the employee's team."""
    return _chat(start_page, product, 1, "bram")


@pytest.fixture(scope="module")
def els(start_page: Page, product: LocalHostProcess) -> Chat:
    """The chat of the information manager, on the right."""
    return _chat(start_page, product, 2, "els")


def _chat(page: Page, product: LocalHostProcess, which: int, person_id: str) -> Chat:
    """A chat that is open, and that Wijzer knows of.

    The Playground tells once that the bot was installed, and does not try again when that went wrong on a machine
    that is too busy. Whoever was not heard of says hello, as anybody would.
    """
    chat = Chat(page, which, product)
    chat.ready()
    known = "SELECT count(*) FROM chats WHERE person_id = ?"
    try:
        product.wait_for(known, person_id, rows=[(1,)], within=15)
    except AssertionError:
        chat.say("hallo")
        product.wait_for(known, person_id, rows=[(1,)], within=60)
    chat.welcomed()
    return chat


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A picture of what the chats showed when a test or what it needs failed, with the end of the product's log."""
    report = yield
    module = item.getparent(pytest.Module)
    shown = module.stash.get(SHOWN, None) if module else None
    if shown and report.failed and report.when != "teardown":
        page, product = shown
        picture = PICTURES / f"{item.name}.png"
        with suppress(Error):  # a browser that crashed shows nothing
            page.screenshot(path=picture)
        report.sections.append(("What the chats showed", str(picture)))
        report.sections.append(("The product's log", product.log.read_text(errors="replace")[-2000:]))
    return report
