"""A tip sent to a colleague, and tickets solved with one, in chat."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.tips import questions as bot
from bot.tips import sharing as tip_sharing
from bot.tips import tickets as tip_tickets
from domain.chats.actions import SHOW
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.helpdesk.actions import report_ticket
from domain.jobs.models import Job
from domain.tips import sharing
from domain.tips.bringing import import_tips
from domain.tips.feedback_models import ShareRow, SolutionRow
from domain.tips.models import TipDraftRow
from domain.tips.tip import Audience
from tests.cards.reading import texts
from tests.cast import person
from tests.helpdesk.conftest import incident
from tests.tips.conftest import MakeTurn
from tests.tips.test_bot import STORY, presses
from tests.tips.test_clusters import TIP

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_tip_that_helped_is_sent_to_a_colleague(turn: MakeTurn, desk: Desk) -> None:
    (rated,) = presses((await bot.ask(turn(STORY))).card)["tips.helped"]
    (shared,) = presses((await bot.helped(turn(**rated))).card)["tip_sharing.form"]
    (send,) = presses((await tip_sharing.form(turn(**shared))).card)["tip_sharing.send"]
    nobody = (await tip_sharing.send(turn(**send, colleague="Niemand"))).card
    assert any("Niemand" in text for text in texts(nobody))
    for _ in range(2):  # once more on the same day
        sent = (await tip_sharing.send(turn(**send, colleague="Dirk Peeters"))).card
    assert any("Dirk Peeters" in text for text in texts(sent))
    async with desk.units.read() as unit:
        (share,) = await unit.db.execute(select(ShareRow))
        (job,) = (await unit.db.execute(select(Job.payload).where(Job.kind == SHOW))).scalars()
        assert (job["view"], job["subject"], job["person"]) == (sharing.SHARED, share.id, "dirk")
        received = await tip_sharing.show_shared(unit, desk, person("dirk"), share.id)
        assert any("Amina" in text for text in texts(received))
        assert await tip_sharing.show_shared(unit, desk, person("els"), share.id) is None


async def test_what_is_for_one_team_stays_there_and_nobody_sends_without_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = replace(TIP, audience=Audience.TEAM, team_id=person("dirk").team_id)
    async with desk.units() as unit:
        await import_tips(unit, [theirs, replace(TIP, id="iedereen")])
    monkeypatch.setattr(sharing, "MOST_A_DAY", 1)
    amina = person("amina").as_actor()
    with pytest.raises(NotFound):
        async with desk.units() as unit:
            await sharing.share_tip(unit, desk, amina, theirs.id, "Dirk Peeters", "1")
    async with desk.units() as unit:
        await sharing.share_tip(unit, desk, amina, "iedereen", "Dirk Peeters", "2")
    with pytest.raises(Conflict):
        async with desk.units() as unit:
            await sharing.share_tip(unit, desk, amina, "iedereen", "Els Wouters", "3")


async def test_an_agent_solves_a_ticket_with_a_tip_and_proposes_the_next(turn: MakeTurn, desk: Desk) -> None:
    amina = person("amina").as_actor()
    command = replace(incident(), text=STORY)
    async with desk.units() as unit:
        ticket = await report_ticket(unit, amina, command, desk.organisation.helpdesk, key="report")
    found = (await tip_tickets.search(turn(who="bram", id=ticket.id))).card
    first = presses(found)["tip_tickets.choose"][0]
    async with desk.units() as unit:
        long = replace(incident(), text="Zomaar wat gebabbel over de kermis. " * 40, title=STORY)
        other = await report_ticket(unit, amina, long, desk.organisation.helpdesk, key="long")
    by_title = (await tip_tickets.search(turn(who="bram", id=other.id))).card
    assert presses(by_title)["tip_tickets.choose"][0]["tip"] == first["tip"]
    assert first["tip"] == "document-delen-extern"
    filled = (await tip_tickets.choose(turn(who="bram", **first))).card
    (solve,) = presses(filled)["tip_tickets.solve"]
    empty = (await tip_tickets.solve(turn(who="bram", **solve, words=" "))).card
    assert presses(empty)["tip_tickets.solve"] == [solve]
    solved = await tip_tickets.solve(turn(who="bram", **solve, words="Zo doe je dat:\n1. Zet het daar"))
    assert solved.subject == ticket.id
    form = (await tip_tickets.form(turn(who="bram", id=ticket.id))).card
    (propose,) = presses(form)["tip_tickets.propose"]
    wrong = (await tip_tickets.propose(turn(who="bram", **propose, title="", answer="x"))).card
    assert presses(wrong)["tip_tickets.propose"] == [propose]
    own = (
        await tip_tickets.propose(turn(who="bram", **propose, title="Delen?", answer="Zo:\n1. Zet het daar"))
    ).card
    assert presses(own)["authoring.draft"]  # Bram is an author too: it waits for nobody else
    async with desk.units.read() as unit:
        assert (await unit.db.execute(select(SolutionRow.tip_id))).scalars().all() == [first["tip"]]
        assert (await unit.db.execute(select(TipDraftRow.title))).scalars().all() == ["Delen?"]
    for act in (tip_tickets.search, tip_tickets.form, tip_tickets.propose):
        with pytest.raises(NotFound):
            await act(turn(id=ticket.id, title="x", answer="x"))
