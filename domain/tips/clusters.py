"""What authors do with the questions that no tip answers: see the most asked first, and have a tip written for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update

from domain.actor import Actor, Role
from domain.authoring.draft import Draft, DraftTip
from domain.authoring.rules import LONGEST_TITLE, MOST_WAYS
from domain.authoring.writing import (
    SaveDraft,
    access_draft,
    check_author,
    draft_tip,
    edit_tip,
    open_draft_of,
    save_draft,
)
from domain.errors import Conflict, Invalid, NotFound
from domain.tables import is_id
from domain.tips.cluster import Cluster, ClusterFile, ClusterPage, ClusterState, Remark, Way
from domain.tips.feedback_models import ClusterRow, ClusterWordRow
from domain.tips.models import QuestionRow, RatingRow, TipRow
from domain.unit import Unit

VIEW = "tips.cluster"
"""View of a cluster for a tip author."""
LATEST = 500
"""Questions of a cluster that are looked at for how they were asked: enough to tell, however many there are."""
WAYS, REMARKS = 8, 5
"""How many of each an author is shown."""


async def list_clusters(
    unit: Unit,
    actor: Actor,
    state: ClusterState = ClusterState.OPEN,
    *,
    limit: int = 8,
    cursor: str | None = None,
) -> ClusterPage:
    """The most asked first. Raises `Forbidden` for who is no author, `Invalid` for a cursor that is none of ours."""
    check_author(actor)
    order = (ClusterRow.asked.desc(), ClusterRow.id.desc())
    query = select(ClusterRow).where(ClusterRow.state == state).order_by(*order).limit(limit + 1)
    if cursor is not None:
        asked, cluster_id = _place(cursor)
        after = or_(ClusterRow.asked < asked, ClusterRow.id < cluster_id)
        query = query.where(ClusterRow.asked <= asked, after)
    found = [_cluster(row) for row in await unit.db.execute(query)]
    last = found[limit - 1] if len(found) > limit else None
    return ClusterPage(tuple(found[:limit]), f"{last.asked}:{last.id}" if last else None)


async def access_cluster(unit: Unit, actor: Actor, cluster_id: str) -> Cluster:
    """Raises `NotFound`, for who is no author too."""
    cluster = await find_cluster(unit, cluster_id) if actor.has(Role.TIP_AUTHOR) else None
    if cluster is None:
        raise NotFound("These questions are not there (any more).")
    return cluster


async def find_cluster(unit: Unit, cluster_id: str) -> Cluster | None:
    """For jobs and for who was just let in: nobody looks."""
    if not is_id(cluster_id):
        return None
    row = (await unit.db.execute(select(ClusterRow).where(ClusterRow.id == cluster_id))).one_or_none()
    return _cluster(row) if row else None


async def open_cluster(unit: Unit, actor: Actor, cluster_id: str) -> ClusterFile:
    """A cluster with how it was asked and what was said of it. Raises `NotFound`."""
    cluster = await access_cluster(unit, actor, cluster_id)
    drafted = cluster.state is ClusterState.DRAFTED
    people = select(func.count(QuestionRow.person_id.distinct())).where(QuestionRow.cluster_id == cluster.id)
    return ClusterFile(
        cluster,
        await ways_of(unit, cluster.id, WAYS),
        int((await unit.db.execute(people)).scalar_one()),
        await _remarks(unit, cluster.id) if cluster.unhelped else (),
        await open_draft_of(unit, cluster.tip_id) if drafted and cluster.tip_id else None,
    )


async def draft_cluster(unit: Unit, actor: Actor, cluster_id: str, key: str) -> Draft:
    """A new draft with the most usual question as its title, and the others as ways of asking.

    Raises `NotFound`, and `Conflict` when somebody took care of these questions already.
    """
    cluster = await access_cluster(unit, actor, cluster_id)
    first = await unit.done_before(actor.id, key)
    if first is not None:
        return await access_draft(unit, actor, first)
    title, *others = await _phrases(unit, cluster)
    ways = tuple(others[:MOST_WAYS])
    command = DraftTip(title, ways, language=cluster.language, origin=f"cluster:{cluster.id}")
    draft = await draft_tip(unit, actor, command, key)
    await _decide(unit, actor, cluster, ClusterState.DRAFTED, draft.tip.id)
    return draft


async def attach_cluster(unit: Unit, actor: Actor, cluster_id: str, tip_id: str, key: str) -> Draft:
    """A tip that is there answers it: a draft of its next version, with these questions as ways of asking.

    Raises `NotFound` for a cluster or tip that is not there, and `Conflict` as above.
    """
    cluster = await access_cluster(unit, actor, cluster_id)
    draft = await edit_tip(unit, actor, tip_id)
    if await unit.once(actor.id, key, (cluster_id, tip_id), draft.id) is not None:
        return draft
    await _decide(unit, actor, cluster, ClusterState.DRAFTED, tip_id)
    asked = [way for way in await _phrases(unit, cluster) if way not in draft.tip.alternates]
    ways = (*draft.tip.alternates, *asked)[:MOST_WAYS]
    command = SaveDraft(draft.id, draft.revision, replace(draft.tip, alternates=ways))
    return await save_draft(unit, actor, command, f"{key}:save")


async def dismiss_cluster(unit: Unit, actor: Actor, cluster_id: str) -> Cluster:
    """It needs no tip: these questions, and those like them that come later, are not on the list any more."""
    cluster = await access_cluster(unit, actor, cluster_id)
    if cluster.state is not ClusterState.DISMISSED:
        await _decide(unit, actor, cluster, ClusterState.DISMISSED, None)
    return await access_cluster(unit, actor, cluster_id)


async def restore_cluster(unit: Unit, actor: Actor, cluster_id: str) -> Cluster:
    """Back on the list after all."""
    cluster = await access_cluster(unit, actor, cluster_id)
    back = (ClusterRow.id == cluster.id, ClusterRow.state == ClusterState.DISMISSED)
    values = {"state": ClusterState.OPEN, "changed_at": unit.now, "by_id": actor.id}
    await unit.db.execute(update(ClusterRow).where(*back).values(values))
    return await access_cluster(unit, actor, cluster_id)


async def forget_words(unit: Unit, cluster_id: str) -> None:
    """Nothing joins it any more: a question like it that finds no answer again is a new one."""
    await unit.db.execute(delete(ClusterWordRow).where(ClusterWordRow.cluster_id == cluster_id))


async def ways_of(unit: Unit, cluster_id: str, limit: int) -> tuple[Way, ...]:
    """How it was asked, the most usual first and of equals the first one."""
    latest = (
        select(QuestionRow.id, QuestionRow.text)
        .where(QuestionRow.cluster_id == cluster_id)
        .order_by(QuestionRow.id.desc())
        .limit(LATEST)
        .subquery()
    )
    asked = (
        select(func.min(latest.c.text).label("text"), func.count().label("times"))
        .group_by(func.lower(latest.c.text))
        .order_by(func.count().desc(), func.min(latest.c.text))
        .limit(limit)
    )
    return tuple(Way(row.text, row.times) for row in await unit.db.execute(asked))


async def _phrases(unit: Unit, cluster: Cluster) -> list[str]:
    """What it can be called: the ways it was asked that are short enough, or else the beginning of its first one."""
    ways = [way.text for way in await ways_of(unit, cluster.id, MOST_WAYS + 1)]
    return [way for way in ways if len(way) <= LONGEST_TITLE] or [cluster.text[:LONGEST_TITLE]]


async def _remarks(unit: Unit, cluster_id: str) -> tuple[Remark, ...]:
    """Of the latest questions; those with words first."""
    latest = (
        select(QuestionRow.id)
        .where(QuestionRow.cluster_id == cluster_id)
        .order_by(QuestionRow.id.desc())
        .limit(LATEST)
        .subquery()
    )
    said = (
        select(RatingRow.tip_id, TipRow.title, RatingRow.words, func.count().label("times"))
        .join(latest, latest.c.id == RatingRow.question_id)
        .join(TipRow, TipRow.id == RatingRow.tip_id)
        .where(RatingRow.helped.is_(False))
        .group_by(RatingRow.tip_id, TipRow.title, RatingRow.words)
        .order_by(RatingRow.words.is_(None), func.count().desc(), RatingRow.tip_id)
        .limit(REMARKS)
    )
    return tuple(Remark(row.tip_id, row.title, row.words) for row in await unit.db.execute(said))


async def _decide(
    unit: Unit, actor: Actor, cluster: Cluster, state: ClusterState, tip_id: str | None
) -> None:
    decided = await unit.db.execute(
        update(ClusterRow)
        .where(ClusterRow.id == cluster.id, ClusterRow.state == ClusterState.OPEN)
        .values(state=state, tip_id=tip_id, by_id=actor.id, changed_at=unit.now)
    )
    if decided.rowcount != 1:
        raise Conflict("Somebody took care of these questions already.")


def _place(cursor: str) -> tuple[int, str]:
    asked, _, cluster_id = cursor.partition(":")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and is_id(cluster_id)):
        raise Invalid("This page of the list is not there.", field="cursor")
    return int(asked), cluster_id


def _cluster(row: Row[Any]) -> Cluster:
    return Cluster(
        row.id,
        row.language,
        ClusterState(row.state),
        row.text,
        row.asked,
        row.unhelped,
        row.tip_id,
        row.first_at,
        row.last_at,
    )
