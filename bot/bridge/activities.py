"""Activities: what comes in is checked, what people typed is found, and what goes out is made."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

import orjson
from botbuilder.schema import Activity, ActivityTypes, Attachment, InputHints

from bot.bridge import wire
from bot.turn import Card
from cards.kit import SIZE_LIMIT, size_of
from domain.errors import Invalid, TooLarge
from locales import Translator

MAX_BODY = 1024 * 1024
CARD_TYPE = "application/vnd.microsoft.card.adaptive"


def fits(card: Card) -> bool:
    """Whether Teams takes a message with this card, its addresses around it counted in."""
    return size_of(card) <= SIZE_LIMIT - 2048


def too_large(t: Translator) -> str:
    return t("This card is too large to show in Teams. The helpdesk can look at it with you.")


def message(text: str | None = None, card: Card | None = None) -> Activity:
    """A message with a text, a card or both. The text is shown as it is, for it may quote what people typed."""
    made = Activity(type=ActivityTypes.message, input_hint=InputHints.accepting_input)
    if text is not None:
        made.text = text
        made.text_format = "plain"
    if card is not None:
        made.attachments = [Attachment(content_type=CARD_TYPE, content=card)]
        if said := card.get("speak") or card.get("fallbackText"):
            made.summary = said  # what a notification says
    return made


def read_activity(body: bytes) -> Activity:
    """The activity in a request's body.

    Raises `TooLarge`, or `Invalid` with the path of the wrong field (`conversation.id`).
    """
    if len(body) > MAX_BODY:
        raise TooLarge("The body is larger than {limit} bytes.", limit=MAX_BODY)
    try:
        data = orjson.loads(body)
    except ValueError:
        data = _read_leniently(body)
    if b"\\ud" in body or b"\\uD" in body or b"\\u0000" in body:
        data = _storable(data)
    activity = wire.read(Activity, data)
    for path, value in (
        ("type", activity.type),
        ("channelId", activity.channel_id),
        ("serviceUrl", activity.service_url),
        ("conversation", activity.conversation),
        ("conversation.id", activity.conversation and activity.conversation.id),
    ):
        if not value:
            raise Invalid("This field is missing.", field=path)
    if activity.type in (ActivityTypes.message, ActivityTypes.invoke):
        if not activity.id:
            raise Invalid("This field is missing.", field="id")
        if not (activity.from_property and activity.from_property.id):
            raise Invalid("This field is missing.", field="from.id")
    try:
        url = urlsplit(activity.service_url)
    except ValueError:
        url = urlsplit("")
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment:
        raise Invalid("This is not an address of a channel.", field="serviceUrl")
    return activity


def tenant_of(activity: Activity) -> str | None:
    """The tenant the conversation is in, wherever the channel wrote it."""
    if activity.conversation.tenant_id:
        return str(activity.conversation.tenant_id)
    channel_data = activity.channel_data
    tenant = channel_data.get("tenant") if isinstance(channel_data, dict) else None
    found = tenant.get("id") if isinstance(tenant, dict) else None
    return found if isinstance(found, str) and found else None


def typed_text(activity: Activity) -> str:
    """What the person typed, without the mention of the bot itself.

    A mention entity quotes its piece of the text (`<at>Wijzer</at>`) and entities come in the order of the text, so
    each is looked for after the one before: a colleague of the same name, or the name as a plain word, stays.
    """
    text: str = activity.text or ""
    bot_id = activity.recipient.id if activity.recipient else None
    kept, position, rest = [], 0, 0
    for entity in activity.entities or ():
        if not isinstance(entity, dict) or str(entity.get("type", "")).lower() != "mention":
            continue
        quoted, mentioned = entity.get("text"), entity.get("mentioned")
        if not isinstance(quoted, str) or not quoted or not isinstance(mentioned, dict):
            continue
        start = text.find(quoted, position)
        if start < 0:
            continue
        position = start + len(quoted)
        if bot_id is not None and mentioned.get("id") == bot_id:
            kept.append(text[rest:start])
            rest = position
    if not kept:
        return text.strip()
    kept.append(text[rest:])
    # Teams glues a mention to the text with a no-break space, sometimes written as HTML.
    return " ".join(filter(None, (part.replace("&nbsp;", " ").replace("\xa0", " ").strip() for part in kept)))


def turn_key(activity: Activity) -> str:
    """The same for every delivery of an activity, short whatever the channel's ids look like."""
    told_apart = f"{activity.conversation.id}\n{activity.id or secrets.token_hex(16)}"
    return "activity:" + hashlib.blake2b(told_apart.encode(), digest_size=20).hexdigest()


def pressed(value: Any) -> tuple[str, Mapping[str, Any]]:
    """The verb and data of an Action.Execute."""
    action = value.get("action") if isinstance(value, dict) else None
    if not isinstance(action, dict):
        raise Invalid("This has to be {expected}.", field="value.action", expected="an object")
    if action.get("type") != "Action.Execute":
        raise Invalid("This has to be {expected}.", field="value.action.type", expected="Action.Execute")
    verb, data = action.get("verb"), action.get("data")
    if not isinstance(verb, str) or not verb:
        raise Invalid("This has to be {expected}.", field="value.action.verb", expected="text")
    if data is not None and not isinstance(data, dict):
        raise Invalid("This has to be {expected}.", field="value.action.data", expected="an object")
    return verb, data or {}


def submitted(value: Any) -> tuple[str | None, Mapping[str, Any]]:
    """The verb and data of an Action.Submit, which comes as a message with a value."""
    verb = value.get("verb") if isinstance(value, dict) else None
    if not isinstance(verb, str) or not verb:
        return None, {}
    return verb, {name: item for name, item in value.items() if name != "verb"}


def is_personal(activity: Activity) -> bool:
    """Whether this is the person's own chat with the bot. A message extension is used in chats of people, where the bot
    is not; Teams calls a chat of two of them personal too."""
    if (activity.name or "").startswith("composeExtension/"):
        return False
    place = activity.conversation
    return place.conversation_type in (None, "personal") and not place.is_group


def adds_bot(activity: Activity) -> bool:
    if activity.type == ActivityTypes.installation_update:
        return bool(activity.action in ("add", "add-upgrade"))
    bot_id = activity.recipient.id if activity.recipient else None
    return any(member.id == bot_id for member in activity.members_added or ())


def _read_leniently(body: bytes) -> Any:
    """What the strict reader refuses and a channel may send all the same: a byte order mark, half an emoji."""
    try:
        return _decoder.decode(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid("The body is not valid JSON.") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


def _storable(value: Any) -> Any:
    """Without half surrogate pairs and NULs, which JSON can carry and a database or a card cannot."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
