"""The whole way, through the product as it is built: edges, timers, jobs and the chats of three people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from domain.tip_series.models import SubscriptionRow
from domain.tip_series.series import WEEK
from domain.tips.bringing import import_tips
from domain.tips.feedback_models import ClusterRow
from tests.attachments.conftest import office
from tests.attachments.office import Office
from tests.cards.reading import texts
from tests.tips.test_bot import STORY, presses
from tests.tips.test_clusters import TIP
from wiring.sweeps import minutely, run_sweeps

__all__ = ["office"]


async def time_passes(office: Office) -> None:
    await run_sweeps(office.services.desk, minutely())
    await office.work()


async def test_what_nobody_knew_reaches_the_authors_and_comes_back_as_a_tip(office: Office) -> None:
    for author in ("hanne", "lotte"):
        await office.say(author, "mijn tips")  # they are at work
    unknown = await office.say("amina", STORY)
    await office.press("amina", "tips.ask_authors", unknown)
    await time_passes(office)
    card = office.cards("hanne")[-1]
    assert STORY in texts(card)
    assert STORY in texts(office.cards("lotte")[-1])
    draft = await office.press("hanne", "tip_clusters.draft", card)
    assert "authoring.edit" in presses(draft)
    taken = await office.press("lotte", "tip_clusters.draft", office.cards("lotte")[-1])
    assert isinstance(taken, str)  # somebody was first
    async with office.services.units() as unit:
        tip_id = (await unit.db.execute(select(ClusterRow.tip_id))).scalar_one()
        assert tip_id is not None
        await import_tips(unit, [replace(TIP, id=tip_id)])
    await time_passes(office)
    answered = office.cards("amina")[-1]
    assert STORY in texts(answered)
    assert TIP.title in texts(answered)
    told = len(office.cards("amina"))
    await time_passes(office)
    assert len(office.cards("amina")) == told
    thanks = await office.press("amina", "tips.helped", answered)
    assert "tip_sharing.form" in presses(thanks)


async def test_the_tip_of_the_week_comes_at_its_hour_and_stops_in_one_press(office: Office) -> None:
    async with office.services.units() as unit:
        await import_tips(unit, [TIP])
    listed = await office.say("amina", "tip van de week")
    await office.press("amina", "tip_series.form", listed)
    await office.press("amina", "tip_series.this_week", listed)
    await office.chat_of("amina").press("tip_series.subscribe", None, series=WEEK, weekday="1", at="09:00")
    before = len(office.cards("amina"))
    await time_passes(office)
    assert len(office.cards("amina")) == before
    async with office.services.units() as unit:
        await unit.db.execute(update(SubscriptionRow).values(next_at=unit.now - timedelta(minutes=1)))
    await time_passes(office)
    sent = office.cards("amina")[-1]
    assert TIP.title in texts(sent)
    stopped = await office.press("amina", "tip_series.stop", sent)
    assert presses(stopped)["tip_series.subscribe"]
    async with office.services.units.read() as unit:
        assert (await unit.db.execute(select(SubscriptionRow))).all() == []
