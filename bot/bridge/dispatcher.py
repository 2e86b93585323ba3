"""Who acts, what they want, and which feature answers."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

from botbuilder.schema import Activity, ActivityTypes

from bot.bridge import answers
from bot.bridge.activities import (
    adds_bot,
    fits,
    is_personal,
    message,
    pressed,
    submitted,
    tenant_of,
    too_large,
    turn_key,
    typed_text,
)
from bot.bridge.adapter import ChatContext
from bot.bridge.answers import Answer
from bot.bridge.chats import KnownChats
from bot.bridge.connector import TOO_LARGE, ConnectorError
from bot.bridge.routes import Routes
from bot.bridge.sent import sent_files
from bot.turn import Feature, Place, Reply, Turn
from domain.chats.actions import Address, Posted, remember_post
from domain.chats.shared import remember_shared
from domain.desk import Desk
from domain.errors import DeskError
from domain.people.models import Person
from locales import Translator, translator

log = logging.getLogger(__name__)

TOLD_TWICE_WITHIN = 60.0
"""Seconds. Installing is told twice, as conversationUpdate and as installationUpdate."""


class Dispatcher:
    """Takes turns: finds the person in the directory by the object id the channel vouches for, and the handler by
    the verb of a press or the intent of a text. Whatever a handler raises, the person gets an answer."""

    def __init__(self, desk: Desk, features: Iterable[Feature]) -> None:
        self._desk = desk
        self._chats = KnownChats(desk.units)
        self._welcomed: dict[str, tuple[str, float]] = {}
        self._routes = Routes(desk, features)
        self.views = self._routes.views
        self.shared = self._routes.shared

    async def turn(self, context: ChatContext) -> Answer:
        """One turn. Raises `DeskError` for a request that makes no sense, and `ConnectorError` when the reply
        cannot be sent. Whatever else goes wrong is logged, and told to the person with a reference."""
        try:
            return await self._route(context, context.activity)
        except (DeskError, ConnectorError):
            raise
        except Exception as error:
            return await self._apologise(context, context.activity, error)

    async def _route(self, context: ChatContext, activity: Activity) -> Answer:
        match activity.type:
            case ActivityTypes.message:
                return await self._message(context, activity)
            case ActivityTypes.invoke if activity.name == "adaptiveCard/action":
                verb, data = pressed(activity.value)
                return await self._press(context, activity, verb, data)
            case ActivityTypes.invoke:
                return await self._invoke(activity)
            case ActivityTypes.conversation_update | ActivityTypes.installation_update:
                return await self._meet(context, activity)
            case _:
                return answers.TAKEN

    async def _message(self, context: ChatContext, activity: Activity) -> Answer:
        turn = await self._turn(activity)
        if turn is None:
            await context.reply(message(_stranger(activity)))
            return answers.TAKEN
        verb, data = submitted(activity.value)
        if verb is not None:
            turn.data, turn.card_id = data, activity.reply_to_id
            reply = await self._routes.pressed(turn, verb)
            await self._replace(context, turn, reply)
            return answers.TAKEN
        turn.text = typed_text(activity)
        if activity.attachments:
            turn.files = sent_files(activity, turn.t)
        await self._post(context, turn, await self._routes.typed(turn))
        return answers.TAKEN

    async def _press(
        self, context: ChatContext, activity: Activity, verb: str, data: Mapping[str, Any]
    ) -> Answer:
        turn = await self._turn(activity)
        if turn is None:
            return answers.notice(_stranger(activity))
        turn.data, turn.card_id = data, activity.reply_to_id
        reply = await self._routes.pressed(turn, verb)
        if reply.card is None:
            return answers.notice(reply.text or "")
        if not fits(reply.card):
            _log_too_large(reply)
            return answers.notice(too_large(turn.t))
        if turn.card_id:
            await self._remember_post(activity, turn, reply, turn.card_id)
        return answers.new_card(reply.card)

    async def _invoke(self, activity: Activity) -> Answer:
        """What Teams asks of a bot beside presses: message extensions, and files that go to somebody."""
        handler = self._routes.invokes.get(activity.name or "")
        if handler is None:
            return Answer(501)
        turn = await self._turn(activity)
        if turn is None:
            return answers.told(activity.name, _stranger(activity))
        turn.data = activity.value if isinstance(activity.value, dict) else {}
        turn.card_id = activity.reply_to_id
        try:
            return Answer(200, await handler(turn))
        except DeskError as error:
            return answers.told(activity.name, turn.t.error(error))

    async def _meet(self, context: ChatContext, activity: Activity) -> Answer:
        """The bot was added, or people came and went. Only who adds the bot is welcomed."""
        turn = await self._turn(activity)
        if turn is None or not adds_bot(activity) or self._is_told_again(activity):
            return answers.TAKEN
        try:
            await self._post(context, turn, await self._routes.welcome(turn))
        except Exception:
            self._welcomed.pop(activity.conversation.id, None)  # the next delivery has to try again
            raise
        return answers.TAKEN

    # --- replies ------------------------------------------------------------------------------------------

    async def _post(self, context: ChatContext, turn: Turn, reply: Reply) -> None:
        if reply.card is None and not reply.text:
            return
        try:
            sent = await context.reply(message(reply.text, reply.card))
        except ConnectorError as error:
            if error.code != TOO_LARGE:
                raise
            _log_too_large(reply)
            await context.reply(message(too_large(turn.t)))
            return
        if sent is not None:
            await self._remember_post(context.activity, turn, reply, sent)

    async def _replace(self, context: ChatContext, turn: Turn, reply: Reply) -> None:
        """After Action.Submit, the card that was pressed is updated; what cannot be is posted."""
        if reply.card is None or not turn.card_id:
            await self._post(context, turn, reply)
            return
        update = message(None, reply.card)
        update.id = turn.card_id
        try:
            await context.update_activity(update)
        except ConnectorError as error:
            if not error.permanent:
                raise
            await self._post(context, turn, reply)
        else:
            await self._remember_post(context.activity, turn, reply, turn.card_id)

    async def _remember_post(self, activity: Activity, turn: Turn, reply: Reply, activity_id: str) -> None:
        """In a group only what is for everybody: an update of another card would show all of them what one may see."""
        if reply.view is None or reply.subject is None or turn.kept:
            return
        if not (turn.place.personal or reply.shared):
            return
        posted = Posted(activity.service_url, activity.conversation.id, activity_id)
        try:
            async with self._desk.units() as unit:
                if reply.shared:
                    await remember_shared(unit, reply.view, reply.subject, posted)
                    return
                await remember_post(unit, reply.view, reply.subject, turn.person.id, posted)
        except Exception:
            # The person has the card already; without this, the next change comes as a new card.
            log.exception("post_not_remembered", extra={"view": reply.view, "subject": reply.subject})

    async def _apologise(self, context: ChatContext, activity: Activity, error: Exception) -> Answer:
        reference = secrets.token_hex(4).upper()
        details = {"reference": reference, "activity_type": activity.type, "key": turn_key(activity)}
        log.error("turn_failed", extra=details, exc_info=error)
        t = await self._translator(activity)
        text = t(
            "Sorry, something went wrong here. Please try again in a moment. "
            "Does it keep happening? Give the helpdesk this reference: {reference}.",
            reference=reference,
        )
        if activity.type == ActivityTypes.invoke:
            return answers.told(activity.name or "", text)
        if activity.type == ActivityTypes.message:
            await context.reply(message(text))
        return answers.TAKEN

    async def late(self, activity: Activity) -> Answer:
        """Answers a press that takes longer than the channel waits."""
        t = await self._translator(activity)
        text = t("This takes a little longer. The card changes as soon as it is done.")
        return answers.told(activity.name or "", text)

    async def deliver_late(self, context: ChatContext, answer: Answer) -> None:
        """Bring the answer of a press to the chat after all: onto the card that was pressed, or as a message."""
        value = answer.body.get("value") if answer.body else None
        if isinstance(value, str):
            await context.reply(message(value))
        elif isinstance(value, dict):
            update = message(None, value)
            update.id = context.activity.reply_to_id
            await (context.update_activity(update) if update.id else context.reply(update))

    # --- people -------------------------------------------------------------------------------------------

    async def _person(self, activity: Activity) -> Person | None:
        object_id = activity.from_property.aad_object_id if activity.from_property else None
        return await self._desk.directory.by_object_id(object_id) if object_id else None

    async def _translator(self, activity: Activity) -> Translator:
        """Speaks the person's language; also when the directory is what broke."""
        try:
            person = await self._person(activity)
        except Exception:
            log.exception("person_not_found_out")
            person = None
        return translator(person.language if person else activity.locale)

    async def _turn(self, activity: Activity) -> Turn | None:
        person = await self._person(activity)
        if person is None:
            log.info("stranger", extra={"activity_type": activity.type})
            return None
        bot_id = activity.recipient.id if activity.recipient else None
        place = Place(
            activity.service_url,
            activity.conversation.id,
            activity.channel_id,
            tenant_of(activity),
            bot_id or "",
            activity.from_property.id,
            is_personal(activity),
        )
        if place.personal:
            await self._chats.remember(
                Address(
                    person.id,
                    place.service_url,
                    place.conversation_id,
                    place.channel_id,
                    place.tenant_id,
                    place.bot_id,
                    place.user_id,
                )
            )
        return Turn(
            person.as_actor(), person, self._desk, translator(person.language), turn_key(activity), place
        )

    def _is_told_again(self, activity: Activity) -> bool:
        """Whether this tells, in the other way, of the installation that was welcomed a moment ago. What comes the same
        way again is a chat that starts anew, and has its own welcome."""
        now, conversation_id = time.monotonic(), activity.conversation.id
        fresh = {k: (way, at) for k, (way, at) in self._welcomed.items() if now - at < TOLD_TWICE_WITHIN}
        way, _ = fresh.pop(conversation_id, (activity.type, now))
        self._welcomed = fresh
        if way != activity.type:
            return True
        fresh[conversation_id] = (activity.type, now)
        return False


def _log_too_large(reply: Reply) -> None:
    log.error("card_too_large", extra={"view": reply.view, "subject": reply.subject})


def _stranger(activity: Activity) -> str:
    return translator(activity.locale)(
        "I do not know your account yet, so I cannot help you here. Please call the helpdesk: they can add you."
    )
