"""The features the dispatcher serves: one module each."""

from __future__ import annotations

from bot import (
    approval_lists,
    approvals,
    attachments,
    building,
    catalogue,
    helpdesk,
    home,
    items,
    notifications,
    satisfaction,
    service_levels,
    sites,
    tips,
)
from bot.turn import Feature


def features() -> tuple[Feature, ...]:
    made = (
        home.FEATURE,
        items.FEATURE,
        service_levels.FEATURE,
        helpdesk.FEATURE,
        catalogue.FEATURE,
        sites.FEATURE,
        building.FEATURE,
        approvals.FEATURE,
        approval_lists.FEATURE,
        tips.FEATURE,
        attachments.FEATURE,
        satisfaction.FEATURE,
    )
    # Before the others: whoever types how they want to be told is not answering the helpdesk.
    return (notifications.feature(made), *made)
