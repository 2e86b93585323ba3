"""Which feature answers: by the verb of a press, by who claims a text, or by what the text seems to want."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from bot.turn import NOTHING, Around, Feature, Handler, Invoked, Reply, SharedView, Turn, View
from cards.attachments import FILES
from domain.desk import Desk
from domain.errors import DeskError
from domain.intents.models import Guess, Intent

log = logging.getLogger(__name__)

UNSURE = "unsure"
"""The intent key of the feature that lets the person choose when the guess is not sure."""
CHOOSE = "intent.choose"
"""The verb of such a choice; its data: `intent` and the `text` that was typed."""


class Routes:
    """All features together. Handlers may raise what they like: a `DeskError` is said to the person in their own
    language, anything else goes through to the caller."""

    def __init__(self, desk: Desk, features: Iterable[Feature]) -> None:
        self._desk = desk
        self._verbs: dict[str, Handler] = {}
        self._intents: dict[str, Handler] = {}
        self._claims: list[Handler] = []
        self._around: Around | None = None
        self.invokes: dict[str, Invoked] = {}
        self.views: dict[str, View] = {}
        self.shared: dict[str, SharedView] = {}
        for feature in features:
            _merge(self._verbs, feature.verbs)
            _merge(self._intents, feature.intents)
            _merge(self.views, feature.views)
            _merge(self.invokes, feature.invokes)
            _merge(self.shared, feature.shared)
            self._around = feature.around or self._around
            if feature.claims is not None:
                self._claims.append(feature.claims)

    async def pressed(self, turn: Turn, verb: str) -> Reply:
        """The reply to a press."""
        handler = self._pressed_handler(turn, verb)
        if FILES in turn.data and handler is not None:
            handler = self._with_files(handler, verb)
        return await self._safely(turn, verb, handler)

    async def typed(self, turn: Turn) -> Reply:
        """The reply to a text and its files: of the feature that claims it, or by what it seems to want."""
        if turn.files:
            return await self._safely(turn, FILES, self._with_files(self._typed))
        return await self._typed(turn)

    def _with_files(self, handler: Handler, verb: str = "") -> Handler:
        around = self._around
        return handler if around is None else lambda turn: around(turn, handler, verb)

    async def _typed(self, turn: Turn) -> Reply:
        if turn.text:
            turn.guess = self._guess(turn)
            reply = await self._safely(turn, "claim", self._claimed)
            if reply is not NOTHING:
                return reply
        return await self._understood(turn)

    async def _claimed(self, turn: Turn) -> Reply:
        """The reply of the first feature that claims this text, or `NOTHING`."""
        for claim in self._claims:
            reply = await claim(turn)
            if reply is not NOTHING:
                return reply
        return NOTHING

    async def welcome(self, turn: Turn) -> Reply:
        return await self._safely(turn, Intent.HELP, self._intent_handler(Intent.HELP))

    async def _understood(self, turn: Turn) -> Reply:
        """The reply to a text, by what it seems to want."""
        if turn.guess is None:
            return await self.welcome(turn)  # a picture, a file, a bare mention
        intent = turn.guess.first if turn.guess.sure else UNSURE
        return await self._safely(turn, intent, self._intent_handler(intent))

    def _guess(self, turn: Turn) -> Guess:
        return self._desk.intents.guess(turn.text, turn.person.language)

    def _intent_handler(self, intent: str) -> Handler | None:
        return self._intents.get(intent) or self._intents.get(UNSURE)

    def _pressed_handler(self, turn: Turn, verb: str) -> Handler | None:
        if verb != CHOOSE:
            return self._verbs.get(verb)
        chosen = turn.field("intent")
        turn.text = turn.field("text")
        if chosen not in self._intents or chosen == UNSURE:
            return self._intents.get(UNSURE)
        turn.guess = Guess(Intent(chosen), sure=True, offered=())
        return self._intents[chosen]

    async def _safely(self, turn: Turn, what: str, handler: Handler | None) -> Reply:
        """The handler's reply; when it refuses, the sentence the person gets instead."""
        if handler is None:
            log.warning("no_handler", extra={"what": what[:100]})
            return Reply(
                text=turn.t("This button no longer works. Type what you need, and we start again from there.")
            )
        try:
            reply = await handler(turn)
        except DeskError as error:
            return Reply(text=turn.t.error(error))
        if reply.retyped is not None:
            turn.text = reply.retyped
            turn.guess = self._guess(turn) if turn.text else None
            return await self._understood(turn)
        return reply


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, handler in more.items():
        if name in into:
            raise ValueError(f"two features answer {name}")
        into[str(name)] = handler
