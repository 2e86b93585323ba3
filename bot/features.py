"""The features the dispatcher serves: one module each."""

from __future__ import annotations

from bot import (
    api_keys,
    building,
    catalogue,
    changes,
    extensions,
    flow_messages,
    home,
    items,
    notifications,
    reports,
    satisfaction,
    service_levels,
    webhooks,
)
from bot.approvals import absence, decision_log
from bot.approvals import decisions as approvals
from bot.approvals import lists as approval_lists
from bot.attachments import consent
from bot.attachments import files as attachments
from bot.authoring import authors as authoring
from bot.digicoaches import questions as digicoaches
from bot.digicoaches import services as digicoach_services
from bot.digicoaches import systems as digicoach_systems
from bot.digicoaches import work as digicoach_work
from bot.helpdesk import desk_actions, desk_channel, desk_menu, desk_queue
from bot.helpdesk import majors as helpdesk_majors
from bot.helpdesk import phone as helpdesk_phone
from bot.helpdesk import report as helpdesk_report
from bot.helpdesk import tickets as helpdesk
from bot.sites import change as sites_change
from bot.sites import life as sites_life
from bot.sites import requests as sites
from bot.tips import clusters as tip_clusters
from bot.tips import feedback as tip_feedback
from bot.tips import questions as tips
from bot.tips import reports as tip_reports
from bot.tips import series as tip_series
from bot.tips import sharing as tip_sharing
from bot.tips import tickets as tip_tickets
from bot.turn import Feature


def features() -> tuple[Feature, ...]:
    made = (
        home.FEATURE,
        items.FEATURE,
        service_levels.FEATURE,
        absence.FEATURE,
        digicoach_work.FEATURE,
        digicoach_services.FEATURE,
        digicoach_systems.FEATURE,
        digicoaches.FEATURE,
        api_keys.FEATURE,
        webhooks.FEATURE,
        decision_log.FEATURE,
        approvals.FEATURE,
        sites.FEATURE,
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
        sites_life.FEATURE,
        sites_change.FEATURE,
        building.FEATURE,
        approval_lists.FEATURE,
        tip_clusters.FEATURE,
        tip_feedback.FEATURE,
        tip_reports.FEATURE,
        tip_series.FEATURE,
        tip_sharing.FEATURE,
        tip_tickets.FEATURE,
        tips.FEATURE,
        authoring.FEATURE,
        attachments.FEATURE,
        consent.FEATURE,
        reports.FEATURE,
        satisfaction.FEATURE,
        flow_messages.FEATURE,
        extensions.FEATURE,
    )
    # Before the others: whoever types how they want to be told is not answering the helpdesk.
    return (notifications.feature(made), *made)
