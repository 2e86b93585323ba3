"""Decisions about digicoaches, without a database: who is asked, when time does something, and who is missing."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from domain.digicoaches.coach import Coach, Load
from domain.digicoaches.policy import DigicoachPolicy, Hours, Service
from domain.service_levels.calendar import WorkingTime, first_at


class State(StrEnum):
    OFFERED = "offered"  # a digicoach was asked, and did not say yes yet
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    DONE = "done"  # the asker is helped, or the digicoach says it is over
    TICKET = "ticket"  # the helpdesk has it
    WITHDRAWN = "withdrawn"


OPEN = (State.OFFERED, State.ACCEPTED)
"""It waits for a digicoach."""
CURRENT = (*OPEN, State.ANSWERED)


class Step(StrEnum):
    ASK = "ask"
    OFFER = "offer"  # it went to a digicoach
    ACCEPT = "accept"
    PASS = "pass"  # noqa: S105 - a step, no password
    REMIND = "remind"
    ANSWER = "answer"
    ASK_ON = "ask_on"  # the asker does not get there yet, and says why
    HELPED = "helped"
    DONE = "done"
    TICKET = "ticket"
    WITHDRAW = "withdraw"


SAID = (Step.ANSWER, Step.ASK_ON)
"""The steps that say something between the two."""

BY_COACH = {
    Step.ACCEPT: (State.OFFERED,),
    Step.PASS: OPEN,
    Step.ANSWER: CURRENT,
    Step.DONE: CURRENT,
    Step.TICKET: CURRENT,
}
BY_ASKER = {
    Step.ASK_ON: (State.ANSWERED, State.DONE),
    Step.HELPED: (*CURRENT, State.DONE),
    Step.TICKET: (*CURRENT, State.DONE),
    Step.WITHDRAW: OPEN,
}
"""In which states each of the two can do what."""


class Outcome(StrEnum):
    """How it went, as the digicoach registers it."""

    HELPED = "helped"
    PRACTICE = "practice"  # helped, and wants to learn it better
    NOT_YET = "not_yet"  # it did not work out


MINUTES = (5, 10, 15, 30)
"""How long it took. Longer than half an hour is training."""

LONGEST_QUESTION = 2000
LONGEST_ANSWER = 2000


# --- what is asked ----------------------------------------------------------------------------------------

_COACH = re.compile(r"(?:digi\w*)?coach(?:es|s)?")
_AROUND_IT = """
aan afspraak alstublieft alsjeblieft als aub bij contact dag de deze die dienst een eens er even gezocht graag had
hallo heb hebben heeft help helpen het hulp ik is je kan kom komen krijgen kun kunnen maak mag met mijn mij moet
naar nodig nu of onze ons ploeg roep spreken team te u van vraag vraagje vragen voor waar welke we wie wij wil
willen zijn zoek zoeken zou
a an ask call can contact do for get have hello hi i like me my need our please question speak talk team the there
to us want we where who with would
ai appeler au avec avoir besoin bonjour c cherche contacter d demander dans de des du est et etre faut il j je l la
le les ma mes moi mon notre nos nous ou parler peut peux plait pour puis qu que quel quelle question qui s sil
svp te un une veux vous voudrais y à équipe plaît être où
"""
_AROUND = frozenset(_AROUND_IT.split())


def says_no_more(text: str) -> bool:
    """Whether a text asks for a digicoach, and does not say what for: `digicoach`, `wie is onze digicoach?`."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    about = [word for word in words if word not in _AROUND]
    return bool(about) and all(_COACH.fullmatch(word) for word in about)


# --- who is asked -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """What matters in choosing who is asked."""

    language: str
    place: str | None
    now: datetime
    until: datetime
    """The digicoach has to be at work before this."""


def is_free(coach: Coach, load: Load, wish: Wish, calendar: WorkingTime) -> bool:
    """Whether this digicoach can be asked now: not too much this week, not away, and at work in time."""
    if not coach.active or load.this_week >= coach.per_week:
        return False
    today = wish.now.astimezone(calendar.zone).date()
    if coach.pause_until is not None and coach.pause_until >= today:
        return False
    return works_between(coach.hours, wish.now, wish.until, calendar)


def works_between(hours: Hours, start: datetime, end: datetime, calendar: WorkingTime) -> bool:
    """Whether some of these hours, on a day the city is open, lie between the two moments."""
    day, last = (moment.astimezone(calendar.zone).date() for moment in (start, end))
    while day <= last:
        if day.weekday() in hours.days and calendar.opens_on(day):
            begins, ends = (first_at(day, wall, calendar.zone) for wall in (hours.start, hours.end))
            if begins < end and ends > start:
                return True
        day += timedelta(days=1)
    return False


def fairest(free: Iterable[tuple[Coach, Load]], wish: Wish) -> Coach | None:
    """Of those who are free: who comes to the asker's place, had the fewest this week, and was asked longest ago."""

    def order(one: tuple[Coach, Load]) -> tuple[bool, int, float, str]:
        coach, load = one
        elsewhere = wish.place is not None and wish.place not in coach.places
        asked = load.last_at.timestamp() if load.last_at else 0.0
        return elsewhere, load.this_week, asked, coach.person_id

    chosen = min(free, key=order, default=None)
    return chosen[0] if chosen else None


def monday(now: datetime, zone: tzinfo) -> datetime:
    """When this week began in the city."""
    today = now.astimezone(zone).date()
    return first_at(today - timedelta(days=today.weekday()), datetime.min.time(), zone)


# --- what time does ---------------------------------------------------------------------------------------


class Due(StrEnum):
    """What time does to a question that waits."""

    REMIND = "remind"
    PASS = "pass"  # noqa: S105
    TICKET = "ticket"


def due_at(asked_at: datetime, policy: DigicoachPolicy, calendar: WorkingTime) -> datetime:
    """When a question that nobody answered goes to the helpdesk."""
    return calendar.add(asked_at, policy.answer_within)


def schedule(
    state: State,
    offered_at: datetime,
    reminded_at: datetime | None,
    due: datetime,
    policy: DigicoachPolicy,
    calendar: WorkingTime,
) -> tuple[datetime, Due] | None:
    """What time does next, and when; None when it waits for nobody."""
    if state not in OPEN:
        return None
    moments = [(due, Due.TICKET)]
    if state is State.OFFERED:
        moments.append((calendar.add(offered_at, policy.accept_within), Due.PASS))
    if reminded_at is None or reminded_at < offered_at:
        moments.append((calendar.add(offered_at, policy.remind_after), Due.REMIND))
    order = [Due.TICKET, Due.PASS, Due.REMIND]  # at the same moment the one that settles more
    return min(moments, key=lambda one: (one[0], order.index(one[1])))


# --- who is missing ---------------------------------------------------------------------------------------


def wanted(service: Service, people: int, policy: DigicoachPolicy) -> int:
    """How many digicoaches a service should have: as the city says, or by its people, and one per place at least."""
    if service.wanted is not None:
        return service.wanted
    return max(math.ceil(people / policy.people_per_coach), len(service.places), 1 if people else 0)


def places_without(service: Service, coaches: Collection[Coach]) -> tuple[str, ...]:
    """The places of a service to which none of its digicoaches comes."""
    covered = {place for coach in coaches for place in coach.places}
    return tuple(place for place in service.places if place not in covered)


# --- the year ---------------------------------------------------------------------------------------------


def year_of(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The calendar year that has this day, from its first moment to that of the next."""
    return _between(date(day.year, 1, 1), date(day.year + 1, 1, 1), zone)


def thanked_for(year: int, thanks_on: tuple[int, int], zone: tzinfo) -> tuple[datetime, datetime]:
    """What the thanks of a year are for: from those of the year before on, so that help after the day counts too."""
    return _between(date(year - 1, *thanks_on), date(year, *thanks_on), zone)


def _between(first: date, following: date, zone: tzinfo) -> tuple[datetime, datetime]:
    midnight = datetime.min.time()
    return first_at(first, midnight, zone), first_at(following, midnight, zone)


def is_thanks_time(today: date, thanks_on: tuple[int, int]) -> bool:
    """On the day itself and in the week after it, for a night on which nothing ran."""
    day = date(today.year, *thanks_on)
    return timedelta(0) <= today - day < timedelta(days=7)


def in_turn(rings: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rings of services without what a ring before already had."""
    seen: set[str] = set()
    kept = []
    for ring in rings:
        fresh = [one for one in ring if one not in seen]
        seen.update(fresh)
        if fresh:
            kept.append(fresh)
    return kept
