"""What the tests of digicoaches share: who asks whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from domain.actor import Actor
from domain.desk import Desk
from domain.digicoaches.actions import AskCoach, ask_coach
from domain.digicoaches.question import CoachQuestion
from domain.digicoaches.reading import load_question
from domain.jobs.models import Job
from domain.tables import new_id
from tests.cast import person

TEXT = "Hoe zet ik de foto's van mijn gsm bij de werkbon?"


def actor(person_id: str) -> Actor:
    return person(person_id).as_actor()


class Floor:
    """Questions on the floor: short words for what the tests do most."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def ask(self, who: str = "dirk", text: str = TEXT, **more: Any) -> CoachQuestion:
        async with self.desk.units() as unit:
            return await ask_coach(unit, self.desk, actor(who), AskCoach(text, **more), new_id())

    async def do(self, action: Callable[..., Any], who: str, *args: Any, **more: Any) -> Any:
        """An action of this person, with a key of its own when it takes one."""
        async with self.desk.units() as unit:
            return await action(unit, self.desk, actor(who), *args, **more)

    async def now(self, question_id: str) -> CoachQuestion:
        async with self.desk.units.read() as unit:
            return await load_question(unit, question_id)

    async def shown(self, view: str) -> list[tuple[str, str]]:
        """To whom this view is shown anew, and of what, in order."""
        async with self.desk.units.read() as unit:
            jobs = await unit.db.execute(select(Job.payload).where(Job.kind == "chats.show").order_by(Job.id))
        return [
            (job["person"], job["subject"])
            for job in jobs.scalars()
            if job["view"] == view and not job["only_if_posted"]
        ]


@pytest.fixture
def floor(desk: Desk) -> Floor:
    return Floor(desk)
