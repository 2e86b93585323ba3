"""Writing tips: a draft is proposed, saved as often as its author likes, and never seen by anybody else.

Of each tip one draft at a time is open. What becomes of it is decided in `review.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select, update

from domain.actor import Actor, Role
from domain.authoring.draft import OPEN, Draft, DraftState, DraftTip
from domain.authoring.rules import check_fits, slug_of, tidy
from domain.errors import Conflict, Forbidden, NotFound
from domain.tables import is_id, new_id
from domain.tips.contents import read_content, tip_of, write_content
from domain.tips.models import TipDraftRow, TipRow, TipThemeRow
from domain.tips.tip import Tip
from domain.unit import Unit

PROPOSERS = frozenset({Role.TIP_AUTHOR, Role.AGENT, Role.DIGICOACH, Role.INFORMATION_MANAGER})
"""Who may propose a tip. The authors decide what becomes of it."""
MOST_THEMES = 200
"""Of all languages together: who has more of them has no themes but tags."""
TELL = "tips.tell"
"""Job kind: those whom a change of a draft concerns. Payload `{draft}`."""


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """`revision` is the one the author had in front of them; `tip` is what it says now, under any id."""

    draft_id: str
    revision: int
    tip: Tip


def check_author(actor: Actor) -> None:
    """Raises `Forbidden` for who is no tip author."""
    if not actor.has(Role.TIP_AUTHOR):
        raise Forbidden("Only tip authors can do this.")


async def draft_tip(unit: Unit, actor: Actor, command: DraftTip, key: str) -> Draft:
    """Propose a new tip. An author's draft is theirs; what a colleague proposes waits for an author to take it up.

    Raises `Forbidden` for who may propose none and `InvalidForm` for what is too long. Secrets are left out.
    """
    if not PROPOSERS & actor.roles:
        raise Forbidden("Only tip authors can do this.")
    draft_id = new_id()
    first = await unit.once(actor.id, key, command, draft_id)
    if first is not None:
        return await load_draft(unit, first)
    slug = slug_of(command.title) or "tip"
    tip = tidy(command.as_tip(f"{slug}-{draft_id[-6:]}", actor.language, unit.today))
    check_fits(tip)
    tip = replace(tip, theme_name=await theme_name(unit, tip))
    mine = actor.has(Role.TIP_AUTHOR)
    people = {"author_id": actor.id if mine else None, "proposer_id": None if mine else actor.id}
    await _insert(unit, draft_id, tip, 0, origin=command.origin, **people)
    if not mine:
        await tell_later(unit, draft_id)
    return await load_draft(unit, draft_id)


async def edit_tip(unit: Unit, actor: Actor, tip_id: str) -> Draft:
    """A draft of the next version of a tip, published or retired: the one that is open, or a new one.

    Raises `Forbidden` for who is no author, `NotFound` for an unknown tip.
    """
    check_author(actor)
    row = (await unit.db.execute(select(TipRow).where(TipRow.id == tip_id))).one_or_none()
    if row is None:
        raise NotFound("This tip does not exist (any more).")
    return await open_draft(unit, actor, tip_of(row), row.version)


async def open_draft(unit: Unit, actor: Actor, tip: Tip, base_version: int) -> Draft:
    """A draft that says `tip`; when one of this tip is open already, that one, as it is. So it may be repeated."""
    draft_id = new_id()
    await _insert(unit, draft_id, tip, base_version, author_id=actor.id)
    opened = select(TipDraftRow).where(TipDraftRow.tip_id == tip.id, TipDraftRow.state.in_(OPEN))
    return draft_of((await unit.db.execute(opened)).one())


async def open_draft_of(unit: Unit, tip_id: str) -> str | None:
    """The id of the draft of a tip that is open, if any."""
    opened = select(TipDraftRow.id).where(TipDraftRow.tip_id == tip_id, TipDraftRow.state.in_(OPEN))
    found: str | None = (await unit.db.execute(opened)).scalar_one_or_none()
    return found


async def save_draft(unit: Unit, actor: Actor, command: SaveDraft, key: str) -> Draft:
    """Keep what an author wrote. Who takes up a colleague's proposal becomes its author.

    Raises `InvalidForm` for what does not fit, `Conflict` when somebody else saved since, or it is not open any more.
    """
    draft = await access_draft(unit, actor, command.draft_id)
    if await unit.once(actor.id, key, command, draft.id) is not None:
        return draft
    tip = tidy(replace(command.tip, id=draft.tip.id, checked=draft.tip.checked))
    check_fits(tip)
    tip = replace(tip, theme_name=await theme_name(unit, tip))
    values = {"title": tip.title, "content": write_content(tip), "author_id": draft.author_id or actor.id}
    await change_draft(unit, draft, command.revision, OPEN, **values)
    return await load_draft(unit, draft.id)


async def access_draft(unit: Unit, actor: Actor, draft_id: str) -> Draft:
    """A draft, open or not, for any author. Raises `NotFound`, for everybody else too."""
    if not actor.has(Role.TIP_AUTHOR):
        raise NotFound("This draft is not there.")
    return await load_draft(unit, draft_id)


async def load_draft(unit: Unit, draft_id: str) -> Draft:
    """For jobs and for who was just let in: nobody looks. Raises `NotFound`."""
    found = None
    if is_id(draft_id):
        found = (await unit.db.execute(select(TipDraftRow).where(TipDraftRow.id == draft_id))).one_or_none()
    if found is None:
        raise NotFound("This draft is not there.")
    return draft_of(found)


async def change_draft(
    unit: Unit, draft: Draft, revision: int, states: tuple[DraftState, ...], **values: Any
) -> None:
    """Change a draft that is in one of these states and was not changed since `revision`. Raises `Conflict`."""
    changed = await unit.db.execute(
        update(TipDraftRow)
        .where(TipDraftRow.id == draft.id, TipDraftRow.revision == revision, TipDraftRow.state.in_(states))
        .values(revision=revision + 1, changed_at=unit.now, **values)
    )
    if changed.rowcount == 1:
        return
    now = await load_draft(unit, draft.id)
    if now.state in states:
        raise Conflict(
            "Somebody changed this draft since you opened it. Open it again to see it as it is now."
        )
    raise Conflict("This draft is not at this step any more. Open it again to see it as it is now.")


async def tell_later(unit: Unit, draft_id: str) -> None:
    await unit.enqueue(TELL, {"draft": draft_id}, lane=f"draft:{draft_id}")


async def list_themes(unit: Unit, language: str) -> dict[str, str]:
    """Theme id → name, in this language where it has one there; in the order of the alphabet."""
    rows = (await unit.db.execute(select(TipThemeRow).order_by(TipThemeRow.name).limit(MOST_THEMES))).all()
    named = {row.id: row.name for row in rows} | {
        row.id: row.name for row in rows if row.language == language
    }
    return dict(sorted(named.items(), key=lambda theme: slug_of(theme[1])))


async def theme_name(unit: Unit, tip: Tip) -> str:
    """What a theme is called in the tip's language, or in any when it has no name there."""
    if not tip.theme:
        return ""
    rows = await unit.db.execute(
        select(TipThemeRow.language, TipThemeRow.name).where(TipThemeRow.id == tip.theme)
    )
    names = {row.language: str(row.name) for row in rows}
    return names.get(tip.language) or next(iter(names.values()), tip.theme_name or tip.theme)


async def _insert(
    unit: Unit,
    draft_id: str,
    tip: Tip,
    base_version: int,
    *,
    author_id: str | None,
    proposer_id: str | None = None,
    origin: str | None = None,
) -> None:
    """Nothing happens when a draft of this tip is open already."""
    row = {
        "id": draft_id,
        "tip_id": tip.id,
        "state": DraftState.DRAFT.value,
        "revision": 1,
        "base_version": base_version,
        "title": tip.title,
        "content": write_content(tip),
        "author_id": author_id,
        "proposer_id": proposer_id,
        "round": 0,
        "reviewer_id": None,
        "comment": None,
        "origin": origin,
        "created_at": unit.now,
        "changed_at": unit.now,
    }
    await unit.insert_new(TipDraftRow, row)


def draft_of(row: Row[Any]) -> Draft:
    return Draft(
        id=row.id,
        state=DraftState(row.state),
        tip=read_content(row.content),
        revision=row.revision,
        base_version=row.base_version,
        author_id=row.author_id,
        proposer_id=row.proposer_id,
        round=row.round,
        reviewer_id=row.reviewer_id,
        comment=row.comment,
        origin=row.origin,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
