"""The features the dispatcher serves: one module each."""

from __future__ import annotations

from bot import approvals, catalogue, helpdesk, home, items, sites, tips
from bot.turn import Feature


def features() -> tuple[Feature, ...]:
    return (
        home.FEATURE,
        items.FEATURE,
        helpdesk.FEATURE,
        catalogue.FEATURE,
        sites.FEATURE,
        approvals.FEATURE,
        tips.FEATURE,
    )
