"""Bringing the cards that everybody in a group chat or channel sees up to date."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bot.bridge import wire
from bot.bridge.activities import fits, message
from bot.bridge.connector import Connector, ConnectorError
from bot.turn import SharedView
from domain.chats.actions import post_of
from domain.chats.shared import SHOW_SHARED
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler, PermanentFailureError, RetryLaterError

log = logging.getLogger(__name__)


def handlers(desk: Desk, connector: Connector, views: Mapping[str, SharedView]) -> Mapping[str, JobHandler]:
    """By kind of job. Rendered as things stand when it runs, so jobs may be late, repeated or skipped."""

    async def show(job: ClaimedJob) -> None:
        view, subject, place = (job.payload[name] for name in ("view", "subject", "place"))
        render = views.get(view)
        if render is None:
            raise PermanentFailureError(f"no shared view {view}")
        async with desk.units.read() as unit:
            posted = await post_of(unit, view, subject, place)
            card = await render(unit, desk, subject) if posted else None
        if posted is None or card is None:
            return
        if not fits(card):
            log.error("card_too_large", extra={"view": view, "subject": subject})
            return
        connector.vouch(posted.service_url)
        body = {**wire.write(message(card=card)), "id": posted.activity_id}
        try:
            await connector.update(posted.service_url, posted.conversation_id, posted.activity_id, body)
        except ConnectorError as error:
            if error.gone:
                return  # somebody deleted it, or the bot is no longer there
            if error.permanent:
                raise PermanentFailureError(str(error)) from error
            raise RetryLaterError(str(error), error.retry_after) from error

    return {SHOW_SHARED: show}
