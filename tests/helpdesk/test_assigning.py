"""Who gets a ticket, on both databases: by category and route, by whose turn it is, by who is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.database.engine import DatabaseUnits
from domain.actor import Actor
from domain.approvals.absences import Absence, set_absence
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.helpdesk import assigning, closing, reading
from domain.helpdesk.models import tickets
from domain.helpdesk.policy import Group, HelpdeskPolicy, Route, Sharing
from domain.helpdesk.routing import category_of, group_of, next_agent, same_trouble
from domain.helpdesk.rules import Kind, State, Step
from tests.cast import person
from tests.conftest import Clock
from tests.helpdesk.conftest import Report, Take, incident


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Mijn laptop start niet meer op", "toestel"),
        ("De afdrukken komen scheef uit de kopieermachine", "printer"),
        ("Ik kan niet aanmelden, mijn wachtwoord is vervallen", "account"),
        ("geen wifi en geen internet op mijn laptop", "netwerk"),
        ("Het regent", None),
        ("\x00" * 50, None),
    ],
)
def test_a_text_says_what_it_is_about(policy: HelpdeskPolicy, text: str, category: str | None) -> None:
    assert category_of(text, policy) == category


def test_the_first_route_of_which_everything_fits_counts(policy: HelpdeskPolicy) -> None:
    assert group_of(Kind.INCIDENT, "toestel", "sport", policy) == "werkplek"
    assert group_of(Kind.INCIDENT, "toestel", "digitaal", policy) == "eerste_lijn"
    assert group_of(Kind.INCIDENT, "netwerk", "sport", policy) == "tweede_lijn"
    assert group_of(Kind.INCIDENT, None, None, policy) == "eerste_lijn"
    only_changes = replace(policy, routes=(Route("tweede_lijn", kinds=frozenset({"change"})),))
    assert group_of(Kind.CHANGE, None, None, only_changes) == "tweede_lijn"
    assert group_of(Kind.REQUEST, None, None, only_changes) == "eerste_lijn"


def test_the_next_agent_is_the_least_loaded_who_waited_longest_and_is_there(clock: Clock) -> None:
    group = Group("g", "Groep", frozenset({"bram", "carla", "stijn"}), None, Sharing.LEAST_LOADED)
    everybody, nobody = ["bram", "carla", "stijn"], frozenset[str]()
    now = clock.now
    assert (
        next_agent(group, everybody, nobody, {"bram": 2, "carla": 1, "stijn": 1}, {"carla": now}) == "stijn"
    )
    last = {"bram": now - timedelta(hours=1), "carla": now, "stijn": now}
    assert next_agent(group, everybody, nobody, {}, last) == "bram"
    assert next_agent(group, everybody, frozenset({"bram", "stijn"}), {}, {}) == "carla"
    assert (
        next_agent(group, ["dirk"], nobody, {}, {}) is None
    )  # members who are no agents any more get nothing


def test_a_major_incident_is_recognised_by_what_it_is_about(policy: HelpdeskPolicy) -> None:
    title = "De wifi valt telkens weg in het stadhuis"
    assert same_trouble("ik heb geen internet", title, "netwerk", policy)
    assert same_trouble("in het stadhuis valt alles telkens weg", title, None, policy)
    assert not same_trouble("mijn muis is stuk", title, "netwerk", policy)


async def test_a_group_that_shares_gives_each_new_ticket_to_whose_turn_it_is(
    units: DatabaseUnits, desk: Desk, report: Report, clock: Clock
) -> None:
    """Carla is away: Stijn gets everything, until she is back."""
    ulrike = person("ulrike").as_actor()  # of a team in the sports hall
    async with units() as unit:
        away = Absence("carla", "bram", clock.now.date(), clock.now.date() + timedelta(days=1))
        await set_absence(unit, desk, person("carla").as_actor(), away)
    given = []
    for number in range(4):
        if number == 2:
            clock.forward(days=3)
        ticket = await report(ulrike, incident(f"Laptop {number} is stuk"))
        assert ticket.group_id == "werkplek"
        async with units() as unit:
            given.append(await assigning.give_turn(unit, desk, ticket))
    assert given == ["stijn", "stijn", "carla", "carla"]
    async with units() as unit:
        with pytest.raises(Conflict):
            stale = await reading.load_ticket(unit, ticket.id)
            await assigning.give_turn(unit, desk, replace(stale, assignee_id=None, state=State.NEW))


async def test_only_who_works_at_the_desk_gets_a_ticket(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        with pytest.raises(Invalid, match=r"Dirk Peeters|\{name\}"):
            await assigning.hand_over(unit, bram, ticket.id, person("dirk"), policy, had=None, key="k")


async def test_the_last_line_has_nobody_behind_it(
    units: DatabaseUnits, policy: HelpdeskPolicy, report: Report, amina: Actor, bram: Actor
) -> None:
    ticket = await report(amina)
    async with units() as unit:
        moved = await assigning.escalate(unit, bram, ticket.id, policy, why="", key="one")
        assert (moved.group_id, moved.state) == ("tweede_lijn", State.NEW)
        with pytest.raises(Conflict, match="no line behind"):
            await assigning.escalate(unit, bram, ticket.id, policy, why="", key="two")
        with pytest.raises(NotFound):
            await assigning.move(unit, bram, ticket.id, "nergens", policy, why="", key="three")


async def test_tickets_of_an_agent_who_left_go_back_to_the_group(
    units: DatabaseUnits, desk: Desk, report: Report, take: Take, amina: Actor, bram: Actor
) -> None:
    ticket = await take(bram, Step.ASSIGN, (await report(amina)).id)
    waiting = await take(bram, Step.ASK, (await report(amina)).id)
    async with units() as unit:
        await unit.db.execute(tickets.update().values(assignee_id="vertrokken"))
    assert await closing.sweep_left(desk) == 2
    assert await closing.sweep_left(desk) == 0
    async with units.read() as unit:
        for one, state in ((ticket, State.NEW), (waiting, State.WAITING_REQUESTER)):
            found = await reading.load_ticket(unit, one.id)
            assert (found.assignee_id, found.state) == (None, state)
    assert (await take(bram, Step.ASSIGN, waiting.id)).assignee_id == "bram"
