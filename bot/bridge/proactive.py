"""Showing cards in people's chats: the job that posts a view, or updates the post that stands there."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from botbuilder.schema import Activity

from bot.bridge import wire
from bot.bridge.activities import fits, message, too_large
from bot.bridge.connector import Connector, ConnectorError
from bot.news import KINDS
from bot.turn import View
from domain.chats.actions import SHOW, Address, Posted, chat_of, post_of, remember_post
from domain.desk import Desk
from domain.jobs.handling import (
    ClaimedJob,
    JobHandler,
    PermanentFailureError,
    RetryLaterError,
    WaitForError,
)
from domain.notifications.actions import Notice, hold, told, when_to_tell
from domain.notifications.reach import invite
from locales import translator

log = logging.getLogger(__name__)


def handlers(desk: Desk, connector: Connector, views: Mapping[str, View]) -> Mapping[str, JobHandler]:
    """By kind of job."""
    return {SHOW: ShowCard(desk, connector, views)}


class ShowCard:
    """Renders as things stand when it runs, so jobs may be late, repeated or skipped.

    Updating is repeatable. A first POST is not: when the process dies, or the connection breaks, between the channel
    taking the post and our writing down its id, the repeated job posts a second card. Nothing but writing down the id
    happens in between, and the newest card is the one that later changes update.
    """

    def __init__(self, desk: Desk, connector: Connector, views: Mapping[str, View]) -> None:
        self._desk = desk
        self._connector = connector
        self._views = views

    async def __call__(self, job: ClaimedJob) -> None:
        view, subject, person_id = (job.payload[name] for name in ("view", "subject", "person"))
        render = self._views.get(view)
        if render is None:
            raise PermanentFailureError(f"no view {view}")
        person = await self._desk.directory.person(person_id)
        if person is None:
            raise PermanentFailureError(f"no person {person_id}")
        async with self._desk.units.read() as unit:
            posted = await post_of(unit, view, subject, person_id)
            if posted is None and job.payload.get("only_if_posted"):
                return
            notice = _notice(job) if posted is None else None
            until = await when_to_tell(unit, self._desk, notice) if notice else None
            chat = await chat_of(unit, person_id)
            card = await render(unit, self._desk, person, subject) if until is None else None
        if notice is not None and until is not None:
            async with self._desk.units() as unit:
                await hold(unit, notice, until=until, key=job.id)
            return
        if card is None:
            return
        content = message(card=card)
        if not fits(card):
            log.error("card_too_large", extra={"view": view, "subject": subject})
            content = message(too_large(translator(person.language)))
        try:
            if posted is not None and (
                await self._update(posted, content) or job.payload.get("only_if_posted")
            ):
                return
            if chat is None:
                async with self._desk.units() as unit:
                    await invite(unit, person_id)
                raise WaitForError(f"chat:{person_id}")
            posted = await self._post(chat, content)
        except ConnectorError as error:
            if error.permanent:
                raise PermanentFailureError(str(error)) from error
            raise RetryLaterError(str(error), error.retry_after) from error
        if posted is not None:
            async with self._desk.units() as unit:
                await remember_post(unit, view, subject, person_id, posted)
                if notice is not None:
                    await told(unit, self._desk, notice)

    async def _update(self, posted: Posted, content: Activity) -> bool:
        """False when the post is gone: the person deleted it, or the chat."""
        self._connector.vouch(posted.service_url)
        body = {**wire.write(content), "id": posted.activity_id}
        try:
            await self._connector.update(posted.service_url, posted.conversation_id, posted.activity_id, body)
        except ConnectorError as error:
            if error.gone:
                return False
            raise
        return True

    async def _post(self, chat: Address, content: Activity) -> Posted | None:
        # Only what a validated token vouched for gets into the chats table, or this machine's own addresses.
        self._connector.vouch(chat.service_url)
        body = {
            **wire.write(content),
            "channelId": chat.channel_id,
            "serviceUrl": chat.service_url,
            "conversation": {
                "id": chat.conversation_id,
                "conversationType": "personal",
                "tenantId": chat.tenant_id,
            },
            "from": {"id": chat.bot_id},
            "recipient": {"id": chat.user_id},
        }
        activity_id = await self._connector.post(chat.service_url, chat.conversation_id, body)
        return Posted(chat.service_url, chat.conversation_id, activity_id) if activity_id else None


def _notice(job: ClaimedJob) -> Notice | None:
    """What is new to the person and may be told later; None for what is shown at once."""
    view, subject, person_id = (job.payload[name] for name in ("view", "subject", "person"))
    kind = KINDS.get(view)
    return None if kind is None or job.payload.get("at_once") else Notice(kind, view, subject, person_id)
