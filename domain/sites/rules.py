"""What a site may be called, who may have which scenario, and how a site is built: decisions only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from domain.actor import Actor, Role
from domain.errors import Invalid
from domain.people.models import Team
from domain.sites.library import LibraryTemplate
from domain.sites.policy import Scenario, SiteNaming
from domain.sites.request import SiteRequest

NAME_LIMIT = 60
PURPOSE_LIMIT = 1000
PEOPLE_LIMIT = 100
LIBRARY_LIMIT = 10
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


def unclear_people_problem(
    unknown: Sequence[str], several: Sequence[str], field: str = "members"
) -> Invalid | None:
    """What was typed for a person and is not exactly one."""
    details = {"unknown": ", ".join(unknown), "several": ", ".join(several)}
    if unknown and several:
        return Invalid(
            "Not found: {unknown}. More than one person is called: {several}. Use e-mail addresses.",
            field=field,
            **details,
        )
    if unknown:
        return Invalid("Not found: {unknown}. Use a name or an e-mail address.", field=field, **details)
    if several:
        return Invalid(
            "More than one person is called: {several}. Use the e-mail address.", field=field, **details
        )
    return None


def people_problem(
    scenario: Scenario, member_ids: Sequence[str], guests: Sequence[str], guest_field: str = "members"
) -> Invalid | None:
    """A site does not grow out of hand, and guests only come where they may."""
    if len(member_ids) + len(guests) > PEOPLE_LIMIT:
        return Invalid(
            "At most {limit} people at once; add the others later.", field="members", limit=PEOPLE_LIMIT
        )
    if guests and not scenario.guests:
        return Invalid(
            "People outside the city cannot get into this kind of site: {guests}.",
            field=guest_field,
            guests=", ".join(guests),
        )
    return None


def not_guests_problem(people: Sequence[str]) -> Invalid | None:
    """Somebody of the city is a member, not a guest."""
    if not people:
        return None
    return Invalid(
        "They work for the city: {people}. Put them with the members.",
        field="guests",
        people=", ".join(people),
    )


def library_problem(
    scenario: Scenario, known: Sequence[LibraryTemplate], chosen: Sequence[str], language: str
) -> Invalid | None:
    """Some libraries are only for strict sites: personnel files do not go where guests come."""
    by_id = {library.id: library for library in known}
    if any(library_id not in by_id for library_id in chosen):
        return Invalid("Choose libraries from the list.", field="libraries")
    if len(chosen) > LIBRARY_LIMIT:
        return Invalid("At most {limit} libraries to start with.", field="libraries", limit=LIBRARY_LIMIT)
    strict = [by_id[one] for one in chosen if by_id[one].classification > scenario.classification]
    if strict:
        names = ", ".join(library.name(language) for library in strict)
        return Invalid("This kind of site is too open for: {libraries}.", field="libraries", libraries=names)
    return None


def may_see(request: SiteRequest, actor: Actor, approver_ids: Iterable[str]) -> bool:
    governs = actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)
    return governs or actor.id == request.requester_id or actor.id in approver_ids


def may_list_all(actor: Actor) -> bool:
    return actor.has(Role.INFORMATION_MANAGER) or actor.has(Role.ADMIN)
