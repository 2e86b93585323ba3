"""Approvals: the card that asks for a decision, and everything that can be done with it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from microsoft_teams.cards import CardElement

from bot import orders, planned
from bot.sites import life as sites_life
from bot.sites import requests as sites
from bot.turn import NOTHING, Card, Feature, Reply, Turn
from cards.approvals import approval as cards
from cards.approvals.acts import Retry
from cards.sites import requests as site_cards
from domain.approvable import subjects
from domain.approvals import actions
from domain.approvals.actions import Decide, Decided, Delegate
from domain.approvals.approval import Approval
from domain.approvals.notify import REQUESTER_VIEW, SHARED_VIEW, VIEW, post_subject
from domain.approvals.reading import access_approval, access_numbered, load_all
from domain.approvals.rules import Act, may_see
from domain.approvals.subjects import Subjects
from domain.building.steps import KIND as SITE
from domain.catalogue.actions import KIND as ORDER
from domain.changes.actions import KIND as CHANGE
from domain.chats.shared import is_shared_in, users_of
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.people.colleagues import find_colleague
from domain.people.models import Person
from domain.people.names import names_of
from domain.sites.actions import find_request
from domain.sites.site import ChangeKind
from domain.tables import is_id
from domain.unit import Unit
from locales import Translator, translator

Elements = Sequence[CardElement]
About = Callable[[Unit, Desk, Translator, str], Awaitable[tuple[Elements, Elements]]]

_NUMBERED = re.compile(r"(?:goedkeuring|approval|approbation)\s+([A-Z]-\d{4}-\d{6})", re.IGNORECASE)


async def open_approval(turn: Turn) -> Reply:
    async with turn.desk.units.read() as unit:
        return await _reply(unit, turn, await access_approval(unit, turn.actor, turn.field("id")))


async def refresh(turn: Turn) -> Reply:
    """How it stands now, for whoever looks: also for those who only see it in a channel in which it was shown."""
    async with turn.desk.units.read() as unit:
        found = await load_all(unit, [turn.field("id")]) if is_id(turn.field("id")) else []
        if found and may_see(found[0], turn.actor.id):
            return await _reply(unit, turn, found[0])
        shared = found and await is_shared_in(unit, SHARED_VIEW, found[0].id, turn.place.conversation_id)
        if not shared:
            raise NotFound("This approval is not there.")
        return Reply(cards.bystander(turn.t, await face_of(unit, turn.desk, turn.t, found[0])))


async def numbered(turn: Turn) -> Reply:
    """`goedkeuring S-2026-000001`: in one's own chat the card with what one can do. In a channel everybody there sees
    how it stands, and who has a part in it gets their own view of the same card."""
    wanted = _NUMBERED.fullmatch(turn.text.strip())
    if wanted is None:
        return NOTHING
    async with turn.desk.units.read() as unit:
        approval = await access_numbered(unit, turn.actor, wanted[1].upper())
        if turn.place.personal:
            return await _reply(unit, turn, approval)
        return Reply(
            await shared_card(unit, turn.desk, approval), view=SHARED_VIEW, subject=approval.id, shared=True
        )


async def approve(turn: Turn) -> Reply:
    async def act(unit: Unit, known: Subjects) -> Decided:
        command = Decide(turn.field("id"), turn.field("comment"), _round(turn))
        return await actions.approve(unit, turn.desk, turn.actor, command, known)

    return await _act(turn, Act.APPROVE, turn.field("comment"), act)


async def refuse(turn: Turn) -> Reply:
    async def act(unit: Unit, known: Subjects) -> Decided:
        command = Decide(turn.field("id"), turn.field("reason"), _round(turn))
        return await actions.refuse(unit, turn.desk, turn.actor, command, known)

    return await _act(turn, Act.REFUSE, turn.field("reason"), act)


async def send_back(turn: Turn) -> Reply:
    comment = turn.field("comment_send_back")

    async def act(unit: Unit, known: Subjects) -> Decided:
        command = Decide(turn.field("id"), comment, _round(turn))
        return await actions.send_back(unit, turn.desk, turn.actor, command, known)

    return await _act(turn, Act.SEND_BACK, comment, act)


async def delegate(turn: Turn) -> Reply:
    comment = turn.field("comment_delegate")

    async def act(unit: Unit, known: Subjects) -> Decided:
        colleague = await find_colleague(turn.desk.directory, turn.field("colleague"))
        command = Delegate(turn.field("id"), colleague.id, comment, _round(turn))
        return await actions.delegate(unit, turn.desk, turn.actor, command)

    return await _act(turn, Act.DELEGATE, comment, act)


async def withdraw(turn: Turn) -> Reply:
    comment = turn.field("comment_withdraw")

    async def act(unit: Unit, known: Subjects) -> Decided:
        return await actions.withdraw(unit, turn.actor, Decide(turn.field("id"), comment), known)

    return await _act(turn, Act.WITHDRAW, comment, act)


async def resubmit(turn: Turn) -> Reply:
    """Send it again as it is, with an answer to what was asked: for what has no form of its own to change it in."""
    comment = turn.field("comment_resubmit")

    async def act(unit: Unit, known: Subjects) -> Decided:
        approval = await access_approval(unit, turn.actor, turn.field("id"))
        ask = await actions.asked_before(unit, approval)
        return Decided(await actions.resubmit(unit, turn.desk, turn.actor, ask, comment), first=True)

    return await _act(turn, Act.RESUBMIT, comment, act)


async def show_approver(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    with suppress(NotFound):
        approval = await access_approval(unit, person.as_actor(), subject.partition(":")[0])
        if approval.requester_id != person.id:
            return await _card(unit, desk, translator(person.language), approval, person)
    return None


async def show_requester(unit: Unit, desk: Desk, person: Person, subject: str) -> Card | None:
    with suppress(NotFound):
        approval = await access_approval(unit, person.as_actor(), subject.partition(":")[0])
        if approval.requester_id == person.id:
            return await _card(unit, desk, translator(person.language), approval, person)
    return None


async def show_shared(unit: Unit, desk: Desk, approval_id: str) -> Card | None:
    found = await load_all(unit, [approval_id])
    return await shared_card(unit, desk, found[0]) if found else None


async def shared_card(unit: Unit, desk: Desk, approval: Approval) -> Card:
    """In the city's language, for everybody; who has a part in it is asked by Teams for their own view."""
    t = translator(desk.organisation.language)
    part = [approval.requester_id, *approval.approver_ids, *approval.asked_ids]
    users = await users_of(unit, list(dict.fromkeys(part))[: cards.MOST_REFRESHED])
    return cards.bystander(t, await face_of(unit, desk, t, approval, users))


async def face_of(
    unit: Unit, desk: Desk, t: Translator, approval: Approval, users: Sequence[str] = ()
) -> cards.ApprovalFace:
    """An approval with all its cards need, for a caller that has access to it already."""
    mentioned = {approval.requester_id, *approval.asked_ids, *approval.approver_ids}
    mentioned |= {line.person_id for line in approval.log} | {
        who for line in approval.log for who in line.to_ids
    }
    mentioned |= {line.for_id for line in approval.log if line.for_id}
    if approval.decision:
        mentioned.add(approval.decision.person_id)
    about = ABOUT.get(approval.kind)
    details, outcome = await about(unit, desk, t, approval.subject_id) if about else ((), ())
    return cards.ApprovalFace(
        approval,
        await names_of(desk.directory, sorted(mentioned)),
        details or cards.given_facts(t, approval),
        outcome,
        what=_what(desk, approval, t.language),
        edit=EDIT.get(approval.kind, ""),
        user_ids=users,
    )


async def _act(
    turn: Turn, act: Act, comment: str, action: Callable[[Unit, Subjects], Awaitable[Decided]]
) -> Reply:
    """The card as it stands after the action; who came late is told so, and what is wrong comes back at its box."""
    try:
        async with turn.desk.units() as unit:
            decided = await action(unit, subjects(turn.desk))
            return await _reply(unit, turn, decided.approval, late=not decided.first)
    except Invalid as error:
        problem, field = turn.t.error(error), error.field or "comment"
    except Conflict as error:
        if not is_id(turn.field("id")):
            raise
        async with turn.desk.units.read() as unit:
            approval = await access_approval(unit, turn.actor, turn.field("id"))
            return await _reply(unit, turn, approval, notice=turn.t.error(error))
    retry = Retry(act, comment, turn.field("colleague"), field, problem)
    async with turn.desk.units.read() as unit:
        approval = await access_approval(unit, turn.actor, turn.field("id"))
        return await _reply(unit, turn, approval, retry=retry)


async def _reply(
    unit: Unit,
    turn: Turn,
    approval: Approval,
    *,
    retry: Retry | None = None,
    late: bool = False,
    notice: str = "",
) -> Reply:
    if late and not notice:
        notice = (
            turn.t("It was changed since you looked. This is how it is now.")
            if approval.pending and _round(turn) != approval.round
            else turn.t("Somebody was first. This is how it stands.")
        )
    card = await _card(unit, turn.desk, turn.t, approval, turn.person, retry=retry, notice=notice)
    view = REQUESTER_VIEW if approval.requester_id == turn.person.id else VIEW
    return Reply(card, view=view, subject=post_subject(approval.id, approval.round))


async def _card(
    unit: Unit,
    desk: Desk,
    t: Translator,
    approval: Approval,
    person: Person,
    *,
    retry: Retry | None = None,
    notice: str = "",
) -> Card:
    face = await face_of(unit, desk, t, approval, await users_of(unit, [person.id]))
    if approval.requester_id == person.id:
        return cards.requester(t, face, retry=retry, notice=notice)
    return cards.approver(t, face, person.id, retry=retry, notice=notice)


def _round(turn: Turn) -> int:
    """Cards of before there were rounds send none: those are of the first."""
    sent = turn.field("round")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 1


def _what(desk: Desk, approval: Approval, language: str) -> str:
    """What is asked, in the words of the policy; of a policy that is gone, the title says enough."""
    for policy in desk.organisation.approvals:
        if policy.id == approval.policy:
            return policy.name.get(language) or policy.name["nl"]
    return ""


async def _about_site(unit: Unit, desk: Desk, t: Translator, request_id: str) -> tuple[Elements, Elements]:
    request = await find_request(unit, request_id)
    if request is None:
        return (), ()
    face = await sites.face_of(unit, desk, request)
    return site_cards.approval_details(t, face), site_cards.approval_outcome(t, face)


CHANGES = [kind.approval_kind for kind in ChangeKind]

ABOUT: dict[str, About] = {
    SITE: _about_site,
    ORDER: orders.about,
    CHANGE: planned.about,
    **dict.fromkeys(CHANGES, sites_life.about_change),
}
"""By kind of approval: what the card says about its subject, before and after the decision. Without, the facts that
were given when it was asked."""
EDIT: dict[str, str] = {
    SITE: "sites.edit",
    ORDER: "catalogue.edit",
    CHANGE: "changes.edit",
    **dict.fromkeys(CHANGES, "sites.change_edit"),
}
"""By kind of approval: the verb with which the requester changes the subject (`{"id": subject_id}`) and sends it again.
Without, they answer and send it again as it is."""

FEATURE = Feature(
    name="approvals",
    verbs={
        "approvals.open": open_approval,
        "approvals.refresh": refresh,
        "approvals.approve": approve,
        "approvals.refuse": refuse,
        "approvals.send_back": send_back,
        "approvals.delegate": delegate,
        "approvals.withdraw": withdraw,
        "approvals.resubmit": resubmit,
    },
    views={VIEW: show_approver, REQUESTER_VIEW: show_requester},
    shared={SHARED_VIEW: show_shared},
    claims=numbered,
)
