"""What becomes of drafts and of published tips: reviewed, published, found to be still right, retired.

Whoever decides at the same moment, one outcome stands: a draft changes only from the revision that was looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select, update

from domain.actor import Actor, Role
from domain.authoring.draft import Draft, DraftState
from domain.authoring.rules import LANGUAGES, Act, acts, check_complete
from domain.authoring.versions import archive
from domain.authoring.writing import (
    access_draft,
    change_draft,
    check_author,
    load_draft,
    open_draft,
    tell_later,
)
from domain.desk import Desk
from domain.errors import Conflict, Invalid, NotFound
from domain.tips.bringing import published_row, upsert_tips
from domain.tips.contents import digest_of, tip_of, write_content
from domain.tips.models import TipRow
from domain.tips.tip import Origin, Tip, TipState
from domain.unit import Unit

LONGEST_COMMENT = 2000


@dataclass(frozen=True, slots=True)
class Relative:
    """A tip that says the same in another language."""

    id: str
    language: str
    title: str
    team_id: str | None = None
    """The one team it is for; None when others get to see it."""


@dataclass(frozen=True, slots=True)
class DecideDraft:
    """`revision` is the one the person looked at."""

    draft_id: str
    revision: int
    comment: str = ""


async def works_alone(desk: Desk) -> bool:
    """Whether an author publishes without a colleague who looks first."""
    if not desk.organisation.authoring.four_eyes:
        return True
    return len(await desk.directory.with_role(Role.TIP_AUTHOR)) < 2


async def submit_draft(unit: Unit, desk: Desk, actor: Actor, command: DecideDraft, key: str) -> Draft:
    """Ask the other authors to look. Raises `InvalidForm` as long as something is missing, and `Conflict`."""
    return await _decide(unit, desk, actor, command, key, Act.SUBMIT)


async def take_back(unit: Unit, desk: Desk, actor: Actor, command: DecideDraft, key: str) -> Draft:
    """The author goes on writing. Raises `Conflict`."""
    return await _decide(unit, desk, actor, command, key, Act.TAKE_BACK)


async def send_back(unit: Unit, desk: Desk, actor: Actor, command: DecideDraft, key: str) -> Draft:
    """Ask the author for a change; the comment says which, `Invalid` with field `comment` otherwise."""
    return await _decide(unit, desk, actor, command, key, Act.SEND_BACK)


async def publish_draft(unit: Unit, desk: Desk, actor: Actor, command: DecideDraft, key: str) -> Draft:
    """From now on people find it. What the tip said before is kept. Raises `InvalidForm` and `Conflict`."""
    return await _decide(unit, desk, actor, command, key, Act.PUBLISH)


async def discard_draft(unit: Unit, desk: Desk, actor: Actor, command: DecideDraft, key: str) -> Draft:
    """Nothing comes of it. Raises `Conflict`."""
    return await _decide(unit, desk, actor, command, key, Act.DISCARD)


_BECOMES = {
    Act.SUBMIT: DraftState.REVIEW,
    Act.TAKE_BACK: DraftState.DRAFT,
    Act.SEND_BACK: DraftState.DRAFT,
    Act.PUBLISH: DraftState.PUBLISHED,
    Act.DISCARD: DraftState.DISCARDED,
}


async def _decide(unit: Unit, desk: Desk, actor: Actor, command: DecideDraft, key: str, act: Act) -> Draft:
    draft = await access_draft(unit, actor, command.draft_id)
    if await unit.once(actor.id, key, (act, command), draft.id) is not None:
        return draft
    if act not in acts(draft, actor.id, alone=await works_alone(desk)):
        raise Conflict("This draft is not at this step any more. Open it again to see it as it is now.")
    comment = command.comment.strip()[:LONGEST_COMMENT]
    if act is Act.SEND_BACK and not comment:
        raise Invalid("Say what has to change.", field="comment")
    if act in (Act.SUBMIT, Act.PUBLISH):
        check_complete(draft.tip, desk.organisation.day(unit.now))
    # Who has it looked at answers for it, whoever began it: the others look.
    author_id = actor.id if act is Act.SUBMIT else draft.author_id or actor.id
    tip = replace(draft.tip, checked=unit.today) if act is Act.PUBLISH else draft.tip
    await change_draft(
        unit,
        draft,
        command.revision,
        (draft.state,),
        state=_BECOMES[act].value,
        author_id=author_id,
        content=write_content(tip),
        round=draft.round + (act is Act.SUBMIT),
        reviewer_id=draft.reviewer_id if act in (Act.SUBMIT, Act.TAKE_BACK) else actor.id,
        comment=comment if act is Act.SEND_BACK else None,
    )
    if act is Act.PUBLISH:
        people = {"author_id": author_id, "published_by": actor.id}
        await archive(unit, [tip.id])
        await upsert_tips(unit, [published_row(unit, tip) | {"origin": Origin.DESK, **people}])
    await tell_later(unit, draft.id)
    return await load_draft(unit, draft.id)


async def confirm_tip(unit: Unit, desk: Desk, actor: Actor, tip_id: str, version: int) -> None:
    """An author looked at a published tip: it is still right, and due for review again in a while. May be repeated.

    Raises `Conflict` when it is not what they looked at, `Forbidden`, `NotFound`.
    """
    check_author(actor)
    row = (await unit.db.execute(select(TipRow).where(TipRow.id == tip_id))).one_or_none()
    if row is None:
        raise NotFound("This tip does not exist (any more).")
    tip = replace(tip_of(row), checked=desk.organisation.day(unit.now))
    values = {"checked": tip.checked, "digest": digest_of(tip), "reminded_at": None}
    await _change_tip(unit, tip_id, version, **values)


async def retire_tip(unit: Unit, actor: Actor, tip_id: str, version: int) -> None:
    """Nobody finds it any more; authors do, and can publish it again. May be repeated.

    Raises `Conflict` when it is not what they looked at, `Forbidden`, `NotFound`.
    """
    check_author(actor)
    await _change_tip(unit, tip_id, version, state=TipState.RETIRED)


async def translate_tip(unit: Unit, actor: Actor, tip_id: str, language: str) -> Draft:
    """A draft in another language, with the words of the original to write over. May be repeated: it is the same one.

    Raises `Forbidden`, `NotFound`, and `Conflict` when there is a translation already.
    """
    check_author(actor)
    row = (await unit.db.execute(select(TipRow).where(TipRow.id == tip_id))).one_or_none()
    if row is None or language not in LANGUAGES:
        raise NotFound("This tip does not exist (any more).")
    original = tip_of(row)
    if language == original.language or language in await languages_of(unit, tip_id):
        raise Conflict("This tip is there in that language.")
    draft_id = f"{original.id[:77]}-{language}"
    before = select(TipRow.version).where(TipRow.id == draft_id)
    version = (await unit.db.execute(before)).scalar_one_or_none() or 0
    said = select(TipRow.id, TipRow.translation_of).where(
        TipRow.translation_of.in_(original.related),
        TipRow.language == language,
        TipRow.state == TipState.PUBLISHED,
    )
    follows = {one.translation_of: one.id for one in await unit.db.execute(said)}
    related = tuple(follows[one] for one in original.related if one in follows)
    translation = replace(original, id=draft_id, language=language, translation_of=tip_id)
    tip = replace(translation, alternates=(), related=related)
    return await open_draft(unit, actor, tip, version)


async def languages_of(unit: Unit, tip_id: str) -> frozenset[str]:
    """The languages a tip is translated into, for people to find."""
    found = select(TipRow.language).where(TipRow.translation_of == tip_id, TipRow.state == TipState.PUBLISHED)
    return frozenset((await unit.db.execute(found)).scalars())


async def family_of(unit: Unit, tip: Tip) -> Sequence[Relative]:
    """What people find of this tip in other languages: what it is a translation of, and the translations."""
    root = tip.root
    others = (TipRow.id != tip.id, TipRow.state == TipState.PUBLISHED)
    same = or_(TipRow.id == root, TipRow.translation_of == root)
    columns = (TipRow.id, TipRow.language, TipRow.title, TipRow.team_id)
    rows = await unit.db.execute(select(*columns).where(same, *others).order_by(TipRow.language))
    return [Relative(row.id, row.language, row.title, row.team_id) for row in rows]


async def _change_tip(unit: Unit, tip_id: str, version: int, **values: object) -> None:
    """From now on it is the authors' own, whatever the organisation's files say."""
    changed = await unit.db.execute(
        update(TipRow)
        .where(TipRow.id == tip_id, TipRow.version == version, TipRow.state == TipState.PUBLISHED)
        .values(origin=Origin.DESK, changed_at=unit.now, **values)
    )
    if changed.rowcount == 1:
        return
    row = (
        await unit.db.execute(select(TipRow.version, TipRow.state).where(TipRow.id == tip_id))
    ).one_or_none()
    if row is None:
        raise NotFound("This tip does not exist (any more).")
    if row.version == version and values.get("state") == row.state:
        return
    raise Conflict("This tip was changed since you opened it. Open it again to see it as it is now.")
