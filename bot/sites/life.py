"""Sites that stand: the lists, a site with what can be asked about it, and what is due for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from bot.turn import NOTHING, Card, Feature, Reply, Turn, own_chat_only
from cards.kit import press
from cards.sites import life as cards
from domain.actor import Actor, Role
from domain.building.build import findings_of
from domain.desk import Desk
from domain.errors import Conflict, NotFound
from domain.people.models import Person, Team
from domain.people.names import names_of
from domain.sites import lifecycle
from domain.sites.changes import CHANGE_VIEW, FAILED_VIEW, SITE_VIEW, find_change, retry_change
from domain.sites.register import access_site, find_site, my_sites, team_sites
from domain.sites.rules import plain
from domain.sites.site import Site, SiteChange
from domain.sites.upkeep import NOTICE_VIEW, ORPHAN_VIEW, read_notice, still_needed
from domain.unit import Unit
from locales import Translator, translator

PAGE = 8
LONGEST_COMMAND = 120

_MINE = re.compile(r"(?:toon )?mijn sites|my sites|mes sites")
_TEAM = re.compile(r"sites? (?:van|of)(?: het| the)? team (.+)|sites? de l.equipe (.+)")


async def command(turn: Turn) -> Reply:
    """`mijn sites` and `sites van team X`, as exact words. Which sites one sees is not for a channel."""
    if len(turn.text) > LONGEST_COMMAND or "site" not in turn.text.casefold():
        return NOTHING
    typed = " ".join(plain(turn.text).split()).rstrip(" ?!.")
    own, found = _MINE.fullmatch(typed), _TEAM.fullmatch(typed)
    if not own and not found:
        return NOTHING
    return await _of_team_named(turn, found[1] or found[2]) if found else await mine(turn)


@own_chat_only
async def mine(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        page = await my_sites(unit, turn.actor, limit=PAGE, cursor=turn.field("cursor") or None)
    data = {"cursor": page.next_cursor}
    more = press(turn.t("Show more"), "sites.mine", data, inputs=False) if page.next_cursor else None
    empty = turn.t("You own no site, and you are in none that I made.")
    return Reply(cards.listing(turn.t, turn.t("My sites"), page.sites, more, empty=empty))


async def of_team(turn: Turn) -> Reply:
    team = await turn.desk.directory.team(turn.field("team"))
    if team is None:
        raise NotFound("There is no such team.")
    return await _of_team(turn, team, turn.field("cursor") or None)


async def open_site(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        site = await access_site(unit, turn.desk, turn.actor, turn.field("id"))
        card = await _card(unit, turn.desk, turn.person, site)
    return Reply(card, view=SITE_VIEW, subject=site.id)


async def confirm(turn: Turn) -> Reply:
    """An answer to the yearly question: it is still needed, and its owners are right."""
    async with turn.desk.units() as unit:
        site = await still_needed(unit, turn.desk, turn.actor, turn.field("id"))
        await turn.keep(unit, SITE_VIEW, site.id)
        card = await _card(unit, turn.desk, turn.person, site)
    return Reply(card, view=SITE_VIEW, subject=site.id)


async def retry(turn: Turn) -> Reply:
    """An administrator has a change tried again. Too late, the card shows how it stands."""
    async with turn.desk.units() as unit:
        with suppress(Conflict):
            await retry_change(unit, turn.actor, turn.field("id"), turn.key)
    async with turn.desk.units.read() as unit:
        card = await show_failed(unit, turn.desk, turn.person, turn.field("id"))
    return Reply(card, view=FAILED_VIEW, subject=turn.field("id"))


async def face_of(desk: Desk, actor: Actor, site: Site, also: Iterable[str] = ()) -> cards.SiteFace:
    """A site with all its cards need, for a caller that has access to it already. `also` are ids to have names for."""
    team = await desk.directory.team(site.team_id)
    wanted = site.change.wanted.get("owners", ()) if site.change else ()
    mentioned = (*site.owner_ids, *site.member_ids, *wanted, *also)
    may = lifecycle.may_change(site, actor, team)
    return cards.SiteFace(
        site,
        desk.organisation.scenario(site.scenario_id),
        team.name if team else "",
        await names_of(desk.directory, mentioned),
        possible=lifecycle.possible(site) if may else (),
        mine=site.change is not None and site.change.requester_id == actor.id,
    )


async def about_change(unit: Unit, desk: Desk, t: Translator, change_id: str) -> cards.About:
    """What an approver's card says about a change, before and after the decision."""
    change = await find_change(unit, change_id)
    site = await find_site(unit, change.site_id) if change else None
    if change is None or site is None:
        return (), ()
    nobody = Actor("", "")
    face = await face_of(desk, nobody, site, change.wanted.get("owners", ()))
    return cards.approval_details(t, face, change), cards.approval_outcome(t, change)


async def show_site(unit: Unit, desk: Desk, person: Person, site_id: str) -> Card | None:
    site = await _seen(unit, desk, person, site_id)
    return await _card(unit, desk, person, site) if site else None


async def _card(unit: Unit, desk: Desk, person: Person, site: Site) -> Card:
    """The site's own card, with what differs from what was agreed."""
    face = replace(await _face(desk, person, site), findings=await findings_of(unit, site.id))
    return cards.site(translator(person.language), face)


async def show_notice(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    site_id, reminder = read_notice(subject)
    site = await _seen(unit, desk, person, site_id)
    if site is None:
        return None
    today = desk.organisation.day(unit.now)
    return cards.notice(translator(person.language), await _face(desk, person, site), reminder, today)


async def show_orphan(unit: Unit, desk: Desk, person: Person, site_id: str) -> Card | None:
    site = await _seen(unit, desk, person, site_id)
    return cards.orphan(translator(person.language), await _face(desk, person, site)) if site else None


async def show_changed(unit: Unit, desk: Desk, person: Person, change_id: str) -> Card | None:
    change = await find_change(unit, change_id)
    site = await _site_of(unit, change)
    if change is None or site is None or change.requester_id != person.id:
        return None
    return cards.changed(translator(person.language), await _face(desk, person, site), change)


async def show_failed(unit: Unit, desk: Desk, person: Person, change_id: str) -> Card | None:
    change = await find_change(unit, change_id)
    site = await _site_of(unit, change)
    if change is None or site is None or not person.as_actor().has(Role.ADMIN):
        return None
    face = await face_of(desk, person.as_actor(), site, change.wanted.get("owners", ()))
    return cards.failed(translator(person.language), face, change)


@own_chat_only
async def _of_team_named(turn: Turn, typed: str) -> Reply:
    teams = await turn.desk.directory.teams()
    exact = [team for team in teams if typed in (plain(team.name), team.id)]
    found = exact or [team for team in teams if typed in plain(team.name)]
    if len(found) == 1:
        return await _of_team(turn, found[0], None)
    if not found:
        return Reply(text=turn.t("I know no team called {name}.", name=typed))
    names = ", ".join(team.name for team in found[:5])
    return Reply(text=turn.t("Which team do you mean: {names}?", names=names))


async def _of_team(turn: Turn, team: Team, cursor: str | None) -> Reply:
    async with turn.desk.units.read() as unit:
        page = await team_sites(unit, turn.desk, turn.actor, team.id, limit=PAGE, cursor=cursor)
    data = {"team": team.id, "cursor": page.next_cursor}
    more = press(turn.t("Show more"), "sites.team", data, inputs=False) if page.next_cursor else None
    title = turn.t("Sites of {team}", team=team.name)
    empty = turn.t("There is no site of this team that you can see.")
    return Reply(cards.listing(turn.t, title, page.sites, more, empty=empty))


async def _face(desk: Desk, person: Person, site: Site) -> cards.SiteFace:
    return await face_of(desk, person.as_actor(), site)


async def _seen(unit: Unit, desk: Desk, person: Person, site_id: str) -> Site | None:
    with suppress(NotFound):
        return await access_site(unit, desk, person.as_actor(), site_id)
    return None


async def _site_of(unit: Unit, change: SiteChange | None) -> Site | None:
    return await find_site(unit, change.site_id) if change else None


FEATURE = Feature(
    name="sites_life",
    verbs={
        "sites.mine": mine,
        "sites.team": of_team,
        "sites.site": open_site,
        "sites.still_needed": confirm,
        "sites.change_retry": retry,
    },
    views={
        SITE_VIEW: show_site,
        NOTICE_VIEW: show_notice,
        ORPHAN_VIEW: show_orphan,
        CHANGE_VIEW: show_changed,
        FAILED_VIEW: show_failed,
    },
    claims=command,
)
