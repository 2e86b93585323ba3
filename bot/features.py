"""The features the dispatcher serves: one module each."""

from __future__ import annotations

from bot import approval_lists, approvals, building, catalogue, helpdesk, home, items, sites, tips
from bot.turn import Feature


def features() -> tuple[Feature, ...]:
    return (
        home.FEATURE,
        items.FEATURE,
        helpdesk.FEATURE,
        catalogue.FEATURE,
        sites.FEATURE,
        building.FEATURE,
        approvals.FEATURE,
        approval_lists.FEATURE,
        tips.FEATURE,
    )
