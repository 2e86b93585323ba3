"""Delivering: in order, at least once, and what each answer of a receiver leads to."""

from __future__ import annotations

import asyncio

import pytest

from domain.actor import Actor
from domain.api_keys.actions import revoke_key
from domain.errors import Conflict, Forbidden, NotFound
from domain.jobs.actions import claim, due_jobs
from domain.jobs.rules import LEASE
from domain.webhooks import actions, courier
from domain.webhooks.notify import PAUSED_VIEW
from domain.webhooks.rules import Ended, EventType, State
from domain.webhooks.upkeep import forget_webhooks, sweep_webhooks
from tests.conftest import RungBells
from tests.servers.receivers import Answering
from tests.webhooks.conftest import Post


async def test_everything_arrives_in_order_signed_and_described(post: Post) -> None:
    mine = await post.subscribe("a")
    await post.happen(12)
    await post.deliver()
    assert post.receivers.numbers("a") == list(range(1, 13))
    headers = post.receivers.received["a"][0].headers
    assert headers["ce-type"] == "wijzer.ticket.created"
    assert headers["ce-subject"] == "t1"
    assert headers["ce-source"] == "https://wijzer.vlaskerke.example"
    assert await post.counts(mine) == (0, 0)


async def test_only_who_wants_it_and_may_know_gets_an_event(
    post: Post, amina: Actor, dirk: Actor, bram: Actor
) -> None:
    await post.subscribe("incidents", kind="incident")
    await post.subscribe("requests", kind="request", priority="high")
    await post.subscribe("resolved", EventType.TICKET_RESOLVED)
    await post.subscribe("amina", owner=amina)
    await post.subscribe("dirk", owner=dirk)
    await post.subscribe("bram", owner=bram)
    await post.happen(facts={"kind": "incident", "priority": "high"}, people={"amina"})
    await post.deliver()
    assert {name for name, taken in post.receivers.received.items() if taken} == {
        "incidents",
        "amina",
        "bram",
    }


async def test_nobody_hears_of_what_happened_before(post: Post) -> None:
    early = await post.subscribe("early")
    await post.happen()
    post.clock.forward(seconds=1)
    await post.subscribe("late")
    await post.deliver()
    assert (post.receivers.calls["early"], post.receivers.calls["late"]) == (1, 0)
    assert await post.counts(early) == (0, 0)


async def test_a_slow_receiver_delays_nobody_else(post: Post) -> None:
    post.receivers.always["slow"] = Answering(delay=0.6)
    await post.subscribe("slow")
    await post.subscribe("quick")
    await post.happen(3)
    running = asyncio.create_task(post.deliver())
    await post.receivers.until("quick", 3)
    assert len(post.receivers.received["slow"]) < 3
    await running
    assert post.receivers.numbers("slow") == post.receivers.numbers("quick") == [1, 2, 3]


@pytest.mark.parametrize(
    ("answering", "waits"),
    [
        (Answering(500), 5),
        (Answering(302, {"Location": "http://127.0.0.1/"}), 5),
        (Answering(hang_up=True), 5),
        (Answering(403), 5),
        (Answering(429, {"Retry-After": "90"}), 91),
        (Answering(503, {"Retry-After": "86500"}), 86401),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)
async def test_what_does_not_arrive_is_tried_again_later_and_keeps_its_place(
    post: Post, answering: Answering, waits: float
) -> None:
    mine = await post.subscribe("a")
    post.receivers.answers["a"].append(answering)
    await post.happen(2)
    await post.deliver()
    assert post.receivers.numbers("a") == []
    failed = await post.now(mine)
    assert failed.failures == 1
    assert failed.error
    assert "geheim" not in failed.error
    assert await post.next_courier() == waits
    post.clock.forward(seconds=waits)
    await post.deliver()
    assert post.receivers.numbers("a") == [1, 2]
    assert (await post.now(mine)).failures == 0


async def test_who_answers_again_gets_what_waits_however_much_there_is_for_others(post: Post) -> None:
    await post.subscribe("a", kind="incident")
    await post.subscribe("b", kind="request")
    post.receivers.answers["a"].append(Answering(500))
    await post.happen(facts={"kind": "incident"})
    await post.deliver()
    post.clock.forward(seconds=5)
    running = await begun(post)
    for _ in range(2):
        await post.happen(facts={"kind": "request"})
        await running._tick()
    await post.receivers.until("a", 2)
    await running.stop()
    assert post.receivers.numbers("a") == [1]


async def begun(post: Post) -> courier._Round:
    """The courier that is due, at work: the test has it look."""
    async with post.units.read() as unit:
        (job_id,) = await due_jobs(unit)
    async with post.units() as unit:
        job = await claim(unit, job_id)
    assert job is not None
    running = courier._Round(post.desk, post.sender, job, lambda: 1.0, 0.0)
    await running.begin()
    return running


async def test_between_two_rounds_nobody_waits_for_a_slow_one(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first slow answer comes when the round is over: the others go on meanwhile, and it is sent to once."""
    monkeypatch.setattr(courier, "ROUND", 0.0)
    monkeypatch.setattr(courier, "BREATH", 0.05)
    post.receivers.always["slow"] = Answering(delay=1.5)
    await post.subscribe("slow", kind="incident")
    await post.subscribe("quick", kind="request")
    await post.happen(facts={"kind": "incident"})
    round_ = asyncio.create_task(post.deliver())
    while not post.receivers.calls["slow"]:  # noqa: ASYNC110 - it is told of calls once they are answered
        await asyncio.sleep(0.02)
    await post.happen(facts={"kind": "request"})
    await post.receivers.until("quick", 1)
    assert post.receivers.numbers("slow") == []
    await round_
    assert post.receivers.calls == {"slow": 1, "quick": 1}


async def test_what_is_cut_off_at_the_last_call_is_sent_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "ROUND", 0.0)
    monkeypatch.setattr(courier, "LAST_CALL", 0.1)
    monkeypatch.setattr(courier, "BREATH", 0.05)
    mine = await post.subscribe("a")
    post.receivers.answers["a"].append(Answering(delay=30))
    await post.happen()
    await post.deliver()
    assert post.receivers.calls["a"] == 2
    assert await post.counts(mine) == (0, 0)


async def test_a_ring_that_was_lost_is_rung_again_by_what_happens_next(post: Post, bells: RungBells) -> None:
    await post.subscribe("a")
    await post.happen()
    ((waits, _),) = bells.rung
    await post.happen()
    assert [job_id for job_id, _ in bells.rung] == [waits, waits]
    await begun(post)
    bells.rung.clear()
    killed = post.clock.now + LEASE
    await post.happen(2)
    (after, _), last = bells.rung
    assert after != waits, "who comes after it"
    assert last == (waits, killed), "in case it does not come back"
    await post.happen()
    assert len(bells.rung) == 2
    await sweep_webhooks(post.desk)
    assert bells.rung[2:] == [(waits, killed)], "as the first look of a process that was started again"
    post.clock.forward(minutes=2)
    await post.happen()
    assert bells.rung[3:] == [(waits, killed)], "the one that was killed"


async def test_what_is_refused_is_put_aside_and_the_next_one_goes(post: Post) -> None:
    mine = await post.subscribe("a")
    post.receivers.answers["a"].append(Answering(422))
    await post.happen(2)
    await post.deliver()
    assert post.receivers.numbers("a") == [2]
    assert await post.counts(mine) == (0, 1)


@pytest.mark.parametrize("status", [404, 410])
async def test_who_is_gone_is_not_sent_to_again(post: Post, status: int) -> None:
    mine = await post.subscribe("a")
    post.receivers.always["a"] = Answering(status)
    await post.happen(3)
    await post.deliver()
    await post.happen(1)
    await post.deliver()
    assert post.receivers.calls["a"] == 1
    after = await post.now(mine)
    assert (after.state, after.ended) == (State.ENDED, Ended.GONE)
    assert await post.counts(mine) == (0, 0)


async def test_after_days_it_is_paused_the_owner_is_told_and_nothing_is_lost(
    post: Post, bram: Actor, gust: Actor
) -> None:
    mine = await post.subscribe("a", owner=bram)
    post.receivers.always["a"] = Answering(500)
    await post.happen(2)
    for _ in range(40):
        await post.deliver()
        if (await post.now(mine)).state is State.PAUSED:
            break
        post.clock.forward(seconds=await post.next_courier() or 0)
    assert (await post.now(mine)).state is State.PAUSED
    assert 15 <= post.receivers.calls["a"] <= 20  # in three days, ever more slowly
    assert await shown(post) == [(PAUSED_VIEW, mine.id, "bram")]
    await post.happen(1)
    await post.deliver()
    assert await post.counts(mine) == (0, 3)

    post.receivers.always["a"] = Answering()
    async with post.units() as unit:
        with pytest.raises(Conflict):
            await actions.resend(unit, gust, mine.id)
    async with post.units() as unit:
        await actions.resume(unit, bram, mine.id)
    async with post.units() as unit:
        assert await actions.resend(unit, gust, mine.id) == 3
    await post.happen(1)
    await post.deliver()
    assert post.receivers.numbers("a") == [1, 2, 3, 4]


async def shown(post: Post) -> list[tuple[str, str, str]]:
    from sqlalchemy import select

    from domain.chats.actions import SHOW
    from domain.jobs.models import Job

    async with post.units.read() as unit:
        payloads = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars()
        return [(one["view"], one["subject"], one["person"]) for one in payloads]


async def test_only_administrators_send_again_and_only_what_is_dead(
    post: Post, bram: Actor, gust: Actor, dirk: Actor
) -> None:
    mine = await post.subscribe("a", owner=bram)
    post.receivers.answers["a"].extend([Answering(400), Answering(400)])
    await post.happen(2)
    await post.deliver()
    async with post.units() as unit:
        with pytest.raises(Forbidden):
            await actions.resend(unit, bram, mine.id)
        with pytest.raises(NotFound):
            await actions.list_dead(unit, dirk, mine.id)
        first = (await actions.list_dead(unit, gust, mine.id, limit=1)).letters[0]
    async with post.units() as unit:
        assert await actions.resend(unit, gust, mine.id, [first.delivery_id]) == 1
        assert await actions.resend(unit, gust, mine.id, [first.delivery_id]) == 0
    await post.deliver()
    assert post.receivers.numbers("a") == [1]
    assert await post.counts(mine) == (0, 1)


async def test_a_revoked_key_hears_nothing_more(post: Post) -> None:
    mine = await post.subscribe("a")
    await post.happen(1)
    async with post.units() as unit:
        await revoke_key(unit, "intake")
    await post.deliver()
    assert post.receivers.calls["a"] == 0
    assert (await post.now(mine)).ended is Ended.NO_ACCESS


async def test_a_backlog_larger_than_memory_arrives_whole_and_in_order(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "PAGE", 4)
    monkeypatch.setattr(courier, "EVENTS_AT_ONCE", 5)
    await post.subscribe("a")
    await post.happen(13)
    await post.deliver()
    assert post.receivers.numbers("a") == list(range(1, 14))


async def test_who_died_after_sending_sends_again_and_loses_nothing(post: Post) -> None:
    mine = await post.subscribe("a")
    await post.happen(3)
    dying = await begun(post)
    await dying._tick()
    await post.receivers.until("a", 3)  # it arrived, and was never written down
    assert await post.counts(mine) == (3, 0)
    post.clock.forward(seconds=courier.ALIVE * 3)
    await post.deliver()
    assert sorted(post.receivers.numbers("a")) == [1, 1, 2, 2, 3, 3]
    assert await post.counts(mine) == (0, 0)


async def test_the_sweep_wakes_a_courier_when_nobody_did(post: Post) -> None:
    from sqlalchemy import delete

    from domain.jobs.models import Job

    await post.subscribe("a")
    assert await sweep_webhooks(post.desk) == 0
    await post.happen(1)
    async with post.units() as unit:
        await unit.db.execute(delete(Job))
    assert await sweep_webhooks(post.desk) == 1
    await post.deliver()
    assert post.receivers.numbers("a") == [1]
    assert await sweep_webhooks(post.desk) == 0


async def test_what_was_delivered_is_forgotten_and_dead_letters_are_kept_a_month(post: Post) -> None:
    mine = await post.subscribe("a")
    post.receivers.answers["a"].append(Answering(400))
    await post.happen(3)
    await post.deliver()
    post.clock.forward(days=2)
    assert await forget_webhooks(post.desk) == 2
    assert await post.counts(mine) == (0, 1)
    post.clock.forward(days=30)
    assert await forget_webhooks(post.desk) == 2  # the letter and its event
