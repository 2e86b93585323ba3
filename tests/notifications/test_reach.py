"""People who never spoke to the bot: it is installed for them, on the local tenant, and what waited then comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters.database.engine import DatabaseUnits
from domain.chats.actions import chat_of
from domain.chats.ports import Installer, NoInstaller
from domain.desk import Desk
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.notifications.reach import (
    AGAIN_AFTER,
    ASKED,
    INSTALL,
    INSTALLED,
    REFUSED,
    handlers,
    invite,
    is_reachable,
    outcome_of,
)
from localhost.tenant.things import User
from tests.cast import demo_city, person
from tests.conftest import Clock
from tests.notifications.conftest import URGENT, Chats
from tests.servers.teams import BOT_ID
from tests.servers.tenant import serve_tenant

APP = "11111111-2222-3333-4444-555555555555"


async def install(desk: Desk, installer: Installer) -> None:
    await handlers(desk, installer)[INSTALL](ClaimedJob("j", INSTALL, {"person": "dirk"}, 1))


async def outcome(units: DatabaseUnits) -> str | None:
    async with units.read() as unit:
        return await outcome_of(unit, "dirk")


async def test_who_has_no_chat_is_invited_once_and_told_when_the_chat_is_there(chats: Chats) -> None:
    for subject in ("een", "twee", "drie"):
        await chats.tell(URGENT, subject, to="dirk")
    async with chats.units.read() as unit:
        asked = select(func.count()).select_from(Job).where(Job.kind == INSTALL)
        assert (await unit.db.execute(asked)).scalar_one() == 1
        assert not await is_reachable(unit, "dirk")
        assert await outcome_of(unit, "dirk") == ASKED
    await chats.opens("dirk")  # the channel says where, when it is installed
    await chats.work()
    assert chats.heard == ["Over een", "Over twee", "Over drie"]


async def test_who_could_not_be_reached_is_tried_again_after_a_while(chats: Chats, clock: Clock) -> None:
    for days in (0, 1, AGAIN_AFTER.days):
        clock.forward(days=days)
        async with chats.units() as unit:
            await invite(unit, "dirk")
    async with chats.units.read() as unit:
        asked = select(func.count()).select_from(Job).where(Job.kind == INSTALL)
        assert (await unit.db.execute(asked)).scalar_one() == 2


async def test_the_bot_is_installed_in_the_tenant_once(
    units: DatabaseUnits, desk: Desk, tmp_path: Path
) -> None:
    async with units() as unit:
        await invite(unit, "dirk")
    async with serve_tenant(demo_city(), tmp_path) as tenant:
        installer = tenant.platform.installations(APP)
        await install(desk, installer)
        await install(desk, installer)  # the answer was lost
        [dirk] = [user for user in tenant.tenant.store.all(User) if user.id == person("dirk").object_id]
        assert dirk.apps == [APP]
        assert tenant.tenant.watch.reasons == {}
    assert await outcome(units) == INSTALLED


async def test_who_has_the_bot_and_never_spoke_is_reached_in_the_chat_that_is_there(
    chats: Chats, tmp_path: Path
) -> None:
    await chats.tell(URGENT, "een", to="dirk")
    async with serve_tenant(demo_city(), tmp_path) as tenant:
        installer = tenant.platform.installations(APP)
        await installer.install(person("dirk"))  # by an administrator, long ago: Teams told of it then
        await install(chats.desk, installer)
        assert tenant.tenant.watch.reasons == {}
    async with chats.units.read() as unit:
        known = await chat_of(unit, "dirk")
    assert known is not None
    assert known.conversation_id.startswith(f"19:{person('dirk').object_id}_")
    assert (known.service_url, known.bot_id) == (chats.server.url, BOT_ID)
    await chats.work()
    assert chats.heard == ["Over een"]
    assert await outcome(chats.units) == INSTALLED


async def test_the_address_that_a_person_spoke_from_stays(chats: Chats, tmp_path: Path) -> None:
    await chats.tell(URGENT, "een", to="dirk")
    await chats.opens("dirk")
    async with serve_tenant(demo_city(), tmp_path) as tenant:
        installer = tenant.platform.installations(APP)
        await installer.install(person("dirk"))
        await install(chats.desk, installer)
    async with chats.units.read() as unit:
        known = await chat_of(unit, "dirk")
    assert known is not None
    assert known.conversation_id == "a:dirk"


@pytest.mark.parametrize("why", ["no licence", "no app id"])
async def test_where_it_cannot_be_installed_the_message_waits_and_that_is_known(
    units: DatabaseUnits, desk: Desk, tmp_path: Path, why: str
) -> None:
    async with units() as unit:
        await invite(unit, "dirk")
    if why == "no app id":
        await install(desk, NoInstaller())
    else:
        async with serve_tenant(demo_city(), tmp_path) as tenant:
            [dirk] = [user for user in tenant.tenant.store.all(User) if user.id == person("dirk").object_id]
            dirk.licensed = False
            tenant.tenant.store.put(dirk)
            await install(desk, tenant.platform.installations(APP))
    assert await outcome(units) == REFUSED
    async with units.read() as unit:
        assert not await is_reachable(unit, "dirk")
