"""Asking something for a site that stands: the form per kind, sending it again after a change, and withdrawing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.sites.life import face_of
from bot.turn import Feature, Reply, Turn
from cards.sites import change as cards
from cards.sites import life as sites_life
from domain.approvable import subjects
from domain.approvals.actions import approval_of
from domain.approvals.approval import Event
from domain.errors import Conflict, NotFound
from domain.people.names import names_of
from domain.sites.changes import (
    SITE_VIEW,
    AskChange,
    access_change,
    access_to_change,
    ask_change,
    send_change_again,
    withdraw_change,
)
from domain.sites.errors import InvalidRequest
from domain.sites.lifecycle import possible
from domain.sites.register import access_site, find_site
from domain.sites.site import ChangeKind, ChangeState, Site
from domain.tables import is_id, new_id

CHOICES = 100
"""How many colleagues the owner is chosen from: more do not fit in a card."""


async def start(turn: Turn) -> Reply:
    """The form for a kind of change; what is not possible (any more) shows the site as it stands."""
    kind = _kind(turn)
    async with turn.desk.units.read() as unit:
        site = await access_to_change(unit, turn.desk, turn.actor, turn.field("id"))
    if kind not in possible(site):
        return await _site(turn, site)
    owners = await names_of(turn.desk.directory, site.owner_ids)
    values = cards.ChangeForm(
        new_id(),
        kind,
        name=site.name,
        owner=site.owner_ids[0] if site.owner_ids else "",
        second_owner=", ".join(owners[one] for one in site.owner_ids[1:]),
        end_date=site.end_date.isoformat() if site.end_date else "",
    )
    return await _form(turn, site, values)


async def ask(turn: Turn) -> Reply:
    """The site with what was asked, or the form again with what is wrong at its place."""
    values = _values(turn)
    key = values.form_id if is_id(turn.field("form")) else turn.key
    try:
        async with turn.desk.units() as unit:
            site = await ask_change(
                unit, turn.desk, turn.person, turn.field("id"), _command(turn, values.kind), key
            )
            await turn.keep(unit, SITE_VIEW, site.id)
    except InvalidRequest as error:
        async with turn.desk.units.read() as unit:
            site = await access_site(unit, turn.desk, turn.actor, turn.field("id"))
        return await _form(turn, site, replace(values, problems=_problems(turn, error)))
    return await _site(turn, site)


async def edit(turn: Turn) -> Reply:
    """The form of a change that came back, as it was sent, with what an approver asked."""
    async with turn.desk.units.read() as unit:
        change = await access_change(unit, turn.actor, turn.field("id"))
        site = await find_site(unit, change.site_id)
        approval = await approval_of(unit, change.kind.approval_kind, change.id)
    if site is None:
        raise NotFound("This site is not there.")
    if change.state is not ChangeState.SENT_BACK:
        return await _site(turn, site)
    owners = [str(owner) for owner in change.wanted.get("owners", ())]
    names = await names_of(turn.desk.directory, owners)
    comments = [line.comment for line in approval.log if line.event is Event.SENT_BACK]
    values = cards.ChangeForm(
        new_id(),
        change.kind,
        name=str(change.wanted.get("name", "")),
        owner=owners[0] if owners else "",
        second_owner=", ".join(names[owner] for owner in owners[1:]),
        end_date=str(change.wanted.get("end_date", "")),
        reason=change.reason,
        change_id=change.id,
        comment=comments[-1] if comments else "",
    )
    return await _form(turn, site, values)


async def again(turn: Turn) -> Reply:
    """A change that came back, sent again; or the form again with what is wrong at its place."""
    values = _values(turn)
    key = values.form_id if is_id(turn.field("form")) else turn.key
    command = _command(turn, values.kind)
    try:
        async with turn.desk.units() as unit:
            site = await send_change_again(unit, turn.desk, turn.person, values.change_id, command, key)
            await turn.keep(unit, SITE_VIEW, site.id)
    except InvalidRequest as error:
        async with turn.desk.units.read() as unit:
            change = await access_change(unit, turn.actor, values.change_id)
            site = await access_site(unit, turn.desk, turn.actor, change.site_id)
        return await _form(turn, site, replace(values, problems=_problems(turn, error)))
    return await _site(turn, site)


async def withdraw(turn: Turn) -> Reply:
    async with turn.desk.units() as unit:
        site = await withdraw_change(unit, turn.actor, turn.field("id"), subjects(turn.desk))
        await turn.keep(unit, SITE_VIEW, site.id)
    return await _site(turn, site)


def _kind(turn: Turn) -> ChangeKind:
    try:
        return ChangeKind(turn.field("kind"))
    except ValueError:
        raise Conflict("That is not possible for this site now.") from None


def _values(turn: Turn) -> cards.ChangeForm:
    return cards.ChangeForm(
        form_id=turn.field("form") if is_id(turn.field("form")) else new_id(),
        kind=_kind(turn),
        name=turn.field("name"),
        owner=turn.field("owner"),
        second_owner=turn.field("second_owner"),
        end_date=turn.field("end_date"),
        reason=turn.field("reason"),
        change_id=turn.field("change") if is_id(turn.field("change")) else "",
    )


def _command(turn: Turn, kind: ChangeKind) -> AskChange:
    return AskChange(
        kind=kind,
        reason=turn.field("reason"),
        name=turn.field("name"),
        owner=turn.field("owner"),
        second_owner=turn.field("second_owner"),
        end_date=turn.field("end_date"),
    )


def _problems(turn: Turn, error: InvalidRequest) -> dict[str, str]:
    return turn.t.problems(error)


async def _form(turn: Turn, site: Site, values: cards.ChangeForm) -> Reply:
    members = await turn.desk.directory.team_members(site.team_id)
    chosen = [await turn.desk.directory.person(one) for one in (values.owner, turn.person.id)]
    people = {one.id: one.name for one in (*chosen, *members[:CHOICES]) if one is not None and one.active}
    async with turn.desk.units.read() as unit:
        earliest = turn.desk.organisation.day(unit.now)
    earliest = max(earliest, site.end_date or earliest) + timedelta(days=1)
    return Reply(cards.form(turn.t, site, values, list(people.items()), earliest))


async def _site(turn: Turn, site: Site) -> Reply:
    card = sites_life.site(turn.t, await face_of(turn.desk, turn.actor, site))
    return Reply(card, view=SITE_VIEW, subject=site.id)


FEATURE = Feature(
    name="sites_change",
    verbs={
        "sites.change": start,
        "sites.ask_change": ask,
        "sites.change_edit": edit,
        "sites.change_again": again,
        "sites.change_withdraw": withdraw,
    },
)
