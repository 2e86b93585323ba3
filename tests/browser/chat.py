"""A person's chat in the start page: a Microsoft 365 Agents Playground in a frame."""

from __future__ import annotations

import re
from datetime import date
from weakref import WeakKeyDictionary

from playwright.sync_api import Locator, Page, expect

from tests.servers.local_host import LocalHostProcess

NEW = ".fai-OutputCard"
CARD = ".ac-adaptiveCard"
PRODUCTS: WeakKeyDictionary[Page, LocalHostProcess] = WeakKeyDictionary()
"""What the chats in a page talk to."""


class Chat:
    """What one person can see and do. Everything waits until it is there, and until Wijzer has nothing more to do: a
    card that is drawn anew forgets what was typed in it."""

    def __init__(self, page: Page, which: int, product: LocalHostProcess) -> None:
        """`which` of the chats in the page, from the left."""
        self._page = page
        PRODUCTS[page] = product
        self._frame = page.frame_locator("iframe").nth(which)
        self._product = product

    def ready(self) -> None:
        expect(self._box).to_be_visible(timeout=120_000)

    def welcomed(self) -> None:
        """The first card is there: the next one answers what is said from now on."""
        expect(self._frame.locator(CARD).first).to_be_visible(timeout=60_000)

    @property
    def _box(self) -> Locator:
        return self._frame.locator("[role=textbox][contenteditable=true]").first

    def say(self, text: str) -> None:
        self._box.click()
        self._page.keyboard.insert_text(text)
        self._frame.get_by_role("button", name="Send Message").click()

    def ask(self, text: str, within: float = 20) -> Locator:
        """Say something, and wait for the card that answers it: the next one in the chat."""
        self._product.settle()
        cards = self._frame.locator(CARD)
        before = cards.count()
        self.say(text)
        answer = cards.nth(before)
        expect(answer).to_be_visible(timeout=within * 1000)
        self._product.settle()
        return answer

    def choose(self, card: Locator, label: str, option: str) -> None:
        """Choose in a list that folds out, one or another of several."""
        card.get_by_role("combobox", name=label).click()
        options = self._frame.locator("[role=option], [role=menuitemcheckbox]")
        options.filter(has_text=option).first.click()
        self._page.keyboard.press("Escape")

    def pick_day(self, card: Locator, label: str, day: date) -> None:
        """Pick a day of the next month in the calendar that folds out."""
        card.get_by_role("combobox", name=label).click()
        self._frame.get_by_role("button", name="Next month").click()
        self._frame.get_by_role("button", name=f"{day.day}, {day:%B}, {day.year}", exact=True).click()

    def card(self, *texts: str) -> Locator:
        """The newest card with all these texts."""
        cards = self._frame.locator(CARD)
        for text in texts:
            cards = cards.filter(has_text=text)
        return cards.last

    def sees(self, *texts: str, within: float = 20) -> Locator:
        """Wait until a card with these texts stands in the chat. `within` is in seconds."""
        found = self.card(*texts)
        expect(found).to_be_visible(timeout=within * 1000)
        self._product.settle()
        return found

    def reads(self, text: str | re.Pattern[str], within: float = 20) -> None:
        """Wait until a message of the bot says this."""
        expect(self._frame.locator(NEW).filter(has_text=text).last).to_be_visible(timeout=within * 1000)


def press(card: Locator, button: str) -> None:
    """Press a button of a card by its whole title."""
    _settle(card)
    card.get_by_role("button", name=button, exact=True).click()


def fill(card: Locator, label: str, value: str) -> None:
    _settle(card)
    card.get_by_label(label).fill(value)


def _settle(card: Locator) -> None:
    if product := PRODUCTS.get(card.page):
        product.settle()
