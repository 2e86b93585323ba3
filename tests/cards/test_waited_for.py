"""Who an approval waits for, in words: one of them, all of them, or some."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cards.approvals.trail import waited_for
from domain.approvals.approval import Event, LogLine, Seat, Why
from domain.approvals.policy import ALL, Circle, Plan, Stage
from locales import translator
from tests.cards.samples.approvals import ASKED, AT

NAMES = {"bram": "Bram", "carla": "Carla", "dirk": "Dirk"}
ALONE = tuple(Seat(1, 0, one, one) for one in NAMES)
DEPUTY = (*ALONE[:2], Seat(1, 0, "dirk", "carla", Why.DEPUTY))


@pytest.mark.parametrize(
    ("needed", "seats", "nl", "en", "fr"),
    [
        (1, ALONE, "Bram, Carla of Dirk", "Bram, Carla, or Dirk", "Bram, Carla ou Dirk"),
        (1, ALONE[:2], "Bram of Carla", "Bram or Carla", "Bram ou Carla"),
        (ALL, ALONE, "Bram, Carla en Dirk", "Bram, Carla, and Dirk", "Bram, Carla et Dirk"),
        (2, ALONE, "2 van Bram, Carla en Dirk", "2 of Bram, Carla, and Dirk", "2 parmi Bram, Carla et Dirk"),
        (ALL, DEPUTY, "Bram en Carla of Dirk", "Bram and Carla or Dirk", "Bram et Carla ou Dirk"),
        (
            ALL,
            (Seat(1, 0, "bram", "bram", Why.ESCALATED), *ALONE[1:2]),
            "Bram of Carla",
            "Bram or Carla",
            "Bram ou Carla",
        ),
    ],
)
def test_it_says_whether_one_is_enough(
    needed: int, seats: tuple[Seat, ...], nl: str, en: str, fr: str
) -> None:
    plan = Plan((Stage((Circle("people"),), needed=needed),))
    approval = replace(ASKED, plan=plan, seats=seats, approver_ids=tuple(seat.person_id for seat in seats))
    said = {language: waited_for(translator(language), approval, NAMES) for language in ("nl", "en", "fr")}
    assert said == {"nl": nl, "en": en, "fr": fr}


def test_who_said_yes_already_is_not_waited_for() -> None:
    seats = (replace(ALONE[0], waiting=False), *ALONE[1:])
    approval = replace(
        ASKED,
        plan=Plan((Stage((Circle("people"),), needed=2),)),
        seats=seats,
        approver_ids=("carla", "dirk"),
        log=(LogLine(Event.APPROVED, "bram", "", AT),),
    )
    assert waited_for(translator("nl"), approval, NAMES) == "Carla of Dirk"
