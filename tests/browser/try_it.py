"""Trying an operation on the page for it, as a developer does."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page


def try_out(page: Page, operation: str, body: dict[str, Any]) -> Locator:
    """Open an operation, fill in `body` and send it: the part of the page where the answer comes."""
    block = page.locator(f"[id^=operations-][id$=-{operation}]")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    written = json.dumps(body, indent=2, ensure_ascii=False)
    block.locator(".opblock-section-request-body").get_by_role("textbox").fill(written)
    block.get_by_role("button", name="Execute").click()
    return block.locator(".live-responses-table")
