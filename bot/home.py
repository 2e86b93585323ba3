"""Where every conversation can start and none gets stuck: welcome, small talk, people, and "did I get that right?"."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn import Card, Feature, Reply, Turn
from cards import home as cards
from domain.actor import Role
from domain.intents.models import Intent
from domain.people.models import Person
from domain.people.ports import Directory

NEAR = 3
"""How many digicoaches a person is shown."""


async def welcome(turn: Turn) -> Reply:
    return Reply(cards.welcome(turn.t, turn.person.first_name, turn.desk.organisation.name))


async def thanks(turn: Turn) -> Reply:
    return Reply(text=turn.t("With pleasure! Type whenever you need me."))


async def ask(turn: Turn) -> Reply:
    return Reply(text=turn.t("Type your question in one sentence, and I look for the answer."))


async def unsure(turn: Turn) -> Reply:
    """Let the person choose among what the classifier offers."""
    return Reply(await _choice(turn, turn.guess.offered if turn.guess else ()))


async def nonsense(turn: Turn) -> Reply:
    return Reply(await _choice(turn, ()))


async def human(turn: Turn) -> Reply:
    return Reply(cards.reach_a_person(turn.t, turn.desk.organisation.helpdesk.phone))


async def digicoach(turn: Turn) -> Reply:
    coaches = [
        cards.Coach(coach.name, team.name if team else "", coach.email)
        for coach in await nearest_digicoaches(turn.desk.directory, turn.person)
        for team in [await turn.desk.directory.team(coach.team_id)]
    ]
    typed = turn.text or turn.field("text")
    phone = turn.desk.organisation.helpdesk.phone
    return Reply(cards.digicoaches(turn.t, coaches, typed, phone))


async def nearest_digicoaches(directory: Directory, person: Person, limit: int = NEAR) -> Sequence[Person]:
    """Digicoaches of the person's own team first, then of the cluster, then of the city; never the person."""
    home = await directory.team(person.team_id)
    teams = {team.id: team for team in await directory.teams()}

    def distance(coach: Person) -> tuple[int, str]:
        team = teams.get(coach.team_id)
        same_cluster = home is not None and team is not None and team.cluster == home.cluster
        return (0 if coach.team_id == person.team_id else 1 if same_cluster else 2, coach.name)

    coaches = [coach for coach in await directory.with_role(Role.DIGICOACH) if coach.id != person.id]
    return sorted(coaches, key=distance)[:limit]


async def _choice(turn: Turn, offered: Sequence[Intent]) -> Card:
    from bot.tips import closest

    found = await closest(turn.desk, turn.person, turn.text)
    suggestions = [cards.Suggestion(tip.id, tip.title) for tip in found]
    return cards.choose(turn.t, turn.text, offered, suggestions)


FEATURE = Feature(
    name="home",
    verbs={"home.ask": ask, "home.digicoach": digicoach, "home.welcome": welcome},
    intents={
        Intent.HELP: welcome,
        Intent.THANKS: thanks,
        Intent.HUMAN: human,
        Intent.DIGICOACH: digicoach,
        Intent.NONSENSE: nonsense,
        "unsure": unsure,
    },
)
