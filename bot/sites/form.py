"""The form for a site: read from what was sent, and drawn again with what was typed."""

from __future__ import annotations

from datetime import timedelta

from bot.turn import Reply, Turn
from cards.sites import form as cards
from cards.sites.guide import carried
from domain.sites import advice
from domain.sites.checking import RequestSite
from domain.sites.policy import Question, Scenario
from domain.sites.register import hubs
from domain.tables import is_id, new_id

CHOICES = 100
"""How many colleagues the owner is chosen from: more do not fit in a card."""


def command_of(turn: Turn) -> RequestSite:
    return RequestSite(
        scenario_id=turn.field("scenario"),
        name=turn.field("name"),
        purpose=turn.field("purpose"),
        owner=turn.field("owner"),
        members=turn.field("members"),
        second_owner=turn.field("second_owner"),
        guests=turn.field("guests"),
        hub="" if turn.field("hub") == cards.NO_HUB else turn.field("hub"),
        language=turn.field("language") or turn.desk.organisation.language,
        libraries=turn.field("libraries"),
        retention_label=turn.field("retention_label"),
        end_date=turn.field("end_date"),
        answers=answers_of(turn),
        reason=turn.field("reason"),
    )


def values_of(turn: Turn) -> cards.SiteForm:
    """The form as it was sent; of a form that was not filled in yet, what a person starts from."""
    command = command_of(turn)
    return cards.SiteForm(
        form_id=turn.field("form") if is_id(turn.field("form")) else new_id(),
        name=command.name,
        purpose=command.purpose,
        owner=command.owner or turn.person.id,
        second_owner=command.second_owner,
        members=command.members,
        guests=command.guests,
        hub=command.hub,
        language=command.language,
        libraries=command.libraries,
        retention_label=command.retention_label or turn.desk.organisation.retention.default or "",
        end_date=command.end_date,
        answers=carried(command.answers),
        reason=command.reason,
        request_id=turn.field("request") if is_id(turn.field("request")) else "",
    )


def answers_of(turn: Turn) -> dict[Question, str]:
    return advice.read_answers({question.value: turn.field(question.value) for question in Question})


async def show_form(turn: Turn, values: cards.SiteForm, scenario_id: str) -> Reply:
    scenario = turn.desk.organisation.scenario(scenario_id)
    choices = await _choices(turn, scenario, values)
    answers = advice.read_answers(values.answers)
    advised_id = advice.advise(turn.desk.organisation.advice, answers)
    advised = turn.desk.organisation.scenario(advised_id) if advised_id else None
    warn = advice.cautions(scenario, advised, answers)
    return Reply(cards.form(turn.t, values, scenario, choices, warn))


async def _choices(turn: Turn, scenario: Scenario, values: cards.SiteForm) -> cards.Choices:
    """Colleagues of the team, and whoever owns it already though they are of another one."""
    desk, person = turn.desk, turn.person
    members = await desk.directory.team_members(person.team_id)
    chosen = await desk.directory.person(values.owner)
    people = {one.id: one.name for one in (person, *([chosen] if chosen else []), *members[:CHOICES])}
    async with desk.units.read() as unit:
        found = () if scenario.hub else await hubs(unit, desk, person.team_id)
        today = desk.organisation.day(unit.now)
    return cards.Choices(
        colleagues=list(people.items()),
        hubs=[(hub.id, hub.name) for hub in found],
        libraries=[
            one for one in desk.organisation.libraries if one.classification <= scenario.classification
        ],
        labels=desk.organisation.retention.labels,
        earliest_end=today + timedelta(days=1),
    )
