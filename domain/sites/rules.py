"""What a site may be called, who may have which scenario, and how a site is built: decisions only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from domain.actor import Actor, Role
from domain.errors import Invalid
from domain.people.models import Team
from domain.sites.policy import Container, Scenario, SiteNaming
from domain.sites.request import SiteRequest, SiteState, Step

NAME_LIMIT = 60
PURPOSE_LIMIT = 1000
PEOPLE_LIMIT = 100
ALIAS_LIMIT = 50

_FORBIDDEN_IN_NAME = re.compile(r'[\x00-\x1f\x7f<>"#%*:?/\\|{}~]')
_WORD = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Small letters without accents, to compare and to build addresses with."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def alias_of(scenario: Scenario, name: str) -> str:
    """The last part of the web address: `prj-markt-en-plein` for a project site called "Markt & Plein"."""
    words = "-".join(_WORD.findall(plain(name).replace("&", " en ")))
    return (scenario.address_prefix + words)[:ALIAS_LIMIT].rstrip("-")


def name_problem(scenario: Scenario, naming: SiteNaming, name: str) -> Invalid | None:
    if not name:
        return Invalid("Give the site a name.", field="name")
    if len(name) > NAME_LIMIT:
        return Invalid("At most {limit} characters.", field="name", limit=NAME_LIMIT)
    if wrong := _FORBIDDEN_IN_NAME.search(name):
        sign = wrong[0] if wrong[0].isprintable() else "⏎"
        return Invalid("A name cannot have the character {character}.", field="name", character=sign)
    words = _WORD.findall(plain(name))
    if sum(map(len, words)) < 3:
        return Invalid("Use at least three letters or digits: they make the web address.", field="name")
    for blocked in naming.blocked_words:
        if plain(blocked) in words:
            return Invalid(
                "The word “{word}” cannot be in a name. Say what it is about.", field="name", word=blocked
            )
    return None


def purpose_problem(purpose: str) -> Invalid | None:
    if sum(character.isalnum() for character in purpose) < 10:
        return Invalid("Say in a sentence what you need the site for.", field="purpose")
    if len(purpose) > PURPOSE_LIMIT:
        return Invalid("At most {limit} characters.", field="purpose", limit=PURPOSE_LIMIT)
    return None


def scenario_problem(scenario: Scenario, team: Team | None, information_manager: str) -> Invalid | None:
    """Some scenarios are only for teams that have completed their track. `information_manager` is whom to talk to."""
    if not scenario.needs_completed_track or (team is not None and team.phase.completed):
        return None
    return Invalid(
        "Your team first has to complete its digital-collaboration track. Talk to {name} about it.",
        field="scenario",
        name=information_manager,
    )


def unclear_people_problem(unknown: Sequence[str], several: Sequence[str]) -> Invalid | None:
    """What was typed for a person and is not exactly one."""
    if unknown and several:
        return Invalid(
            "Not found: {unknown}. More than one person is called: {several}. Use e-mail addresses.",
            field="members",
            unknown=", ".join(unknown),
            several=", ".join(several),
        )
    if unknown:
        return Invalid(
            "Not found: {unknown}. Use a name or an e-mail address.",
            field="members",
            unknown=", ".join(unknown),
        )
    if several:
        return Invalid(
            "More than one person is called: {several}. Use the e-mail address.",
            field="members",
            several=", ".join(several),
        )
    return None


def people_problem(
    scenario: Scenario, owner_ids: Sequence[str], member_ids: Sequence[str], guests: Sequence[str]
) -> Invalid | None:
    """Somebody answers for the site, it does not grow out of hand, and guests only come where they may."""
    if not owner_ids:
        return Invalid("Choose who answers for the site.", field="owner")
    if len(member_ids) + len(guests) > PEOPLE_LIMIT:
        return Invalid(
            "At most {limit} people at once; add the others later.", field="members", limit=PEOPLE_LIMIT
        )
    if guests and not scenario.guests:
        return Invalid(
            "People outside the city cannot get into this kind of site: {guests}.",
            field="members",
            guests=", ".join(guests),
        )
    return None


def steps_for(scenario: Scenario) -> tuple[Step, ...]:
    """What has to be done for a site of this scenario, in order: closed first, people in it last."""
    group = scenario.container is Container.GROUP
    wanted = {
        Step.GROUP: group,
        Step.GUESTS: group and not scenario.guests,
        Step.HUB: scenario.hub,
    }
    return tuple(step for step in Step if wanted.get(step, True))


def may_see(request: SiteRequest, actor: Actor, approver_ids: Iterable[str]) -> bool:
    governs = actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)
    return governs or actor.id == request.requester_id or actor.id in approver_ids


def may_list_all(actor: Actor) -> bool:
    return actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)


def may_retry(actor: Actor, request: SiteRequest) -> bool:
    return actor.has(Role.ADMIN) and request.state is SiteState.FAILED


PATIENCE_FOR_MISSING = timedelta(minutes=20)
"""How long something new may stay unreadable: a group up to 15 minutes, says Microsoft."""
PATIENCE_FOR_BUSY = timedelta(hours=24)
"""How long the platform may be out of order or throttled before a person looks."""
LONGEST_WAIT = timedelta(minutes=5)


def next_try(
    now: datetime, started_at: datetime, attempts: int, patience: timedelta, asked: float | None
) -> datetime | None:
    """When to look again, or None when it has taken too long.

    `asked` is what the platform wants us to wait, in seconds: never sooner than that.
    """
    if now - started_at >= patience:
        return None
    wait = min(timedelta(seconds=0.5 * 2 ** min(attempts, 20)), LONGEST_WAIT)
    return now + max(wait, timedelta(seconds=asked or 0))
