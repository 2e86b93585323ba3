"""The features the dispatcher serves: one module each."""

from __future__ import annotations

from bot import (
    absence,
    approval_lists,
    approvals,
    attachments,
    building,
    catalogue,
    decision_log,
    extensions,
    helpdesk,
    home,
    items,
    notifications,
    satisfaction,
    service_levels,
    sites,
    sites_change,
    sites_life,
    tips,
)
from bot.turn import Feature


def features() -> tuple[Feature, ...]:
    made = (
        home.FEATURE,
        items.FEATURE,
        service_levels.FEATURE,
        absence.FEATURE,
        decision_log.FEATURE,
        approvals.FEATURE,
        helpdesk.FEATURE,
        catalogue.FEATURE,
        sites.FEATURE,
        sites_life.FEATURE,
        sites_change.FEATURE,
        building.FEATURE,
        approval_lists.FEATURE,
        tips.FEATURE,
        attachments.FEATURE,
        satisfaction.FEATURE,
        extensions.FEATURE,
    )
    # Before the others: whoever types how they want to be told is not answering the helpdesk.
    return (notifications.feature(made), *made)
