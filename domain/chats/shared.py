"""Cards in a group chat or a channel: one for everybody there, that changes in place as a person's own card does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select

from domain.chats.actions import Posted, remember_post
from domain.chats.models import Chat, Post
from domain.unit import Unit

SHOW_SHARED = "chats.show_shared"
"""Job kind: bring a card that everybody sees up to date. Payload `{view, subject, place}`."""
_EVERYBODY = "everybody:"


def place_of(conversation_id: str) -> str:
    """Who sees a shared card, as its post is kept: not a person, but everybody in a conversation."""
    return _EVERYBODY + hashlib.blake2b(conversation_id.encode(), digest_size=16).hexdigest()


async def remember_shared(unit: Unit, view: str, subject: str, posted: Posted) -> None:
    """Keep which activity shows a view to everybody in a conversation; the newest card wins."""
    await remember_post(unit, view, subject, place_of(posted.conversation_id), posted)


async def is_shared_in(unit: Unit, view: str, subject: str, conversation_id: str) -> bool:
    """Whether everybody in this conversation was shown it."""
    where = (Post.view == view, Post.subject == subject, Post.person_id == place_of(conversation_id))
    return (await unit.db.execute(select(Post.id).where(*where))).scalar_one_or_none() is not None


async def refresh_shared(unit: Unit, view: str, subject: str) -> None:
    """Have every shared card of this view brought up to date after the commit."""
    where = (Post.view == view, Post.subject == subject, Post.person_id.startswith(_EVERYBODY))
    for place in (await unit.db.execute(select(Post.person_id).where(*where))).scalars():
        payload = {"view": view, "subject": subject, "place": place}
        await unit.enqueue(SHOW_SHARED, payload, lane=f"chat:{place}")


async def users_of(unit: Unit, people: Sequence[str]) -> list[str]:
    """The channel's own ids of these people, of those who ever talked to us."""
    found = await unit.db.execute(
        select(Chat.person_id, Chat.user_id).where(Chat.person_id.in_(list(people)))
    )
    users = {row.person_id: row.user_id for row in found}
    return [users[person] for person in people if person in users]
