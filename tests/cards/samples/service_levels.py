from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from microsoft_teams.cards import CardElement

from cards import service_levels as cards
from cards.kit import Card, card, heading
from domain.helpdesk.policy import Priority
from domain.helpdesk.rules import Kind, State
from domain.service_levels.calendar import WorkingTime
from domain.service_levels.explain import Explanation, explain
from domain.service_levels.policy import Measure, Targets
from domain.service_levels.rules import Change, Clock, Level, clock_of, clocks_of, standing
from locales import Translator
from tests.cards.samples.helpdesk import TICKET
from tests.cards.samples.home import DIFFICULT
from tests.service_levels.test_calendar import BRUSSELS, OFFICE, closed_days, local

HOUR = timedelta(hours=1)
CALENDAR = WorkingTime(OFFICE, BRUSSELS, closed_days)
PROMISES = Targets(8 * HOUR, 24 * HOUR)
STORY = [
    Change(local("2026-12-22T15:40"), State.NEW),
    Change(local("2026-12-23T10:10"), State.IN_PROGRESS),
    Change(local("2026-12-23T11:00"), State.WAITING_REQUESTER),
    Change(local("2026-12-24T09:20"), State.IN_PROGRESS),
]
LONG = [
    Change(
        local("2026-06-01T09:00") + number * timedelta(hours=5),
        State.WAITING_SUPPLIER if number % 2 else State.IN_PROGRESS,
    )
    for number in range(40)
]


def samples(t: Translator) -> dict[str, Card]:
    now = local("2026-12-28T10:00")
    ticket = replace(TICKET, created_at=STORY[0].at, priority=Priority.NORMAL)
    response, solution = clocks_of(STORY, PROMISES)
    waiting = clocks_of(STORY[:3], PROMISES)[1]
    done = clocks_of([*STORY, Change(local("2026-12-28T11:00"), State.RESOLVED)], PROMISES)[1]
    none = clock_of(Measure.RESOLUTION, STORY, None)
    long = clock_of(Measure.RESOLUTION, LONG, 80 * HOUR)
    late_at = local("2026-12-31T12:00")

    def of(clock: Clock, at: datetime = now) -> Explanation:
        return explain(clock, CALENDAR, at)

    def on_ticket(side: list[CardElement]) -> Card:
        return card(heading(ticket.number), *side, language=t.language)

    solved_by, late = standing(solution, CALENDAR, now), standing(solution, CALENDAR, late_at)
    paused = standing(waiting, CALENDAR, now)
    difficult = replace(ticket, title=DIFFICULT[:120])
    return {
        "requester": on_ticket(cards.for_requester(t, solved_by, State.IN_PROGRESS)),
        "requester_waits": on_ticket(cards.for_requester(t, paused, State.WAITING_REQUESTER)),
        "requester_supplier": on_ticket(cards.for_requester(t, paused, State.WAITING_SUPPLIER)),
        "requester_late": on_ticket(cards.for_requester(t, late, State.IN_PROGRESS)),
        "desk": on_ticket(
            cards.for_desk(t, [(standing(response, CALENDAR, now), Level.CALM), (solved_by, Level.CALM)])
        ),
        "desk_at_risk": on_ticket(cards.for_desk(t, [(solved_by, Level.AT_RISK), (paused, Level.CALM)])),
        "desk_late": on_ticket(cards.for_desk(t, [(late, Level.BREACHED)])),
        "warning": cards.warning(t, ticket, solved_by, Level.AT_RISK, "Bram De Smet"),
        "warning_late": cards.warning(t, difficult, late, Level.BREACHED, ""),
        "why": cards.why(t, ticket, [of(response), of(solution)]),
        "why_waiting": cards.why(t, ticket, [of(response), of(waiting)]),
        "why_done": cards.why(t, difficult, [of(response, late_at), of(done, late_at)]),
        "why_nothing_promised": cards.why(t, replace(ticket, kind=Kind.CHANGE), [of(response), of(none)]),
        "why_long": cards.why(t, ticket, [of(long, local("2026-07-31T09:00"))]),
    }
