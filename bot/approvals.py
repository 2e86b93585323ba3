"""Approvals: the card that asks for a decision, and the list of what waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from microsoft_teams.cards import CardElement

from bot import sites
from bot.turn import Card, Feature, Reply, Turn
from cards import approvals as cards
from cards import sites as site_cards
from domain.approvable import subjects
from domain.approvals.actions import Decide, access_approval, approve, refuse, waiting_for
from domain.approvals.approval import Approval
from domain.approvals.notify import VIEW
from domain.approvals.rules import check_may_decide
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.intents.models import Intent
from domain.people.models import Person
from domain.people.names import names_of
from domain.sites.actions import find_request
from domain.sites.steps import KIND as SITE
from domain.unit import Unit
from locales import Translator, translator

Elements = Sequence[CardElement]


async def waiting(turn: Turn) -> Reply:
    """What waits for this person, the oldest first."""
    async with turn.desk.units.read() as unit:
        page = await waiting_for(unit, turn.actor, cursor=turn.field("cursor") or None)
    names = await names_of(turn.desk.directory, [approval.requester_id for approval in page.approvals])
    return Reply(cards.waiting(turn.t, page.approvals, names, page.next_cursor))


async def open_approval(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        approval = await access_approval(unit, turn.actor, turn.field("id"))
        check_may_decide(approval, turn.person.id)
        return await _reply(unit, turn, approval)


async def decide_yes(turn: Turn) -> Reply:
    command = Decide(turn.field("id"), turn.field("comment"))
    async with turn.desk.units() as unit:
        decided = await approve(unit, turn.desk, turn.actor, command, subjects(turn.desk))
        return await _reply(unit, turn, decided.approval)


async def decide_no(turn: Turn) -> Reply:
    """The card with the decision that stands, or the box again when the reason is missing."""
    command = Decide(turn.field("id"), turn.field("reason"))
    try:
        async with turn.desk.units() as unit:
            decided = await refuse(unit, turn.desk, turn.actor, command, subjects(turn.desk))
            return await _reply(unit, turn, decided.approval)
    except Invalid as error:
        problem = turn.t.error(error)
    async with turn.desk.units.read() as unit:
        approval = await access_approval(unit, turn.actor, command.approval_id)
        return await _reply(unit, turn, approval, reason=command.comment, problem=problem)


async def show_approver(unit: Unit, desk: Desk, person: Person, approval_id: str) -> Card | None:
    with suppress(NotFound, Conflict):
        approval = await access_approval(unit, person.as_actor(), approval_id)
        check_may_decide(approval, person.id)
        t = translator(person.language)
        return cards.approver(t, await _face(unit, desk, t, approval), person.id)
    return None


async def _reply(unit: Unit, turn: Turn, approval: Approval, *, reason: str = "", problem: str = "") -> Reply:
    face = await _face(unit, turn.desk, turn.t, approval)
    card = cards.approver(turn.t, face, turn.person.id, reason=reason, problem=problem)
    return Reply(card, view=VIEW, subject=approval.id)


async def _face(unit: Unit, desk: Desk, t: Translator, approval: Approval) -> cards.ApprovalFace:
    decided_by = [approval.decision.person_id] if approval.decision else []
    mentioned = [approval.requester_id, *approval.approver_ids, *decided_by]
    details, outcome = await ABOUT[approval.kind](unit, desk, t, approval.subject_id)
    return cards.ApprovalFace(approval, await names_of(desk.directory, mentioned), details, outcome)


async def _about_site(unit: Unit, desk: Desk, t: Translator, request_id: str) -> tuple[Elements, Elements]:
    request = await find_request(unit, request_id)
    if request is None:
        return (), ()
    face = await sites.face_of(unit, desk, request)
    return site_cards.approval_details(t, face), site_cards.approval_outcome(t, face)


ABOUT: dict[str, Callable[[Unit, Desk, Translator, str], Awaitable[tuple[Elements, Elements]]]] = {
    SITE: _about_site
}
"""By kind of approval: what the card says about its subject, before and after the decision."""

FEATURE = Feature(
    name="approvals",
    verbs={
        "approvals.list": waiting,
        "approvals.open": open_approval,
        "approvals.approve": decide_yes,
        "approvals.refuse": decide_no,
    },
    intents={Intent.APPROVALS: waiting},
    views={VIEW: show_approver},
)
