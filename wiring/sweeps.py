"""What time does, besides ringing for jobs: each part's sweep, run by a timer. Safe to run late, twice or at once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from domain.desk import Desk

log = logging.getLogger(__name__)

Sweep = Callable[[Desk], Awaitable[int]]
"""Does what has come due, in pages on an index. How many there were."""


def minutely() -> Mapping[str, Sweep]:
    from domain.approvals.absences import sweep_absences
    from domain.approvals.timers import sweep_approvals
    from domain.digicoaches.timers import sweep_questions as sweep_coaches
    from domain.helpdesk.closing import sweep_closing
    from domain.notifications.actions import sweep_held
    from domain.service_levels.actions import sweep_clocks
    from domain.sites.upkeep import sweep_sites
    from domain.tip_series.sending import sweep_series
    from domain.tips.clustering import sweep_answered, sweep_questions
    from domain.tips.mirror import sweep_mirror
    from domain.webhooks.upkeep import sweep_webhooks

    return {
        "absences": sweep_absences,
        "approvals": sweep_approvals,
        "clocks": sweep_clocks,
        "closing": sweep_closing,
        "digicoach questions": sweep_coaches,
        "held messages": sweep_held,
        "sites": sweep_sites,
        "webhooks": sweep_webhooks,
        "series of tips": sweep_series,
        "questions answered": sweep_answered,
        "questions without a tip": sweep_questions,
        "tips to mirror": sweep_mirror,
    }


def nightly() -> Mapping[str, Sweep]:
    from domain.attachments.fetching import sweep_loose_files
    from domain.authoring.links import sweep_links
    from domain.authoring.news import sweep_reviews
    from domain.building.checks import sweep_checks
    from domain.digicoaches.services import sweep_shortages, sweep_thanks
    from domain.flow_messages.actions import forget_messages
    from domain.helpdesk.closing import sweep_left
    from domain.notifications.actions import forget_told
    from domain.sites.upkeep import sweep_orphans
    from domain.webhooks.upkeep import forget_webhooks

    return {
        "agents who left": sweep_left,
        "services short of digicoaches": sweep_shortages,
        "digicoaches to thank": sweep_thanks,
        "site owners": sweep_orphans,
        "site checks": sweep_checks,
        "loose files": sweep_loose_files,
        "messages told": forget_told,
        "messages of flows": forget_messages,
        "tips to review": sweep_reviews,
        "links of tips": sweep_links,
        "webhooks": forget_webhooks,
    }


async def run_sweeps(desk: Desk, sweeps: Mapping[str, Sweep]) -> Mapping[str, int]:
    """How many each found. One that fails is logged, and does not keep the others from their work."""
    found: dict[str, int] = {}
    for name, sweep in sweeps.items():
        try:
            found[name] = await sweep(desk)
        except Exception:
            log.exception("sweep_failed", extra={"sweep": name})
    if any(found.values()):
        log.info("swept", extra={name: count for name, count in found.items() if count})
    return found
