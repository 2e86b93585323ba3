"""Reaching people who never spoke to the bot: it is installed for them, and what waits for their chat then comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from domain.chats.actions import any_chat, chat_of, remember_chat
from domain.chats.ports import Installer, NotInstalledError
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.jobs.rules import error_text
from domain.notifications.models import ChatInvitation
from domain.people.models import Person
from domain.unit import Unit, dialect_insert

INSTALL = "notifications.install"
"""Job kind: install the bot for a person. Payload `{person}`."""
ASKED, INSTALLED, REFUSED = "asked", "installed", "refused"
AGAIN_AFTER = timedelta(days=7)
"""Who could not be reached may be by then: the app was allowed for them, or they got a licence."""


async def invite(unit: Unit, person_id: str) -> None:
    """Have the bot installed for somebody who has no chat with it, once in `AGAIN_AFTER` however much waits."""
    statement = dialect_insert(unit.db.dialect.name, ChatInvitation).values(
        person_id=person_id, asked_at=unit.now, outcome=ASKED, reason=None
    )
    asked = await unit.db.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"],
            set_={"asked_at": unit.now, "outcome": ASKED, "reason": None},
            where=ChatInvitation.__table__.c.asked_at <= unit.now - AGAIN_AFTER,
        ).returning(ChatInvitation.person_id)
    )
    if asked.first() is not None:
        await unit.enqueue(INSTALL, {"person": person_id})


async def is_reachable(unit: Unit, person_id: str) -> bool:
    """Whether what is told to this person arrives now; else it waits until they have a chat."""
    return await chat_of(unit, person_id) is not None


async def outcome_of(unit: Unit, person_id: str) -> str | None:
    statement = select(ChatInvitation.outcome).where(ChatInvitation.person_id == person_id)
    return (await unit.db.execute(statement)).scalar_one_or_none()


async def _know(unit: Unit, person: Person, chat_id: str) -> None:
    """Reach a person in a chat of which the channel does not tell: at the address, and of the bot, of which it told for
    a colleague. Nothing when the person spoke in the meantime, or when nobody ever did."""
    colleagues = await any_chat(unit)
    if colleagues is None or await chat_of(unit, person.id) is not None:
        return
    there = replace(colleagues, person_id=person.id, conversation_id=chat_id, user_id=person.object_id)
    await remember_chat(unit, there)


def handlers(desk: Desk, installer: Installer) -> dict[str, JobHandler]:
    async def install(job: ClaimedJob) -> None:
        """Doing it twice installs it once."""
        person = await desk.directory.person(job.payload["person"])
        if person is None:
            return
        outcome, reason, chat_id = INSTALLED, None, None
        try:
            chat_id = await installer.install(person)
        except NotInstalledError as refusal:
            outcome, reason = REFUSED, error_text(refusal)
        async with desk.units() as unit:
            if chat_id is not None:
                await _know(unit, person, chat_id)
            await unit.db.execute(
                update(ChatInvitation)
                .where(ChatInvitation.person_id == person.id)
                .values(outcome=outcome, reason=reason)
            )

    return {INSTALL: install}
