"""Showing cards in people's chats: decided in a unit of work, done by a job afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.chats.models import Chat, Post
from domain.jobs.models import Job, JobState
from domain.tables import new_id
from domain.unit import Unit, dialect_insert

SHOW = "chats.show"
"""Job kind: render `view` of `subject` for `person` as it stands then, and post it or update the post in place."""


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach a person's chat on the channel."""

    person_id: str
    service_url: str
    conversation_id: str
    channel_id: str
    tenant_id: str | None
    bot_id: str
    user_id: str


async def show(
    unit: Unit,
    view: str,
    subject: str,
    person_id: str,
    *,
    only_if_posted: bool = False,
    at_once: bool = False,
) -> None:
    """Have a view shown to a person after the commit, in the order of the calls.

    With `only_if_posted` a card that stands in the chat is updated, and nothing new appears. With `at_once` it is not
    held until a moment at which the person wants to be told.
    """
    payload = {"view": view, "subject": subject, "person": person_id, "only_if_posted": only_if_posted}
    if at_once:
        payload["at_once"] = True
    await unit.enqueue(SHOW, payload, lane=f"chat:{person_id}")


async def remember_chat(unit: Unit, address: Address) -> None:
    """Keep where a person can be reached, and wake what was waiting for that."""
    await unit.hold(f"chat:{address.person_id}")  # a job is perhaps being parked for it right now
    row = {
        "person_id": address.person_id,
        "service_url": address.service_url,
        "conversation_id": address.conversation_id,
        "channel_id": address.channel_id,
        "tenant_id": address.tenant_id,
        "bot_id": address.bot_id,
        "user_id": address.user_id,
        "updated_at": unit.now,
    }
    dialect = postgresql if unit.db.dialect.name == "postgresql" else sqlite
    await unit.db.execute(
        dialect.insert(Chat)
        .values(row)
        .on_conflict_do_update(
            index_elements=[Chat.person_id], set_={k: v for k, v in row.items() if k != "person_id"}
        )
    )
    waiting = await unit.db.execute(
        update(Job)
        .where(Job.waits_for == f"chat:{address.person_id}", Job.state == JobState.WAITING)
        .values(state=JobState.PENDING, waits_for=None, next_attempt_at=unit.now)
        .returning(Job.id)
    )
    unit.rung.extend((job_id, unit.now) for job_id in sorted(waiting.scalars()))


async def seen_at(unit: Unit, person_id: str) -> datetime | None:
    """When this person last typed or pressed, give or take the minutes for which that is not written down again."""
    statement = select(Chat.updated_at).where(Chat.person_id == person_id)
    return (await unit.db.execute(statement)).scalar_one_or_none()


async def chat_of(unit: Unit, person_id: str) -> Address | None:
    return _address((await unit.db.execute(select(Chat).where(Chat.person_id == person_id))).one_or_none())


async def any_chat(unit: Unit) -> Address | None:
    """Somebody's, to learn from where the channel is and who the bot is there; None before anybody spoke."""
    return _address((await unit.db.execute(select(Chat).limit(1))).one_or_none())


def _address(row: Row[Any] | None) -> Address | None:
    if row is None:
        return None
    return Address(
        row.person_id,
        row.service_url,
        row.conversation_id,
        row.channel_id,
        row.tenant_id,
        row.bot_id,
        row.user_id,
    )


@dataclass(frozen=True, slots=True)
class Posted:
    service_url: str
    conversation_id: str
    activity_id: str


async def post_of(unit: Unit, view: str, subject: str, person_id: str) -> Posted | None:
    row = (
        await unit.db.execute(
            select(Post.service_url, Post.conversation_id, Post.activity_id).where(
                Post.view == view, Post.subject == subject, Post.person_id == person_id
            )
        )
    ).one_or_none()
    return Posted(row.service_url, row.conversation_id, row.activity_id) if row else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A card that stands in somebody's chat."""

    view: str
    subject: str
    person_id: str
    activity_id: str


async def posts_about(
    unit: Unit, subjects: Collection[str], person_id: str | None = None
) -> tuple[Standing, ...]:
    """The cards about these subjects that stand, of one person or of everybody, in the order they were posted."""
    about = select(Post.view, Post.subject, Post.person_id, Post.activity_id).where(
        Post.subject.in_(subjects)
    )
    if person_id is not None:
        about = about.where(Post.person_id == person_id)
    rows = await unit.db.execute(about.order_by(Post.id))
    return tuple(Standing(row.view, row.subject, row.person_id, row.activity_id) for row in rows)


async def remember_post(unit: Unit, view: str, subject: str, person_id: str, posted: Posted) -> None:
    """Keep which activity shows a view, so that the next change updates it; the newest card wins."""
    row = {
        "id": new_id(),
        "view": view,
        "subject": subject,
        "person_id": person_id,
        "service_url": posted.service_url,
        "conversation_id": posted.conversation_id,
        "activity_id": posted.activity_id,
        "created_at": unit.now,
    }
    await unit.add(_upsert_post(unit.db.dialect.name), row)


@cache
def _upsert_post(dialect: str) -> Insert:
    statement = dialect_insert(dialect, Post)
    newest = ("service_url", "conversation_id", "activity_id", "created_at")
    return statement.on_conflict_do_update(
        index_elements=["view", "subject", "person_id"],
        set_={name: statement.excluded[name] for name in newest},
    )
