"""What no tip answered: put with its like, made into a tip, and told to who asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.authoring.news import authors
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.errors import Conflict, Forbidden, Invalid, NotFound
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.tables import new_id
from domain.tips import askers, clusters, feedback
from domain.tips.actions import RateTip, choose_tip, rate_tip, record_questions
from domain.tips.bringing import import_tips
from domain.tips.cluster import Cluster, ClusterState
from domain.tips.clustering import sweep_answered, sweep_questions
from domain.tips.models import QuestionRow, TipDraftRow
from domain.tips.tip import Asked, Audience, Source, Tip, Zone
from tests.cast import person
from tests.conftest import Clock

TIP = Tip(
    id="zaal-boeken",
    language="nl",
    theme="vergaderen",
    theme_name="Vergaderen",
    audience=Audience.EVERYONE,
    title="Hoe boek ik een vergaderzaal?",
    alternates=("zaal reserveren",),
    intro="Dat doe je in Outlook.",
    steps=("Maak een vergadering.", "Kies de zaal."),
    phone=None,
    note=None,
    source=Source("Outlook"),
    related=(),
    checked=date(2026, 11, 16),
)


def asked(text: str, who: str = "amina", zone: Zone = Zone.UNKNOWN, shown: Sequence[str] = ()) -> Asked:
    return Asked(new_id(), who, "nl", text, zone, 0.1, tuple(shown), "digitaal")


@pytest.fixture
def hanne() -> Actor:
    return person("hanne").as_actor()


async def ask(desk: Desk, *questions: Asked) -> None:
    async with desk.units() as unit:
        await record_questions(unit, questions)
    await sweep_questions(desk)


async def listed(
    desk: Desk, hanne: Actor, state: ClusterState = ClusterState.OPEN, **page: Any
) -> tuple[Cluster, ...]:
    async with desk.units.read() as unit:
        return (await clusters.list_clusters(unit, hanne, state, **page)).clusters


async def publish(desk: Desk, tip: Tip) -> None:
    async with desk.units() as unit:
        await import_tips(unit, [tip])


async def shown(desk: Desk) -> list[tuple[str, str, str]]:
    """View, subject and person of what is to be shown."""
    async with desk.units.read() as unit:
        jobs = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW).order_by(Job.id))).scalars()
        return [(job["view"], job["subject"], job["person"]) for job in jobs]


async def tell(desk: Desk) -> None:
    """Run the jobs that tell who asked, and those they leave."""
    done: set[str] = set()
    while True:
        async with desk.units.read() as unit:
            statement = select(Job.id, Job.payload).where(Job.kind == askers.TELL_ASKERS)
            jobs = [row for row in await unit.db.execute(statement) if row.id not in done]
        if not jobs:
            return
        for row in jobs:
            await askers.handlers(desk)[askers.TELL_ASKERS](
                ClaimedJob(row.id, askers.TELL_ASKERS, row.payload, 1)
            )
            done.add(row.id)


async def test_near_duplicates_are_together_and_the_most_asked_come_first(desk: Desk, hanne: Actor) -> None:
    await ask(
        desk,
        asked("hoe huur ik een deelfiets"),
        asked("hoe boek ik een vergaderzaal?"),
        asked("Vergaderzaal boeken", "dirk"),
        asked("vergadrzaal boeken hoe doe ik dat", "els"),
    )
    first, second = await listed(desk, hanne)
    assert (first.text, first.asked) == ("hoe boek ik een vergaderzaal?", 3)
    assert (second.text, second.asked) == ("hoe huur ik een deelfiets", 1)
    assert await sweep_questions(desk) == 0
    async with desk.units.read() as unit:
        file = await clusters.open_cluster(unit, hanne, first.id)
    assert file.people == 3
    assert {way.text for way in file.ways} == {
        "hoe boek ik een vergaderzaal?",
        "Vergaderzaal boeken",
        "vergadrzaal boeken hoe doe ik dat",
    }


async def test_what_was_answered_is_no_matter_for_the_authors(desk: Desk, hanne: Actor, amina: Actor) -> None:
    await publish(desk, TIP)
    right, offered, wrong = (
        asked("zaal boeken", zone=Zone.ANSWER, shown=[TIP.id]),
        asked("beamer lenen", zone=Zone.CHOOSE, shown=[TIP.id]),
        asked("koffie bestellen voor een vergadering", zone=Zone.ANSWER, shown=[TIP.id]),
    )
    await ask(desk, right, offered, wrong)
    assert await listed(desk, hanne) == ()
    async with desk.units() as unit:
        await rate_tip(unit, amina, RateTip(TIP.id, helped=True, question_id=right.id), "1")
        await choose_tip(unit, amina, offered.id, None)
        await rate_tip(unit, amina, RateTip(TIP.id, helped=False, question_id=wrong.id), "2")
        await feedback.say_more(
            unit, amina, TIP.id, wrong.id, "er staat niets over koffie, mijn wachtwoord is geheim123"
        )
    await sweep_questions(desk)
    found = await listed(desk, hanne)
    assert {(one.text, one.unhelped) for one in found} == {
        ("beamer lenen", 0),
        ("koffie bestellen voor een vergadering", 1),
    }
    coffee = next(one for one in found if one.unhelped)
    async with desk.units.read() as unit:
        (remark,) = (await clusters.open_cluster(unit, hanne, coffee.id)).remarks
    assert (remark.tip_id, remark.title) == (TIP.id, TIP.title)
    assert remark.words == "er staat niets over koffie, mijn wachtwoord is •••"


async def test_pages_go_on_where_the_last_one_ended(desk: Desk, hanne: Actor) -> None:
    subjects = ("deelfiets", "koffiemachine", "parkeerkaart", "brandalarm", "kerstfeest")
    await ask(desk, *(asked(f"{one} {n}") for one in subjects for n in range(subjects.index(one) + 1)))
    seen: list[int] = []
    cursor = None
    while True:
        async with desk.units.read() as unit:
            page = await clusters.list_clusters(unit, hanne, limit=2, cursor=cursor)
        seen += [one.asked for one in page.clusters]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [5, 4, 3, 2, 1]
    async with desk.units.read() as unit:
        with pytest.raises(Invalid):
            await clusters.list_clusters(unit, hanne, cursor="5:no-id")


async def test_one_press_makes_a_draft_of_it_and_publishing_tells_everybody_who_asked(
    desk: Desk, hanne: Actor, clock: Clock
) -> None:
    await ask(
        desk,
        asked("hoe boek ik een vergaderzaal?", "dirk"),
        asked("hoe boek ik een vergaderzaal?", "dirk"),
        asked("vergaderzaal boeken"),
    )
    (cluster,) = await listed(desk, hanne)
    for _ in range(2):  # the press is delivered twice
        async with desk.units() as unit:
            draft = await clusters.draft_cluster(unit, hanne, cluster.id, "press")
    assert (draft.tip.title, draft.tip.alternates) == (
        "hoe boek ik een vergaderzaal?",
        ("vergaderzaal boeken",),
    )
    assert draft.origin == f"cluster:{cluster.id}"
    assert await listed(desk, hanne) == ()
    await ask(desk, asked("vergaderzaal boeken?", "els"))  # still the same
    assert await sweep_answered(desk) == 0
    clock.forward(hours=1)
    await publish(desk, replace(TIP, id=draft.tip.id))
    assert await sweep_answered(desk) == 1
    assert await sweep_answered(desk) == 0
    await tell(desk)
    assert await shown(desk) == [(askers.ANSWERED, cluster.id, who) for who in ("amina", "dirk", "els")]
    async with desk.units.read() as unit:
        late = await askers.access_late_answer(unit, person("dirk").as_actor(), cluster.id)
        assert (late.text, late.tip.id) == ("hoe boek ik een vergaderzaal?", draft.tip.id)
        with pytest.raises(NotFound):
            await askers.access_late_answer(unit, person("fatima").as_actor(), cluster.id)
    await ask(desk, asked("vergaderzaal boeken"))  # the tip is not found by it: that is news again
    (again,) = await listed(desk, hanne)
    assert again.id != cluster.id


async def test_a_tip_that_is_there_gets_the_questions_as_ways_of_asking(
    desk: Desk, hanne: Actor, clock: Clock
) -> None:
    await publish(desk, TIP)
    await ask(desk, asked("meeting room vastleggen"), asked("meeting room vastleggen!"))
    (cluster,) = await listed(desk, hanne)
    clock.forward(minutes=5)
    for _ in range(2):
        async with desk.units() as unit:
            draft = await clusters.attach_cluster(unit, hanne, cluster.id, TIP.id, "press")
    assert draft.tip.alternates[0] == "zaal reserveren"
    assert "meeting room vastleggen" in draft.tip.alternates
    assert await sweep_answered(desk) == 0  # what was published before does not count
    clock.forward(minutes=5)
    await publish(desk, draft.tip)
    assert await sweep_answered(desk) == 1


async def test_of_two_authors_one_takes_it_and_a_draft_that_is_thrown_away_brings_it_back(
    desk: Desk, hanne: Actor
) -> None:
    await ask(desk, asked("hoe huur ik een deelfiets"))
    (cluster,) = await listed(desk, hanne)
    async with desk.units() as unit:
        draft = await clusters.draft_cluster(unit, hanne, cluster.id, "1")
    lotte = person("lotte").as_actor()
    with pytest.raises(Conflict):
        async with desk.units() as unit:
            await clusters.draft_cluster(unit, lotte, cluster.id, "1")
    async with desk.units() as unit:
        await unit.db.execute(update(TipDraftRow).values(state="discarded"))
    assert draft.open
    assert await sweep_answered(desk) == 1
    assert [one.id for one in await listed(desk, hanne)] == [cluster.id]


async def test_what_needs_no_tip_stays_off_the_list(desk: Desk, hanne: Actor) -> None:
    await ask(desk, asked("wat eten we vanmiddag"))
    (cluster,) = await listed(desk, hanne)
    async with desk.units() as unit:
        await clusters.dismiss_cluster(unit, hanne, cluster.id)
    await ask(desk, asked("wat eten we vanmiddag?"))
    assert await listed(desk, hanne) == ()
    assert [one.asked for one in await listed(desk, hanne, ClusterState.DISMISSED)] == [2]
    async with desk.units() as unit:
        await clusters.restore_cluster(unit, hanne, cluster.id)
    assert [one.id for one in await listed(desk, hanne)] == [cluster.id]


async def test_asking_the_authors_gives_each_of_them_a_card(desk: Desk, amina: Actor, hanne: Actor) -> None:
    question = asked("hoe huur ik een deelfiets")
    async with desk.units() as unit:
        await record_questions(unit, [question])
        text, cluster_id = await feedback.ask_authors(unit, amina, question.id)
        assert (text, cluster_id) == (question.text, None)
        with pytest.raises(NotFound):
            await feedback.ask_authors(unit, hanne, question.id)
    await sweep_questions(desk)
    (cluster,) = await listed(desk, hanne)
    assert await shown(desk) == [(clusters.VIEW, cluster.id, author) for author in await authors(desk)]


async def test_nobody_but_an_author_sees_what_people_asked(desk: Desk, hanne: Actor, dirk: Actor) -> None:
    await ask(desk, asked("hoe huur ik een deelfiets"))
    (cluster,) = await listed(desk, hanne)
    async with desk.units() as unit:
        with pytest.raises(Forbidden):
            await clusters.list_clusters(unit, dirk)
        for act in (clusters.access_cluster, clusters.open_cluster, clusters.dismiss_cluster):
            with pytest.raises(NotFound):
                await act(unit, dirk, cluster.id)
        with pytest.raises(NotFound):
            await clusters.draft_cluster(unit, dirk, cluster.id, "press")


async def test_who_goes_on_with_a_question_is_noted_once(desk: Desk, amina: Actor, dirk: Actor) -> None:
    question = asked("zaal boeken", zone=Zone.ANSWER, shown=[TIP.id])
    async with desk.units() as unit:
        await record_questions(unit, [question])
        await feedback.hand_over(unit, dirk, question.id, feedback.HandedTo.DIGICOACH)
        await feedback.hand_over(unit, amina, question.id, feedback.HandedTo.HELPDESK)
        await feedback.hand_over(unit, amina, question.id, feedback.HandedTo.DIGICOACH)
        await feedback.hand_over(unit, amina, "no-id", feedback.HandedTo.DIGICOACH)
        noted = await unit.db.execute(select(QuestionRow.handed_to))
        assert noted.scalar_one() == "helpdesk"


async def test_words_need_a_rating_of_ones_own(desk: Desk, amina: Actor, dirk: Actor) -> None:
    await publish(desk, TIP)
    async with desk.units() as unit:
        await rate_tip(unit, amina, RateTip(TIP.id, helped=False), "1")
        await feedback.say_more(unit, amina, TIP.id, "", "te kort")
        with pytest.raises(NotFound):
            await feedback.say_more(unit, dirk, TIP.id, "", "te kort")
        with pytest.raises(Invalid):
            await feedback.say_more(unit, amina, TIP.id, "", " \n ")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_asked_long_ago_is_not_told_and_pages_reach_everybody_else(
    desk: Desk, hanne: Actor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(askers, "PAGE", 2)
    await ask(desk, asked("hoe huur ik een deelfiets", "gust"))
    clock.forward(days=200)
    people = ("amina", "bram", "carla", "dirk", "els")
    await ask(desk, *(asked("hoe huur ik een deelfiets", who) for who in people))
    (cluster,) = await listed(desk, hanne)
    async with desk.units() as unit:
        draft = await clusters.draft_cluster(unit, hanne, cluster.id, "1")
    clock.now += timedelta(minutes=1)
    await publish(desk, replace(TIP, id=draft.tip.id))
    await sweep_answered(desk)
    await tell(desk)
    assert [who for _, _, who in await shown(desk)] == list(people)


async def test_two_workers_that_sweep_at_once_count_each_question_once(
    desk: Desk, hanne: Actor, units: DatabaseUnits
) -> None:
    async with units() as unit:
        await record_questions(unit, [asked("hoe huur ik een deelfiets") for _ in range(20)])
    await asyncio.gather(sweep_questions(desk), sweep_questions(desk))
    assert [one.asked for one in await listed(desk, hanne)] == [20]
