"""Between tickets and tips, and what the report makes of it all."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.authoring.faces import draft_card
from domain.actor import Actor
from domain.authoring import solutions
from domain.authoring.solutions import ProposeTip, plain_text, steps_of
from domain.desk import Desk
from domain.errors import Invalid, NotFound
from domain.helpdesk.deflections import Helped, count_deflection
from domain.helpdesk.policy import HelpdeskPolicy
from domain.helpdesk.rules import Kind, State, Step
from domain.reports.rules import Span, period_of
from domain.tables import new_id
from domain.tips import feedback
from domain.tips.actions import RateTip, rate_tip, record_questions
from domain.tips.bringing import import_tips
from domain.tips.clustering import sweep_questions
from domain.tips.report import NOTHING, BadTip, TipCounts, TipReport, make_tip_report
from domain.tips.tip import Asked, Zone
from tests.cards.reading import texts
from tests.cast import person
from tests.helpdesk.conftest import Report, Take, policy, report, take
from tests.tips.test_clusters import TIP

__all__ = ["policy", "report", "take"]
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
async def one_tip(desk: Desk) -> Desk:
    async with desk.units() as unit:
        await import_tips(unit, [TIP])
    return desk


def test_steps_are_told_from_what_is_said_first() -> None:
    said = "Dat ligt aan de driver.\nDoe dit:\n1. Open Instellingen\n2) Kies\n   de printer\n\n- Druk af"
    steps = ("Open Instellingen", "Kies de printer", "Druk af")
    assert steps_of(said) == ("Dat ligt aan de driver.\nDoe dit:", steps)
    assert steps_of("Zet hem uit en aan.") == ("Zet hem uit en aan.", ())
    assert steps_of("-5 graden\n") == ("-5 graden", ())


async def test_an_agent_proposes_what_solved_a_ticket(
    desk: Desk, report: Report, take: Take, amina: Actor, carla: Actor, dirk: Actor
) -> None:
    ticket = await report(amina)
    await take(carla, Step.RESOLVE, ticket.id, "Herstart de laptop:\n- Houd de knop 10 seconden in\n- Wacht")
    async with desk.units() as unit:
        found, said = await solutions.resolution_of(unit, carla, ticket.id)
        command = ProposeTip(found.id, "Mijn laptop start niet", said)
        draft = await solutions.propose_from_ticket(unit, carla, command, "press")
        again = await solutions.propose_from_ticket(unit, carla, command, "press")
        assert (again.id, draft.origin, draft.proposer_id, draft.author_id) == (
            draft.id,
            f"ticket:{ticket.id}",
            "carla",
            None,
        )
        assert draft.tip.steps == ("Houd de knop 10 seconden in", "Wacht")
        for author, opens in (("hanne", False), ("bram", True)):
            card = await draft_card(unit, desk, person(author), draft)
            assert ticket.number in "\n".join(texts(card))
            assert ("helpdesk.open" in str(card)) == opens
        for who in (amina, dirk):
            with pytest.raises(NotFound):
                await solutions.propose_from_ticket(unit, who, command, "press")
            with pytest.raises(NotFound):
                await solutions.resolution_of(unit, who, ticket.id)
        for title, answer, field in (("", "x", "title"), ("x", " ", "answer")):
            with pytest.raises(Invalid) as wrong:
                await solutions.propose_from_ticket(unit, carla, ProposeTip(ticket.id, title, answer), "2")
            assert wrong.value.field == field


async def made(desk: Desk, actor: Actor) -> TipReport:
    async with desk.units.read() as unit:
        period = period_of(Span.THIS_MONTH, unit.now.astimezone(BRUSSELS).date())
        return await make_tip_report(unit, actor, period, desk.organisation.helpdesk, BRUSSELS)


async def test_a_ticket_solved_with_a_tip_counts_until_it_is_opened_again(
    one_tip: Desk, policy: HelpdeskPolicy, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    async with one_tip.units() as unit:
        for _ in range(2):
            solved = await solutions.solve_with_tip(
                unit, bram, ticket.id, TIP.id, plain_text(TIP), policy, key="press"
            )
        assert solved.state is State.RESOLVED
        with pytest.raises(NotFound):
            await solutions.solve_with_tip(unit, bram, ticket.id, "niets", "x", policy, key="2")
        with pytest.raises(NotFound):
            await solutions.solve_with_tip(unit, amina, ticket.id, TIP.id, "x", policy, key="3")
    assert (await made(one_tip, bram)).by_theme == {"vergaderen": TipCounts(solved=1)}
    await take(amina, Step.REOPEN, ticket.id)
    assert (await made(one_tip, bram)).total == NOTHING
    async with one_tip.units() as unit:
        await solutions.solve_with_tip(unit, bram, ticket.id, TIP.id, "Nu wel", policy, key="4")
    assert (await made(one_tip, bram)).total == TipCounts(solved=1)


async def test_the_report_counts_by_theme_and_team(one_tip: Desk, amina: Actor, dirk: Actor) -> None:
    def asked(who: Actor, zone: Zone) -> Asked:
        return Asked(new_id(), who.id, "nl", f"{zone} {who.id}", zone, 0.5, (TIP.id,), who.team_id)

    helped, failed, unknown, other = (
        asked(amina, Zone.ANSWER),
        asked(amina, Zone.ANSWER),
        asked(amina, Zone.UNKNOWN),
        asked(dirk, Zone.ANSWER),
    )
    async with one_tip.units() as unit:
        await record_questions(unit, [helped, failed, unknown, other])
        await rate_tip(unit, amina, RateTip(TIP.id, helped=True, question_id=helped.id), "1")
        await rate_tip(unit, amina, RateTip(TIP.id, helped=False, question_id=failed.id), "2")
        await feedback.hand_over(unit, amina, failed.id, feedback.HandedTo.HELPDESK)
        await feedback.hand_over(unit, amina, unknown.id, feedback.HandedTo.DIGICOACH)
        await count_deflection(unit, dirk, new_id(), Kind.INCIDENT, Helped.TIP, TIP.id)
        await count_deflection(unit, dirk, new_id(), Kind.INCIDENT, Helped.DIGICOACH, "els")
    await sweep_questions(one_tip)
    report = await made(one_tip, person("hanne").as_actor())
    assert report.total == TipCounts(4, 3, 1, 1, 2, 1, 0)
    assert report.by_theme == {
        "vergaderen": TipCounts(3, 3, 1, 1, 1, 1, 0),
        None: TipCounts(1, 0, 0, 0, 1, 0, 0),
    }
    assert report.by_team == {
        amina.team_id: TipCounts(3, 2, 1, 1, 2, 0, 0),
        dirk.team_id: TipCounts(1, 1, 0, 0, 0, 1, 0),
    }
    assert report.worst == (BadTip(TIP.id, TIP.title, 1, 1),)
    assert report.waiting == 2
    with pytest.raises(NotFound):
        await made(one_tip, dirk)
