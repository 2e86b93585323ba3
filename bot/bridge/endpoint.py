"""The bot's one door: bytes and headers in, status and body out, whatever framework holds the socket.

It takes the place of the SDK's `CloudAdapter.process()`, which answers 500 to every card press.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Self

from botbuilder.schema import ActivityTypes

from bot import flow_messages
from bot.attachments import consent
from bot.bridge import answers, shared
from bot.bridge.activities import read_activity, turn_key
from bot.bridge.adapter import ChannelAdapter, ChatContext
from bot.bridge.answers import Answer
from bot.bridge.authentication import Authentication, Keys, TokenAuthentication, UnsafeNoAuthentication
from bot.bridge.connector import Connector, ConnectorError
from bot.bridge.credentials import EntraCredentials
from bot.bridge.deliveries import Deliveries
from bot.bridge.dispatcher import Dispatcher
from bot.bridge.downloads import ChannelDownloads
from bot.bridge.proactive import handlers
from bot.bridge.turnstile import Turnstile
from bot.features import features
from bot.helpdesk import desk_channel
from bot.turn import Feature
from domain.attachments import fetching
from domain.desk import Desk
from domain.errors import DeskError, Unavailable
from domain.jobs.handling import JobHandler

log = logging.getLogger(__name__)

ANSWER_WITHIN = 8.0
"""Seconds. The channel gives up after 10 to 15."""


class UnsupportedMediaType(DeskError):
    code = "unsupported_media_type"
    status = 415


class Bridge:
    """Checks who sends, reads the activity, drops repeated deliveries, runs the turn and answers in time."""

    def __init__(
        self,
        desk: Desk,
        features: Iterable[Feature],
        authentication: Authentication,
        connector: Connector,
        *,
        downloads: ChannelDownloads | None = None,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        self.connector = connector
        self._authentication = authentication
        self._dispatcher = Dispatcher(desk, features)
        self._adapter = ChannelAdapter(connector)
        self._deliveries = Deliveries()
        self._turnstile = Turnstile()
        self._answer_within = answer_within
        self._background: set[asyncio.Task[None]] = set()
        self._downloads = downloads or ChannelDownloads(None, ())
        self.handlers: Mapping[str, JobHandler] = {
            **handlers(desk, connector, self._dispatcher.views),
            **shared.handlers(desk, connector, self._dispatcher.shared),
            **fetching.handlers(desk, self._downloads),
            **consent.handlers(desk, connector, self._downloads),
            **desk_channel.handlers(desk, connector),
            **flow_messages.handlers(desk, connector),
        }
        """The jobs this side of the house does: showing cards in chats, and getting the files that were sent."""

    @classmethod
    def build(
        cls,
        desk: Desk,
        *,
        app_id: str,
        app_password: str,
        tenant_id: str,
        channel_keys: Keys,
        login_url: str,
        file_hosts: tuple[str, ...] = (),
        unsafe_no_authentication_on_loopback: bool = False,
    ) -> Self:
        """From settings. Raises `ValueError` without an app id, unless authentication is switched off by name."""
        if unsafe_no_authentication_on_loopback:
            log.warning("authentication_off")
            downloads = ChannelDownloads(None, file_hosts)
            return cls(desk, features(), UnsafeNoAuthentication(), Connector(None), downloads=downloads)
        credentials = EntraCredentials(app_id, app_password, tenant_id, login_url)
        return cls(
            desk,
            features(),
            TokenAuthentication(app_id, channel_keys, tenant_id=tenant_id),
            Connector(credentials),
            downloads=ChannelDownloads(credentials, file_hosts),
        )

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Answer one request of the channel. Never raises for anything a sender can do."""
        try:
            sender = await self._authentication.sender(_header(headers, "Authorization"))
            kind = _header(headers, "Content-Type").partition(";")[0].strip().lower()
            if kind != "application/json":  # also keeps web pages from posting here without asking first
                raise UnsupportedMediaType("Activities are sent as application/json.", field="Content-Type")
            activity = read_activity(body)
            sender.check(activity)
        except DeskError as error:
            return answers.problem(error)
        self.connector.vouch(activity.service_url)
        context = ChatContext(self._adapter, activity)
        turn, is_new = self._deliveries.take(turn_key(activity), lambda: self._run(context))
        # Waiting leaves the turn alone: neither the time limit nor a caller that hangs up cuts it off.
        done, _ = await asyncio.wait({turn}, timeout=self._answer_within)
        if done:
            return turn.result()
        if is_new:
            log.info("turn_slow", extra={"activity_type": activity.type})
            rest = asyncio.create_task(self._finish(context, turn))
            self._background.add(rest)
            rest.add_done_callback(self._background.discard)
        if activity.type == ActivityTypes.invoke:
            return await self._dispatcher.late(activity)
        return answers.TAKEN

    async def close(self) -> None:
        """Let the turns that still run end, and close the connections."""
        while self._background:
            await asyncio.wait(self._background)
        await self.connector.close()
        await self._downloads.close()

    async def _run(self, context: ChatContext) -> Answer:
        await self._turnstile.through()
        try:
            return await self._dispatcher.turn(context)
        except DeskError as error:
            return answers.problem(error)
        except ConnectorError as error:
            details = {"status": error.status, "code": error.code, "permanent": error.permanent}
            log.warning("reply_not_sent", extra=details)
            if error.permanent:
                return answers.TAKEN  # delivering it again cannot help
            return answers.problem(Unavailable("The reply could not be sent now."))
        except Exception:
            log.exception("turn_broke", extra={"activity_type": context.activity.type})
            return answers.problem(Unavailable("This could not be done now."))

    async def _finish(self, context: ChatContext, turn: asyncio.Task[Answer]) -> None:
        """Bring what a slow press gave to the chat. A slow message sends its reply itself."""
        answer = await turn
        if context.activity.type != ActivityTypes.invoke:
            return
        try:
            await self._dispatcher.deliver_late(context, answer)
        except ConnectorError as error:
            log.warning("late_answer_not_sent", extra={"status": error.status, "code": error.code})


def _header(headers: Mapping[str, str], name: str) -> str:
    """A header whatever its case: not every framework's mapping minds that itself."""
    value = headers.get(name) or headers.get(name.lower())
    if value is None:
        value = next((v for k, v in headers.items() if k.lower() == name.lower()), None)
    return value or ""
