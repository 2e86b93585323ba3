"""Every table, in one place: importing this module makes `METADATA` complete, for migrations and tests."""

# ruff: noqa: F401 - they are imported for what they declare

from __future__ import annotations

import domain.api_keys.models
import domain.approvals.models
import domain.attachments.models
import domain.authoring.link_models
import domain.building.models
import domain.catalogue.models
import domain.changes.models
import domain.chats.models
import domain.digicoaches.models
import domain.flow_messages.models
import domain.helpdesk.models
import domain.jobs.models
import domain.notifications.models
import domain.quotes.models
import domain.reports.models
import domain.satisfaction.models
import domain.service_levels.models
import domain.sites.models
import domain.tip_series.models
import domain.tips.feedback_models
import domain.tips.models
import domain.unit  # done_actions and counters
import domain.webhooks.models
from domain.tables import Table

METADATA = Table.metadata
