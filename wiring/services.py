"""The composition root: builds everything once, on first use, and closes it again."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.clock import utc_now
from adapters.database.engine import DatabaseUnits, open_engine
from connector.door import Door
from domain.desk import Desk
from domain.jobs.actions import prune
from domain.jobs.handling import JobHandler
from wiring.parts import (
    Bell,
    open_door,
    open_doorbell,
    open_files,
    open_links,
    open_mirror,
    open_platform,
    open_tips,
)
from wiring.settings import Settings, settings
from wiring.version import VERSION
from wiring.worker import Worker

if TYPE_CHECKING:
    from bot.bridge.endpoint import Bridge
    from connector.mcp import Agents

log = logging.getLogger(__name__)

READY_WITHIN = 5.0
"""Seconds a part has to answer the readiness probe."""


@runtime_checkable
class Closing(Protocol):
    async def close(self) -> None: ...


@dataclass(slots=True)
class Services:
    settings: Settings
    engine: AsyncEngine
    units: DatabaseUnits
    doorbell: Bell
    desk: Desk
    bridge: Bridge
    door: Door
    worker: Worker
    closing: AsyncExitStack
    _agents: Agents | None = None

    async def agents(self) -> Agents:
        """What answers agents. Made when the first one calls: loading what it needs takes a second, in a thread."""
        if self._agents is None:
            module = await asyncio.to_thread(importlib.import_module, "connector.mcp")
            self._agents = module.Agents(self.desk, VERSION)
        return self._agents

    async def ready(self) -> Mapping[str, bool]:
        """Which parts answer, each within its time."""

        async def answers(name: str, look: Callable[[], Awaitable[object]]) -> bool:
            try:
                async with asyncio.timeout(READY_WITHIN):
                    return await look() is not False
            except Exception:
                log.exception("part_down", extra={"part": name})
                return False

        looks: dict[str, Callable[[], Awaitable[object]]] = {
            "database": self.units.ping,
            "queue": self.doorbell.ready,
            "search": self.desk.tips.ready,
            "files": self.desk.files.ready,
        }
        found = await asyncio.gather(*(answers(name, look) for name, look in looks.items()))
        return dict(zip(looks, found, strict=True))

    async def prune(self) -> int:
        """Delete finished jobs and old keys, a bounded bite per transaction. How many rows went."""
        jobs_after = timedelta(days=self.settings.jobs_kept_days)
        keys_after = timedelta(days=self.settings.keys_kept_days)
        gone, bite = 0, 1000
        while True:
            async with self.units() as unit:
                went = await prune(unit, jobs_after=jobs_after, keys_after=keys_after, limit=bite)
            gone += went
            if went < bite:
                return gone

    async def close(self) -> None:
        """Close what was opened, the last first. One that fails does not keep the others open."""
        await self.closing.aclose()


async def build(given: Settings) -> Services:
    """Build everything for these settings. What is slow to import is imported here, not with the function app."""
    from adapters.intents.embedded import EmbeddedIntents
    from adapters.links.checker import HttpLinkChecker
    from adapters.openid.keys import PublishedKeys
    from adapters.organisation.loader import YamlDirectory, load_organisation
    from adapters.webhooks.sender import HttpSender
    from bot.bridge.endpoint import Bridge
    from connector.webhooks import ConnectorObjects
    from domain import approvable
    from domain.approvals import absences
    from domain.approvals import notify as approvals
    from domain.attachments.fetching import follow_merge
    from domain.authoring import links as tip_links
    from domain.authoring import news as authoring_news
    from domain.building import actions as building
    from domain.building import provision
    from domain.catalogue import subject as orders
    from domain.changes import subject as changes
    from domain.chats.ports import NoInstaller
    from domain.digicoaches import services as digicoach_services
    from domain.digicoaches import systems as digicoach_systems
    from domain.helpdesk import notify as helpdesk
    from domain.helpdesk import work as helpdesk_work
    from domain.notifications import reach
    from domain.reports.figures import keep_figures
    from domain.satisfaction import notify as satisfaction
    from domain.satisfaction.notify import ask_when_closed
    from domain.service_levels import notify as service_levels
    from domain.service_levels.actions import Timekeeper
    from domain.sites import perform
    from domain.tips import askers, mirror
    from domain.tips.actions import UNANSWERED
    from domain.webhooks import courier, hearing
    from domain.webhooks.addresses import Addresses

    async with AsyncExitStack() as opened:
        engine = open_engine(given.database_url)
        opened.push_async_callback(engine.dispose)
        doorbell = open_doorbell(given)
        opened.push_async_callback(doorbell.close)
        intents = EmbeddedIntents(given.organisation)
        organisation, _ = await asyncio.gather(
            asyncio.to_thread(load_organisation, given.organisation), asyncio.to_thread(intents.load)
        )
        units = DatabaseUnits(engine, doorbell, zone=organisation.calendar.zone)
        # Public holidays take a quarter of a second to load: nobody waits for them, and no turn stands still for them.
        year = utc_now().year
        holidays = asyncio.create_task(asyncio.to_thread(organisation.calendar.prepare, year, year + 1))
        opened.push_async_callback(asyncio.wait, [holidays])
        files = open_files(given)
        if isinstance(files, Closing):
            opened.push_async_callback(files.close)
        platform = open_platform(given, organisation.name)
        opened.push_async_callback(platform.close)
        tips = open_tips(given, units)
        if isinstance(tips, Closing):
            opened.push_async_callback(tips.close)
        tips_mirror = open_mirror(given)
        if tips_mirror is not None:
            opened.push_async_callback(tips_mirror.close)
        desk = Desk(
            units,
            organisation,
            YamlDirectory(organisation),
            intents,
            tips,
            files=files,
            links=open_links(given),
            site_names=platform,
            callbacks=Addresses(given.webhook_domains, given.unsafe_webhooks_to_loopback),
            mirrors_tips=tips_mirror is not None,
        )
        opened.push_async_callback(desk.questions.drain)
        bridge = Bridge.build(
            desk,
            app_id=given.bot_app_id,
            app_password=given.bot_app_password.get_secret_value(),
            tenant_id=given.bot_tenant_id,
            channel_keys=PublishedKeys(given.openid_metadata_url),
            login_url=given.login_url,
            file_hosts=given.file_hosts,
            unsafe_no_authentication_on_loopback=given.unsafe_no_authentication_on_loopback,
        )
        opened.push_async_callback(bridge.close)
        link_checker = HttpLinkChecker(f"Wijzer/{VERSION}")
        opened.push_async_callback(link_checker.close)
        sender = HttpSender(desk.callbacks, given.address, f"Wijzer/{VERSION}")
        opened.push_async_callback(sender.close)
        objects = ConnectorObjects(desk)
        listener, heard = hearing.Listener(objects), hearing.handlers(desk, objects)
        subjects = approvable.subjects(desk)
        handlers = _handlers(
            bridge.handlers,
            helpdesk_work.handlers(desk),
            helpdesk.handlers(
                desk,
                [
                    Timekeeper(desk),
                    orders.subscriber(subjects),
                    changes.subscriber(subjects),
                    keep_figures,
                    follow_merge,
                    ask_when_closed,
                    listener,
                ],
            ),
            service_levels.handlers(desk, listener.overdue),
            {UNANSWERED: heard[UNANSWERED]},
            courier.handlers(desk, sender),
            satisfaction.handlers(desk, heard),
            askers.handlers(desk),
            authoring_news.handlers(desk),
            tip_links.handlers(desk, link_checker),
            mirror.handlers(units, tips_mirror) if tips_mirror is not None else {},
            approvals.handlers(desk, approvable.RECEIPTS, heard),
            absences.handlers(desk),
            digicoach_services.handlers(desk),
            digicoach_systems.handlers(desk),
            approvable.handlers(desk, subjects),
            reach.handlers(
                desk, platform.installations(given.teams_app_id) if given.teams_app_id else NoInstaller()
            ),
            provision.handlers(desk, platform, heard),
            building.handlers(desk, platform),
            perform.handlers(desk, platform),
        )
        worker = Worker(units, doorbell, handlers)
        return Services(
            given, engine, units, doorbell, desk, bridge, open_door(given, desk), worker, opened.pop_all()
        )


def _handlers(*parts: Mapping[str, JobHandler]) -> dict[str, JobHandler]:
    """All handlers by kind of job. Raises `ValueError` when two parts claim one kind."""
    merged: dict[str, JobHandler] = {}
    for part in parts:
        twice = merged.keys() & part.keys()
        if twice:
            raise ValueError(f"two handlers for {', '.join(sorted(twice))}")
        merged |= part
    return merged


_services: Services | None = None
_building: asyncio.Lock | None = None


async def services() -> Services:
    """The services of this process: built on the first call, the same ones ever after."""
    global _services, _building
    if _services is not None:
        return _services
    if _building is None:
        _building = asyncio.Lock()  # made here: a lock belongs to the loop that runs
    async with _building:
        if _services is None:
            _services = await build(settings())
            _settle()
    return _services


def _settle() -> None:
    """Spare the garbage collector what stays for good.

    A turn makes thousands of objects that go without its help, but while dozens of turns wait for the channel theirs
    look long-lived, and by default Python then walks all modules, models and weights again every few hundred
    turns: a seventh of their CPU time, in pauses of more than a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def close_services() -> None:
    """Close them, if there are any. The next call of `services` builds new ones."""
    global _services, _building
    closing, _services, _building = _services, None, None
    if closing is not None:
        await closing.close()
