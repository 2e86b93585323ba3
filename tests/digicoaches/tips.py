"""Two tips to travel along."""

from __future__ import annotations

from datetime import date

from domain.desk import Desk
from domain.tips.bringing import import_tips
from domain.tips.tip import Audience, Source, Tip


async def some_tips(desk: Desk) -> tuple[str, str]:
    """Their ids; the first is called `Eerste tip`."""
    made = [
        Tip(
            id=tip_id,
            language="nl",
            theme="hulp",
            theme_name="Hulp",
            audience=Audience.EVERYONE,
            title=title,
            alternates=("a", "b", "c"),
            intro="Zo doe je het.",
            steps=("Doe het.",),
            phone=None,
            note=None,
            source=Source("Stad"),
            related=(),
            checked=date(2026, 11, 1),
        )
        for tip_id, title in (("eerste-tip", "Eerste tip"), ("tweede-tip", "Tweede tip"))
    ]
    async with desk.units() as unit:
        await import_tips(unit, made)
    return made[0].id, made[1].id
