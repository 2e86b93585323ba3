"""Messages in people's chats: at once, together or in the morning, each once, whatever happens in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.notifications import claims, save
from bot.turn import NOTHING
from domain.chats.actions import SHOW, show
from domain.errors import NotFound
from domain.jobs.handling import ClaimedJob
from domain.jobs.models import Job
from domain.notifications.actions import (
    IN_A_BUNDLE,
    KEPT_FOR,
    forget_told,
    in_bundle,
    settings_of,
    sweep_held,
    tell_held,
)
from domain.notifications.models import HeldNotice
from domain.notifications.policy import Kind, Mode
from tests.cards.reading import of_type, texts
from tests.conftest import Clock
from tests.notifications.conftest import NEWS, RESULT, URGENT, Chats
from tests.service_levels.test_calendar import local


async def waiting(chats: Chats) -> int:
    async with chats.units.read() as unit:
        held = select(func.count()).select_from(HeldNotice).where(HeldNotice.bundle_id.is_(None))
        return int((await unit.db.execute(held)).scalar_one())


# --- now, together, in the morning ------------------------------------------------------------------------


async def test_an_answer_of_the_desk_comes_at_once_at_night_too(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-24T02:00")
    await chats.tell(URGENT, "een", "twee")
    assert chats.heard == ["Over een", "Over twee"]


async def test_the_first_comes_at_once_and_what_follows_soon_comes_together(
    chats: Chats, clock: Clock
) -> None:
    await chats.tell(NEWS, "een")
    clock.forward(minutes=1)
    await chats.tell(NEWS, "twee", "drie")
    clock.forward(minutes=3)
    await chats.tell(NEWS, "vier")
    assert chats.heard == ["Over een"]
    clock.forward(minutes=1)  # five after the first
    await chats.work()
    assert chats.heard[1:] == ["3 berichten voor jou"]
    assert {"Over twee", "Over drie", "Over vier"} <= set(chats.seen[1])
    clock.forward(minutes=1)
    await chats.tell(NEWS, "vijf")
    assert len(chats.seen) == 2
    clock.forward(minutes=10)
    await chats.work()
    assert chats.heard[2:] == ["Over vijf"]  # alone, it is itself


async def test_one_closing_is_one_message(chats: Chats, clock: Clock) -> None:
    await chats.tell(NEWS, "een")
    await chats.tell(NEWS, "melding", "melding", "melding")
    clock.forward(minutes=6)
    await chats.work()
    assert chats.heard == ["Over een", "Over melding"]


async def test_quiet_hours_hold_until_the_morning(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een")
    clock.now = local("2026-11-24T06:59")
    await chats.tell(NEWS, "twee")
    assert chats.seen == []
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    assert chats.heard == ["2 berichten voor jou"]


async def test_a_weekend_is_quiet(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-21T11:00")
    await chats.tell(RESULT, "een")
    clock.now = local("2026-11-23T07:00")
    assert chats.seen == []
    await chats.work()
    assert chats.heard == ["Over een"]


async def test_for_who_is_at_work_it_is_not_quiet(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.opens("amina", hours_ago=0.2)
    await chats.tell(RESULT, "een")
    assert chats.heard == ["Over een"]


async def test_more_than_fits_in_a_list_comes_in_more_lists(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    subjects = [f"zaak {number:02}" for number in range(IN_A_BUNDLE + 3)]
    await chats.tell(RESULT, *subjects)
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    assert chats.heard == [f"{IN_A_BUNDLE} berichten voor jou", "3 berichten voor jou"]
    assert {line for said in chats.seen for line in said} >= {f"Over {subject}" for subject in subjects}


async def test_what_has_passed_by_then_is_not_told(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een", "twee", "drie")
    chats.passed |= {"twee"}
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    [said] = chats.seen
    assert said[0] == "2 berichten voor jou"
    assert "Over twee" not in said
    clock.now = local("2026-11-24T22:00")
    await chats.tell(RESULT, "vier", "vijf")
    chats.passed |= {"vier", "vijf"}
    clock.now = local("2026-11-25T07:00")
    await chats.work()
    assert len(chats.seen) == 1


async def test_a_card_that_stands_is_updated_at_any_hour(chats: Chats, clock: Clock) -> None:
    await chats.tell(RESULT, "een")
    clock.now = local("2026-11-24T02:00")
    await chats.tell(RESULT, "een")
    assert [call.method for call in chats.server.calls] == ["POST", "PUT"]
    assert await waiting(chats) == 0


async def test_who_has_no_chat_is_told_when_they_open_one(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een", to="dirk")
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    assert chats.seen == []
    await chats.opens("dirk", hours_ago=0)
    await chats.work()
    assert chats.heard == ["Over een"]


# --- never lost, never double -----------------------------------------------------------------------------


async def test_a_job_that_runs_again_after_a_crash_holds_once(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    async with chats.units() as unit:
        await show(unit, RESULT, "een", "amina")
    async with chats.units.read() as unit:
        row = (await unit.db.execute(select(Job.id, Job.payload))).one()
    job = ClaimedJob(row.id, SHOW, row.payload, 1)
    await chats.handler(job)  # and then the worker died, before it could say so
    await chats.work()
    assert await waiting(chats) == 1
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    clock.now = local("2026-11-24T22:00")
    await chats.handler(job)  # its lease ran out only now
    clock.now = local("2026-11-25T07:00")
    await chats.work()
    assert chats.heard == ["Over een"]


async def test_a_sweep_that_dies_leaves_everything_for_the_next(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een", "twee")
    clock.now = local("2026-11-24T07:00")
    with pytest.raises(ZeroDivisionError):
        async with chats.units() as unit:
            await tell_held(unit, "amina")
            _ = 1 / 0
    assert await waiting(chats) == 2
    await chats.work()
    await chats.work()
    assert chats.heard == ["2 berichten voor jou"]


async def test_sweeps_at_once_tell_once(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een", "twee")
    clock.now = local("2026-11-24T07:00")
    await asyncio.gather(*(sweep_held(chats.desk) for _ in range(4)))
    await chats.work()
    assert chats.heard == ["2 berichten voor jou"]


async def test_a_clock_that_is_set_back_loses_and_doubles_nothing(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een")
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    clock.now = local("2026-11-23T20:00")  # set back by a night
    await chats.tell(RESULT, "twee")
    await chats.work()
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    assert chats.heard == ["Over een", "Over twee"]


async def test_what_was_told_long_ago_is_forgotten(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een", "twee")
    clock.forward(days=1)
    await chats.work()
    assert await forget_told(chats.desk) == 0
    clock.now += KEPT_FOR + timedelta(days=1)
    assert await forget_told(chats.desk) == 2


# --- a list in the chat -----------------------------------------------------------------------------------


async def bundle(chats: Chats, clock: Clock) -> tuple[str, list[str]]:
    """The id of a list of two, and of the two."""
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een", "twee")
    clock.now = local("2026-11-24T07:00")
    await chats.work()
    async with chats.units.read() as unit:
        bundle_id = (await unit.db.execute(select(HeldNotice.bundle_id).distinct())).scalar_one()
        return str(bundle_id), list(await in_bundle(unit, str(bundle_id), "amina"))


async def test_one_of_a_list_is_shown_below_it_and_leaves_the_list(chats: Chats, clock: Clock) -> None:
    bundle_id, [first, second] = await bundle(chats, clock)
    for _ in range(2):  # a second press changes nothing
        reply = await chats.feature.verbs["notifications.open"](
            chats.turn("amina", bundle=bundle_id, id=first)
        )
        assert "Over een" not in texts(reply.card)
        assert "Over twee" in texts(reply.card)
    await chats.work()
    assert chats.heard == ["2 berichten voor jou", "Over een"]
    reply = await chats.feature.verbs["notifications.open"](chats.turn("amina", bundle=bundle_id, id=second))
    assert "Je hebt ze allemaal geopend. Ze staan hieronder." in texts(reply.card)


async def test_a_list_is_nobody_elses(chats: Chats, clock: Clock) -> None:
    bundle_id, [first, _] = await bundle(chats, clock)
    press = chats.feature.verbs["notifications.open"]
    reply = await press(chats.turn("dirk", bundle=bundle_id, id=first))
    assert "Over twee" not in texts(reply.card)
    await chats.work()
    assert chats.heard == ["2 berichten voor jou"]
    with pytest.raises(NotFound):
        await press(chats.turn("amina", bundle="x", id="y"))


# --- choosing ---------------------------------------------------------------------------------------------

FORM = {
    "result": "daily",
    "answer": "at_once",
    "quiet": "yes",
    "quiet_from": "20:00",
    "quiet_until": "08:00",
    "closed_days": "no",
    "digest_at": "16:30",
}


async def test_what_a_person_chose_holds_from_then_on(chats: Chats, clock: Clock) -> None:
    await save(chats.turn("amina", **FORM))
    await chats.tell(RESULT, "een", "twee")
    clock.now = local("2026-11-23T21:00")
    await chats.tell(URGENT, "drie")
    assert chats.heard == ["2 berichten voor jou"]  # at half past four; the answer waits for eight
    clock.now = local("2026-11-24T08:00")
    await chats.work()
    assert chats.heard[1:] == ["Over drie"]


async def test_what_waits_already_follows_what_is_chosen(chats: Chats, clock: Clock) -> None:
    clock.now = local("2026-11-23T22:00")
    await chats.tell(RESULT, "een")
    await save(chats.turn("amina", **(FORM | {"result": "always"})))
    await chats.work()
    assert chats.heard == ["Over een"]


async def test_a_form_that_is_wrong_comes_back_with_what_was_typed(chats: Chats) -> None:
    typed = FORM | {"quiet_until": "20:00", "digest_at": "straks"}
    reply = await save(chats.turn("amina", **typed))
    assert "Kies een tijd, zoals 09:00." in texts(reply.card)
    assert "Kies vanaf wanneer en tot wanneer het stil is: twee verschillende tijden." in texts(reply.card)
    inputs = {one["id"]: one.get("value") for one in of_type(reply.card, "Input.")}
    assert (inputs["result"], inputs["quiet_until"], inputs["closed_days"]) == ("daily", "20:00", "no")
    async with chats.units.read() as unit:
        policy = chats.desk.organisation.notifications
        assert await settings_of(unit, policy, "amina") == (policy.usual, None)


async def test_a_person_may_choose_that_it_is_never_quiet(chats: Chats, clock: Clock) -> None:
    await save(chats.turn("amina", **(FORM | {"quiet": "no", "result": "at_once"})))
    clock.now = local("2026-11-22T03:00")
    await chats.tell(RESULT, "een")
    assert chats.heard == ["Over een"]


@pytest.mark.parametrize("command", ["berichten instellen", "Meldingen instellen.", "voorkeuren"])
async def test_the_command_opens_the_card_with_what_is_so_now(chats: Chats, command: str) -> None:
    for person_id, kinds in (("amina", 5), ("bram", len(Kind))):
        turn = chats.turn(person_id)
        turn.text = command
        reply = await claims(turn)
        chosen = [one["value"] for one in of_type(reply.card, "Input.ChoiceSet")]
        modes = [value for value in chosen if value in {mode.value for mode in Mode}]
        assert len(modes) == kinds


async def test_other_words_are_not_the_command(chats: Chats) -> None:
    turn = chats.turn("amina")
    turn.text = "hoe kan ik mijn meldingen instellen in outlook?"
    assert await claims(turn) is NOTHING
