"""A question from the asker to the digicoach and back, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from domain.approvals.models import AbsenceRow
from domain.digicoaches import actions, moves, register
from domain.digicoaches.actions import AskCoach, NobodyFree, ask_coach
from domain.digicoaches.help import Figures, figures_by_service, note_help, note_on_the_floor
from domain.digicoaches.models import CoachQuestionRow, CoachStepRow
from domain.digicoaches.reading import access_question, lines_of
from domain.digicoaches.rules import Outcome, State, Step
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk.models import tickets
from domain.helpdesk.rules import Kind
from domain.tables import new_id
from domain.tips.actions import record_questions
from domain.tips.models import QuestionRow, TipDraftRow
from domain.tips.tip import Asked, Zone
from domain.unit import Units
from tests.conftest import Clock
from tests.digicoaches.conftest import TEXT, Floor, actor

ANSWER = "Open de werkbon.\n1. Druk op het potlood.\n2. Kies de foto."


async def test_a_question_goes_to_a_digicoach_of_ones_own_service(floor: Floor) -> None:
    question = await floor.ask("dirk")
    assert (question.state, question.coach_id, question.service_id) == (State.OFFERED, "joris", "omgeving")
    assert await floor.shown(moves.COACH_VIEW) == [("joris", question.id)]


async def test_without_a_digicoach_in_the_service_the_cluster_is_asked_and_then_the_city(
    floor: Floor,
) -> None:
    assert (await floor.ask("joris")).coach_id == "chantal"  # never oneself; RUIMTE has one more
    assert (await floor.ask("katrien")).service_id == "communicatie"  # nobody in BC at all


async def test_who_speaks_the_language_goes_before_who_is_near(floor: Floor) -> None:
    assert (await floor.ask("xavier")).coach_id == "zeno"  # both French, same service
    assert (await floor.ask("emma")).coach_id in {"joris", "thomas"}  # her own service speaks no English


async def test_each_gets_a_fair_share_of_the_week_and_then_the_next_one_has_it(
    floor: Floor, clock: Clock
) -> None:
    asked = [(await floor.ask("dirk", f"Vraag {n}: waar staat dit?")).coach_id for n in range(4)]
    assert asked == ["joris"] * 3 + ["chantal"]
    clock.forward(days=7)
    assert (await floor.ask("dirk")).coach_id == "joris"


async def test_help_on_the_floor_counts_in_the_share(floor: Floor) -> None:
    for _ in range(3):
        await floor.do(note_on_the_floor, "joris", 5, Outcome.HELPED, key=new_id())
    assert (await floor.ask("dirk")).coach_id != "joris"


async def test_who_is_away_is_not_asked(floor: Floor) -> None:
    away = {"person_id": "joris", "deputy_id": "ingrid", "active": True, "set_at": datetime.now(UTC)}
    async with floor.desk.units() as unit:
        days = {"first_day": date(2026, 11, 20), "last_day": date(2026, 11, 27)}
        await unit.db.execute(insert(AbsenceRow), away | days)
    assert (await floor.ask("dirk")).coach_id == "chantal"


async def test_when_nobody_is_free_it_is_said_and_nothing_is_written(floor: Floor) -> None:
    for coach in [one.id for one in floor.desk.organisation.people if "digicoach" in one.roles]:
        async with floor.desk.units() as unit:
            mine = await register.access_coach(unit, floor.desk, actor(coach))
        paused = {f: getattr(mine, f) for f in mine.__dataclass_fields__} | {"pause_until": date(2026, 12, 1)}
        await floor.do(register.save_profile, coach, type(mine)(**paused))
    with pytest.raises(NobodyFree):
        await floor.ask("dirk")
    async with floor.desk.units.read() as unit:
        assert (await unit.db.execute(select(func.count()).select_from(CoachStepRow))).scalar_one() == 0


async def test_asked_twice_with_one_key_it_is_one_question(floor: Floor) -> None:
    async def once() -> str:
        return str((await floor.do(ask_coach, "dirk", AskCoach(TEXT), "key")).id)

    assert await once() == await once()
    assert len(await floor.shown(moves.COACH_VIEW)) == 1


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
async def test_nothing_and_far_too_much_are_no_question(floor: Floor, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        await floor.ask("dirk", text)
    assert refused.value.field == "text"


async def test_secrets_are_not_kept(floor: Floor) -> None:
    question = await floor.ask("dirk", "mijn wachtwoord: Geheim123! werkt niet")
    answered = await floor.do(actions.answer, "joris", question.id, "wachtwoord: Zomer2026", key="a")
    async with floor.desk.units.read() as unit:
        said = [line.text for line in await lines_of(unit, question.id) if line.text]
    assert "Geheim123" not in answered.text
    assert "Zomer2026" not in " ".join(said)


async def test_the_tips_that_were_shown_go_along_and_the_question_is_counted_as_handed_over(
    floor: Floor,
) -> None:
    from tests.digicoaches.tips import some_tips

    first, second = await some_tips(floor.desk)
    asked = Asked(new_id(), "dirk", "nl", TEXT, Zone.CHOOSE, 0.3, (first, "no-such-tip"), team_id="omgeving")
    async with floor.desk.units() as unit:
        await record_questions(unit, [asked])
    question = await floor.ask("dirk", question_id=asked.id, tips=(second, "neither"))
    assert question.tips == (second, first)
    async with floor.desk.units.read() as unit:
        row = (await unit.db.execute(select(QuestionRow))).one()
    assert row.handed_to == "digicoach"

    other = await floor.ask("an", question_id=asked.id)
    assert other.tips == ()  # somebody else's question says nothing


async def test_answered_and_helped_it_is_over(floor: Floor) -> None:
    question = await floor.ask()
    await floor.do(actions.accept, "joris", question.id, key="1")
    await floor.do(actions.answer, "joris", question.id, ANSWER, key="2")
    [(who, subject)] = await floor.shown(moves.ASKER_NEWS_VIEW)
    assert (who, subject.partition(":")[0]) == ("dirk", question.id)
    done = await floor.do(actions.helped, "dirk", question.id, key="3")
    assert (done.state, done.next_at) == (State.DONE, None)
    async with floor.desk.units.read() as unit:
        steps = [line.what for line in await lines_of(unit, question.id)]
    assert steps == [Step.ASK, Step.OFFER, Step.ACCEPT, Step.ANSWER, Step.HELPED]


async def test_who_does_not_get_there_asks_on_and_the_clock_starts_anew(floor: Floor, clock: Clock) -> None:
    question = await floor.ask()
    await floor.do(actions.answer, "joris", question.id, ANSWER, key="1")
    clock.forward(days=1)
    again = await floor.do(actions.ask_on, "dirk", question.id, "Ik zie geen potlood.", key="2")
    assert again.state is State.ACCEPTED
    assert again.due_at > question.due_at
    assert [who for who, _ in await floor.shown(moves.COACH_NEWS_VIEW)] == ["joris"]


async def test_passed_on_it_goes_to_the_next_one_and_never_back(floor: Floor) -> None:
    question = await floor.ask()
    asked = [question.coach_id]
    while (question := await floor.now(question.id)).state is State.OFFERED:
        await floor.do(actions.pass_on, question.coach_id, question.id, key=new_id())
        asked.append((await floor.now(question.id)).coach_id)
    assert len(set(asked[:-1])) == len(asked) - 1 > 5
    assert question.state is State.TICKET  # nobody else was free


async def test_of_two_digicoaches_only_who_has_it_may_touch_it(floor: Floor) -> None:
    question = await floor.ask()
    outsider = actor("amina")
    async with floor.desk.units.read() as unit:
        for one in (outsider, actor("chantal")):
            with pytest.raises(NotFound):
                await access_question(unit, one, question.id)
    with pytest.raises(NotFound):
        await floor.do(actions.accept, "dirk", question.id, key="1")  # who asked is not who is asked
    with pytest.raises(NotFound):
        await floor.do(actions.helped, "joris", question.id, key="2")
    await floor.do(actions.pass_on, "joris", question.id, key="3")
    with pytest.raises(NotFound):
        await floor.do(actions.answer, "joris", question.id, ANSWER, key="4")


async def test_a_ticket_has_the_question_the_tips_and_the_words_of_the_digicoach(floor: Floor) -> None:
    from tests.digicoaches.tips import some_tips

    first, _ = await some_tips(floor.desk)
    question = await floor.ask(tips=(first,))
    await floor.do(actions.answer, "joris", question.id, ANSWER, key="1")
    handed = await floor.do(
        actions.make_ticket, "joris", question.id, Kind.INCIDENT, "Zijn camera is stuk.", key="2"
    )
    again = await floor.do(
        actions.make_ticket, "joris", question.id, Kind.INCIDENT, "Zijn camera is stuk.", key="2"
    )
    assert handed.ticket_id == again.ticket_id
    async with floor.desk.units.read() as unit:
        ticket = (await unit.db.execute(select(tickets))).one()
    assert (ticket.requester_id, ticket.kind, ticket.number[0]) == ("dirk", "incident", "I")
    for part in (TEXT, "Eerste tip", "Druk op het potlood.", "Zijn camera is stuk.", "Joris Lammens"):
        assert part in ticket.text


async def test_however_long_the_conversation_was_it_becomes_a_ticket(floor: Floor) -> None:
    question = await floor.ask(text="v" * 2000)
    for n in range(3):
        await floor.do(actions.answer, "joris", question.id, f"{n}" * 2000, key=f"{n}")
    handed = await floor.do(actions.make_ticket, "joris", question.id, Kind.REQUEST, "w" * 2000, key="t")
    assert handed.state is State.TICKET


async def test_one_press_registers_and_a_second_one_corrects(floor: Floor) -> None:
    question = await floor.ask()
    await floor.do(note_help, "joris", question.id, 5, Outcome.NOT_YET)
    assert (await floor.now(question.id)).state is State.ACCEPTED  # it still waits
    await floor.do(note_help, "joris", question.id, 15, Outcome.HELPED)
    assert (await floor.now(question.id)).state is State.DONE
    with pytest.raises(NotFound):
        await floor.do(note_help, "chantal", question.id, 15, Outcome.HELPED)
    with pytest.raises(Invalid):
        await floor.do(note_help, "joris", question.id, 7, Outcome.HELPED)
    year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    async with floor.desk.units.read() as unit:
        counted = await figures_by_service(unit, *year)
    assert counted == {"omgeving": Figures(1, 15, 1, 0, 0)}


async def test_the_answer_is_proposed_as_a_tip_once(floor: Floor) -> None:
    question = await floor.ask()
    with pytest.raises(Conflict):
        await floor.do(actions.propose_tip, "joris", question.id, key="1")
    await floor.do(actions.answer, "joris", question.id, ANSWER, key="2")
    draft = await floor.do(actions.propose_tip, "joris", question.id, key="3")
    assert draft == await floor.do(actions.propose_tip, "joris", question.id, key="4")
    async with floor.desk.units.read() as unit:
        row = (await unit.db.execute(select(TipDraftRow))).one()
    assert (row.title, row.proposer_id, row.origin) == (TEXT, "joris", f"digicoach:{question.id}")
    assert row.content["intro"] == "Open de werkbon."
    assert row.content["steps"] == ["Druk op het potlood.", "Kies de foto."]


async def test_accepted_and_withdrawn_at_once_one_of_the_two_happens(floor: Floor) -> None:
    question = await floor.ask()
    results = await asyncio.gather(
        floor.do(actions.accept, "joris", question.id, key="1"),
        floor.do(actions.withdraw, "dirk", question.id, key="2"),
        return_exceptions=True,
    )
    assert all(isinstance(one, Conflict) for one in results if isinstance(one, BaseException))
    async with floor.desk.units.read() as unit:
        versions = (await unit.db.execute(select(CoachQuestionRow.version))).scalar_one()
        steps = len(await lines_of(unit, question.id))
    assert steps == versions + 1  # ask and offer are version 1


async def test_two_at_once_never_both_get_the_last_place_of_a_week(floor: Floor) -> None:
    for n in range(2):
        await floor.ask("dirk", f"Vraag {n}: waar staat dit?")
    both = await asyncio.gather(floor.ask("dirk", "Vraag een?"), floor.ask("ingrid", "Vraag twee?"))
    assert sorted(one.coach_id for one in both) == ["chantal", "joris"]


# --- the register -----------------------------------------------------------------------------------------


async def test_a_contact_person_makes_and_ends_digicoaches_of_the_own_service_only(floor: Floor) -> None:
    from tests.cast import person

    await floor.do(register.add_coach, "an", "wegen", person("danny"))
    with pytest.raises(NotFound):
        await floor.do(register.add_coach, "an", "sport", person("veerle"))
    with pytest.raises(NotFound):
        await floor.do(register.add_coach, "danny", "wegen", person("bart"))
    with pytest.raises(Invalid):
        await floor.do(register.add_coach, "an", "wegen", person("joris"))
    async with floor.desk.units.read() as unit:
        both = [one.person_id for one in await register.coaches_of(unit, floor.desk, ["wegen"])]
    assert both == ["chantal", "danny"]
    assert await floor.shown(register.WELCOME_VIEW) == [("danny", "wegen")]

    await floor.do(register.remove_coach, "an", "wegen", "chantal")  # the directory still says so
    async with floor.desk.units.read() as unit:
        left = [one.person_id for one in await register.coaches_of(unit, floor.desk, ["wegen"])]
        assert await register.coach_of(unit, floor.desk, "chantal") is None
    assert left == ["danny"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"languages": frozenset()}, "languages"),
        ({"languages": frozenset({"xx"})}, "languages"),
        ({"places": ("Maan",)}, "places"),
        ({"per_week": 0}, "per_week"),
        ({"per_week": 21}, "per_week"),
    ],
)
async def test_how_somebody_works_has_to_make_sense(floor: Floor, change: dict[str, Any], field: str) -> None:
    from dataclasses import replace

    async with floor.desk.units.read() as unit:
        mine = await register.access_coach(unit, floor.desk, actor("chantal"))
    with pytest.raises(Invalid) as refused:
        await floor.do(register.save_profile, "chantal", replace(mine, **change))
    assert refused.value.field == field


async def test_what_a_digicoach_says_goes_before_the_files(floor: Floor, units: Units) -> None:
    from dataclasses import replace

    async with units.read() as unit:
        mine = await register.access_coach(unit, floor.desk, actor("chantal"))
    assert (mine.hours.start, mine.per_week) == (time(7), 2)
    await floor.do(register.save_profile, "chantal", replace(mine, per_week=5, service_id="sport"))
    async with units.read() as unit:
        kept = await register.access_coach(unit, floor.desk, actor("chantal"))
    assert (kept.per_week, kept.service_id) == (5, "wegen")  # the service is not theirs to say
