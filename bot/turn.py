"""One turn of a conversation, free of the SDK: what a feature module reads, and what it gives back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from domain.actor import Actor
from domain.attachments.attachment import SentFile
from domain.chats.actions import Posted, remember_post
from domain.desk import Desk
from domain.intents.models import Guess
from domain.notifications.policy import Kind
from domain.people.models import Person
from domain.unit import Unit
from locales import Translator

Card = dict[str, Any]
"""An Adaptive Card as plain data."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the turn happens, so that its card can be found again."""

    service_url: str
    conversation_id: str
    channel_id: str
    tenant_id: str | None
    bot_id: str
    user_id: str
    personal: bool = True
    """A chat of one person with the bot, and not a group or a channel."""


@dataclass(slots=True)
class Turn:
    """`key` is this turn's idempotency key. `data` is what the pressed card sent: its own data and its inputs, as
    text; never trust it for who acts. `card_id` is the activity of the card that was pressed."""

    actor: Actor
    person: Person
    desk: Desk
    t: Translator
    key: str
    place: Place
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    card_id: str | None = None
    guess: Guess | None = None
    kept: bool = False
    files: Sequence[SentFile] = ()
    """What the person sent along with the text."""

    async def keep(self, unit: Unit, view: str, subject: str) -> None:
        """On a press: the pressed card will show this view. Remembered in the transaction that decides it, so that it
        costs no other one and that no change in between is missed; of a reply to a message, the id comes later."""
        if self.card_id and self.place.personal:
            posted = Posted(self.place.service_url, self.place.conversation_id, self.card_id)
            await remember_post(unit, view, subject, self.person.id, posted)
            self.kept = True

    def field(self, name: str) -> str:
        """An input of the pressed card, trimmed; empty when missing or not text."""
        value = self.data.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A count that a card of ours carries as text; 0 for anything else."""
        value = self.field(name)
        return int(value) if value.isdecimal() and len(value) < 9 else 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person sees. On a press the card takes the place of the pressed one; after a message it is posted.

    `view` and `subject` remember the card as a post, so that later changes can update it in place. With `text`
    alone on a press, the person sees a short notice and the card stays. `retyped` is answered as if the person had
    just typed it, by whichever feature it is for.
    """

    card: Card | None = None
    text: str | None = None
    view: str | None = None
    subject: str | None = None
    retyped: str | None = None
    shared: bool = False
    """Everybody in the conversation may see this card: it is kept and updated as theirs, not as one person's."""


NOTHING = Reply()


Handler = Callable[[Turn], Awaitable[Reply]]
Around = Callable[[Turn, Handler, str], Awaitable[Reply]]
"""Takes a turn together with who would answer it and the verb that was pressed, or nothing."""
Invoked = Callable[[Turn], Awaitable[dict[str, Any] | None]]
"""Answers an invoke of Teams; `turn.data` is its value. Gives the body of the answer, as Teams describes it."""
View = Callable[[Unit, Desk, Person, str], Awaitable[Card | None]]
"""Renders a subject for a person as it stands now; None when there is nothing (any more) to show."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A thing in one line of a list: what happened, and to what. Both are shown literally."""

    what: str
    about: str


@dataclass(frozen=True, slots=True)
class News:
    """A view that a person may want to be told of later, together with others: what kind of message it is, and how
    it is said in one line. The line is None when there is nothing (any more) to tell."""

    kind: Kind
    line: Callable[[Unit, Desk, Person, str], Awaitable[Headline | None]]


SharedView = Callable[[Unit, Desk, str], Awaitable[Card | None]]
"""Renders a subject for everybody in a conversation, in the city's language."""


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature module gives the dispatcher: its verbs (`sites.submit`), typed commands (`mijn meldingen`
    is handled by intent; these are exact words), the intents it answers, and the views it can show.

    `claims` sees every typed message before its intent is looked at, and returns `NOTHING` for nearly all of them: a
    reply to what an agent just wrote looks like anything. It has to be quick.

    `news` names the views that may be held until a person wants to be told; all others are shown at once. `shared`
    renders what everybody in a group chat or channel sees."""

    name: str
    verbs: Mapping[str, Handler] = field(default_factory=dict)
    intents: Mapping[str, Handler] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    news: Mapping[str, News] = field(default_factory=dict)
    shared: Mapping[str, SharedView] = field(default_factory=dict)
    claims: Handler | None = None
    invokes: Mapping[str, Invoked] = field(default_factory=dict)
    """By the name of the invoke, such as `composeExtension/query`."""
    around: Around | None = None
    """Answers the turns that bring files or carry them on: one feature does."""


More = ParamSpec("More")


def own_chat_only(
    answer: Callable[Concatenate[Turn, More], Awaitable[Reply]],
) -> Callable[Concatenate[Turn, More], Awaitable[Reply]]:
    """For what is not for everybody: in a group or channel, where others read along, it only says where to ask."""

    @wraps(answer)
    async def asked(turn: Turn, /, *args: More.args, **kwargs: More.kwargs) -> Reply:
        if turn.place.personal:
            return await answer(turn, *args, **kwargs)
        return Reply(text=turn.t("Ask me this in our own chat."))

    return asked
