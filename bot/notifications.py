"""How a person is told: the card to choose that in, and what was told together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from bot.news import headline
from bot.turn import NOTHING, Card, Feature, Reply, Turn, View, own_chat_only
from cards import notifications as cards
from cards.helpdesk.sections import NO_SECTION, Section
from domain.desk import Desk
from domain.errors import NotFound
from domain.helpdesk.rules import Party
from domain.helpdesk.ticket import Ticket
from domain.notifications.actions import (
    BUNDLE,
    in_bundle,
    kinds_for,
    open_held,
    save_settings,
    settings_of,
)
from domain.notifications.policy import Mode, Quiet, Settings
from domain.notifications.reach import REFUSED, is_reachable, outcome_of
from domain.people.models import Person
from domain.tables import is_id
from domain.unit import Unit
from locales import translator

COMMANDS = frozenset(
    {
        "berichten instellen",
        "meldingen instellen",
        "notificaties instellen",
        "instellingen",
        "voorkeuren",
        "mijn voorkeuren",
        "notification settings",
        "set notifications",
        "settings",
        "preferences",
        "régler les messages",
        "régler les notifications",
        "paramètres",
        "préférences",
    }
)


async def claims(turn: Turn) -> Reply:
    """Answers the typed command."""
    return await choose(turn) if turn.text.strip().rstrip(".!").lower() in COMMANDS else NOTHING


@own_chat_only
async def choose(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        settings, _ = await settings_of(unit, turn.desk.organisation.notifications, turn.person.id)
    return Reply(cards.settings(turn.t, settings, kinds_for(turn.actor.is_agent)))


async def save(turn: Turn) -> Reply:
    """What was chosen, or the form again with what is wrong at its place."""
    kinds = kinds_for(turn.actor.is_agent)
    async with turn.desk.units() as unit:
        before, _ = await settings_of(unit, turn.desk.organisation.notifications, turn.person.id)
        modes = {kind: _mode(turn.field(kind.value), before.modes[kind]) for kind in before.modes}
        start, until, digest = (
            _time(turn.field(name)) for name in ("quiet_from", "quiet_until", "digest_at")
        )
        chosen = Settings(modes, None, digest or before.digest_at)
        problems: dict[str, str] = {}
        if turn.field("quiet") == "yes":
            if start is None or until is None or start == until:
                problems["quiet_until"] = turn.t(
                    "Choose from when until when it is quiet: two different times."
                )
            else:
                quiet = Quiet(start, until, turn.field("closed_days") == "yes")
                chosen = Settings(modes, quiet, chosen.digest_at)
        if digest is None:
            problems["digest_at"] = turn.t("Choose a time, such as 09:00.")
        if not problems:
            await save_settings(unit, turn.desk, turn.person.id, chosen)
            return Reply(cards.saved(turn.t, chosen, kinds))
    return Reply(cards.settings(turn.t, chosen, kinds, typed=turn.data, problems=problems))


class Bundles:
    """What a person was told together: a line for each, and a button to see it."""

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views

    async def show(self, unit: Unit, desk: Desk, person: Person, bundle_id: str) -> Card | None:
        """What is still to be told of it; nothing when it has all passed."""
        lines = []
        for notice_id, notice in (await in_bundle(unit, bundle_id, person.id)).items():
            view = self._views.get(notice.view)
            card = await view(unit, desk, person, notice.subject) if view else None
            if card is not None:
                said = headline(card)
                lines.append(cards.BundleLine(notice_id, said.what, said.about))
        return cards.bundle(translator(person.language), bundle_id, lines) if lines else None

    async def open_one(self, turn: Turn) -> Reply:
        """Shows one of them below, and the list without it."""
        bundle_id, notice_id = turn.field("bundle"), turn.field("id")
        if not is_id(bundle_id) or not is_id(notice_id):
            raise NotFound("There is nothing here for you.")
        async with turn.desk.units() as unit:
            await open_held(unit, notice_id, turn.person.id)
            card = await self.show(unit, turn.desk, turn.person, bundle_id)
        return Reply(card or cards.all_opened(turn.t), view=BUNDLE, subject=bundle_id)


def _mode(value: str, otherwise: Mode) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        return otherwise


def _time(value: str) -> time | None:
    try:
        return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        return None


async def section(unit: Unit, desk: Desk, person: Person, ticket: Ticket, side: Party) -> Section:
    """For the desk: that what it says does not arrive yet."""
    if side is not Party.DESK or await is_reachable(unit, ticket.requester_id):
        return NO_SECTION
    requester = await desk.directory.person(ticket.requester_id)
    if requester is None:  # a flow, or somebody who left
        return NO_SECTION
    refused = await outcome_of(unit, requester.id) == REFUSED
    return Section([cards.waits_for(translator(person.language), requester.first_name, refused=refused)])


def feature(others: Sequence[Feature]) -> Feature:
    """Told together may be whatever the `others` show."""
    bundles = Bundles({name: view for other in others for name, view in other.views.items()})
    return Feature(
        name="notifications",
        verbs={
            "notifications.choose": choose,
            "notifications.save": save,
            "notifications.open": bundles.open_one,
        },
        views={BUNDLE: bundles.show},
        claims=claims,
    )
