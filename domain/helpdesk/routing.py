"""What a ticket is about and which group gets it: decided in memory, so that a report costs no question more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from domain.helpdesk.policy import Category, Group, HelpdeskPolicy, Route
from domain.helpdesk.rules import Kind

READ = 2_000
"""Characters of a text in which a category is looked for: what it is about stands at the beginning."""


def category_of(text: str, policy: HelpdeskPolicy) -> str | None:
    """The category most of whose words stand in the text; of equals, the one the policy names first."""
    pattern, owners = _pattern(policy.categories)
    if pattern is None:
        return None
    counts: dict[str, int] = {}
    for found in pattern.finditer(text[:READ].lower()):
        category = owners[found[1]]
        counts[category] = counts.get(category, 0) + 1
    if not counts:
        return None
    order = [category.id for category in policy.categories]
    return max(counts, key=lambda category: (counts[category], -order.index(category)))


@lru_cache(maxsize=8)
def _pattern(categories: tuple[Category, ...]) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    """All words at once, the longest first, so that "wachtwoord" is not taken for "wacht"."""
    owners = {word.lower(): category.id for category in categories for word in category.words}
    if not owners:
        return None, owners
    words = sorted(owners, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, words))})"), owners


COMMON = 2
"""Words that two texts share before they are taken to be about the same trouble."""
_WORD = re.compile(r"[^\W\d_]{4,}")
"""Shorter ones rarely say what something is about."""


def same_trouble(text: str, title: str, category: str | None, policy: HelpdeskPolicy) -> bool:
    """Whether a text may be about the trouble of this title and category. It only decides who is asked."""
    pattern, owners = _pattern(policy.categories)
    lowered = text[:READ].lower()
    if pattern is not None and any(owners[found[1]] == category for found in pattern.finditer(lowered)):
        return True
    return len(set(_WORD.findall(lowered)) & set(_WORD.findall(title.lower()))) >= COMMON


def group_of(kind: Kind, category: str | None, team_id: str | None, policy: HelpdeskPolicy) -> str:
    """The id of the group that gets the ticket: of the first route that fits, or else the first line."""
    location = policy.locations.get(team_id or "")
    for route in policy.routes:
        if _fits(route, kind, category, team_id, location):
            return route.group
    return policy.groups[0].id


def _fits(route: Route, kind: Kind, category: str | None, team_id: str | None, location: str | None) -> bool:
    wanted: tuple[tuple[frozenset[str], str | None], ...] = (
        (route.kinds, kind.value),
        (route.categories, category),
        (route.teams, team_id),
        (route.locations, location),
    )
    return all(not options or given in options for options, given in wanted)


def next_agent(
    group: Group,
    agents: Iterable[str],
    absent: frozenset[str],
    loads: Mapping[str, int],
    last_given: Mapping[str, datetime],
) -> str | None:
    """Who of the group gets the next ticket: the least loaded; of those, who has waited longest. None when all are
    away. `agents` are the people who are agents today: a member who lost the role gets nothing."""
    there = sorted(group.members & set(agents) - absent)
    if not there:
        return None

    def turn(person_id: str) -> tuple[int, float]:
        last = last_given.get(person_id)
        return loads.get(person_id, 0), last.timestamp() if last else 0.0

    return min(there, key=turn)
