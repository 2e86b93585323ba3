"""Telling who owns a subscription that it was paused."""

from __future__ import annotations

from domain.actor import Role
from domain.chats.actions import show
from domain.desk import Desk
from domain.unit import Unit
from domain.webhooks.subscription import Subscription

PAUSED_VIEW = "webhooks.paused"
"""View of a subscription to which nothing could be delivered for days."""


async def tell_paused(unit: Unit, desk: Desk, subscription: Subscription) -> None:
    """Its owner; when that is an API key, the administrators, as they gave it out."""
    owner = await desk.directory.person(subscription.owner_id)
    told = [owner] if owner is not None else await desk.directory.with_role(Role.ADMIN)
    for person in told:
        await show(unit, PAUSED_VIEW, subscription.id, person.id)
