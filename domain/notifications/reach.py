"""Reaching people who never spoke to the bot: it is installed for them, and what waits for their chat then comes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from domain.chats.actions import chat_of
from domain.chats.ports import Installer, NotInstalledError
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.jobs.rules import error_text
from domain.notifications.models import ChatInvitation
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


def handlers(desk: Desk, installer: Installer) -> dict[str, JobHandler]:
    async def install(job: ClaimedJob) -> None:
        """Doing it twice installs it once."""
        person = await desk.directory.person(job.payload["person"])
        if person is None:
            return
        outcome, reason = INSTALLED, None
        try:
            await installer.install(person)
        except NotInstalledError as refusal:
            outcome, reason = REFUSED, error_text(refusal)
        async with desk.units() as unit:
            await unit.db.execute(
                update(ChatInvitation)
                .where(ChatInvitation.person_id == person.id)
                .values(outcome=outcome, reason=reason)
            )

    return {INSTALL: install}
