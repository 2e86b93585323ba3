from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Row, func, select

from adapters.database.engine import DatabaseUnits
from adapters.organisation.tips import Tips
from domain.actor import Actor
from domain.errors import Conflict, NotFound
from domain.tables import new_id
from domain.tips import actions, reading
from domain.tips.actions import RateTip
from domain.tips.bringing import Imported, import_tips
from domain.tips.contents import digest_of
from domain.tips.log import QuestionLog
from domain.tips.models import QuestionRow, RatingRow, SynonymRow, TipRow
from domain.tips.shelf import FRESH_FOR, Shelf
from domain.tips.tip import Asked, TipState, Zone

TIP = "document-delen-extern"


def asked(zone: Zone = Zone.ANSWER, text: str = "hoe deel ik dit", who: str = "amina") -> Asked:
    shown = () if zone is Zone.UNKNOWN else (TIP,)
    return Asked(new_id(), who, "nl", text, zone, 0.5, shown)


async def count_of(units: DatabaseUnits, table: type) -> int:
    async with units.read() as unit:
        return int((await unit.db.execute(select(func.count()).select_from(table))).scalar_one())


async def question(units: DatabaseUnits, question_id: str) -> Row[Any]:
    async with units.read() as unit:
        return (await unit.db.execute(select(QuestionRow).where(QuestionRow.id == question_id))).one()


async def test_importing_twice_changes_nothing(units: DatabaseUnits, tips: Tips) -> None:
    async with units() as unit:
        first = await import_tips(unit, tips.tips, tips.synonyms)
        stamp = await reading.tips_stamp(unit)
    async with units() as unit:
        unit.now = unit.now.replace(year=2027)
        second = await import_tips(unit, tips.tips, tips.synonyms)
        assert await reading.tips_stamp(unit) == stamp
    assert first == Imported(added=len(tips.tips), changed=0, unchanged=0, retired=0)
    assert second == Imported(added=0, changed=0, unchanged=len(tips.tips), retired=0)
    assert await count_of(units, TipRow) == len(tips.tips)
    assert await count_of(units, SynonymRow) == len(tips.synonyms)


async def test_a_tip_comes_back_as_it_was_written(stocked: DatabaseUnits, tips: Tips) -> None:
    async with stocked.read() as unit:
        for tip in tips.tips:
            stored = await reading.get_tip(unit, tip.id)
            assert (stored.tip, stored.version, stored.digest) == (tip, 1, digest_of(tip))


async def test_a_changed_tip_goes_up_a_version_and_one_that_is_gone_retires(
    stocked: DatabaseUnits, tips: Tips
) -> None:
    changed = replace(tips.tips[0], intro="Nu anders.")
    async with stocked() as unit:
        found = await import_tips(unit, [changed, *tips.tips[2:]], tips.synonyms)
    assert found == Imported(added=0, changed=1, unchanged=len(tips.tips) - 2, retired=1)
    async with stocked.read() as unit:
        stored = await reading.get_tip(unit, changed.id)
        assert (stored.tip.intro, stored.version) == ("Nu anders.", 2)
        with pytest.raises(NotFound):
            await reading.get_tip(unit, tips.tips[1].id)
        state = select(TipRow.state).where(TipRow.id == tips.tips[1].id)
        assert (await unit.db.execute(state)).scalar_one() == TipState.RETIRED
    async with stocked() as unit:
        back = await import_tips(unit, [changed, *tips.tips[1:]], tips.synonyms)
    assert back == Imported(added=0, changed=1, unchanged=len(tips.tips) - 1, retired=0)


async def test_an_unknown_tip_is_not_found(stocked: DatabaseUnits) -> None:
    async with stocked.read() as unit:
        with pytest.raises(NotFound):
            await reading.get_tip(unit, "kaketoe")


async def test_a_list_comes_in_pages_without_gaps_or_repeats(stocked: DatabaseUnits, tips: Tips) -> None:
    seen: list[str] = []
    cursor = None
    async with stocked.read() as unit:
        while True:
            page = await reading.list_tips(unit, limit=7, cursor=cursor)
            assert len(page.tips) <= 7
            seen += [stored.tip.id for stored in page.tips]
            cursor = page.cursor
            if cursor is None:
                break
        outlook = await reading.list_tips(unit, theme="outlook")
    assert seen == sorted(tip.id for tip in tips.tips)
    assert {stored.tip.theme for stored in outlook.tips} == {"outlook"}
    assert len(outlook.tips) == sum(tip.theme == "outlook" for tip in tips.tips)


async def test_a_question_is_written_once_per_key(units: DatabaseUnits, amina: Actor) -> None:
    one, again = asked(), asked()
    async with units() as unit:
        assert await actions.record_question(unit, amina, one, "k") == one.id
    async with units() as unit:
        assert await actions.record_question(unit, amina, again, "k") == one.id
    assert await count_of(units, QuestionRow) == 1


async def test_an_answer_is_the_tip_of_its_question_and_a_choice_has_none_yet(
    units: DatabaseUnits, amina: Actor
) -> None:
    answered, offered = asked(Zone.ANSWER), asked(Zone.CHOOSE)
    async with units() as unit:
        await actions.record_questions(unit, [answered, offered, answered])
    assert (await question(units, answered.id)).tip_id == TIP
    assert (await question(units, offered.id)).tip_id is None


async def test_the_first_choice_stands_and_only_the_askers_counts(
    units: DatabaseUnits, amina: Actor, dirk: Actor
) -> None:
    offered = asked(Zone.CHOOSE)
    async with units() as unit:
        await actions.record_questions(unit, [offered])
        await actions.choose_tip(unit, dirk, offered.id, "van-dirk")
        await actions.choose_tip(unit, amina, offered.id, "eerste")
        await actions.choose_tip(unit, amina, offered.id, "tweede")
        await actions.choose_tip(unit, amina, offered.id, None)
    row = await question(units, offered.id)
    assert (row.tip_id, row.none_fitted) == ("eerste", False)


async def test_none_of_these_is_remembered(units: DatabaseUnits, amina: Actor) -> None:
    offered = asked(Zone.CHOOSE)
    async with units() as unit:
        await actions.record_questions(unit, [offered])
        await actions.choose_tip(unit, amina, offered.id, None)
    row = await question(units, offered.id)
    assert (row.tip_id, row.none_fitted) == (None, True)


async def test_only_who_asked_can_read_a_question_back(
    units: DatabaseUnits, amina: Actor, dirk: Actor
) -> None:
    one = asked(text="een vraag van Amina")
    async with units() as unit:
        await actions.record_questions(unit, [one])
        assert await actions.question_text(unit, amina, one.id) == "een vraag van Amina"
        assert await actions.question_text(unit, dirk, one.id) is None
        assert await actions.question_text(unit, amina, new_id()) is None


async def test_a_rating_counts_once_per_question_and_the_first_word_stands(
    stocked: DatabaseUnits, amina: Actor
) -> None:
    question_id = new_id()
    for helped, key in ((True, "a"), (True, "a"), (False, "b")):
        async with stocked() as unit:
            stored = await actions.rate_tip(unit, amina, RateTip(TIP, helped, question_id), key)
            assert stored.tip.id == TIP
    async with stocked.read() as unit:
        rows = (await unit.db.execute(select(RatingRow.helped, RatingRow.tip_version))).all()
    assert [tuple(row) for row in rows] == [(True, 1)]


async def test_a_key_cannot_be_used_for_another_rating(stocked: DatabaseUnits, amina: Actor) -> None:
    async with stocked() as unit:
        await actions.rate_tip(unit, amina, RateTip(TIP, True, None), "a")
    with pytest.raises(Conflict):
        async with stocked() as unit:
            await actions.rate_tip(unit, amina, RateTip(TIP, False, None), "a")


async def test_an_unknown_tip_cannot_be_rated(stocked: DatabaseUnits, amina: Actor) -> None:
    with pytest.raises(NotFound):
        async with stocked() as unit:
            await actions.rate_tip(unit, amina, RateTip("kaketoe", True, None), "a")
    assert await count_of(stocked, RatingRow) == 0


async def test_questions_kept_are_written_together_and_drained(units: DatabaseUnits) -> None:
    log = QuestionLog(units, wait=60)
    for _ in range(20):
        log.keep(asked())
    assert await count_of(units, QuestionRow) == 0
    await log.drain()
    assert await count_of(units, QuestionRow) == 20
    await log.drain()
    assert await count_of(units, QuestionRow) == 20


async def test_questions_kept_are_written_without_a_drain(units: DatabaseUnits) -> None:
    log = QuestionLog(units, wait=0.01)
    log.keep(asked())
    for _ in range(200):
        if await count_of(units, QuestionRow) == 1:
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("nothing was written")
    await log.drain()


async def test_what_the_database_refused_is_kept_for_the_next_time(
    units: DatabaseUnits, caplog: pytest.LogCaptureFixture
) -> None:
    broken = asked(text=None)  # type: ignore[arg-type]
    log = QuestionLog(units, wait=0.01)
    log.keep(broken)
    for _ in range(500):
        if "questions_not_written" in caplog.text:
            break
        await asyncio.sleep(0.01)
    object.__setattr__(broken, "text", "toch een tekst")
    log.keep(asked())
    await log.drain()
    assert await count_of(units, QuestionRow) == 2


async def test_a_full_log_lets_the_oldest_go_and_says_so(
    units: DatabaseUnits, caplog: pytest.LogCaptureFixture
) -> None:
    log = QuestionLog(units, wait=60, most=3)
    kept = [asked() for _ in range(5)]
    for one in kept:
        log.keep(one)
    await log.drain()
    async with units.read() as unit:
        written = set((await unit.db.execute(select(QuestionRow.id))).scalars())
    assert written == {one.id for one in kept[2:]}
    assert caplog.text.count("question_dropped") == 2


async def test_the_shelf_reads_a_tip_again_after_a_while(stocked: DatabaseUnits, tips: Tips) -> None:
    now = [0.0]
    shelf = Shelf(stocked, clock=lambda: now[0])
    first = await shelf.tip(TIP)
    assert [tip.id for tip in first.related] == list(first.tip.related)
    changed = [replace(tip, intro="Nieuw.") if tip.id == TIP else tip for tip in tips.tips]
    async with stocked() as unit:
        await import_tips(unit, changed, tips.synonyms)
    assert await shelf.tip(TIP) is first
    now[0] = FRESH_FOR
    assert (await shelf.tip(TIP)).tip.intro == "Nieuw."
    with pytest.raises(NotFound):
        await shelf.tip("kaketoe")
