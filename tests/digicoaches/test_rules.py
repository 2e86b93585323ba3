"""Who is asked, what time does, and who is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.digicoaches import rules
from domain.digicoaches.coach import IDLE, Coach, Load
from domain.digicoaches.policy import Hours, Service
from domain.digicoaches.rules import Due, State, Wish
from domain.organisation import Organisation

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # 9:30 in the city
COACH = Coach(
    "joris", "omgeving", frozenset({"nl"}), (), Hours(frozenset(range(5)), time(8, 30), time(16, 30)), 3
)
WISH = Wish("nl", None, MONDAY, MONDAY + timedelta(hours=4))
YESTERDAY = Load(1, MONDAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("coach", "load", "free"),
    [
        (COACH, IDLE, True),
        (COACH, Load(2), True),
        (COACH, Load(3), False),
        (replace(COACH, per_week=1), Load(1), False),
        (replace(COACH, pause_until=date(2026, 11, 23)), IDLE, False),
        (replace(COACH, pause_until=date(2026, 11, 22)), IDLE, True),
        (replace(COACH, hours=replace(COACH.hours, days=frozenset({2}))), IDLE, False),
        (replace(COACH, hours=replace(COACH.hours, start=time(15))), IDLE, False),
        (replace(COACH, active=False), IDLE, False),
    ],
)
def test_who_is_away_busy_or_not_at_work_is_not_asked(
    coach: Coach, load: Load, free: bool, organisation: Organisation
) -> None:
    assert rules.is_free(coach, load, WISH, organisation.calendar) is free


def test_nobody_works_on_a_day_the_city_is_closed(organisation: Organisation) -> None:
    christmas = datetime(2026, 12, 25, 9, tzinfo=UTC)  # a Friday
    hours, calendar = COACH.hours, organisation.calendar
    assert not rules.works_between(hours, christmas, christmas + timedelta(hours=4), calendar)


@pytest.mark.parametrize(
    ("place", "first", "second", "chosen"),
    [
        (None, IDLE, YESTERDAY, "first"),
        (None, YESTERDAY, Load(1, MONDAY - timedelta(days=2)), "second"),
        (None, Load(2, MONDAY), YESTERDAY, "second"),
        ("Depot Noord", IDLE, Load(2, MONDAY), "second"),
    ],
)
def test_who_had_the_fewest_and_waited_longest_is_asked_and_who_comes_there_first_of_all(
    place: str | None, first: Load, second: Load, chosen: str
) -> None:
    coaches = [
        (replace(COACH, person_id="first"), first),
        (replace(COACH, person_id="second", places=("Depot Noord",)), second),
    ]
    asked = rules.fairest(coaches, replace(WISH, place=place))
    assert asked is not None
    assert asked.person_id == chosen


@pytest.mark.parametrize(
    ("state", "reminded", "hours", "due"),
    [
        (State.OFFERED, None, 2, Due.REMIND),
        (State.OFFERED, MONDAY + timedelta(hours=2), 4, Due.PASS),
        (State.ACCEPTED, None, 2, Due.REMIND),
        (State.ACCEPTED, MONDAY + timedelta(hours=2), 7.5, Due.TICKET),  # 17:00, when the city closes
    ],
)
def test_first_a_reminder_then_another_digicoach_and_in_the_end_the_helpdesk(
    state: State, reminded: datetime | None, hours: float, due: Due, organisation: Organisation
) -> None:
    late = rules.due_at(MONDAY - timedelta(minutes=30), organisation.digicoaches, organisation.calendar)
    soonest = rules.schedule(state, MONDAY, reminded, late, organisation.digicoaches, organisation.calendar)
    assert soonest == (MONDAY + timedelta(hours=hours), due)


@pytest.mark.parametrize("state", [State.ANSWERED, State.DONE, State.TICKET, State.WITHDRAWN])
def test_time_does_nothing_to_what_waits_for_no_digicoach(state: State, organisation: Organisation) -> None:
    policy, calendar = organisation.digicoaches, organisation.calendar
    assert rules.schedule(state, MONDAY, None, MONDAY, policy, calendar) is None


@pytest.mark.parametrize(
    ("service", "people", "wanted"),
    [
        (Service("a", ()), 0, 0),
        (Service("a", ()), 3, 1),
        (Service("a", ()), 31, 3),
        (Service("a", (), ("here", "there")), 3, 2),
        (Service("a", (), ("here", "there"), 1), 31, 1),
    ],
)
def test_a_service_wants_one_per_so_many_people_and_one_per_place(
    service: Service, people: int, wanted: int, organisation: Organisation
) -> None:
    assert rules.wanted(service, people, organisation.digicoaches) == wanted


def test_a_place_to_which_nobody_comes_is_named() -> None:
    service = Service("a", (), ("here", "there"))
    assert rules.places_without(service, [replace(COACH, places=("here",))]) == ("there",)


@pytest.mark.parametrize(
    ("day", "thanked"), [((12, 9), False), ((12, 10), True), ((12, 16), True), ((12, 17), False)]
)
def test_thanks_come_on_the_day_or_in_the_week_after_it(day: tuple[int, int], thanked: bool) -> None:
    assert rules.is_thanks_time(date(2026, *day), (12, 10)) is thanked


def test_a_week_and_a_year_begin_at_midnight_in_the_city(organisation: Organisation) -> None:
    zone = organisation.calendar.zone
    assert rules.monday(MONDAY + timedelta(days=6), zone) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    start, end = rules.year_of(date(2026, 7, 1), zone)
    assert (start, end) == (datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "digicoach",
        "Digicoaches!",
        "wie is onze digicoach?",
        "Ik wil graag een digicoach spreken",
        "can I talk to a digicoach please",
        "j'ai besoin d'un digicoach",
        "je voudrais parler à un digicoach, s'il te plaît",
    ],
)
def test_who_only_asks_for_a_digicoach_does_not_say_what_for(text: str) -> None:
    assert rules.says_no_more(text)


@pytest.mark.parametrize(
    "text", ["", "hallo", "kan de digicoach tonen hoe ik scan", "digicoach voor excel", "deel"]
)
def test_who_says_what_for_is_taken_at_their_word(text: str) -> None:
    assert not rules.says_no_more(text)
