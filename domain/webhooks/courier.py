"""The courier: one job that delivers for as long as there is something to deliver.

Every subscription has a lane of its own: its letters go one after another, and a slow receiver holds up nobody else.
What arrived is written down together, ten times a second; a process that is killed sends again what it had not
written down. docs/decisions/0021-webhooks.md says why it is not a job per delivery.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from domain.desk import Desk
from domain.jobs.actions import keep_lease
from domain.jobs.handling import ClaimedJob, JobHandler, RetryLaterError
from domain.webhooks import ledger
from domain.webhooks.actions import end_subscription
from domain.webhooks.ledger import Attempt, Routed
from domain.webhooks.ports import Sender
from domain.webhooks.rules import Ended, State, Verdict, verdict_of
from domain.webhooks.subscription import Letter, Subscription
from domain.webhooks.waking import DELIVER, wake

log = logging.getLogger(__name__)

POLL = 0.1
"""Seconds from one look for new events to the next,"""
REST = 0.05
"""and at least between them: on a machine that is busy, looking more often makes it busier."""
BREAK = 0.01
"""Seconds between them while there are more new events than it takes at once."""
LINGER = 5.0
"""Seconds for which it looks again when there is nothing to do; see `waking.wake`."""
SLOW = 1.0
"""Seconds. A receiver that took longer is not sent to in the last part of a round, which would wait for it."""
ROUND = 60.0
"""Seconds, then slow receivers wait for the next round. It begins once the last of them has answered, and at"""
LAST_CALL = 85.0
"""at the latest: an attempt takes some twenty seconds at most, and a job has 110."""
BREATH = 0.25
"""Seconds for which everybody stands still between two rounds, at most."""
REFRESH = 1.0
"""Seconds after which it looks which subscriptions there are, also when nothing happens."""
ALIVE = 3.0
"""Seconds between two signs of life. A courier that was killed is followed up after three of these are missing."""
EVENTS_AT_ONCE = 100
PAGE = 100
"""Letters of a subscription in memory; the rest stays in the database until these are sent."""


@dataclass(slots=True)
class Lane:
    """`more`: the database may have letters for it beyond `queue`. `attempts` are not written down yet. `since` is when
    the last one began."""

    subscription: Subscription
    more: bool = False
    queue: deque[Letter] = field(default_factory=deque)
    attempts: list[Attempt] = field(default_factory=list)
    task: asyncio.Task[None] | None = None
    since: float = 0.0
    slow: bool = False

    @property
    def sending(self) -> bool:
        return self.task is not None and not self.task.done()

    @property
    def idle(self) -> bool:
        return not self.sending and not self.attempts

    def may_start(self, now: datetime) -> bool:
        next_at = self.subscription.next_at
        return self.idle and (next_at is None or next_at <= now)

    @property
    def has_work(self) -> bool:
        return bool(self.queue) or self.more

    def take(self) -> list[Attempt]:
        taken, self.attempts = self.attempts, []
        return taken

    def add(self, letter: Letter) -> None:
        """Behind what waits: here, or only in the database when more waits there already."""
        if self.more or len(self.queue) >= PAGE:
            self.more = True
        else:
            self.queue.append(letter)

    def follow(self, subscription: Subscription | None) -> None:
        """It is like this now: after what was written down, and perhaps changed by somebody. None: it ended."""
        if subscription is None or subscription.state is not State.ACTIVE:
            self.queue.clear()
            self.more = False
            return
        if subscription.version != self.subscription.version:
            self.more = True
        if subscription.next_at not in (None, self.subscription.next_at):  # read again when it is time
            self.queue.clear()
            self.more = True
        self.subscription = subscription


def handlers(
    desk: Desk, sender: Sender, *, jitter: Callable[[], float] = random.random, linger: float = LINGER
) -> dict[str, JobHandler]:
    async def deliver(job: ClaimedJob) -> None:
        """Repeating it looks again what there is to deliver."""
        courier = _Round(desk, sender, job, jitter, linger)
        try:
            await courier.run()
        finally:
            await courier.stop()

    return {DELIVER: deliver}


class _Round:
    def __init__(
        self, desk: Desk, sender: Sender, job: ClaimedJob, jitter: Callable[[], float], linger: float
    ) -> None:
        self._desk = desk
        self._sender = sender
        self._job = job
        self._jitter = jitter
        self._linger = linger
        self._lanes: dict[str, Lane] = {}
        self._began = time.monotonic()
        self._written = self._alive = -math.inf
        self._closing = False
        self._behind = False

    async def begin(self) -> None:
        """What waits from before has a lane."""
        async with self._desk.units.read() as unit:
            known, _ = await ledger.listening(unit, self._desk)
            self._lanes = {
                subscription_id: Lane(known[subscription_id], more=True)
                for subscription_id in await ledger.with_something_waiting(unit)
            }

    async def run(self) -> None:
        await self.begin()
        busy_at = time.monotonic()
        while True:
            looked_at = time.monotonic()
            if await self._tick():
                busy_at = time.monotonic()
            if self._over(busy_at) and await self._halted():
                break
            took = time.monotonic() - looked_at
            await asyncio.sleep(BREAK if self._behind else max(REST, POLL - took))
        await self._write([])
        async with self._desk.units() as unit:
            left = [lane.subscription for lane in self._lanes.values() if lane.has_work]
            again_at = ledger.earliest(left, unit.now)
            if again_at is not None:
                await wake(unit, max(again_at, unit.now))

    async def stop(self) -> None:
        """Nothing is sent any more, also when the round was cut short; what did arrive is written down."""
        tasks = self._sending()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if any(lane.attempts for lane in self._lanes.values()):
            await self._write([])

    def _sending(self) -> list[asyncio.Task[None]]:
        return [lane.task for lane in self._lanes.values() if lane.task is not None and not lane.task.done()]

    def _over(self, busy_at: float) -> bool:
        """Whether it is time to halt; after a round only while nobody is being waited for, as all would wait."""
        now = time.monotonic()
        under_way = [lane for lane in self._lanes.values() if not lane.idle]
        if not under_way and now - busy_at > self._linger:
            return True
        late = any(lane.sending and now - lane.since > BREATH for lane in under_way)
        return now - self._began >= (LAST_CALL if late else ROUND)

    async def _halted(self) -> bool:
        """Begin nothing, and wait a moment for what is under way. False when some of it takes longer: then everything
        goes on meanwhile, until the last call; whom that cuts off gets it again."""
        self._closing = True
        if tasks := self._sending():
            await asyncio.wait(tasks, timeout=BREATH)
        self._closing = not self._sending() or time.monotonic() - self._began >= LAST_CALL
        return self._closing

    async def _tick(self) -> bool:
        """Read what is new, write what happened, and send on. False when there was nothing to do."""
        async with self._desk.units.read() as unit:
            new = await ledger.new_events(unit, EVENTS_AT_ONCE)
            self._behind = len(new) == EVENTS_AT_ONCE
            for lane in self._lanes.values():
                if lane.more and not lane.queue and lane.may_start(unit.now):
                    lane.queue.extend(await ledger.waiting(unit, lane.subscription.id, PAGE))
                    lane.more = len(lane.queue) == PAGE
        arrived = any(lane.attempts for lane in self._lanes.values())
        if new or arrived or time.monotonic() - self._written >= REFRESH:
            await self._write(new)
        for lane in self._lanes.values():
            if lane.queue and lane.may_start(unit.now) and self._has_time_for(lane):
                lane.task = asyncio.create_task(self._send(lane))
        ready = any(lane.has_work and lane.may_start(unit.now) for lane in self._lanes.values())
        return bool(new) or arrived or ready

    def _has_time_for(self, lane: Lane) -> bool:
        return time.monotonic() - self._began < (ROUND if lane.slow else LAST_CALL)

    async def _send(self, lane: Lane) -> None:
        """One after another, until one does not arrive."""
        while lane.queue and not self._closing and self._has_time_for(lane):
            letter, lane.since = lane.queue[0], time.monotonic()
            answer = await self._sender.send(lane.subscription, letter)
            lane.slow = time.monotonic() - lane.since > SLOW
            lane.attempts.append(Attempt(letter, answer))
            if verdict_of(answer.status) not in (Verdict.DELIVERED, Verdict.REFUSED):
                return
            if lane.queue:  # not ended or paused meanwhile
                lane.queue.popleft()

    async def _write(self, new: Sequence[Row[Any]]) -> None:
        """Give the new events out, and write down how the attempts went; then follow what others changed."""
        taken = {subscription_id: lane.take() for subscription_id, lane in self._lanes.items()}
        self._written = time.monotonic()
        routed: Sequence[Routed] = ()
        async with self._desk.units() as unit:
            if self._written - self._alive >= ALIVE:
                if not await keep_lease(unit, self._job, 3 * ALIVE):
                    raise RetryLaterError("another worker delivers")
                self._alive = self._written
            known, owners = await ledger.listening(unit, self._desk)
            for one in [one for one in known.values() if owners[one.owner_id] is None]:
                await end_subscription(unit, one.id, Ended.NO_ACCESS)
                del known[one.id]
            arrived: list[int] = []
            for subscription_id, attempts in taken.items():
                if attempts and (before := known.get(subscription_id)) is not None:
                    known[subscription_id] = await ledger.settle(
                        unit, self._desk, before, attempts, self._jitter(), arrived
                    )
            await ledger.take_away(unit, arrived)
            if new:
                routed = await ledger.route(unit, new, known, owners)
        for subscription_id, lane in list(self._lanes.items()):
            now_known = known.get(subscription_id)
            lane.follow(now_known)
            if now_known is None and lane.idle:
                del self._lanes[subscription_id]
        for one in known.values():
            if one.state is State.ACTIVE and one.id not in self._lanes:
                self._lanes[one.id] = Lane(one, more=one.version > 1)
        for given in routed:
            if not given.dead:
                self._lanes[given.subscription_id].add(given.letter)
        count = sum(map(len, taken.values()))
        if count:
            log.info("webhooks_sent", extra={"attempts": count})
