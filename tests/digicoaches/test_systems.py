"""New systems: told to the digicoaches who want to know, before everybody has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.digicoaches import register, systems
from domain.digicoaches.systems import TellSystem, access_system, list_systems, tell_system
from domain.errors import Forbidden, InvalidForm, NotFound
from domain.jobs.handling import ClaimedJob
from tests.digicoaches.conftest import Floor, actor

CLOCKS = TellSystem(
    "Nieuwe prikklok", "Je prikt met je badge.", date(2026, 12, 7), "https://intranet.example"
)


async def test_who_wants_to_know_is_told_and_who_does_not_is_not(floor: Floor) -> None:
    await floor.do(register.subscribe, "zeno", wants=False)
    told = await floor.do(tell_system, "els", CLOCKS, "key")
    assert await floor.do(tell_system, "els", CLOCKS, "key") == told
    job = ClaimedJob("job", systems.TELL, {"system": told.id}, 1)
    await systems.handlers(floor.desk)[systems.TELL](job)
    people = [who for who, _ in await floor.shown(systems.SYSTEM_VIEW)]
    assert "joris" in people
    assert not {"zeno", "dirk", "els"} & set(people)
    assert len(people) == len(set(people)) == 9


async def test_only_digicoaches_and_who_announces_get_to_see_it(floor: Floor) -> None:
    told = await floor.do(tell_system, "els", CLOCKS, "key")
    async with floor.desk.units.read() as unit:
        for one in ("els", "joris", "bram"):
            assert (await access_system(unit, floor.desk, actor(one), told.id)).name == "Nieuwe prikklok"
        with pytest.raises(NotFound):
            await access_system(unit, floor.desk, actor("dirk"), told.id)
        with pytest.raises(NotFound):
            await list_systems(unit, floor.desk, actor("dirk"))
    with pytest.raises(Forbidden):
        await floor.do(tell_system, "dirk", CLOCKS, "key")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"text": "x" * 2001}, "text"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"starts_on": date(2026, 11, 23)}, "starts_on"),  # today: everybody has it already
    ],
)
async def test_an_announcement_has_to_be_whole_and_early(
    floor: Floor, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidForm) as refused:
        await floor.do(tell_system, "els", replace(CLOCKS, **change), "key")  # type: ignore[arg-type]
    assert refused.value.field == field


async def test_the_list_goes_on_where_the_page_ended(floor: Floor) -> None:
    for n in (3, 1, 2):
        later = replace(CLOCKS, name=f"Systeem {n}", starts_on=date(2026, 12, 1) + timedelta(days=n // 2))
        await floor.do(tell_system, "els", later, f"key {n}")
    async with floor.desk.units.read() as unit:
        first = await list_systems(unit, floor.desk, actor("joris"), limit=2)
        rest = await list_systems(unit, floor.desk, actor("joris"), limit=2, cursor=first.cursor)
    assert [one.name for one in (*first.systems, *rest.systems)] == ["Systeem 1", "Systeem 3", "Systeem 2"]
    assert rest.cursor is None
