"""Files that go to a person's OneDrive: Teams asks them first, and then tells us where to write."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.bridge.connector import Connector, ConnectorError
from bot.bridge.downloads import ChannelDownloads
from bot.turn import Feature, Reply, Turn
from domain.attachments import actions
from domain.attachments.rules import Refused, State
from domain.chats.actions import chat_of
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.reading import access_ticket
from domain.jobs.handling import (
    ClaimedJob,
    JobHandler,
    PermanentFailureError,
    RetryLaterError,
    WaitForError,
)
from locales import translator

log = logging.getLogger(__name__)

OFFER = "attachments.offer"
"""Job kind: ask a person whether a file may be saved. Payload `{attachment, person}`."""
HAND_OVER = "attachments.hand_over"
"""Job kind: write a file where Teams said, and show it. Payload `{attachment, person, upload, asked}`."""
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
SAVED = "application/vnd.microsoft.teams.card.file.info"
MOST = 5
"""Files that are offered at once: each is a question of its own in the chat."""


async def save(turn: Turn) -> Reply:
    """Ask, in the person's chat, whether the files of a ticket may be saved in their OneDrive."""
    async with turn.desk.units() as unit:
        ticket = await access_ticket(unit, turn.actor, turn.field("id"))
        internal = turn.actor.is_agent and ticket.requester_id != turn.actor.id
        files, _ = await actions.list_on_ticket(unit, ticket.id, internal=internal)
        for file in [file for file in files if file.state is State.STORED][:MOST]:
            await unit.enqueue(
                OFFER,
                {"attachment": file.id, "person": turn.person.id},
                key=f"{turn.key}:{file.id}",
                lane=f"chat:{turn.person.id}",
            )
    return Reply(text=turn.t("I ask you in our chat whether they may be saved."))


async def answered(turn: Turn) -> None:
    """The person said yes or no to a file."""
    context, upload = turn.data.get("context"), turn.data.get("uploadInfo")
    attachment_id = context.get("attachment") if isinstance(context, dict) else None
    asked = [turn.place.service_url, turn.place.conversation_id, turn.card_id]
    async with turn.desk.units() as unit:
        if turn.data.get("action") != "accept" or not isinstance(upload, dict):
            return
        if not isinstance(attachment_id, str):
            raise NotFound("There is no such file.", field="context")
        file = await actions.access_file(unit, turn.actor, attachment_id)
        payload = {"attachment": file.id, "person": turn.person.id, "upload": upload, "asked": asked}
        await unit.enqueue(HAND_OVER, payload, key=f"{turn.key}:upload")


def handlers(desk: Desk, connector: Connector, downloads: ChannelDownloads) -> Mapping[str, JobHandler]:
    async def post(person_id: str, attachment: Mapping[str, Any]) -> None:
        async with desk.units.read() as unit:
            chat = await chat_of(unit, person_id)
        if chat is None:
            raise WaitForError(f"chat:{person_id}")
        connector.vouch(chat.service_url)
        body = {
            "type": "message",
            "channelId": chat.channel_id,
            "serviceUrl": chat.service_url,
            "conversation": {"id": chat.conversation_id, "conversationType": "personal"},
            "from": {"id": chat.bot_id},
            "recipient": {"id": chat.user_id},
            "attachments": [attachment],
        }
        try:
            await connector.post(chat.service_url, chat.conversation_id, body)
        except ConnectorError as error:
            if error.permanent:
                raise PermanentFailureError(str(error)) from error
            raise RetryLaterError(str(error), error.retry_after) from error

    async def offer(job: ClaimedJob) -> None:
        """A repeat asks once more; saying yes twice writes the same file."""
        person = await desk.directory.person(job.payload["person"])
        if person is None:
            return
        async with desk.units.read() as unit:
            try:
                file = await actions.access_file(unit, person.as_actor(), job.payload["attachment"])
            except NotFound:
                return
        context = {"attachment": file.id}
        t = translator(person.language)
        content = {
            "description": t("From a ticket of the helpdesk"),
            "sizeInBytes": file.size,
            "acceptContext": context,
            "declineContext": context,
        }
        await post(person.id, {"contentType": CONSENT, "name": file.name, "content": content})

    async def hand_over(job: ClaimedJob) -> None:
        upload = job.payload["upload"]
        content = await desk.files.read(job.payload["attachment"])
        try:
            await downloads.upload(str(upload.get("uploadUrl", "")), content)
        except Refused as refused:
            raise PermanentFailureError("the file cannot be written there") from refused
        saved = {"uniqueId": upload.get("uniqueId"), "fileType": upload.get("fileType")}
        place = {"contentUrl": upload.get("contentUrl"), "name": upload.get("name"), "content": saved}
        await post(job.payload["person"], {"contentType": SAVED, **place})
        service_url, conversation_id, asked = job.payload["asked"]
        if asked:
            try:  # the question is answered: it goes
                await connector.delete(service_url, conversation_id, asked)
            except ConnectorError:
                log.info("consent_card_left", extra={"person": job.payload["person"]})

    return {OFFER: offer, HAND_OVER: hand_over}


FEATURE = Feature(
    name="consent",
    verbs={"attachments.save": save},
    invokes={"fileConsent/invoke": answered},
)
