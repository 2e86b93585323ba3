"""The features the dispatcher serves: one module each."""

from __future__ import annotations

from bot import (
    absence,
    approval_lists,
    approvals,
    attachments,
    building,
    catalogue,
    changes,
    consent,
    decision_log,
    desk_actions,
    desk_channel,
    desk_menu,
    desk_queue,
    extensions,
    helpdesk,
    helpdesk_majors,
    helpdesk_phone,
    helpdesk_report,
    home,
    items,
    notifications,
    reports,
    satisfaction,
    service_levels,
    sites,
    sites_change,
    sites_life,
    tip_clusters,
    tip_feedback,
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
        desk_channel.FEATURE,
        desk_queue.FEATURE,
        desk_menu.FEATURE,
        desk_actions.FEATURE,
        helpdesk_phone.FEATURE,
        helpdesk_report.FEATURE,
        helpdesk_majors.FEATURE,
        helpdesk.FEATURE,
        catalogue.FEATURE,
        changes.FEATURE,
        sites.FEATURE,
        sites_life.FEATURE,
        sites_change.FEATURE,
        building.FEATURE,
        approval_lists.FEATURE,
        tip_clusters.FEATURE,
        tip_feedback.FEATURE,
        tips.FEATURE,
        attachments.FEATURE,
        consent.FEATURE,
        reports.FEATURE,
        satisfaction.FEATURE,
        extensions.FEATURE,
    )
    # Before the others: whoever types how they want to be told is not answering the helpdesk.
    return (notifications.feature(made), *made)
